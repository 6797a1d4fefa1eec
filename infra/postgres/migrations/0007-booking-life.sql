-- A booking after it was made: paid, changed, cancelled, expired, flown. Tables first, then the steps that inventory,
-- money and history take together, each one call.

-- Every change of a booking after its creation, which its own row tells of: version n of a booking has row n here.
create table bookings.history (
  booking_id  uuid not null references bookings.bookings,
  version     integer not null check (version > 1),
  at          timestamptz not null default now(),
  actor       text not null,
  action      text not null check (action in ('confirmed', 'expired', 'cancelled', 'changed', 'checked-in', 'boarded', 'flown',
                'disrupted', 'accepted', 'erased')),
  quote_id    uuid not null,
  detail      jsonb not null default '{}',
  primary key (booking_id, version)
);
comment on column bookings.history.quote_id is 'What was sold before the step: a changed booking still explains itself.';
create index history_by_quote on bookings.history (quote_id);

create function platform.refuse_edit() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete on bookings.history
  for each row execute function platform.refuse_edit();

alter table bookings.bookings add column closed_at timestamptz;
create index bookings_due on bookings.bookings (pay_by) where status = 'held';
alter table bookings.coupons add column boarded_at timestamptz;

-- Money -----------------------------------------------------------------------------------------------------

-- What was asked of a payment provider. `pending`: asked, or about to be asked, and the outcome is not known yet.
create table bookings.payments (
  id           uuid primary key,
  booking_id   uuid not null references bookings.bookings,
  -- What is paid: the booking itself, or a change of it.
  purpose      text not null check (purpose in ('booking', 'change')),
  change_id    uuid check ((purpose = 'change') = (change_id is not null)),
  method       text not null check (method in ('card', 'cash', 'transfer', 'account')),
  provider     text not null,
  amount       bigint not null check (amount > 0),
  currency     text not null,
  status       text not null default 'pending' check (status in ('pending', 'captured', 'declined')),
  reference    text,
  reason       text,
  paid_by      text not null,
  traceparent  text,
  created_at   timestamptz not null default now(),
  asked_at     timestamptz not null default now(),
  settled_at   timestamptz,
  check ((status = 'pending') = (settled_at is null))
);
create unique index payments_under_way on bookings.payments (booking_id) where status = 'pending';
create index payments_by_booking on bookings.payments (booking_id);
create index payments_unsettled on bookings.payments (asked_at) where status = 'pending';
create unique index payments_by_reference on bookings.payments (provider, reference) where method in ('cash', 'transfer');

create table bookings.refunds (
  id           uuid primary key,
  booking_id   uuid not null references bookings.bookings,
  payment_id   uuid not null references bookings.payments,
  amount       bigint not null check (amount > 0),
  currency     text not null,
  reason       text not null check (reason in ('cancelled', 'changed', 'late-payment', 'flight-cancelled', 'retimed',
                 'equipment-changed')),
  lines        jsonb not null default '[]',
  status       text not null default 'pending' check (status in ('pending', 'refunded')),
  reference    text,
  attempts     integer not null default 0,
  asked_at     timestamptz not null default now(),
  created_at   timestamptz not null default now(),
  settled_at   timestamptz,
  traceparent  text,
  check ((status = 'refunded') = (settled_at is not null))
);
create index refunds_by_booking on bookings.refunds (booking_id);
create index refunds_unsettled on bookings.refunds (asked_at) where status = 'pending';

-- The ledger: what was collected (above zero) and given back (below). Its sum is the total collected.
create table bookings.money (
  id          bigint generated always as identity primary key,
  booking_id  uuid not null references bookings.bookings,
  at          timestamptz not null default now(),
  amount      bigint not null check (amount <> 0),
  currency    text not null,
  payment_id  uuid not null references bookings.payments,
  refund_id   uuid unique references bookings.refunds,
  check ((refund_id is null) = (amount > 0))
);
create unique index money_captured_once on bookings.money (payment_id) where refund_id is null;
create index money_by_booking on bookings.money (booking_id);
create trigger append_only before update or delete on bookings.money
  for each row execute function platform.refuse_edit();

-- Receipts and credit notes, each numbered from 1. A number is drawn outside the transaction: one that rolled back
-- leaves a gap, and no payment waits for another to get its number.
create sequence bookings.receipt_numbers;
create sequence bookings.credit_note_numbers;
create table bookings.documents (
  kind        text not null check (kind in ('receipt', 'credit-note')),
  number      bigint not null,
  booking_id  uuid not null references bookings.bookings,
  payment_id  uuid not null references bookings.payments,
  refund_id   uuid unique references bookings.refunds,
  issued_at   timestamptz not null default now(),
  payer       jsonb not null,
  currency    text not null,
  total       bigint not null,
  lines       jsonb not null,
  primary key (kind, number),
  check ((kind = 'credit-note') = (refund_id is not null))
);
create unique index one_receipt_a_payment on bookings.documents (payment_id) where kind = 'receipt';
create index documents_by_booking on bookings.documents (booking_id);

-- What the test card was charged and gave back: the provider's own books, which the bookings slice never reads.
create table platform.test_card_charges (
  payment_id  uuid primary key,
  reference   text not null unique,
  -- Without them it was given up before it arrived.
  amount      bigint check (amount > 0),
  currency    text,
  outcome     text not null check (outcome in ('captured', 'declined')),
  reason      text,
  charged_at  timestamptz not null default now(),
  check (outcome = 'declined' or (amount is not null and currency is not null))
);
create table platform.test_card_refunds (
  refund_id          uuid primary key,
  payment_reference  text not null references platform.test_card_charges (reference),
  reference          text not null,
  amount             bigint not null check (amount > 0),
  refunded_at        timestamptz not null default now()
);
create index test_card_refunds_by_charge on platform.test_card_refunds (payment_reference);

-- Offers to change or to cancel ------------------------------------------------------------------------------

-- What a passenger would get back for cancelling, until when. Of one version of the booking: a later one needs another.
create table bookings.refund_quotes (
  id               uuid primary key,
  booking_id       uuid not null references bookings.bookings,
  booking_version  integer not null,
  created_at       timestamptz not null default now(),
  expires_at       timestamptz not null,
  currency         text not null,
  refund           bigint not null check (refund >= 0),
  lines            jsonb not null
);
create index refund_quotes_by_expiry on bookings.refund_quotes using brin (expires_at);

-- A change that is priced and not yet made: the quote that the booking would name, and what is due for it (below zero:
-- given back). Names and seats are what the quote does not hold.
create table bookings.changes (
  id               uuid primary key,
  booking_id       uuid not null references bookings.bookings,
  booking_version  integer not null,
  quote_id         uuid not null unique references bookings.quotes,
  created_at       timestamptz not null default now(),
  expires_at       timestamptz not null,
  currency         text not null,
  due              bigint not null,
  -- What is charged and what is credited for it; sums to "due" unless the booking is still unpaid.
  lines            jsonb not null,
  -- Who travels after it, with their names; null where the lap or the companion is nobody's.
  passengers       jsonb not null,
  -- Every seat that is chosen after it: flightId, seat, passenger.
  seats            jsonb not null,
  surname_hashes   bytea[] not null,
  applied_at       timestamptz
);
create index changes_unmade on bookings.changes (expires_at) where applied_at is null;
create index payments_by_change on bookings.payments (change_id) where change_id is not null;

