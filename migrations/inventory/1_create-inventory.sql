-- Up Migration
CREATE SCHEMA inventory;

CREATE TABLE inventory.stock (
  sku text PRIMARY KEY,
  on_hand bigint NOT NULL CHECK (on_hand >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  CHECK (reserved <= on_hand)
) WITH (fillfactor = 50); -- room on the page keeps updates of hot rows off the index

-- One row per order that inventory has heard of, with the event that announced the outcome, so that it can be published again as it was.
-- CANCELLED without an outcome is a tombstone: the cancel came before the order.
CREATE TABLE inventory.reservation (
  order_id bigint PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('RESERVED', 'REJECTED', 'RELEASED', 'CANCELLED')),
  user_id bigint NOT NULL,
  items json,
  outcome_id uuid,
  outcome_topic text,
  outcome_time timestamptz,
  outcome_payload text,
  outcome_traceparent text,
  release_id uuid,
  release_time timestamptz,
  release_payload text,
  release_traceparent text
);

-- Down Migration
DROP SCHEMA inventory CASCADE;
