-- A booking made with less work: fewer statements for many, plain ones for one. Outcomes and locks are as they were.

-- As before, but a call for seats alone is one statement.
create or replace function flights.try_take(
  flight_ids uuid[], cabins text[], classes text[], seats integer[], infants integer[], petc integer[], avih integer[],
  out refused_flight uuid, out reason text
) language plpgsql as $$
declare
  locked integer;
  asked integer;
  with_services boolean := 0 < any (infants) or 0 < any (petc) or 0 < any (avih);
begin
  -- Locked, judged and taken in one statement: another would lock nothing new and only start anew.
  with wanted as materialized (
    select f, c, array_agg(k) as k, array_agg(n) as n, sum(n)::integer as total
    from unnest(flight_ids, cabins, classes, seats) as u (f, c, k, n) group by f, c
  ), locks as materialized (
    select i.flight_id, i.cabin, i.classes, i.authorised, i.sold, i.limits, i.class_sold, i.sales_close_at,
           w.k, w.n, w.total
    from flights.cabin_inventory i join wanted w on i.flight_id = w.f and i.cabin = w.c
    order by i.flight_id, i.cabin for update of i
  ), judged as materialized (
    select l.flight_id, flights.cabin_refusal(
      l.classes, l.authorised, l.sold, l.limits, l.class_sold, l.sales_close_at, l.k, l.n) as why
    from locks l
  ), verdict as materialized (
    select count(*) as locked, min(why) as why, (array_agg(flight_id) filter (where why is not null))[1] as place,
      (select count(*) from wanted) as asked
    from judged
  ), taken as (
    update flights.cabin_inventory i
    set sold = i.sold + l.total, class_sold = flights.add_sold(i.classes, i.class_sold, l.k, l.n)
    from locks l
    where i.flight_id = l.flight_id and i.cabin = l.cabin and not with_services
      and (select v.why is null and v.locked = v.asked from verdict v)
  )
  select v.locked, v.why, v.place, v.asked into locked, reason, refused_flight, asked from verdict v;

  if locked < asked then
    select f into refused_flight from unnest(flight_ids, cabins) as u (f, c)
    where not exists (select from flights.cabin_inventory i where i.flight_id = u.f and i.cabin = u.c) limit 1;
    reason := 'flight-not-bookable';
  end if;
  if not with_services then return; end if;

  with wanted as (
    select f, sum(i) as i, sum(p) as p, sum(a) as a
    from unnest(flight_ids, infants, petc, avih) as u (f, i, p, a) where i + p + a > 0 group by f
  ), locks as materialized (
    select s.flight_id, s.infant_capacity - s.infant_sold as infant_left, s.petc_capacity - s.petc_sold as petc_left,
           s.avih_capacity - s.avih_sold as avih_left, w.i, w.p, w.a
    from flights.service_inventory s join wanted w on s.flight_id = w.f
    order by s.flight_id for update of s
  ), judged as (
    select flight_id, case when i > infant_left then 'infants-full' else 'pets-full' end as why
    from locks where i > infant_left or p > petc_left or a > avih_left
  )
  select coalesce(reason, min(why)), coalesce(refused_flight, (array_agg(flight_id))[1])
  into reason, refused_flight from judged;
  if reason is not null then return; end if;

  update flights.cabin_inventory i
  set sold = i.sold + w.total, class_sold = flights.add_sold(i.classes, i.class_sold, w.k, w.n)
  from (select f, c, sum(n)::integer as total, array_agg(k) as k, array_agg(n) as n
        from unnest(flight_ids, cabins, classes, seats) as u (f, c, k, n) group by f, c) w
  where i.flight_id = w.f and i.cabin = w.c;

  update flights.service_inventory s
  set infant_sold = s.infant_sold + w.i, petc_sold = s.petc_sold + w.p, avih_sold = s.avih_sold + w.a
  from (select f, sum(i)::integer as i, sum(p)::integer as p, sum(a)::integer as a
        from unnest(flight_ids, infants, petc, avih) as u (f, i, p, a) where i + p + a > 0 group by f) w
  where s.flight_id = w.f;
end $$;

-- Whether the nested limits let `seats` more be sold in the class of this rank: what try_take judges, for one class.
create function flights.within_limits(limits integer[], class_sold integer[], rank integer, seats integer)
returns boolean language plpgsql immutable as $$
declare
  nested integer := seats;
begin
  if rank is null or limits[rank] = 0 then return false; end if;
  for k in reverse cardinality(limits)..rank + 1 loop nested := nested + class_sold[k]; end loop;
  for k in reverse rank..1 loop
    nested := nested + class_sold[k];
    if nested > limits[k] then return false; end if;
  end loop;
  return true;