-- A value that the refund of a fare needs, where policies were seeded before.
insert into flights.policies (id, name, value, valid_from, source, set_by)
select '019b0000-0000-7000-8000-000000000007', 'desistimiento-retention',
  '{"maxRetainedPercentOfFare": 10, "promotionalFares": false}', '2026-01-01',
  'Sample value: what the airline retains of a fare whose journey is given up; a promotional fare follows its conditions',
  'migration'
where exists (select from flights.policies);

-- Seats, people, disruptions ----------------------------------------------------------------------------------

create table flights.seats (
  aircraft_type  text not null references flights.aircraft_types,
  seat           text not null check (seat ~ '^[1-9][0-9]?[A-K]$'),
  cabin          text not null check (cabin in ('Y', 'C')),
  "row"          smallint not null,
  "column"       text not null,
  position       text not null check (position in ('window', 'middle', 'aisle')),
  exit_row       boolean not null default false,
  primary key (aircraft_type, seat)
);

-- One seat, one passenger: the key is the guard.
create table bookings.seats (
  flight_id   uuid not null,
  seat        text not null,
  booking_id  uuid not null references bookings.bookings,
  passenger   smallint not null,
  primary key (flight_id, seat),
  unique (booking_id, passenger, flight_id)
);

alter table bookings.passengers add column accompanied_by smallint, add column removed_at timestamptz;
comment on column bookings.passengers.accompanied_by is 'The adult on whose lap an infant travels, or who goes with a minor.';

-- A booking's data key, wrapped by a master key; to destroy the row is to erase what it encrypted.
create table bookings.data_keys (
  booking_id  uuid primary key references bookings.bookings,
  master_key  text not null,
  wrapped     bytea not null,
  created_at  timestamptz not null default now(),
  wrapped_at  timestamptz not null default now()
);
create index data_keys_by_master on bookings.data_keys (master_key, booking_id);
create table bookings.identity_documents (
  booking_id   uuid not null references bookings.data_keys on delete cascade,
  -- 0 is the payer.
  passenger    smallint not null,
  sealed       bytea not null,
  blind_index  bytea not null,
  primary key (booking_id, passenger)
);
create index identity_documents_blind on bookings.identity_documents (blind_index);

-- What happened to a flight that a booking is on, and what its passengers chose. Once a booking, flight and event.
create table bookings.disruptions (
  id          uuid primary key,
  booking_id  uuid not null references bookings.bookings,
  flight_id   uuid not null,
  event_id    text not null,
  kind        text not null check (kind in ('retimed', 'equipment-changed', 'cancelled')),
  detail      jsonb not null,
  noted_at    timestamptz not null default now(),
  answer      text check (answer in ('accepted', 'rebooked', 'refunded')),
  answered_at timestamptz,
  unique (booking_id, event_id)
);
create index disruptions_by_flight on bookings.disruptions (flight_id, answer);

-- A cancelled flight whose bookings are being rebooked or refunded: one row a flight, the progress of its settling.
create table bookings.flight_settlements (
  flight_id    uuid primary key,
  event_id     text not null,
  remedy       text not null check (remedy in ('rebook', 'refund')),
  total        integer not null,
  started_at   timestamptz not null default now(),
  finished_at  timestamptz
);

-- Steps --------------------------------------------------------------------------------------------------------

-- Moves what flights have sold by the difference between what is given back and what is taken; either may be empty.
-- Rows are locked in the order of flights.try_take. Answers why not, or null when it is done.
create function flights.exchange_inventory(
  back_flights uuid[], back_cabins text[], back_classes text[], back_seats integer[], back_infants integer[],
  back_petc integer[], back_avih integer[],
  flight_ids uuid[], cabins text[], classes text[], seats integer[], infants integer[], petc integer[], avih integer[],
  out refused_flight uuid, out reason text
) language plpgsql as $$
declare
  taken record;
begin
  perform from flights.cabin_inventory
  where flight_id = any (back_flights || flight_ids) order by flight_id, cabin for update;
  perform from flights.service_inventory
  where flight_id = any (back_flights || flight_ids) order by flight_id for update;

  update flights.cabin_inventory i
  set sold = i.sold - w.total, class_sold = flights.add_sold(i.classes, i.class_sold, w.k, w.n)
  from (select f, c, sum(n)::integer as total, array_agg(k) as k, array_agg(-n) as n
        from unnest(back_flights, back_cabins, back_classes, back_seats) as u (f, c, k, n) group by f, c) w
  where i.flight_id = w.f and i.cabin = w.c;
  update flights.service_inventory s
  set infant_sold = s.infant_sold - w.i, petc_sold = s.petc_sold - w.p, avih_sold = s.avih_sold - w.a
  from (select f, sum(i)::integer as i, sum(p)::integer as p, sum(a)::integer as a
        from unnest(back_flights, back_infants, back_petc, back_avih) as u (f, i, p, a)
        where i + p + a > 0 group by f) w
  where s.flight_id = w.f;
  if cardinality(flight_ids) = 0 then return; end if;

  taken := flights.try_take(flight_ids, cabins, classes, seats, infants, petc, avih);
  refused_flight := taken.refused_flight;
  reason := taken.reason;
end $$;
comment on function flights.exchange_inventory is
  'The caller undoes its transaction when there is a reason: what was given back before is given back only then.';

-- Closed bookings give back what they hold on the flights that their passengers have not flown. All in one call: the
-- inventory of several bookings, taken one after another, could be waited for in a circle.
create function bookings.release(closed uuid[]) returns void language plpgsql as $$
declare
  f uuid[]; c text[]; k text[]; s integer[]; i integer[]; p integer[]; a integer[];
  ignored record;
begin
  select array_agg(u.f), array_agg(u.c), array_agg(u.k), array_agg(u.s), array_agg(u.i), array_agg(u.p), array_agg(u.a)
  into f, c, k, s, i, p, a
  from bookings.bookings b join bookings.quotes q on q.id = b.quote_id,
    unnest(q.flight_ids, q.cabins, q.classes, q.seats, q.infants, q.petc, q.avih) u (f, c, k, s, i, p, a)
  where b.id = any (closed) and exists (
    select from bookings.coupons n
    where n.booking_id = b.id and n.flight_id = u.f and n.status in ('open', 'checked-in'));
  if f is null then return; end if;
  ignored := flights.exchange_inventory(f, c, k, s, i, p, a, '{}', '{}', '{}', '{}', '{}', '{}', '{}');
  delete from bookings.seats t using bookings.coupons n
  where t.booking_id = any (closed) and n.booking_id = t.booking_id and n.flight_id = t.flight_id
    and n.passenger = t.passenger and n.status in ('open', 'checked-in');
  update bookings.coupons set status = 'refunded'
  where booking_id = any (closed) and status in ('open', 'checked-in');
