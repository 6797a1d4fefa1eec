-- What every slice stands on: who already asked (idempotency keys), what happened (outbox), who we are (airline).

create schema if not exists platform;

-- One row an airline: a deployment serves one.
create table platform.airline (
  only_row    boolean primary key default true check (only_row),
  designator  text not null check (designator ~ '^[A-Z0-9]{2}$'),
  name        text not null,
  country     text not null check (country ~ '^[A-Z]{2}$'),
  time_zone   text not null,
  currency    text not null check (currency ~ '^[A-Z]{3}$')
);

-- The first answer given under a key, rejections included. `claim` is the attempt that inserted the row: it
-- tells the one that may act from those that must replay. Kept 24 hours.
create table platform.idempotency_keys (
  caller      text not null,
  key         text not null,
  digest      bytea not null,
  claim       uuid not null,
  status      smallint,
  answer      jsonb,
  created_at  timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_keys_by_age on platform.idempotency_keys using brin (created_at);

-- Events, written in the transaction of the change that they tell of. A row is done when every queue that the
-- catalog subscribes has confirmed it.
create table platform.outbox (
  id           bigint generated always as identity primary key,
  event_id     uuid not null,
  type         text not null,
  subject      text not null,
  version      integer not null,
  occurred_at  timestamptz not null default now(),
  data         jsonb not null,
  traceparent  text,
  done_at      timestamptz
) with (toast_tuple_target = 4080);
create index outbox_waiting on platform.outbox (id) where done_at is null;

comment on table platform.outbox is
  'Rows up to half a page stay as they are: compressing each event cost a booking more than the bytes it saved.';
comment on column platform.outbox.version is
  'The version of the subject after the change: consumers ignore an event older than what they know.';
