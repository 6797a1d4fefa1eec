-- The only write path of a booking: claim the keys, judge the quotes, take the inventory, write the rows, answer.
-- One call is one transaction; a host that serves one request at a time passes one member.

create type bookings.booking_request as (
  member           integer,
  caller           text,
  any_account      boolean,
  key              text,
  digest           text,
  booking_id       uuid,
  locator          text,
  quote_id         uuid,
  account          text,
  passengers       jsonb,
  contact          jsonb,
  payer            jsonb,
  surname_hashes   text[],
  created_event    uuid,
  confirmed_event  uuid,
  traceparent      text
);

create function bookings.prefixed(prefix text, id uuid) returns text
language sql immutable return prefix || '_' || replace(id::text, '-', '');

-- Generic plans, and those over indexes alone: an array parameter makes PostgreSQL plan every statement anew in every
-- call, which took longer than running them, and the tables may be empty when a plan is made.
create function bookings.book_many(requests jsonb)
returns table (answered_member integer, replayed boolean, same_content boolean, answer jsonb)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
declare
  asked bookings.booking_request[];
  fresh bookings.booking_request[];
  -- Members that get nothing, why, and on which flight.
  refused integer[];
  codes text[];
  places uuid[];
  -- What the others ask of the inventory, one element a member's flight.
  m integer[]; f uuid[]; c text[]; k text[]; s integer[]; i integer[]; p integer[]; a integer[];