end $$;

-- False once the last of these flights has left.
create function flights.any_to_leave(flight_ids uuid[]) returns boolean language sql stable
return exists (select from flights.flights where id = any (flight_ids) and departs_at > now());

-- The event of a booking's step: what its quote says of it, and what the step adds.
create function bookings.tell(
  event uuid, kind text, booking uuid, version integer, quote uuid, more jsonb, traceparent text
) returns void language sql as $$
  insert into platform.outbox (event_id, type, subject, version, data, traceparent)
  select tell.event, 'bookings.booking-' || kind || '.v1', bookings.prefixed('bkg', booking), version,
    q.event || jsonb_build_object('bookingId', bookings.prefixed('bkg', booking), 'version', version,
      'currency', q.currency, 'total', q.total) || more, traceparent
  from bookings.quotes q where q.id = quote
$$;

-- Gives back an amount over the booking's captured payments, the latest first; never more than is left of each.
create function bookings.give_back(
  booking uuid, wanted bigint, why text, explained jsonb, traceparent text
) returns bigint language plpgsql as $$
declare
  one record;
  part bigint;
  rest bigint := wanted;
begin
  for one in
    select p.id, p.currency, p.amount - coalesce((select sum(r.amount) from bookings.refunds r where r.payment_id = p.id), 0) as remains
    from bookings.payments p where p.booking_id = booking and p.status = 'captured' order by p.created_at desc, p.id
  loop
    exit when rest = 0;
    part := least(rest, one.remains);
    continue when part <= 0;
    insert into bookings.refunds (id, booking_id, payment_id, amount, currency, reason, lines, traceparent)
    values (gen_random_uuid(), booking, one.id, part, one.currency, why, explained, traceparent);
    rest := rest - part;
  end loop;
  return wanted - rest;
end $$;

-- Takes the step to the next version, with its row of history. The caller holds the booking's row.
create function bookings.step(
  booking uuid, target text, actor text, deed text, detail jsonb, new_quote uuid default null, hashes bytea[] default null
) returns integer language plpgsql as $$
declare
  reached integer;
begin
  insert into bookings.history (booking_id, version, actor, action, quote_id, detail)
  select b.id, b.version + 1, step.actor, deed, b.quote_id, step.detail from bookings.bookings b where b.id = booking;
  update bookings.bookings b
  set version = b.version + 1, status = target, quote_id = coalesce(new_quote, b.quote_id),
    surname_hashes = coalesce(hashes, b.surname_hashes),
    confirmed_at = case when target = 'confirmed' then coalesce(b.confirmed_at, now()) else b.confirmed_at end,
    pay_by = case when target <> 'confirmed' then b.pay_by end,
    closed_at = case when target in ('cancelled', 'expired') then coalesce(b.closed_at, now()) end
  where b.id = booking returning b.version into reached;
  return reached;
end $$;

-- Makes a priced change: inventory, coupons, people, pets, seats, history and event, or none of them. Answers why not.
-- The caller holds the booking's row.
create function bookings.apply_change(change uuid, actor text, event uuid, traceparent text) returns text
language plpgsql as $$
#variable_conflict use_column
declare
  b bookings.bookings;
  c bookings.changes;
  old bookings.quotes;
  new bookings.quotes;
  refusal text;
  reached integer;
  back record;
  want record;