end $$;

-- What one booking asks for: the same outcome as flights.try_take, in an update a flight when nothing but seats is
-- asked for and there are enough. The rows are locked in the same order, so that neither waits on the other in a circle.
create function flights.take_for_one(
  flight_ids uuid[], cabins text[], classes text[], seats integer[], infants integer[], petc integer[], avih integer[],
  out refused_flight uuid, out reason text
) language plpgsql as $$
declare
  in_order integer[] := '{1}';
  taken integer := 0;
  n integer;
  wanted integer;
  class text;
begin
  if not (0 < any (infants) or 0 < any (petc) or 0 < any (avih)) then
    if cardinality(flight_ids) > 1 then
      in_order := array(select o from unnest(flight_ids, cabins) with ordinality u (f, c, o) order by f, c);
    end if;
    foreach n in array in_order loop
      wanted := seats[n];
      class := take_for_one.classes[n];
      update flights.cabin_inventory i
      set sold = i.sold + wanted,
        class_sold[array_position(i.classes, class)] = i.class_sold[array_position(i.classes, class)] + wanted
      where i.flight_id = flight_ids[n] and i.cabin = cabins[n] and i.sales_close_at > now()
        and i.sold + wanted <= i.authorised
        and flights.within_limits(i.limits, i.class_sold, array_position(i.classes, class), wanted);
      exit when not found;
      taken := taken + 1;
    end loop;
    if taken = cardinality(flight_ids) then return; end if;

    -- One flight has not enough: the others are given back while they are locked, and try_take says why.
    foreach n in array in_order[:taken] loop
      wanted := seats[n];
      class := take_for_one.classes[n];
      update flights.cabin_inventory i
      set sold = i.sold - wanted,
        class_sold[array_position(i.classes, class)] = i.class_sold[array_position(i.classes, class)] - wanted
      where i.flight_id = flight_ids[n] and i.cabin = cabins[n];
    end loop;
  end if;
  select t.refused_flight, t.reason into refused_flight, reason
  from flights.try_take(flight_ids, cabins, classes, seats, infants, petc, avih) t;
end $$;

-- What is wrong with each member before the inventory is asked, if anything, and what it is answered if nothing is. Read
-- once; PostgreSQL writes this function's query into the statement that asks it.
create function bookings.judge(asked bookings.booking_request[]) returns table (
  member integer, caller text, key text, digest bytea, booking_id uuid, code text, answer jsonb,
  flight_ids uuid[], cabins text[], classes text[], seats integer[], infants integer[], petc integer[], avih integer[]
) language sql stable as $$
  select r.member, r.caller, r.key, decode(r.digest, 'hex'), r.booking_id,
    case
      when q.id is null or q.caller <> r.caller then 'unknown-quote'
      when q.expires_at <= now() then 'quote-expired'
      when (select true from bookings.bookings b where b.quote_id = r.quote_id)
        or row_number() over (partition by r.quote_id order by r.member) > 1 then 'quote-used'
      when jsonb_array_length(r.passengers) <> jsonb_array_length(q.passengers) then 'passengers-mismatch'
      when r.account is not null and not exists (
        select from bookings.agency_accounts a
        where a.code = r.account and a.active and (r.any_account or a.holder = r.caller)) then 'account-unusable'
    end,
    jsonb_build_object(
      'type', 'booked', 'bookingId', r.booking_id, 'locator', r.locator, 'currency', q.currency, 'total', q.total,
      'status', case when r.account is null then 'held' else 'confirmed' end,
      'payBy', case when r.account is null then now() + make_interval(mins => q.hold_minutes) end),
    q.flight_ids, q.cabins, q.classes, q.seats, q.infants, q.petc, q.avih
  from unnest(asked) r left join bookings.quotes q on q.id = r.quote_id
$$;

-- Claims the keys, judges the quotes, takes the inventory, writes the rows, answers: for several at once, or one.
create or replace function bookings.book_many(requests jsonb)
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
  -- All members and what they are answered when each gets its booking; no answers as soon as one does not.
  answered integer[];
  answers jsonb[];
  claims integer;
  claimed uuid[];
  -- What the others ask of the inventory, one element a member's flight.
  m integer[]; f uuid[]; c text[]; k text[]; s integer[]; i integer[]; p integer[]; a integer[];
