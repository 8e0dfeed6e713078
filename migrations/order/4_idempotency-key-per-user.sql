-- Up Migration

-- A key belongs to the user who sent it: two customers may use the same one. Orders without a key, which most are, have no entry.
CREATE UNIQUE INDEX orders_by_idempotency_key ON orders.orders (user_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;

ALTER TABLE orders.orders DROP CONSTRAINT orders_idempotency_key_key;

-- Down Migration
ALTER TABLE orders.orders ADD CONSTRAINT orders_idempotency_key_key UNIQUE (idempotency_key);

DROP INDEX orders.orders_by_idempotency_key;
