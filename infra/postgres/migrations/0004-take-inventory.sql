-- The flights slice's only writer of what has been sold. Other slices call it in their own transaction.

-- Why a cabin cannot sell `want_seats` in `want_classes`, or null when it can. Nested limits: what class k and all
-- cheaper ones have sold together stays within limits[k], for every k from the dearest down to the class asked for.
create function flights.cabin_refusal(
  classes text[], authorised integer, sold integer, limits integer[], class_sold integer[], sales_close_at timestamptz,
  want_classes text[], want_seats integer[]
) returns text language plpgsql stable as $$
declare
  nested_sold integer := 0;
  nested_want integer := 0;
  wanted integer := 0;
  here integer;
begin
  if sales_close_at <= now() then return 'flight-not-bookable'; end if;
  for w in 1..cardinality(want_seats) loop wanted := wanted + want_seats[w]; end loop;
  for k in reverse cardinality(classes)..1 loop
    here := 0;
    for w in 1..cardinality(want_classes) loop
      if want_classes[w] = classes[k] then here := here + want_seats[w]; end if;
    end loop;
    if here > 0 and limits[k] = 0 then return 'class-closed'; end if;
    nested_want := nested_want + here;
    nested_sold := nested_sold + class_sold[k];
    if nested_want > 0 and nested_sold + nested_want > limits[k] then
      return case when sold + nested_want > authorised then 'sold-out' else 'class-sold-out' end;
    end if;
  end loop;
  if nested_want < wanted then return 'class-closed'; end if;
  if sold + nested_want > authorised then return 'sold-out'; end if;
  return null;
end $$;

create function flights.add_sold(classes text[], class_sold integer[], want_classes text[], want_seats integer[])
returns integer[] language plpgsql immutable as $$
declare at integer;
begin
  for w in 1..cardinality(want_classes) loop
    at := array_position(classes, want_classes[w]);
    class_sold[at] := class_sold[at] + want_seats[w];
  end loop;
  return class_sold;
end $$;

-- Takes all that is asked for, or nothing: then `reason` says why and `refused_flight` where. Rows are locked in a
-- fixed order (cabins, then services, each by flight), so that two calls never wait on each other.
create function flights.try_take(
  flight_ids uuid[], cabins text[], classes text[], seats integer[], infants integer[], petc integer[], avih integer[],
  out refused_flight uuid, out reason text
) language plpgsql as $$
declare
  locked integer;
  asked integer;
  with_services boolean := 0 < any (infants) or 0 < any (petc) or 0 < any (avih);
begin
  with wanted as materialized (
    select f, c, array_agg(k) as k, array_agg(n) as n
    from unnest(flight_ids, cabins, classes, seats) as u (f, c, k, n) group by f, c
  ), locks as materialized (
    select i.flight_id, i.classes, i.authorised, i.sold, i.limits, i.class_sold, i.sales_close_at, w.k, w.n
    from flights.cabin_inventory i join wanted w on i.flight_id = w.f and i.cabin = w.c
    order by i.flight_id, i.cabin for update of i
  ), judged as (
    select l.flight_id, flights.cabin_refusal(
      l.classes, l.authorised, l.sold, l.limits, l.class_sold, l.sales_close_at, l.k, l.n) as why
    from locks l
  )
  select count(*), min(why), (array_agg(flight_id) filter (where why is not null))[1], (select count(*) from wanted)
  into locked, reason, refused_flight, asked from judged;

  if locked < asked then
    select f into refused_flight from unnest(flight_ids, cabins) as u (f, c)
    where not exists (select from flights.cabin_inventory i where i.flight_id = u.f and i.cabin = u.c) limit 1;
    reason := 'flight-not-bookable';
  end if;

  if with_services then
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
  end if;

  if reason is not null then return; end if;

  update flights.cabin_inventory i
  set sold = i.sold + w.total, class_sold = flights.add_sold(i.classes, i.class_sold, w.k, w.n)
  from (select f, c, sum(n)::integer as total, array_agg(k) as k, array_agg(n) as n
        from unnest(flight_ids, cabins, classes, seats) as u (f, c, k, n) group by f, c) w
  where i.flight_id = w.f and i.cabin = w.c;

  if with_services then
    update flights.service_inventory s
    set infant_sold = s.infant_sold + w.i, petc_sold = s.petc_sold + w.p, avih_sold = s.avih_sold + w.a
    from (select f, sum(i)::integer as i, sum(p)::integer as p, sum(a)::integer as a
          from unnest(flight_ids, infants, petc, avih) as u (f, i, p, a) where i + p + a > 0 group by f) w
    where s.flight_id = w.f;
  end if;
end $$;

-- For several bookings at once, in their order: answers the members that got nothing, and why. One element of the
-- arrays is a member's flight. When all fit together they are taken together; otherwise each in its turn.
create function flights.take_inventory(
  members integer[], flight_ids uuid[], cabins text[], classes text[],
  seats integer[], infants integer[], petc integer[], avih integer[]
) returns table (refused_member integer, refused_flight uuid, reason text) language plpgsql as $$
declare
  taken record;
  one record;
begin
  taken := flights.try_take(flight_ids, cabins, classes, seats, infants, petc, avih);
  if taken.reason is null then return; end if;

  if (select count(distinct m) from unnest(members) m) = 1 then
    return query select members[1], taken.refused_flight, taken.reason;
    return;
  end if;

  for one in
    select m, array_agg(f) as f, array_agg(c) as c, array_agg(k) as k, array_agg(n) as n,
           array_agg(i) as i, array_agg(p) as p, array_agg(a) as a
    from unnest(members, flight_ids, cabins, classes, seats, infants, petc, avih) as u (m, f, c, k, n, i, p, a)
    group by m order by m
  loop
    taken := flights.try_take(one.f, one.c, one.k, one.n, one.i, one.p, one.a);
    if taken.reason is not null then
      return query select one.m, taken.refused_flight, taken.reason;
    end if;
  end loop;
end $$;