begin
  select array_agg(r) into asked from jsonb_populate_recordset(null::bookings.booking_request, requests) r;

  -- A key's row is inserted with the answer of success, so that a booking writes it once. Another transaction that
  -- holds the same key is waited for here, and its answer read at the end. Keys in order: no deadlock.
  with claimed as (
    insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
    select r.caller, r.key, decode(r.digest, 'hex'), r.booking_id, 201, jsonb_build_object(
      'type', 'booked', 'bookingId', r.booking_id, 'locator', r.locator, 'currency', q.currency, 'total', q.total,
      'status', case when r.account is null then 'held' else 'confirmed' end,
      'payBy', case when r.account is null then now() + make_interval(mins => q.hold_minutes) end)
    from unnest(asked) r left join bookings.quotes q on q.id = r.quote_id
    order by r.caller, r.key
    on conflict do nothing
    returning claim
  )
  select case when count(*) = cardinality(asked) then asked else (
    select array_agg(r order by r.member) from unnest(asked) r where r.booking_id = any (array_agg(claim))) end
  into fresh from claimed;

  if fresh is not null then
    with judged as (
      select r.member, q.flight_ids, q.cabins, q.classes, q.seats, q.infants, q.petc, q.avih, case
        when q.id is null or q.caller <> r.caller then 'unknown-quote'
        when q.expires_at <= now() then 'quote-expired'
        when (select true from bookings.bookings b where b.quote_id = r.quote_id)
          or row_number() over (partition by r.quote_id order by r.member) > 1 then 'quote-used'
        when jsonb_array_length(r.passengers) <> jsonb_array_length(q.passengers) then 'passengers-mismatch'
        when r.account is not null and not exists (
          select from bookings.agency_accounts a
          where a.code = r.account and a.active and (r.any_account or a.holder = r.caller)) then 'account-unusable'
      end as code
      from unnest(fresh) r left join bookings.quotes q on q.id = r.quote_id
    )
    select
      coalesce(array_agg(j.member) filter (where j.code is not null), '{}'),
      coalesce(array_agg(j.code) filter (where j.code is not null), '{}'),
      coalesce(array_agg(null::uuid) filter (where j.code is not null), '{}'),
      array_agg(j.member) filter (where j.code is null), array_agg(n.f) filter (where j.code is null),
      array_agg(n.c) filter (where j.code is null), array_agg(n.k) filter (where j.code is null),
      array_agg(n.s) filter (where j.code is null), array_agg(n.i) filter (where j.code is null),
      array_agg(n.p) filter (where j.code is null), array_agg(n.a) filter (where j.code is null)
    into refused, codes, places, m, f, c, k, s, i, p, a
    from judged j left join lateral
      unnest(j.flight_ids, j.cabins, j.classes, j.seats, j.infants, j.petc, j.avih) n (f, c, k, s, i, p, a)
      on j.code is null;

    if m is not null then
      select refused || coalesce(array_agg(t.refused_member), '{}'), codes || coalesce(array_agg(t.reason), '{}'),
             places || coalesce(array_agg(t.refused_flight), '{}')
      into refused, codes, places from flights.take_inventory(m, f, c, k, s, i, p, a) t;
    end if;

    if cardinality(refused) > 0 then
      update platform.idempotency_keys k
      set status = 409, answer = jsonb_strip_nulls(jsonb_build_object(
        'type', 'refused', 'code', r.code, 'flightId', bookings.prefixed('flt', r.place)))
      from unnest(refused, codes, places) as r (member, code, place) join unnest(fresh) one on one.member = r.member
      where k.caller = one.caller and k.key = one.key;
      select array_agg(one order by one.member) into fresh from unnest(fresh) one where one.member <> all (refused);
    end if;
  end if;

  if fresh is not null then
    -- One statement for all rows: each more would read the quotes again and start anew.
    with sold as materialized (
      select r.booking_id, r.locator, r.caller, r.account, r.contact, r.payer, r.surname_hashes, r.passengers as named,
        r.created_event, r.confirmed_event, r.traceparent, bookings.prefixed('bkg', r.booking_id) as about,
        q.id as quote_id, q.hold_minutes, q.currency, q.total, q.passengers, q.pets, q.coupons, q.event, q.flight_ids,
        q.cabins, q.classes
      from unnest(fresh) r join bookings.quotes q on q.id = r.quote_id
    ), made as (
      insert into bookings.bookings (id, locator, status, quote_id, caller, account, contact, payer, surname_hashes,
        pay_by, confirmed_at)
      select booking_id, locator, case when account is null then 'held' else 'confirmed' end, quote_id, caller, account,
        contact, payer, array(select decode(h, 'hex') from unnest(surname_hashes) h),
        case when account is null then now() + make_interval(mins => hold_minutes) end,
        case when account is not null then now() end
      from sold
    ), carried as (
      insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency)
      select booking_id, one.n, one.quoted ->> 'type', one.named ->> 'givenNames',
        array(select jsonb_array_elements_text(one.named -> 'surnames')),
        (one.quoted ->> 'birthDate')::date, one.quoted ->> 'residency'
      from sold, rows from (jsonb_array_elements(sold.passengers), jsonb_array_elements(sold.named)) with ordinality
        as one (quoted, named, n)
    ), with_pets as (
      insert into bookings.pets (booking_id, number, service, species, breed, weight_kg)
      select booking_id, o.n, o.pet ->> 'service', o.pet ->> 'species', o.pet ->> 'breed',
        (o.pet ->> 'weightKg')::smallint
      from sold, jsonb_array_elements(sold.pets) with ordinality as o (pet, n)
    ), flown as (
      insert into bookings.coupons (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
      select booking_id, o.n, (o.coupon ->> 'passenger')::smallint, segment, flight_ids[segment],
        o.coupon ->> 'type', cabins[segment], classes[segment], o.coupon ->> 'fareBasis'
      from sold, jsonb_array_elements(sold.coupons) with ordinality as o (coupon, n),
        lateral (select (o.coupon ->> 'segment')::smallint as segment) here
    )
    insert into platform.outbox (event_id, type, subject, version, data, traceparent)
    select e.id, e.type, about, 1,
      event || jsonb_build_object('bookingId', about, 'version', 1, 'currency', currency, 'total', total), traceparent
    from sold, lateral (values (created_event, 'bookings.booking-created.v1'),
                               (confirmed_event, 'bookings.booking-confirmed.v1')) as e (id, type)
    where e.type = 'bookings.booking-created.v1' or account is not null;
  end if;

  return query
  select r.member, key.claim <> r.booking_id, key.digest = decode(r.digest, 'hex'), key.answer
  from unnest(asked) r
  join platform.idempotency_keys key on key.caller = r.caller and key.key = r.key;
end $$;
