-- Up Migration
CREATE SCHEMA notification;

-- Where a user hears of orders: on every channel that has an address here.
CREATE TABLE notification.contact (
  user_id bigint PRIMARY KEY,
  email text,
  phone text,
  push jsonb, -- a browser's push subscription
  webhook text,
  language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ko'))
);

-- One row per message owed: an order's event of one kind, by one channel.
CREATE TABLE notification.delivery (
  delivery_id bigint GENERATED ALWAYS AS IDENTITY, -- the order in which they came to be
  order_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reserved', 'rejected', 'released')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'push', 'webhook')),
  user_id bigint NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'SENT', 'SKIPPED', 'FAILED')),
  attempts integer NOT NULL DEFAULT 0,
  provider_id text, -- what the provider calls the message
  error text, -- why it was skipped or failed, or why the last attempt did
  claim uuid, -- the invocation that is sending it, until claimed_until
  claimed_until timestamptz,
  sent_at timestamptz,
  PRIMARY KEY (order_id, kind, channel)
);

CREATE INDEX delivery_by_user ON notification.delivery (user_id, delivery_id);

-- Down Migration
DROP SCHEMA notification CASCADE;