begin
  select array_agg(r) into asked from jsonb_populate_recordset(null::bookings.booking_request, requests) r;

  -- A key's row is inserted with the answer of success, so that a booking writes it once. Another transaction that
  -- holds the same key is waited for here, and its answer read at the end. Keys in order: no deadlock.
  with judged as materialized (
    select j.* from bookings.judge(asked) j
  ), inserted as (
    insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
    select j.caller, j.key, j.digest, j.booking_id, 201, j.answer from judged j order by j.caller, j.key
    on conflict do nothing
    returning claim
  ), mine as materialized (
    select count(*) as count, array_agg(claim) as those from inserted
  )
  select
    array_agg(j.member) filter (where n.o is null or n.o = 1),
    array_agg(j.answer) filter (where n.o is null or n.o = 1),
    coalesce(array_agg(j.member) filter (where j.code is not null), '{}'),
    coalesce(array_agg(j.code) filter (where j.code is not null), '{}'),
    array_agg(j.member) filter (where j.code is null), array_agg(n.f) filter (where j.code is null),
    array_agg(n.c) filter (where j.code is null), array_agg(n.k) filter (where j.code is null),
    array_agg(n.s) filter (where j.code is null), array_agg(n.i) filter (where j.code is null),
    array_agg(n.p) filter (where j.code is null), array_agg(n.a) filter (where j.code is null),
    (select count from mine), (select those from mine)
  into answered, answers, refused, codes, m, f, c, k, s, i, p, a, claims, claimed
  from judged j left join lateral
    unnest(j.flight_ids, j.cabins, j.classes, j.seats, j.infants, j.petc, j.avih)
    with ordinality n (f, c, k, s, i, p, a, o) on j.code is null;

  fresh := asked;
  if claims < cardinality(asked) then
    -- Some keys were there before: who is left is judged again, by what was committed meanwhile.
    answers := null;
    select array_agg(r order by r.member) into fresh from unnest(asked) r where r.booking_id = any (claimed);
    select
      coalesce(array_agg(j.member) filter (where j.code is not null), '{}'),
      coalesce(array_agg(j.code) filter (where j.code is not null), '{}'),
      array_agg(j.member) filter (where j.code is null), array_agg(n.f) filter (where j.code is null),
      array_agg(n.c) filter (where j.code is null), array_agg(n.k) filter (where j.code is null),
      array_agg(n.s) filter (where j.code is null), array_agg(n.i) filter (where j.code is null),
      array_agg(n.p) filter (where j.code is null), array_agg(n.a) filter (where j.code is null)
    into refused, codes, m, f, c, k, s, i, p, a
    from bookings.judge(fresh) j left join lateral
      unnest(j.flight_ids, j.cabins, j.classes, j.seats, j.infants, j.petc, j.avih) n (f, c, k, s, i, p, a)
      on j.code is null;
  end if;

  if fresh is not null then
    places := array_fill(null::uuid, array[cardinality(refused)]);
    if m is not null then
      select refused || coalesce(array_agg(t.refused_member), '{}'), codes || coalesce(array_agg(t.reason), '{}'),
             places || coalesce(array_agg(t.refused_flight), '{}')
      into refused, codes, places from flights.take_inventory(m, f, c, k, s, i, p, a) t;
    end if;

    if cardinality(refused) > 0 then
      answers := null;
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

    if 0 < any (p) or 0 < any (a) then
      insert into bookings.pets (booking_id, number, service, species, breed, weight_kg)
      select r.booking_id, o.n, o.pet ->> 'service', o.pet ->> 'species', o.pet ->> 'breed',
        (o.pet ->> 'weightKg')::smallint
      from unnest(fresh) r join bookings.quotes q on q.id = r.quote_id,
        jsonb_array_elements(q.pets) with ordinality as o (pet, n);
    end if;
  end if;

  if answers is not null then
    return query select u.member, false, true, u.answer from unnest(answered, answers) as u (member, answer);
    return;
  end if;
  return query
  select r.member, key.claim <> r.booking_id, key.digest = decode(r.digest, 'hex'), key.answer
  from unnest(asked) r
  join platform.idempotency_keys key on key.caller = r.caller and key.key = r.key;
end $$;

-- One booking, with the outcomes of book_many: plain statements, because those over sets cost one member more to start
-- than to run. The quote is judged before the key's row, so that this holds the answer, refusals too, from the first.
create function bookings.book_one(request jsonb, out replayed boolean, out same_content boolean, out answer jsonb)
language plpgsql as $$
declare
  booking uuid := request ->> 'booking_id';
  asker text := request ->> 'caller';
  used_key text := request ->> 'key';
  content bytea := decode(request ->> 'digest', 'hex');
  paying text := request ->> 'account';
  named jsonb := request -> 'passengers';
  trace text := request ->> 'traceparent';
  about text := bookings.prefixed('bkg', booking);
  held_until timestamptz;
  refusal text;
  place uuid;
  sold record;
