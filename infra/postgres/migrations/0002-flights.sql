-- The flights slice: network, schedule, fares, promotions, destination taxes, policies, inventory.

create extension if not exists btree_gist;
create schema flights;

-- Network ---------------------------------------------------------------------------------------------------

create table flights.airports (
  code          text primary key check (code ~ '^[A-Z]{3}$'),
  name          text not null,
  city_code     text not null check (city_code ~ '^[A-Z]{3}$'),
  city          text not null,
  country_code  text not null check (country_code ~ '^[A-Z]{2}$'),
  time_zone     text not null,
  latitude      numeric(8, 4) not null,
  longitude     numeric(8, 4) not null
);

create table flights.aircraft_types (
  code  text primary key,
  name  text not null
);

create table flights.aircraft_cabins (
  aircraft_type  text not null references flights.aircraft_types,
  cabin          text not null check (cabin in ('Y', 'C')),
  seats          integer not null check (seats > 0),
  primary key (aircraft_type, cabin)
);

-- The ladder of booking classes in a cabin, 1 the dearest. `limit_percent` is the nested limit that a new flight
-- starts with, as a share of the authorised capacity.
create table flights.booking_classes (
  cabin          text not null check (cabin in ('Y', 'C')),
  code           text not null check (code ~ '^[A-Z]$'),
  rank           smallint not null check (rank > 0),
  limit_percent  smallint not null check (limit_percent between 0 and 100),
  primary key (cabin, code),
  unique (cabin, rank)
);

-- Schedule --------------------------------------------------------------------------------------------------

create table flights.series (
  id              uuid primary key,
  flight_number   text not null,
  origin          text not null references flights.airports,
  destination     text not null references flights.airports,
  departure_time  time not null,
  days            smallint[] not null,
  valid_from      date not null,
  valid_to        date not null,
  aircraft_type   text not null references flights.aircraft_types,
  block_minutes   integer not null check (block_minutes between 15 and 1200),
  scheduled_by    text not null,
  scheduled_at    timestamptz not null default now(),
  check (origin <> destination),
  check (valid_from <= valid_to)
);

create table flights.flights (
  id              uuid primary key,
  series_id       uuid references flights.series,
  flight_number   text not null check (flight_number ~ '^[A-Z0-9]{2}[0-9]{1,4}$'),
  departure_date  date not null,
  origin          text not null references flights.airports,
  destination     text not null references flights.airports,
  departs_at      timestamptz not null,
  arrives_at      timestamptz not null,
  aircraft_type   text not null references flights.aircraft_types,
  status          text not null default 'scheduled' check (status in ('scheduled', 'cancelled', 'closed')),
  version         integer not null default 1,
  scheduled_by    text not null,
  unique (flight_number, departure_date),
  check (origin <> destination),
  check (departs_at < arrives_at)
);
create index flights_by_route on flights.flights (origin, destination, departs_at, id);

comment on column flights.flights.departure_date is 'The local date at the origin.';

-- Inventory -------------------------------------------------------------------------------------------------

-- One row a flight and cabin, so that a sale locks one row: the classes are parallel arrays, dearest first.
-- limits[k] is nested: what class k and all cheaper ones may have sold together; 0 closes class k.
create table flights.cabin_inventory (
  flight_id       uuid not null references flights.flights,
  cabin           text not null check (cabin in ('Y', 'C')),
  physical        integer not null check (physical > 0),
  authorised      integer not null check (authorised >= 0),
  sold            integer not null default 0,
  classes         text[] not null,
  limits          integer[] not null,
  class_sold      integer[] not null,
  sales_close_at  timestamptz not null,
  primary key (flight_id, cabin),
  check (sold between 0 and authorised),
  check (cardinality(classes) = cardinality(limits) and cardinality(classes) = cardinality(class_sold))
) with (fillfactor = 60);

comment on column flights.cabin_inventory.authorised is
  'Physical seats and the overbooking allowance: what sold may never exceed.';
comment on column flights.cabin_inventory.sales_close_at is
  'No sale from this instant on; a cancelled flight has -infinity. Here, so that the guard is in the locked row.';

-- What else runs out: lap infants (infant life-jackets and belts), pets in the cabin and in the hold.
create table flights.service_inventory (
  flight_id        uuid primary key references flights.flights,
  infant_capacity  integer not null check (infant_capacity >= 0),
  infant_sold      integer not null default 0,
  petc_capacity    integer not null check (petc_capacity >= 0),
  petc_sold        integer not null default 0,
  avih_capacity    integer not null check (avih_capacity >= 0),
  avih_sold        integer not null default 0,
  check (infant_sold >= 0 and petc_sold >= 0 and avih_sold >= 0)
) with (fillfactor = 60);

-- Fares and promotions --------------------------------------------------------------------------------------

