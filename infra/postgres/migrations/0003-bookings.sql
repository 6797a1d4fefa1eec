-- The bookings slice: quotes, bookings, their passengers, pets and coupons.

create schema bookings;

-- A quote is what the airline promises to sell at what price until when. It is stored whole and never changed, so that
-- a booking needs no second calculation and no copy: it names its quote, which is then kept as long as the booking.
-- The parallel arrays, one element a flight, are what the inventory is asked for.
create table bookings.quotes (
  id            uuid primary key,
  caller        text not null,
  created_at    timestamptz not null default now(),
  expires_at    timestamptz not null,
  hold_minutes  integer not null,
  currency      text not null,
  total         bigint not null,
  itinerary     jsonb not null,
  passengers    jsonb not null,
  pets          jsonb not null,
  lines         jsonb not null,
  counter       jsonb not null,
  coupons       jsonb not null,
  event         jsonb not null,
  flight_ids    uuid[] not null,
  cabins        text[] not null,
  classes       text[] not null,
  seats         integer[] not null,
  infants       integer[] not null,
  petc          integer[] not null,
  avih          integer[] not null
) with (toast_tuple_target = 4080);
create index quotes_by_expiry on bookings.quotes using brin (expires_at);

comment on table bookings.quotes is
  'Rows up to half a page stay whole, so that booking a quote need not gather it from elsewhere.';
comment on column bookings.quotes.event is
  'What the booking''s events will say: ids and figures, never a name. The booking adds its id, version and status.';

-- Agencies and partners that pay by account: a booking on one is confirmed in the commit that makes it.
create table bookings.agency_accounts (
  code    text primary key,
  name    text not null,
  holder  text not null,
  active  boolean not null default true
);

comment on column bookings.agency_accounts.holder is 'The caller who may use it; agents of the airline may use any.';

create table bookings.bookings (
  id              uuid primary key,
  locator         text not null unique check (locator ~ '^[A-HJKMNP-Z2-9]{6}$'),
  version         integer not null default 1,
  status          text not null check (status in ('held', 'confirmed', 'cancelled', 'expired')),
  quote_id        uuid not null unique,
  caller          text not null,
  account         text references bookings.agency_accounts,
  contact         jsonb not null,
  payer           jsonb not null,
  surname_hashes  bytea[] not null,
  pay_by          timestamptz,
  created_at      timestamptz not null default now(),
  confirmed_at    timestamptz,
  check ((status = 'held') = (pay_by is not null and confirmed_at is null) or status in ('cancelled', 'expired'))
) with (fillfactor = 85);

comment on column bookings.bookings.quote_id is
  'What was sold and at what price: itinerary, lines, counter charges, total. A quote is booked once.';
comment on column bookings.bookings.surname_hashes is
  'Keyed hashes of the normalised surnames, first alone and both together: what opens a booking beside its locator.';

create table bookings.passengers (
  booking_id   uuid not null references bookings.bookings,
  number       smallint not null,
  type         text not null check (type in ('ADT', 'CHD', 'INF')),
  given_names  text not null,
  surnames     text[] not null check (cardinality(surnames) between 1 and 2),
  birth_date   date not null,
  residency    text,
  primary key (booking_id, number)
);

create table bookings.pets (
  booking_id  uuid not null references bookings.bookings,
  number      smallint not null,
  service     text not null check (service in ('PETC', 'AVIH')),
  species     text not null,
  breed       text,
  weight_kg   smallint not null check (weight_kg > 0),
  primary key (booking_id, number)
);

-- Passenger × flight. Its id is the booking's and its number. No foreign key into the flights slice: the flight was
-- proven by taking its inventory in the same transaction.
create table bookings.coupons (
  booking_id  uuid not null references bookings.bookings,
  number      smallint not null,
  passenger   smallint not null,
  segment     smallint not null,
  flight_id   uuid not null,
  type        text not null check (type in ('ADT', 'CHD', 'INF')),
  cabin       text not null,
  class       text not null,
  fare_basis  text not null,
  status      text not null default 'open'
              check (status in ('open', 'checked-in', 'flown', 'no-show', 'exchanged', 'refunded')),
  primary key (booking_id, number)
);
create index coupons_by_flight on bookings.coupons (flight_id);