begin
  select * into c from bookings.changes where id = change;
  select * into b from bookings.bookings where id = c.booking_id;
  if b.status not in ('held', 'confirmed') then return 'booking-closed'; end if;
  if b.version <> c.booking_version or c.applied_at is not null then return 'change-outdated'; end if;
  select * into old from bookings.quotes where id = b.quote_id;
  select * into new from bookings.quotes where id = c.quote_id;

  -- A flight that is given up has not left; on a cancelled one nobody did.
  if exists (
    select from bookings.coupons o join flights.flights f on f.id = o.flight_id
    where o.booking_id = b.id and o.status in ('open', 'checked-in') and f.departs_at <= now() and f.status <> 'cancelled'
      and not exists (
        select from jsonb_array_elements(new.coupons) q
        where (q ->> 'passenger')::smallint = o.passenger and new.flight_ids[(q ->> 'segment')::smallint] = o.flight_id)
  ) then
    return 'flight-departed';
  end if;
  -- A seat that is new to the booking is one of the aircraft that flies now, in the passenger's cabin.
  if exists (
    select from jsonb_array_elements(c.seats) s
    where not exists (
        select from bookings.seats o
        where o.booking_id = b.id and o.flight_id = (s ->> 'flightId')::uuid and o.seat = s ->> 'seat')
      and not exists (
        select from flights.flights f join flights.seats m on m.aircraft_type = f.aircraft_type
        where f.id = (s ->> 'flightId')::uuid and m.seat = s ->> 'seat'
          and m.cabin = new.cabins[array_position(new.flight_ids, f.id)])
  ) then
    return 'change-outdated';
  end if;
  -- Who moves on one flight goes one after another: two bookings that swapped their seats would wait for each other.
  perform pg_advisory_xact_lock(hashtextextended(u.f::text, 1700))
  from (
    select flight_id as f from bookings.seats where booking_id = b.id
    union select (s ->> 'flightId')::uuid from jsonb_array_elements(c.seats) s
    order by 1
  ) u;

  -- What differs, flight by flight and class by class; services by flight, on one row of it.
  with had as (
    select u.f, u.c, u.k, sum(u.s) as s from unnest(old.flight_ids, old.cabins, old.classes, old.seats) u (f, c, k, s)
    group by 1, 2, 3
  ), gets as (
    select u.f, u.c, u.k, sum(u.s) as s from unnest(new.flight_ids, new.cabins, new.classes, new.seats) u (f, c, k, s)
    group by 1, 2, 3
  ), had_services as (
    select u.f, sum(u.i) as i, sum(u.p) as p, sum(u.a) as a
    from unnest(old.flight_ids, old.infants, old.petc, old.avih) u (f, i, p, a) group by 1
  ), get_services as (
    select u.f, sum(u.i) as i, sum(u.p) as p, sum(u.a) as a
    from unnest(new.flight_ids, new.infants, new.petc, new.avih) u (f, i, p, a) group by 1
  ), services as (
    select coalesce(g.f, h.f) as f, coalesce(g.i, 0) - coalesce(h.i, 0) as i, coalesce(g.p, 0) - coalesce(h.p, 0) as p,
      coalesce(g.a, 0) - coalesce(h.a, 0) as a
    from get_services g full join had_services h on h.f = g.f
  ), moved as (
    select f, c, k, coalesce(g.s, 0) - coalesce(h.s, 0) as s,
      row_number() over (partition by f order by c, k) = 1 as carries
    from gets g full join had h using (f, c, k)
  ), parts as (
    select m.f, m.c, m.k, m.s, case when carries then v.i else 0 end as i, case when carries then v.p else 0 end as p,
      case when carries then v.a else 0 end as a
    from moved m join services v on v.f = m.f
  ), sides as (
    select f, c, k, 1 as side, greatest(-s, 0)::integer as s, greatest(-i, 0)::integer as i,
      greatest(-p, 0)::integer as p, greatest(-a, 0)::integer as a from parts
    union all
    select f, c, k, 2, greatest(s, 0)::integer, greatest(i, 0)::integer, greatest(p, 0)::integer,
      greatest(a, 0)::integer from parts
  ), useful as (
    select * from sides where s + i + p + a > 0
  )
  select
    array_agg(f) filter (where side = 1) as f1, array_agg(f) filter (where side = 2) as f2,
    array_agg(u.c) filter (where side = 1) as c1, array_agg(u.c) filter (where side = 2) as c2,
    array_agg(k) filter (where side = 1) as k1, array_agg(k) filter (where side = 2) as k2,
    array_agg(s) filter (where side = 1) as s1, array_agg(s) filter (where side = 2) as s2,
    array_agg(i) filter (where side = 1) as i1, array_agg(i) filter (where side = 2) as i2,
    array_agg(p) filter (where side = 1) as p1, array_agg(p) filter (where side = 2) as p2,
    array_agg(a) filter (where side = 1) as a1, array_agg(a) filter (where side = 2) as a2
  into want from useful u;

  begin
    if want.f1 is not null or want.f2 is not null then
      select x.reason into refusal from flights.exchange_inventory(
        coalesce(want.f1, '{}'), coalesce(want.c1, '{}'), coalesce(want.k1, '{}'), coalesce(want.s1, '{}'),
        coalesce(want.i1, '{}'), coalesce(want.p1, '{}'), coalesce(want.a1, '{}'),
        coalesce(want.f2, '{}'), coalesce(want.c2, '{}'), coalesce(want.k2, '{}'), coalesce(want.s2, '{}'),
        coalesce(want.i2, '{}'), coalesce(want.p2, '{}'), coalesce(want.a2, '{}')) x;
      if refusal is not null then raise sqlstate 'FR001'; end if;
    end if;

    -- A coupon stays when its passenger flies the same flight in the same class.
    update bookings.coupons o
    set status = case
        when n.passenger is not null then o.status
        when exists (select from jsonb_array_elements(c.passengers) p where (p ->> 'number')::smallint = o.passenger)
          then 'exchanged'
        else 'refunded' end,
      segment = coalesce(n.segment, o.segment), type = coalesce(n.type, o.type),
      fare_basis = coalesce(n.fare_basis, o.fare_basis)
    from bookings.coupons same left join (
      select (q ->> 'passenger')::smallint as passenger, (q ->> 'segment')::smallint as segment, q ->> 'type' as type,
        q ->> 'fareBasis' as fare_basis
      from jsonb_array_elements(new.coupons) q
    ) n on n.passenger = same.passenger and new.flight_ids[n.segment] = same.flight_id
      and new.cabins[n.segment] = same.cabin and new.classes[n.segment] = same.class
    where o.booking_id = b.id and same.booking_id = b.id and same.number = o.number
      and o.status in ('open', 'checked-in');

    insert into bookings.coupons (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
    select b.id, (select max(number) from bookings.coupons where booking_id = b.id) + row_number() over (order by n.segment, n.passenger),
      n.passenger, n.segment, new.flight_ids[n.segment], n.type, new.cabins[n.segment], new.classes[n.segment], n.fare_basis
    from (
      select (q ->> 'passenger')::smallint as passenger, (q ->> 'segment')::smallint as segment, q ->> 'type' as type,
        q ->> 'fareBasis' as fare_basis
      from jsonb_array_elements(new.coupons) q
    ) n
    where not exists (
      select from bookings.coupons o
      where o.booking_id = b.id and o.passenger = n.passenger and o.flight_id = new.flight_ids[n.segment]
        and o.cabin = new.cabins[n.segment] and o.class = new.classes[n.segment] and o.status not in ('exchanged', 'refunded'));

    insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency, accompanied_by)
    select b.id, (p ->> 'number')::smallint, p ->> 'type', p ->> 'givenNames',
      array(select jsonb_array_elements_text(p -> 'surnames')), (p ->> 'birthDate')::date, p ->> 'residency',
      (p ->> 'accompaniedBy')::smallint
    from jsonb_array_elements(c.passengers) p
    on conflict (booking_id, number) do update
    set type = excluded.type, given_names = excluded.given_names, surnames = excluded.surnames,
      birth_date = excluded.birth_date, residency = excluded.residency, accompanied_by = excluded.accompanied_by;
    update bookings.passengers o set removed_at = now()
    where o.booking_id = b.id and o.removed_at is null
      and not exists (select from jsonb_array_elements(c.passengers) p where (p ->> 'number')::smallint = o.number);

    delete from bookings.pets where booking_id = b.id;
    insert into bookings.pets (booking_id, number, service, species, breed, weight_kg)
    select b.id, (p ->> 'number')::smallint, p ->> 'service', p ->> 'species', p ->> 'breed', (p ->> 'weightKg')::smallint
    from jsonb_array_elements(new.pets) p;

    delete from bookings.seats where booking_id = b.id;
    insert into bookings.seats (flight_id, seat, booking_id, passenger)
    select (s ->> 'flightId')::uuid, s ->> 'seat', b.id, (s ->> 'passenger')::smallint
    from jsonb_array_elements(c.seats) s
    order by 1, 2
    on conflict (flight_id, seat) do nothing;
    if (select count(*) from bookings.seats where booking_id = b.id) < jsonb_array_length(c.seats) then
      refusal := 'seat-taken';
      raise sqlstate 'FR001';
    end if;

    reached := bookings.step(b.id, b.status, actor, 'changed', jsonb_build_object('changeId', c.id, 'due', c.due),
      new.id, c.surname_hashes);
    -- A hold ends with the sale of its first flight, whichever that is now.
    update bookings.bookings o
    set pay_by = least(o.pay_by, (
      select min(i.sales_close_at) from flights.cabin_inventory i
      where i.flight_id = any (new.flight_ids) and i.cabin = any (new.cabins) and i.sales_close_at > now()))
    where o.id = b.id and o.status = 'held';
    update bookings.changes set applied_at = now() where id = c.id;
    if c.due < 0 and bookings.give_back(b.id, -c.due, 'changed', c.lines, traceparent) <> -c.due then
      raise exception 'booking % cannot give back %', b.id, -c.due;
    end if;
    perform bookings.tell(event, 'changed', b.id, reached, new.id,
      jsonb_build_object('confirmed', b.status = 'confirmed', 'due', c.due, 'before', old.event || jsonb_build_object(
        'total', old.total)), traceparent);
  exception when sqlstate 'FR001' then
    return refusal;
  end;
  return null;
end $$;

