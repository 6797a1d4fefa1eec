-- What a newly scheduled flight has to sell. Single flights, series and the seed all open their inventory here.

-- The value in force today, in the airline's time zone; null when there is none.
create function flights.policy(wanted text) returns jsonb language sql stable return (
  select p.value from flights.policies p, platform.airline a
  where p.name = wanted and p.valid_from <= (now() at time zone a.time_zone)::date
  order by p.valid_from desc, p.id desc limit 1);

-- Opens the inventory of scheduled flights that have none, by the policies in force: a row a cabin of the aircraft
-- with its ladder of classes, and a row of services. `overbooking` (per cent of the seats) stands in for its policy.
create function flights.open_inventory(flight_ids uuid[], overbooking integer default null)
returns void language sql as $$
  with policy as materialized (
    select coalesce(overbooking, flights.policy('overbooking-percent')::integer) as overbooking,
           make_interval(mins => flights.policy('sales-close-minutes')::integer) as sales_close
  ), ladder as materialized (
    select cabin, array_agg(code order by rank) as classes, array_agg(limit_percent::integer order by rank) as shares
    from flights.booking_classes group by cabin
  )
  insert into flights.cabin_inventory (flight_id, cabin, physical, authorised, classes, limits, class_sold,
    sales_close_at)
  select f.id, c.cabin, c.seats, a.authorised, l.classes,
    -- Each limit is rounded up, so that a share of a small cabin does not close a class; the dearest sells all.
    array(select case when s.rank = 1 then a.authorised else (a.authorised * s.share + 99) / 100 end
          from unnest(l.shares) with ordinality as s (share, rank) order by s.rank),
    array_fill(0, array[cardinality(l.classes)]), f.departs_at - p.sales_close
  from unnest(flight_ids) as opened (id)
  join flights.flights f using (id)
  join flights.aircraft_cabins c using (aircraft_type)
  left join ladder l using (cabin)
  cross join policy p,
  lateral (select c.seats + c.seats * p.overbooking / 100 as authorised) a;

  with policy as materialized (
    select flights.policy('infant-capacity-percent')::integer as infants,
           flights.policy('petc-capacity')::integer as petc, flights.policy('avih-capacity')::integer as avih
  ), seats as materialized (
    select aircraft_type, sum(seats)::integer as seats from flights.aircraft_cabins group by aircraft_type
  )
  insert into flights.service_inventory (flight_id, infant_capacity, petc_capacity, avih_capacity)
  select f.id, s.seats * p.infants / 100, p.petc, p.avih
  from unnest(flight_ids) as opened (id)
  join flights.flights f using (id)
  join seats s using (aircraft_type)
  cross join policy p;
$$;
