-- Up Migration

-- A redrive with a rate: until when what was sent, or is about to be, takes its time. All who send share it.
ALTER TABLE dead_letter.operation ADD COLUMN paced_until timestamptz;

-- Down Migration
ALTER TABLE dead_letter.operation DROP COLUMN paced_until;
