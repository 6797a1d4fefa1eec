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

create function bookings.book_many(requests jsonb)
returns table (answered_member integer, replayed boolean, same_content boolean, answer jsonb)
language plpgsql as $$
declare
  fresh bookings.booking_request[];
  refused integer[];
  codes text[];
  places uuid[];
begin
  -- A key's row is inserted with the answer of success, so that a booking writes it once. Another transaction that
  -- holds the same key is waited for here, and its answer read at the end. Keys in order: no deadlock.
  with asked as materialized (
    select r from jsonb_populate_recordset(null::bookings.booking_request, requests) r
  ), claimed as (
    insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
    select (r).caller, (r).key, decode((r).digest, 'hex'), (r).booking_id, 201, jsonb_build_object(
      'type', 'booked', 'bookingId', (r).booking_id, 'locator', (r).locator, 'currency', q.currency, 'total', q.total,
      'status', case when (r).account is null then 'held' else 'confirmed' end,
      'payBy', case when (r).account is null then now() + make_interval(mins => q.hold_minutes) end)
    from asked left join bookings.quotes q on q.id = (r).quote_id
    order by (r).caller, (r).key
    on conflict do nothing
    returning claim
  )
  select array_agg(r order by (r).member) into fresh from asked join claimed on claimed.claim = (r).booking_id;

  if fresh is not null then
    with judged as (
      select f.member, case
        when q.id is null or q.caller <> f.caller then 'unknown-quote'
        when q.expires_at <= now() then 'quote-expired'
        when exists (select from bookings.bookings b where b.quote_id = q.id)
          or row_number() over (partition by f.quote_id order by f.member) > 1 then 'quote-used'
        when jsonb_array_length(f.passengers) <> jsonb_array_length(q.passengers) then 'passengers-mismatch'
        when f.account is not null and not exists (
          select from bookings.agency_accounts a
          where a.code = f.account and a.active and (f.any_account or a.holder = f.caller)) then 'account-unusable'
      end as code
      from unnest(fresh) f left join bookings.quotes q on q.id = f.quote_id
    )
    select coalesce(array_agg(member), '{}'), coalesce(array_agg(code), '{}'), coalesce(array_agg(null::uuid), '{}')
    into refused, codes, places from judged where code is not null;

    if cardinality(refused) < cardinality(fresh) then
      with wanted as (
        select f.member as m, n.*
        from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id,
             unnest(q.flight_ids, q.cabins, q.classes, q.seats, q.infants, q.petc, q.avih) n (f, c, k, s, i, p, a)
        where f.member <> all (refused)
      ), turned_away as (
        select t.refused_member, t.reason, t.refused_flight
        from (select array_agg(m) m, array_agg(f) f, array_agg(c) c, array_agg(k) k, array_agg(s) s,
                     array_agg(i) i, array_agg(p) p, array_agg(a) a from wanted) w,
             flights.take_inventory(w.m, w.f, w.c, w.k, w.s, w.i, w.p, w.a) t
      )
      select refused || coalesce(array_agg(refused_member), '{}'), codes || coalesce(array_agg(reason), '{}'),
             places || coalesce(array_agg(refused_flight), '{}')
      into refused, codes, places from turned_away;
    end if;

    if cardinality(refused) > 0 then
      update platform.idempotency_keys k
      set status = 409, answer = jsonb_strip_nulls(jsonb_build_object(
        'type', 'refused', 'code', r.code, 'flightId', bookings.prefixed('flt', r.place)))
      from unnest(refused, codes, places) as r (member, code, place) join unnest(fresh) f on f.member = r.member
      where k.caller = f.caller and k.key = f.key;
      select array_agg(f order by f.member) into fresh from unnest(fresh) f where f.member <> all (refused);
    end if;
  end if;

  if fresh is not null then
    insert into bookings.bookings (id, locator, status, quote_id, caller, account, currency, total, itinerary, lines,
      counter, contact, payer, surname_hashes, pay_by, confirmed_at)
    select f.booking_id, f.locator, case when f.account is null then 'held' else 'confirmed' end, q.id, f.caller,
      f.account, q.currency, q.total, q.itinerary, q.lines, q.counter, f.contact, f.payer,
      array(select decode(h, 'hex') from unnest(f.surname_hashes) h),
      case when f.account is null then now() + make_interval(mins => q.hold_minutes) end,
      case when f.account is not null then now() end
    from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id;

    insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency)
    select f.booking_id, n, quoted.p ->> 'type', named.p ->> 'givenNames',
      array(select jsonb_array_elements_text(named.p -> 'surnames')),
      (quoted.p ->> 'birthDate')::date, quoted.p ->> 'residency'
    from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id,
      rows from (jsonb_array_elements(q.passengers), jsonb_array_elements(f.passengers)) with ordinality
        as pair (quoted, named, n),
      lateral (select pair.quoted as p) quoted, lateral (select pair.named as p) named;

    insert into bookings.coupons (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
    select f.booking_id, c.n, (c.coupon ->> 'passenger')::smallint, s.segment, q.flight_ids[s.segment],
      c.coupon ->> 'type', q.cabins[s.segment], q.classes[s.segment], c.coupon ->> 'fareBasis'
    from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id,
      jsonb_array_elements(q.coupons) with ordinality as c (coupon, n),
      lateral (select (c.coupon ->> 'segment')::smallint as segment) s;

    insert into bookings.pets (booking_id, number, service, species, breed, weight_kg)
    select f.booking_id, p.n, p.pet ->> 'service', p.pet ->> 'species', p.pet ->> 'breed',
      (p.pet ->> 'weightKg')::smallint
    from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id,
      jsonb_array_elements(q.pets) with ordinality as p (pet, n);

    insert into platform.outbox (event_id, type, subject, version, data, traceparent)
    select e.id, e.type, bookings.prefixed('bkg', f.booking_id), 1, q.event || jsonb_build_object(
        'bookingId', bookings.prefixed('bkg', f.booking_id), 'version', 1,
        'currency', q.currency, 'total', q.total), f.traceparent
    from unnest(fresh) f join bookings.quotes q on q.id = f.quote_id,
      lateral (values (f.created_event, 'bookings.booking-created.v1'),
                      (f.confirmed_event, 'bookings.booking-confirmed.v1')) as e (id, type)
    where e.type = 'bookings.booking-created.v1' or f.account is not null;
  end if;

  return query
  select r.member, k.claim <> r.booking_id, k.digest = decode(r.digest, 'hex'), k.answer
  from jsonb_populate_recordset(null::bookings.booking_request, requests) r
  join platform.idempotency_keys k on k.caller = r.caller and k.key = r.key;
end $$;