-- What a provider said of a payment. A capture that finds its booking held confirms it, one for a change makes it; one
-- that comes too late is given back, also after a decline: a card may be tried again. Answers what came of it, or null
-- when it was settled before.
create function bookings.settle_payment(
  payment uuid, outcome text, provider_reference text, why text, event uuid
) returns text language plpgsql as $$
declare
  paid bookings.payments;
  b bookings.bookings;
  q bookings.quotes;
  explained jsonb;
  reached integer;
begin
  -- The booking's row first, as everywhere.
  perform from bookings.bookings
  where id = (select booking_id from bookings.payments where id = payment) for update;
  update bookings.payments p
  set status = outcome, reference = coalesce(provider_reference, p.reference), reason = why, settled_at = now()
  where p.id = payment and (p.status = 'pending' or p.status = 'declined' and outcome = 'captured')
  returning p.* into paid;
  if paid.id is null then return null; end if;
  if outcome = 'declined' then return 'declined'; end if;

  select * into b from bookings.bookings where id = paid.booking_id;
  select * into q from bookings.quotes where id = b.quote_id;
  insert into bookings.money (booking_id, amount, currency, payment_id)
  values (b.id, paid.amount, paid.currency, paid.id);
  explained := case paid.purpose when 'booking' then q.lines
    else (select lines from bookings.changes where id = paid.change_id) end;
  insert into bookings.documents (kind, number, booking_id, payment_id, payer, currency, total, lines)
  values ('receipt', nextval('bookings.receipt_numbers'), b.id, paid.id, b.payer, paid.currency, paid.amount, explained);

  if paid.purpose = 'booking' and b.status = 'held' and q.total = paid.amount then
    reached := bookings.step(b.id, 'confirmed', paid.paid_by, 'confirmed', jsonb_build_object('paymentId', paid.id));
    perform bookings.tell(event, 'confirmed', b.id, reached, q.id, '{}', paid.traceparent);
    return 'confirmed';
  end if;
  if paid.purpose = 'change'
    and bookings.apply_change(paid.change_id, paid.paid_by, event, paid.traceparent) is null then
    return 'changed';
  end if;
  insert into bookings.refunds (id, booking_id, payment_id, amount, currency, reason, lines, traceparent)
  values (gen_random_uuid(), b.id, paid.id, paid.amount, paid.currency, 'late-payment', explained, paid.traceparent);
  return 'given-back';
end $$;

-- A booking on an agency account is paid by it in the commit that makes it: a payment, its row of the ledger and a
-- receipt. A trigger, so that a booking which is held pays nothing for it.
create function bookings.charge_account(booking uuid) returns void language sql as $$
  with owed as (
    select b.id, b.account, b.caller, b.payer, b.confirmed_at, q.currency, q.total, q.lines
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where b.id = booking and q.total > 0
  ), paid as (
    insert into bookings.payments (id, booking_id, purpose, method, provider, amount, currency, status, reference,
      paid_by, settled_at)
    select gen_random_uuid(), id, 'booking', 'account', 'account', total, currency, 'captured', account, caller,
      coalesce(confirmed_at, now())
    from owed returning id, booking_id, amount, currency
  ), collected as (
    insert into bookings.money (booking_id, amount, currency, payment_id)
    select booking_id, amount, currency, id from paid
  )
  insert into bookings.documents (kind, number, booking_id, payment_id, payer, currency, total, lines)
  select 'receipt', nextval('bookings.receipt_numbers'), paid.booking_id, paid.id, owed.payer, paid.currency, paid.amount,
    owed.lines
  from paid, owed
$$;
create function bookings.charge_new_account() returns trigger language plpgsql as $$
begin
  perform bookings.charge_account(new.id);
  return null;
end $$;
create trigger charge_account after insert on bookings.bookings
  for each row when (new.account is not null) execute function bookings.charge_new_account();
-- Those that were made before there was a ledger.
select bookings.charge_account(id) from bookings.bookings where account is not null order by created_at;

-- The key's row of a command that is one call: true when this attempt may act. A concurrent one is waited for.
create function platform.claim_key(caller text, key text, digest text, claim uuid, status integer, answer jsonb)
returns boolean language plpgsql as $$
begin
  insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
  values (claim_key.caller, claim_key.key, decode(claim_key.digest, 'hex'), claim_key.claim, claim_key.status, claim_key.answer)
  on conflict do nothing;
  return found;
end $$;

create function platform.keep_answer(caller text, key text, status integer, answer jsonb)
returns void language sql as $$
  update platform.idempotency_keys k set status = keep_answer.status, answer = keep_answer.answer
  where k.caller = keep_answer.caller and k.key = keep_answer.key
$$;

-- Begins a payment, and settles it at once when the agency's desk has the money. The answer kept is the payment's id:
-- what came of it is read from its row.
create function bookings.pay(request jsonb) returns table (replayed boolean, same_content boolean, answer jsonb)
language plpgsql as $$
declare
  payment uuid := (request ->> 'paymentId')::uuid;
  booking uuid := (request ->> 'bookingId')::uuid;
  b bookings.bookings;
  c bookings.changes;
  due bigint;
  due_currency text;
  code text;
begin
  answer := jsonb_build_object('type', 'paid', 'paymentId', payment);
  if not platform.claim_key(request ->> 'caller', request ->> 'key', request ->> 'digest', payment, 201, answer) then
    return query select true, k.digest = decode(request ->> 'digest', 'hex'), k.answer
    from platform.idempotency_keys k where k.caller = request ->> 'caller' and k.key = request ->> 'key';
    return;
  end if;
  select * into b from bookings.bookings where id = booking for update;
  if request ->> 'purpose' = 'booking' then
    select q.total, q.currency into due, due_currency from bookings.quotes q where q.id = b.quote_id;
  else
    select * into c from bookings.changes where id = (request ->> 'changeId')::uuid and booking_id = booking;
    due := c.due;
    due_currency := c.currency;
  end if;
  code := case
    when b.version <> (request ->> 'version')::integer then 'version-stale'
    when b.status in ('cancelled', 'expired') then case b.status when 'expired' then 'hold-expired' else 'booking-closed' end
    when exists (select from bookings.payments p where p.booking_id = booking and p.status = 'pending') then 'payment-under-way'
    when request ->> 'purpose' = 'booking' and b.status = 'confirmed' then 'already-paid'
    when request ->> 'purpose' = 'booking' and b.pay_by <= now() then 'hold-expired'
    when request ->> 'purpose' = 'change' and c.id is null then 'unknown-change'
    when request ->> 'purpose' = 'change' and (c.applied_at is not null or c.booking_version <> b.version) then 'change-outdated'
    when request ->> 'purpose' = 'change' and c.expires_at <= now() then 'change-expired'
    when due <> (request ->> 'amount')::bigint or due_currency <> request ->> 'currency' then 'amount-mismatch'
    when request ->> 'reference' is not null and exists (
      select from bookings.payments p where p.provider = request ->> 'provider' and p.reference = request ->> 'reference'
        and p.method in ('cash', 'transfer')) then 'reference-used'
  end;
  if code is not null then
    answer := jsonb_strip_nulls(jsonb_build_object('type', 'refused', 'code', code,
      'due', case code when 'amount-mismatch' then due end, 'currency', case code when 'amount-mismatch' then due_currency end));
    perform platform.keep_answer(request ->> 'caller', request ->> 'key', 409, answer);
    return query select false, true, answer;
    return;
  end if;

  insert into bookings.payments (id, booking_id, purpose, change_id, method, provider, amount, currency, reference, paid_by, traceparent)
  values (payment, booking, request ->> 'purpose', c.id, request ->> 'method', request ->> 'provider',
    (request ->> 'amount')::bigint, request ->> 'currency', request ->> 'reference', request ->> 'caller',
    request ->> 'traceparent');
  if request ->> 'reference' is not null then
    perform bookings.settle_payment(payment, 'captured', null, null, (request ->> 'eventId')::uuid);
  end if;
  return query select false, true, answer;
