-- Up Migration
-- What a customer's own address did not take is sent again later, when the record that held the notice is done.
ALTER TABLE notification.delivery
  ADD COLUMN notice jsonb, -- what is to be sent; null where retryDeliveries has nothing to do
  ADD COLUMN host text, -- of the address that did not take it
  ADD COLUMN retry_at timestamptz, -- not before
  ADD COLUMN give_up_at timestamptz; -- FAILED if it is not sent until then

CREATE INDEX delivery_to_retry ON notification.delivery (host, retry_at) WHERE retry_at IS NOT NULL;

-- Hosts of customers' addresses that did not answer of late; one that answers is deleted.
CREATE TABLE notification.silent_host (
  host text PRIMARY KEY,
  failures integer NOT NULL, -- sends in a row that got no answer
  paused_until timestamptz NOT NULL -- when one send may find out whether it answers again
);

-- Down Migration
DROP TABLE notification.silent_host;
DROP INDEX notification.delivery_to_retry;
ALTER TABLE notification.delivery
  DROP COLUMN notice, DROP COLUMN host, DROP COLUMN retry_at, DROP COLUMN give_up_at;
