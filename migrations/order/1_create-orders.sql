-- Up Migration
CREATE SCHEMA orders;

CREATE TABLE orders.orders (
  order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL,
  items json NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED')),
  rejection json,
  idempotency_key text UNIQUE,
  request_digest text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE INDEX orders_by_user ON orders.orders (user_id, order_id DESC);

-- Events that are committed but not yet known to be in Kafka. Rows live for milliseconds, so the table stays small.
CREATE TABLE orders.outbox (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL,
  topic text NOT NULL,
  order_id bigint NOT NULL,
  event_time timestamptz NOT NULL,
  payload text NOT NULL,
  traceparent text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Down Migration
DROP SCHEMA orders CASCADE;