end $$;

-- Cancels a booking by its refund quote: status, inventory, coupons, seats, what is given back, history and event.
create function bookings.cancel(request jsonb) returns table (replayed boolean, same_content boolean, answer jsonb)
language plpgsql as $$
declare
  booking uuid := (request ->> 'bookingId')::uuid;
  b bookings.bookings;
  r bookings.refund_quotes;
  code text;
  reached integer;
begin
  if not platform.claim_key(request ->> 'caller', request ->> 'key', request ->> 'digest', (request ->> 'eventId')::uuid, 200, null) then
    return query select true, k.digest = decode(request ->> 'digest', 'hex'), k.answer
    from platform.idempotency_keys k where k.caller = request ->> 'caller' and k.key = request ->> 'key';
    return;
  end if;
  select * into b from bookings.bookings where id = booking for update;
  select * into r from bookings.refund_quotes where id = (request ->> 'refundQuoteId')::uuid and booking_id = booking;
  code := case
    when b.version <> (request ->> 'version')::integer then 'version-stale'
    when b.status in ('cancelled', 'expired') then 'booking-closed'
    when r.id is null then 'unknown-refund-quote'
    when not flights.any_to_leave(array(
      select flight_id from bookings.coupons n where n.booking_id = booking and n.status in ('open', 'checked-in')))
      then 'departed'
    when r.booking_version <> b.version then 'refund-quote-outdated'
    when r.expires_at <= now() then 'refund-quote-expired'
  end;
  if code is not null then
    answer := jsonb_build_object('type', 'refused', 'code', code);
    perform platform.keep_answer(request ->> 'caller', request ->> 'key', 409, answer);
    return query select false, true, answer;
    return;
  end if;

  reached := bookings.close(b, 'cancelled', request ->> 'caller', 'cancelled', r.refund, r.lines,
    (request ->> 'eventId')::uuid, request ->> 'traceparent');
  answer := jsonb_build_object('type', 'cancelled', 'bookingId', booking, 'version', reached, 'refund', r.refund,
    'currency', r.currency);
  perform platform.keep_answer(request ->> 'caller', request ->> 'key', 200, answer);
  return query select false, true, answer;
end $$;

-- Makes a priced change for which nothing is to be paid.
create function bookings.change(request jsonb) returns table (replayed boolean, same_content boolean, answer jsonb)
language plpgsql as $$
declare
  booking uuid := (request ->> 'bookingId')::uuid;
  b bookings.bookings;
  c bookings.changes;
  code text;
begin
  if not platform.claim_key(request ->> 'caller', request ->> 'key', request ->> 'digest', (request ->> 'eventId')::uuid, 200, null) then
    return query select true, k.digest = decode(request ->> 'digest', 'hex'), k.answer
    from platform.idempotency_keys k where k.caller = request ->> 'caller' and k.key = request ->> 'key';
    return;
  end if;
  select * into b from bookings.bookings where id = booking for update;
  select * into c from bookings.changes where id = (request ->> 'changeId')::uuid and booking_id = booking;
  code := case
    when b.version <> (request ->> 'version')::integer then 'version-stale'
    when b.status in ('cancelled', 'expired') then 'booking-closed'
    when c.id is null then 'unknown-change'
    when c.applied_at is not null or c.booking_version <> b.version then 'change-outdated'
    when c.expires_at <= now() then 'change-expired'
    when c.due > 0 then 'payment-needed'
  end;
  code := coalesce(code, bookings.apply_change(c.id, request ->> 'caller', (request ->> 'eventId')::uuid,
    request ->> 'traceparent'));
  if code is not null then
    answer := jsonb_strip_nulls(jsonb_build_object('type', 'refused', 'code', code,
      'due', case code when 'payment-needed' then c.due end, 'currency', case code when 'payment-needed' then c.currency end));
    perform platform.keep_answer(request ->> 'caller', request ->> 'key', 409, answer);
    return query select false, true, answer;
    return;
  end if;

  select jsonb_build_object('type', 'changed', 'bookingId', booking, 'changeId', c.id, 'version', b.version + 1,
    'due', c.due, 'currency', q.currency, 'total', q.total)
  into answer from bookings.quotes q where q.id = c.quote_id;
  perform platform.keep_answer(request ->> 'caller', request ->> 'key', 200, answer);
  return query select false, true, answer;
end $$;

-- Ends a booking whose row the caller holds; answers its version.
create function bookings.close(
  b bookings.bookings, target text, actor text, why text, refund bigint, explained jsonb, event uuid, traceparent text
) returns integer language plpgsql as $$
declare
  ahead jsonb := bookings.segments_ahead(b.id);
begin
  perform bookings.release(array[b.id]);
  return bookings.conclude(b, target, actor, why, refund, explained, ahead, event, traceparent);
end $$;

-- Numbers of the flights that a booking's passengers have not flown: what ends with it.
create function bookings.segments_ahead(booking uuid) returns jsonb language sql stable
return (
  select coalesce(jsonb_agg(distinct n.segment order by n.segment), '[]') from bookings.coupons n
  where n.booking_id = booking and n.status in ('open', 'checked-in'));

create function bookings.segments_of(quote uuid) returns jsonb language sql stable
return (
  select jsonb_agg(n order by n) from bookings.quotes q, generate_series(1, cardinality(q.flight_ids)) n
  where q.id = quote);

-- What is left of closing a booking when its inventory is back: history, what is given back, event.
create function bookings.conclude(
  b bookings.bookings, target text, actor text, why text, refund bigint, explained jsonb, ahead jsonb, event uuid,
  traceparent text
) returns integer language plpgsql as $$
declare
  reached integer;
begin
  reached := bookings.step(b.id, target, actor, target, jsonb_build_object('refund', refund, 'reason', why));
  if refund > 0 and bookings.give_back(b.id, refund, why, explained, traceparent) <> refund then
    raise exception 'booking % cannot give back %', b.id, refund;
  end if;
  perform bookings.tell(event, target, b.id, reached, b.quote_id, jsonb_build_object(
    'confirmed', b.status = 'confirmed', 'released', ahead, 'refund', refund, 'refunded', explained), traceparent);
  return reached;