begin
  select q.id, q.caller, q.expires_at <= now() as expired, q.hold_minutes, q.currency, q.total, q.passengers, q.pets,
    q.coupons, q.event, q.flight_ids, q.cabins, q.classes, q.seats, q.infants, q.petc, q.avih,
    exists (select from bookings.bookings b where b.quote_id = q.id) as used
  into sold from bookings.quotes q where q.id = (request ->> 'quote_id')::uuid;

  refusal := case
    when sold.id is null or sold.caller <> asker then 'unknown-quote'
    when sold.expired then 'quote-expired'
    when sold.used then 'quote-used'
    when jsonb_array_length(named) <> jsonb_array_length(sold.passengers) then 'passengers-mismatch'
  end;
  if refusal is null and paying is not null and not exists (
    select from bookings.agency_accounts a
    where a.code = paying and a.active and ((request ->> 'any_account')::boolean or a.holder = asker)) then
    refusal := 'account-unusable';
  end if;
  if paying is null then held_until := now() + make_interval(mins => sold.hold_minutes); end if;
  answer := case
    when refusal is null then jsonb_build_object(
      'type', 'booked', 'bookingId', booking, 'locator', request ->> 'locator', 'currency', sold.currency,
      'total', sold.total, 'status', case when paying is null then 'held' else 'confirmed' end, 'payBy', held_until)
    else jsonb_build_object('type', 'refused', 'code', refusal)
  end;

  insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
  values (asker, used_key, content, booking, case when refusal is null then 201 else 409 end, answer)
  on conflict do nothing;
  if not found then
    select true, k.digest = content, k.answer into strict replayed, same_content, answer
    from platform.idempotency_keys k where k.caller = asker and k.key = used_key;
    return;
  end if;
  replayed := false;
  same_content := true;
  if refusal is not null then return; end if;

  select t.refused_flight, t.reason into place, refusal from flights.take_for_one(
    sold.flight_ids, sold.cabins, sold.classes, sold.seats, sold.infants, sold.petc, sold.avih) t;
  if refusal is not null then
    answer := jsonb_strip_nulls(jsonb_build_object(
      'type', 'refused', 'code', refusal, 'flightId', bookings.prefixed('flt', place)));
    update platform.idempotency_keys k set status = 409, answer = book_one.answer
    where k.caller = asker and k.key = used_key;
    return;
  end if;

  insert into bookings.bookings (id, locator, status, quote_id, caller, account, contact, payer, surname_hashes,
    pay_by, confirmed_at)
  values (booking, request ->> 'locator', answer ->> 'status', sold.id, asker, paying, request -> 'contact',
    request -> 'payer',
    array(select decode(h, 'hex') from jsonb_array_elements_text(request -> 'surname_hashes') h), held_until,
    case when paying is not null then now() end);

  insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency)
  select booking, one.n, one.quoted ->> 'type', one.name ->> 'givenNames',
    array(select jsonb_array_elements_text(one.name -> 'surnames')),
    (one.quoted ->> 'birthDate')::date, one.quoted ->> 'residency'
  from rows from (jsonb_array_elements(sold.passengers), jsonb_array_elements(named)) with ordinality
    as one (quoted, name, n);

  if jsonb_array_length(sold.pets) > 0 then
    insert into bookings.pets (booking_id, number, service, species, breed, weight_kg)
    select booking, o.n, o.pet ->> 'service', o.pet ->> 'species', o.pet ->> 'breed', (o.pet ->> 'weightKg')::smallint
    from jsonb_array_elements(sold.pets) with ordinality as o (pet, n);
  end if;

  insert into bookings.coupons (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
  select booking, o.n, (o.coupon ->> 'passenger')::smallint, here.at, sold.flight_ids[here.at],
    o.coupon ->> 'type', sold.cabins[here.at], sold.classes[here.at], o.coupon ->> 'fareBasis'
  from jsonb_array_elements(sold.coupons) with ordinality as o (coupon, n),
    lateral (select (o.coupon ->> 'segment')::smallint as at) here;

  sold.event := sold.event || jsonb_build_object(
    'bookingId', about, 'version', 1, 'currency', sold.currency, 'total', sold.total);
  insert into platform.outbox (event_id, type, subject, version, data, traceparent)
  values ((request ->> 'created_event')::uuid, 'bookings.booking-created.v1', about, 1, sold.event, trace);
  if paying is not null then
    insert into platform.outbox (event_id, type, subject, version, data, traceparent)
    values ((request ->> 'confirmed_event')::uuid, 'bookings.booking-confirmed.v1', about, 1, sold.event, trace);
  end if;
end $$;
