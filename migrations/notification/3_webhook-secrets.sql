-- Up Migration
-- The secrets that sign a user's webhook, newest first: [{"secret": "whsec_…"}, {"secret": …, "until": …}]. All but the first
-- have been replaced and sign beside it until their time is over.
ALTER TABLE notification.contact ADD COLUMN webhook_secrets jsonb NOT NULL DEFAULT '[]';

-- Webhooks that there are get a secret of 32 bytes, which their owners replace by one that they are shown.
UPDATE notification.contact
SET webhook_secrets = jsonb_build_array(jsonb_build_object('secret',
  'whsec_' || encode(decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), 'base64')))
WHERE webhook IS NOT NULL;

-- Down Migration
ALTER TABLE notification.contact DROP COLUMN webhook_secrets;