end $$;

-- Ends holds whose deadline has passed, the oldest first; answers how many. Several may run at once.
create function bookings.expire_holds(most integer) returns integer language plpgsql as $$
declare
  due uuid[];
  b bookings.bookings;
begin
  select array_agg(id) into due from (
    select id from bookings.bookings where status = 'held' and pay_by <= now() order by pay_by limit most
    for update skip locked) o;
  if due is null then return 0; end if;
  -- A hold has flown nothing: all that it names ends with it.
  perform bookings.release(due);
  for b in select * from bookings.bookings where id = any (due) order by pay_by loop
    perform bookings.conclude(b, 'expired', 'schedule', 'expired', 0, '[]', bookings.segments_of(b.quote_id),
      gen_random_uuid(), null);
  end loop;
  return cardinality(due);
end $$;

-- A refund that the provider has made: the ledger and a credit note. Answers false when it was settled before.
create function bookings.settle_refund(refund uuid, provider_reference text) returns boolean language plpgsql as $$
declare
  r bookings.refunds;
begin
  update bookings.refunds set status = 'refunded', reference = provider_reference, settled_at = now()
  where id = refund and status = 'pending' returning * into r;
  if r.id is null then return false; end if;
  insert into bookings.money (booking_id, amount, currency, payment_id, refund_id)
  values (r.booking_id, -r.amount, r.currency, r.payment_id, r.id);
  insert into bookings.documents (kind, number, booking_id, payment_id, refund_id, payer, currency, total, lines)
  select 'credit-note', nextval('bookings.credit_note_numbers'), r.booking_id, r.payment_id, r.id, b.payer, r.currency,
    r.amount, r.lines
  from bookings.bookings b where b.id = r.booking_id;
  return true;
end $$;

-- Operations -----------------------------------------------------------------------------------------------------

-- Policies of operations, where policies were seeded before.
insert into flights.policies (id, name, value, valid_from, source, set_by)
select p.id::uuid, p.name, p.value::jsonb, '2026-01-01', 'Sample value', 'migration'
from (values
  ('019b0000-0000-7000-8000-000000000071', 'rebook-days', '7'),
  ('019b0000-0000-7000-8000-000000000072', 'check-in-opens-hours', '48'),
  ('019b0000-0000-7000-8000-000000000073', 'check-in-closes-minutes', '45')
) p (id, name, value)
where exists (select from flights.policies);

-- Notes what happened to a flight with every booking that is on it, once a booking and event, and lets go of seats
-- that its aircraft has not; answers how many were noted. Who bought the flight at the times given is not concerned.
create function bookings.note_disruption(
  flight uuid, event text, what text, told jsonb, departs timestamptz, arrives timestamptz
) returns integer language plpgsql as $$
declare
  concerned uuid[];
  noted integer;
begin
  select array_agg(b.id) into concerned
  from bookings.bookings b join bookings.quotes q on q.id = b.quote_id
  where b.id in (select c.booking_id from bookings.coupons c where c.flight_id = flight and c.status in ('open', 'checked-in'))
    and (departs is null or exists (
      select from jsonb_array_elements(q.itinerary) s
      where s ->> 'flightId' = bookings.prefixed('flt', flight)
        and ((s ->> 'departsAt')::timestamptz <> departs or (s ->> 'arrivesAt')::timestamptz <> arrives)));
  perform from bookings.bookings where id = any (concerned) order by id for update;

  with dropped as (
    delete from bookings.seats s using bookings.coupons c, flights.flights f
    where what = 'equipment-changed' and s.flight_id = flight and f.id = flight and c.booking_id = s.booking_id
      and c.passenger = s.passenger and c.flight_id = flight and c.status in ('open', 'checked-in')
      and not exists (
        select from flights.seats m
        where m.aircraft_type = f.aircraft_type and m.seat = s.seat and m.cabin = c.cabin
          and (c.type = 'ADT' or not m.exit_row))
    returning s.booking_id, s.passenger, s.seat
  ), lost as (
    select booking_id, jsonb_agg(jsonb_build_object('passenger', passenger, 'seat', seat) order by passenger) as seats
    from dropped group by booking_id
  ), noted as (
    insert into bookings.disruptions (id, booking_id, flight_id, event_id, kind, detail)
    select gen_random_uuid(), one.id, flight, event, what,
      told || case when l.seats is null then '{}' else jsonb_build_object('seatsLost', l.seats) end
    from unnest(concerned) one (id) left join lost l on l.booking_id = one.id
    where exists (
      select from bookings.coupons c
      where c.booking_id = one.id and c.flight_id = flight and c.status in ('open', 'checked-in'))
    on conflict do nothing
    returning booking_id
  ), stepped as (
    update bookings.bookings b set version = b.version + 1 from noted n where b.id = n.booking_id
    returning b.id, b.version, b.quote_id
  )
  insert into bookings.history (booking_id, version, actor, action, quote_id, detail)
  select id, version, 'worker', 'disrupted', quote_id,
    jsonb_build_object('flightId', bookings.prefixed('flt', flight), 'eventId', event, 'kind', what)
  from stepped;
  get diagnostics noted = row_count;
  return noted;
end $$;

-- A closed flight uses up the coupons of paid bookings: who boarded has flown, who did not has not shown up. Each
-- booking steps on and tells it. Answers how many bookings.
create function bookings.use_coupons(flight uuid) returns integer language plpgsql as $$
declare
  told integer;
begin
  perform from bookings.bookings
  where status = 'confirmed' and id in (
    select c.booking_id from bookings.coupons c where c.flight_id = flight and c.status in ('open', 'checked-in'))
  order by id for update;

  with used as (
    update bookings.coupons c set status = case when c.boarded_at is null then 'no-show' else 'flown' end
    from bookings.bookings b
    where c.flight_id = flight and c.status in ('open', 'checked-in') and b.id = c.booking_id and b.status = 'confirmed'
    returning c.booking_id, c.passenger, c.segment, c.type, c.status
  ), told_of as (
    select booking_id, jsonb_agg(jsonb_build_object('passenger', passenger, 'segment', segment, 'type', type,
      'status', status) order by passenger) as coupons
    from used group by booking_id
  ), stepped as (
    update bookings.bookings b set version = b.version + 1 from told_of t where b.id = t.booking_id
    returning b.id, b.version, b.quote_id, t.coupons
  ), kept as (
    insert into bookings.history (booking_id, version, actor, action, quote_id, detail)
    select id, version, 'worker', 'flown', quote_id,
      jsonb_build_object('flightId', bookings.prefixed('flt', flight), 'coupons', coupons)
    from stepped
  )
  insert into platform.outbox (event_id, type, subject, version, data)
  select gen_random_uuid(), 'bookings.coupons-used.v1', bookings.prefixed('bkg', id), version, jsonb_build_object(
    'bookingId', bookings.prefixed('bkg', id), 'version', version, 'flightId', bookings.prefixed('flt', flight),
    'coupons', coupons)
  from stepped;
  get diagnostics told = row_count;
  return told;