-- Appended, never edited: of the rows of a market and class, the one with the latest sale_from not after the day
-- of sale is in force (the latest registered, where two share it).
create table flights.fares (
  id             uuid primary key,
  origin         text not null references flights.airports,
  destination    text not null references flights.airports,
  cabin          text not null,
  booking_class  text not null,
  fare_basis     text not null,
  amount         bigint not null check (amount > 0),
  currency       text not null check (currency ~ '^[A-Z]{3}$'),
  promotional    boolean not null,
  refundable     boolean not null,
  changeable     boolean not null,
  change_fee     bigint not null check (change_fee >= 0),
  sale_from      date not null,
  registered_by  text not null,
  registered_at  timestamptz not null default now(),
  foreign key (cabin, booking_class) references flights.booking_classes (cabin, code)
);
create index fares_by_market on flights.fares (origin, destination, cabin, booking_class, sale_from desc, id desc);

create table flights.promotions (
  id                 uuid primary key,
  name_es            text not null,
  name_en            text not null,
  rate_basis_points  integer not null check (rate_basis_points between 1 and 10000),
  code               text check (code ~ '^[A-Z0-9]{3,20}$'),
  routes             text[],
  destinations       text[],
  cabins             text[],
  sale_from          date not null,
  sale_to            date not null,
  travel_from        date not null,
  travel_to          date not null,
  started_by         text not null,
  started_at         timestamptz not null default now(),
  stopped_by         text,
  stopped_at         timestamptz,
  check (sale_from <= sale_to and travel_from <= travel_to),
  -- Two promotions that run at once never share a code: a code tells which is meant.
  exclude using gist (code with =, daterange(sale_from, sale_to, '[]') with &&)
    where (code is not null and stopped_at is null)
);

comment on column flights.promotions.routes is 'Directed markets such as BOG-ADZ; null is every route.';

-- Taxes, exchange rates, policies ---------------------------------------------------------------------------

-- A rule is never edited: the rule in force prices the booking for ever. Its end alone can be set, once, by the
-- rule that supersedes it.
create table flights.tax_rules (
  id                 uuid primary key,
  code               text not null check (code ~ '^[A-Z0-9]{2}$'),
  name_es            text not null,
  name_en            text not null,
  authority          text not null,
  point              text not null check (point in ('origin', 'destination')),
  place_kind         text not null check (place_kind in ('airport', 'city', 'country')),
  place              text not null,
  excluded_airports  text[] not null default '{}',
  scope              text not null check (scope in ('domestic', 'international', 'any')),
  basis              text not null check (basis in ('fixed', 'percentage')),
  amount             bigint check (amount >= 0),
  currency           text check (currency ~ '^[A-Z]{3}$'),
  rate_basis_points  integer check (rate_basis_points between 0 and 100000),
  base               text check (base in ('net-fare', 'full-fare')),
  charged_per        text not null check (charged_per in ('passenger', 'pet')),
  min_age            smallint not null default 0,
  max_age            smallint not null default 150,
  exempt_residents   boolean not null,
  refundable         boolean not null,
  collected          text not null check (collected in ('ticket', 'counter')),
  valid_from         date not null,
  valid_to           date,
  valid_by           text not null check (valid_by in ('sale', 'departure')),
  source             text not null,
  sample             boolean not null,
  registered_by      text not null,
  registered_at      timestamptz not null default now(),
  check (valid_to is null or valid_from <= valid_to),
  check (min_age <= max_age),
  check (collected = 'ticket' or valid_by = 'departure'),
  check (case basis
    when 'fixed' then amount is not null and currency is not null and rate_basis_points is null and base is null
    else amount is null and currency is null and rate_basis_points is not null and base is not null
         and charged_per = 'passenger' end),
  -- Overlaps are refused by the database itself: same tax, same place, same kind of journey, a day and an age in
  -- common. The scope is a range so that `any` meets both others.
  constraint tax_rules_overlap exclude using gist (
    code with =, point with =, place_kind with =, place with =, charged_per with =,
    (case scope when 'domestic' then int4range(0, 1) when 'international' then int4range(1, 2)
                else int4range(0, 2) end) with &&,
    int4range(min_age, max_age, '[]') with &&,
    daterange(valid_from, valid_to, '[]') with &&)
);
create index tax_rules_by_place on flights.tax_rules (place, valid_from);

-- Units of `to_currency` for one unit of `from_currency` (major units), in millionths. A second rate for a day is a
-- correction: the later one is in force.
create table flights.exchange_rates (
  id               uuid primary key,
  from_currency    text not null check (from_currency ~ '^[A-Z]{3}$'),
  to_currency      text not null check (to_currency ~ '^[A-Z]{3}$'),
  day              date not null,
  rate_millionths  bigint not null check (rate_millionths > 0),
  source           text not null,
  entered_by       text not null,
  entered_at       timestamptz not null default now(),
  check (from_currency <> to_currency)
);
create index exchange_rates_by_day on flights.exchange_rates (from_currency, to_currency, day desc, id desc);

-- Values that law or the airline may change, in force from a day on.
create table flights.policies (
  id          uuid primary key,
  name        text not null,
  value       jsonb not null,
  valid_from  date not null,
  source      text not null,
  set_by      text not null,
  set_at      timestamptz not null default now()
);
create index policies_by_name on flights.policies (name, valid_from desc, id desc);
