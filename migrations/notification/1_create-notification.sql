-- Up Migration
CREATE SCHEMA notification;

CREATE TABLE notification.contact (
  user_id bigint PRIMARY KEY,
  email text
);

-- One row per message owed: an order's event of one kind, by one channel.
CREATE TABLE notification.delivery (
  order_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reserved', 'rejected', 'released')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'push', 'webhook')),
  user_id bigint NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'SENT', 'SKIPPED', 'FAILED')),
  sent_at timestamptz,
  PRIMARY KEY (order_id, kind, channel)
);

-- Down Migration
DROP SCHEMA notification CASCADE;