end $$;

-- Gives a flight the inventory of the aircraft that it has now, in the proportions that it was opened and managed
-- with: overbooking, limits of the classes, lap infants. A cabin that the aircraft has not goes when nobody is in it,
-- and one that is new opens by the policies. Answers what is sold beyond that, by cabin and of lap infants, and
-- changes nothing then; else null.
create function flights.fit_inventory(flight uuid) returns jsonb language plpgsql as $$
declare
  beyond jsonb;
  new_type text := (select aircraft_type from flights.flights where id = flight);
  seats_before integer;
  seats_now integer := (select sum(seats) from flights.aircraft_cabins where aircraft_type = new_type);
begin
  perform from flights.cabin_inventory where flight_id = flight order by cabin for update;
  perform from flights.service_inventory where flight_id = flight for update;
  seats_before := (select sum(physical) from flights.cabin_inventory where flight_id = flight);

  select jsonb_object_agg(o.what, o.sold) into beyond from (
    select i.cabin as what, i.sold
    from flights.cabin_inventory i
    left join flights.aircraft_cabins a on a.aircraft_type = new_type and a.cabin = i.cabin
    where i.flight_id = flight and i.sold > coalesce(a.seats * i.authorised / i.physical, 0)
    union all
    select 'infants', infant_sold from flights.service_inventory
    where flight_id = flight and infant_sold > infant_capacity * seats_now / seats_before
  ) o;
  if beyond is not null then return beyond; end if;

  update flights.service_inventory set infant_capacity = infant_capacity * seats_now / seats_before
  where flight_id = flight;
  delete from flights.cabin_inventory i where i.flight_id = flight and not exists (
    select from flights.aircraft_cabins a where a.aircraft_type = new_type and a.cabin = i.cabin);
  update flights.cabin_inventory i
  set physical = a.seats, authorised = a.seats * i.authorised / i.physical,
    -- Rounded up, as when they were opened, so that a share of a small cabin does not close a class.
    limits = array(
      select (l.seats * (a.seats * i.authorised / i.physical) + i.authorised - 1) / greatest(i.authorised, 1)
      from unnest(i.limits) with ordinality l (seats, rank) order by l.rank)
  from flights.aircraft_cabins a
  where i.flight_id = flight and a.aircraft_type = new_type and a.cabin = i.cabin;

  insert into flights.cabin_inventory (flight_id, cabin, physical, authorised, classes, limits, class_sold,
    sales_close_at)
  select f.id, a.cabin, a.seats, w.authorised, array_agg(k.code order by k.rank),
    array_agg(case when k.rank = 1 then w.authorised else (w.authorised * k.limit_percent + 99) / 100 end order by k.rank),
    array_fill(0, array[count(*)::integer]),
    f.departs_at - make_interval(mins => flights.policy('sales-close-minutes')::integer)
  from flights.flights f
  join flights.aircraft_cabins a using (aircraft_type)
  join flights.booking_classes k on k.cabin = a.cabin,
  lateral (select a.seats + a.seats * flights.policy('overbooking-percent')::integer / 100 as authorised) w
  where f.id = flight and not exists (
    select from flights.cabin_inventory i where i.flight_id = f.id and i.cabin = a.cabin)
  group by f.id, a.cabin, a.seats, w.authorised;
  return null;
end $$;

-- People -------------------------------------------------------------------------------------------------------

-- Who leaves a booking leaves no document behind.
create function bookings.forget_document() returns trigger language plpgsql as $$
begin
  delete from bookings.identity_documents where booking_id = new.booking_id and passenger = new.number;
  return null;
end $$;
create trigger forget_document after update of removed_at on bookings.passengers
  for each row when (new.removed_at is not null) execute function bookings.forget_document();

-- What stands for a payer who was erased; passengers have the same word for names.
create function bookings.erased_payer() returns jsonb language sql immutable return '{"name": "ERASED"}'::jsonb;

-- Receipts and credit notes stay as they were issued, but for a payer who is erased.
create function bookings.refuse_document_edit() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.payer = bookings.erased_payer()
    and to_jsonb(new) - 'payer' = to_jsonb(old) - 'payer' then
    return new;
  end if;
  raise exception 'bookings.documents is append-only' using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete on bookings.documents
  for each row execute function bookings.refuse_document_edit();

-- People of a price or a change without their names, and with no more of their birth dates than the year.
create function bookings.nameless(people jsonb) returns jsonb language sql immutable return (
  select coalesce(jsonb_agg(p || jsonb_build_object('birthDate', left(p ->> 'birthDate', 4) || '-01-01')
    || case when p ? 'surnames' then '{"givenNames": "ERASED", "surnames": ["ERASED"]}'::jsonb else '{}' end order by n), '[]')
  from jsonb_array_elements(people) with ordinality as e (p, n));

-- Erases the people of a booking that is over: its data key, and with it what it encrypted, and their names wherever
-- they stand. What was sold, paid and flown stays. Answers the version reached, or why there is none.
create function bookings.erase(booking uuid, known integer, actor text, out reached integer, out refusal text)
language plpgsql as $$
declare
  b bookings.bookings;
begin
  select * into b from bookings.bookings where id = booking for update;
  refusal := case
    when b.version <> known then 'version-stale'
    when exists (select from bookings.history h where h.booking_id = booking and h.action = 'erased') then 'booking-erased'
    when b.status = 'held' then 'held'
    when exists (
      select from bookings.coupons c join flights.flights f on f.id = c.flight_id
      where c.booking_id = booking and c.status not in ('exchanged', 'refunded') and f.arrives_at > now()
    ) then 'flight-to-come'
    when exists (select from bookings.payments p where p.booking_id = booking and p.status = 'pending')
      or exists (select from bookings.refunds r where r.booking_id = booking and r.status = 'pending') then 'money-pending'
  end;
  if refusal is not null then return; end if;

  reached := bookings.step(booking, b.status, actor, 'erased', '{}', null, '{}');
  delete from bookings.data_keys where booking_id = booking;
  -- Of a form that the API takes; no country has the code 999, and no domain ends in .invalid (RFC 2606).
  update bookings.bookings
  set payer = bookings.erased_payer(),
    contact = contact || '{"name": "ERASED", "email": "erased@erased.invalid", "phone": "+9990000000"}'
  where id = booking;
  update bookings.passengers
  set given_names = 'ERASED', surnames = '{ERASED}', birth_date = date_trunc('year', birth_date)::date
  where booking_id = booking;
  update bookings.documents set payer = bookings.erased_payer() where booking_id = booking;
  update bookings.quotes set passengers = bookings.nameless(passengers)
  where id = b.quote_id or id in (
    select quote_id from bookings.history where booking_id = booking
    union all select quote_id from bookings.changes where booking_id = booking);
  update bookings.changes set passengers = bookings.nameless(passengers), surname_hashes = '{}'
  where booking_id = booking;
end $$;
