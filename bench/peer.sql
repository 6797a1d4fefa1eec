-- What pgbench calls: a booking as a careful programmer writes it, one at a time, a statement for each table. It makes
-- the same rows as bookings.book_many from the same stored quotes, under the same guards.

create sequence bench.next_quote;

create function bench.quote_uuid(n bigint) returns uuid language sql immutable
return ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

-- Six characters of the locators' alphabet, another for each n: no two bookings of a run draw the same.
create function bench.locator(n bigint) returns text language plpgsql immutable as $$
declare
  rest bigint := n * 387420489 % 887503681;
  drawn text := '';
begin
  for place in 1..6 loop
    drawn := drawn || substr('ABCDEFGHJKMNPQRSTUVWXYZ23456789', 1 + (rest % 31)::integer, 1);
    rest := rest / 31;
  end loop;
  return drawn;
end $$;

create function bench.book_one() returns text language plpgsql as $$
declare
  n bigint := nextval('bench.next_quote');
  booking uuid := uuidv7();
  locator text := bench.locator(n);
  q record;
  need record;
begin
  select id, caller, hold_minutes, currency, total, passengers, coupons, event,
         flight_ids, cabins, classes, seats
  into q from bookings.quotes where id = bench.quote_uuid(n) and caller = 'public' and expires_at > now();
  if not found then raise 'quote % of the pool is not there', n; end if;

  insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
  values (q.caller, gen_random_uuid()::text, sha256(booking::text::bytea), booking, 201, jsonb_build_object(
    'type', 'booked', 'bookingId', booking, 'locator', locator, 'currency', q.currency, 'total', q.total,
    'status', 'held', 'payBy', now() + make_interval(mins => q.hold_minutes)))
  on conflict do nothing;
  if not found then raise 'the key was used'; end if;

  for need in
    select f, c, k, s from unnest(q.flight_ids, q.cabins, q.classes, q.seats) u (f, c, k, s) order by f, c
  loop
    update flights.cabin_inventory i
    set sold = sold + need.s, class_sold[array_position(classes, need.k)] =
      class_sold[array_position(classes, need.k)] + need.s
    where flight_id = need.f and cabin = need.c and sales_close_at > now() and sold + need.s <= authorised
      and limits[array_position(classes, need.k)] > 0
      and not exists (
        select from generate_series(1, array_position(classes, need.k)) rank
        where limits[rank] < need.s + (select sum(taken) from unnest(class_sold[rank:]) taken));
    if not found then raise 'flight % is sold out', need.f; end if;
  end loop;

  insert into bookings.bookings (id, locator, status, quote_id, caller, contact, payer, surname_hashes, pay_by)
  values (booking, locator, 'held', q.id, q.caller,
    '{"name": "María José Ñáñez", "email": "maria@example.com", "phone": "+573001234567", "language": "es"}',
    '{"name": "María José Ñáñez"}',
    array[sha256('nanez'), sha256('nanezobrienmunoz')], now() + make_interval(mins => q.hold_minutes));

  insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency)
  select booking, p.number, p.passenger ->> 'type', 'María José', array['Ñáñez', 'O''Brien-Muñoz'],
    (p.passenger ->> 'birthDate')::date, p.passenger ->> 'residency'
  from jsonb_array_elements(q.passengers) with ordinality as p (passenger, number);

  insert into bookings.coupons (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
  select booking, c.number, (c.coupon ->> 'passenger')::smallint, s.segment, q.flight_ids[s.segment],
    c.coupon ->> 'type', q.cabins[s.segment], q.classes[s.segment], c.coupon ->> 'fareBasis'
  from jsonb_array_elements(q.coupons) with ordinality as c (coupon, number),
    lateral (select (c.coupon ->> 'segment')::smallint as segment) s;

  insert into platform.outbox (event_id, type, subject, version, data, traceparent)
  values (uuidv7(), 'bookings.booking-created.v1', 'bkg_' || replace(booking::text, '-', ''), 1,
    q.event || jsonb_build_object('bookingId', 'bkg_' || replace(booking::text, '-', ''), 'version', 1,
      'currency', q.currency, 'total', q.total),
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');

  return locator;
end $$;
