-- Up Migration

-- What a parked or discarded dead letter was before, so that the operation can be undone.
ALTER TABLE dead_letter.dead_letter ADD COLUMN previous_status text
  CHECK (previous_status IN ('NEW', 'REDRIVEN', 'PARKED', 'DISCARDED'));

ALTER TABLE dead_letter.operation DROP CONSTRAINT operation_action_check;
ALTER TABLE dead_letter.operation ADD CONSTRAINT operation_action_check
  CHECK (action IN ('REDRIVE', 'PARK', 'DISCARD', 'UNDO'));

-- Down Migration
ALTER TABLE dead_letter.operation DROP CONSTRAINT operation_action_check;
ALTER TABLE dead_letter.operation ADD CONSTRAINT operation_action_check
  CHECK (action IN ('REDRIVE', 'PARK', 'DISCARD')) NOT VALID;

ALTER TABLE dead_letter.dead_letter DROP COLUMN previous_status;
