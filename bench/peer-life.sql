-- What pgbench calls for the later steps of a booking: the same rows as bookings.pay (cash, settled at once) and
-- bookings.cancel write, under the same guards, a statement for each table.

create table bench.held (
  n           bigint generated always as identity primary key,
  booking_id  uuid not null,
  total       bigint not null
);
create sequence bench.next_held;

-- Makes held bookings of the first quotes of the pool, numbered as they come.
create function bench.hold_pool(pool integer) returns void language plpgsql as $$
begin
  truncate bench.held restart identity;
  perform setval('bench.next_held', 1, false);
  for made in 1..pool loop perform bench.book_one(); end loop;
  insert into bench.held (booking_id, total)
  select b.id, q.total from bookings.bookings b join bookings.quotes q on q.id = b.quote_id order by b.created_at, b.id;
end $$;

create function bench.confirm_booking(booking uuid, paid bigint) returns void language plpgsql as $$
declare
  payment uuid := gen_random_uuid();
  b record;
  q record;
begin
  insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
  values ('bench', gen_random_uuid()::text, sha256(payment::text::bytea), payment, 201,
    jsonb_build_object('type', 'paid', 'paymentId', payment))
  on conflict do nothing;
  if not found then raise 'the key was used'; end if;

  update bookings.bookings set status = 'confirmed', version = version + 1, confirmed_at = now()
  where id = booking and status = 'held' and pay_by > now()
    and not exists (select from bookings.payments p where p.booking_id = booking and p.status = 'pending')
  returning id, version, quote_id, payer into b;
  if not found then raise 'booking % is not held', booking; end if;
  select lines, event, currency, total into q from bookings.quotes where id = b.quote_id and total = paid;
  if not found then raise 'booking % costs something else', booking; end if;

  insert into bookings.payments (id, booking_id, purpose, method, provider, amount, currency, status, reference, paid_by,
    settled_at)
  values (payment, booking, 'booking', 'cash', 'agency', paid, q.currency, 'captured', payment::text, 'bench', now());
  insert into bookings.money (booking_id, amount, currency, payment_id) values (booking, paid, q.currency, payment);
  insert into bookings.documents (kind, number, booking_id, payment_id, payer, currency, total, lines)
  values ('receipt', nextval('bookings.receipt_numbers'), booking, payment, b.payer, q.currency, paid, q.lines);
  insert into bookings.history (booking_id, version, actor, action, quote_id, detail)
  values (booking, b.version, 'bench', 'confirmed', b.quote_id, jsonb_build_object('paymentId', payment));
  insert into platform.outbox (event_id, type, subject, version, data)
  values (gen_random_uuid(), 'bookings.booking-confirmed.v1', 'bkg_' || replace(booking::text, '-', ''), b.version,
    q.event || jsonb_build_object('bookingId', 'bkg_' || replace(booking::text, '-', ''), 'version', b.version,
      'currency', q.currency, 'total', q.total));
end $$;

create function bench.confirm_one() returns void language plpgsql as $$
declare
  number bigint := nextval('bench.next_held');
  next record;
begin
  select booking_id, total into next from bench.held where n = number;
  perform bench.confirm_booking(next.booking_id, next.total);
end $$;

-- Confirms the whole pool and quotes a refund of half for each: what is to be cancelled.
create function bench.confirm_pool() returns void language plpgsql as $$
begin
  perform bench.confirm_booking(booking_id, total) from bench.held;
  insert into bookings.refund_quotes (id, booking_id, booking_version, expires_at, currency, refund, lines)
  select b.id, b.id, b.version, now() + interval '1 day', q.currency, q.total / 2, q.lines
  from bookings.bookings b join bookings.quotes q on q.id = b.quote_id;
  truncate platform.outbox, platform.idempotency_keys;
end $$;

create function bench.cancel_one() returns void language plpgsql as $$
declare
  number bigint := nextval('bench.next_held');
  booking uuid;
  b record;
  q record;
  need record;
  paid record;
  offered record;
begin
  select booking_id into booking from bench.held where n = number;
  insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
  values ('bench', gen_random_uuid()::text, sha256(booking::text::bytea), booking, 200,
    jsonb_build_object('type', 'cancelled', 'bookingId', booking))
  on conflict do nothing;
  if not found then raise 'the key was used'; end if;

  select booking_version, refund, lines into offered from bookings.refund_quotes
  where id = booking and booking_id = booking and expires_at > now();
  if not found then raise 'booking % has no refund quote', booking; end if;
  update bookings.bookings set status = 'cancelled', version = version + 1, closed_at = now()
  where id = booking and status in ('held', 'confirmed') and version = offered.booking_version
  returning id, version, quote_id into b;
  if not found then raise 'booking % cannot be cancelled', booking; end if;
  select event, currency, total, flight_ids, cabins, classes, seats into q from bookings.quotes where id = b.quote_id;

  for need in
    select f, c, k, s from unnest(q.flight_ids, q.cabins, q.classes, q.seats) u (f, c, k, s) order by f, c
  loop
    update flights.cabin_inventory
    set sold = sold - need.s, class_sold[array_position(classes, need.k)] =
      class_sold[array_position(classes, need.k)] - need.s
    where flight_id = need.f and cabin = need.c;
  end loop;
  update bookings.coupons set status = 'refunded' where booking_id = booking and status in ('open', 'checked-in');
  delete from bookings.seats where booking_id = booking;

  select p.id, p.amount - coalesce((select sum(r.amount) from bookings.refunds r where r.payment_id = p.id), 0) as remains
  into paid from bookings.payments p where p.booking_id = booking and p.status = 'captured';
  if paid.remains < offered.refund then raise 'booking % cannot give that back', booking; end if;
  insert into bookings.refunds (id, booking_id, payment_id, amount, currency, reason, lines)
  values (gen_random_uuid(), booking, paid.id, offered.refund, q.currency, 'cancelled', offered.lines);
  insert into bookings.history (booking_id, version, actor, action, quote_id, detail)
  values (booking, b.version, 'bench', 'cancelled', b.quote_id, jsonb_build_object('refund', offered.refund));
  insert into platform.outbox (event_id, type, subject, version, data)
  values (gen_random_uuid(), 'bookings.booking-cancelled.v1', 'bkg_' || replace(booking::text, '-', ''), b.version,
    q.event || jsonb_build_object('bookingId', 'bkg_' || replace(booking::text, '-', ''), 'version', b.version,
      'currency', q.currency, 'total', q.total, 'confirmed', true, 'refund', offered.refund, 'refunded', offered.lines));
end $$;
