-- Up Migration
-- Why a redrive could not send the dead letter, and parked it; null once it was sent.
ALTER TABLE dead_letter.dead_letter ADD COLUMN refusal text;

-- Down Migration
ALTER TABLE dead_letter.dead_letter DROP COLUMN refusal;
