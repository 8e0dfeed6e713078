-- Up Migration

-- An operation takes as many steps as it needs, and may be paused, stopped and found again between them.
ALTER TABLE dead_letter.operation
  ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- in the order of their start, for pages of a list
  ADD COLUMN source text NOT NULL DEFAULT 'api' CHECK (source IN ('console', 'cli', 'api')),
  ADD COLUMN state text NOT NULL DEFAULT 'DONE' CHECK (state IN ('RUNNING', 'PAUSED', 'STOPPED', 'DONE')),
  ADD COLUMN total bigint, -- how many it was to change; null for a redrive that began before this was counted
  ADD COLUMN refused bigint NOT NULL DEFAULT 0, -- how many of `affected` could not be sent, and were parked
  ADD COLUMN through_id bigint, -- a redrive: the last dead letter that it may take
  ADD COLUMN is_planned boolean NOT NULL DEFAULT false, -- a redrive: it sends what it planned when it began
  ADD COLUMN last_step_at timestamptz,
  ADD COLUMN undone_by uuid REFERENCES dead_letter.operation;

-- What each operation did to each dead letter, or plans to do while `outcome` is null.
CREATE TABLE dead_letter.change (
  operation_id uuid NOT NULL REFERENCES dead_letter.operation ON DELETE CASCADE,
  dead_letter_id bigint NOT NULL REFERENCES dead_letter.dead_letter ON DELETE CASCADE,
  status_before text NOT NULL,
  changed_by_before uuid, -- a planned one whose dead letter another operation has changed since is not carried out
  outcome text CHECK (outcome IN ('REDRIVEN', 'REFUSED', 'PARKED', 'DISCARDED', 'RESTORED')),
  reason text, -- why Kafka refused it
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (operation_id, dead_letter_id)
);

CREATE INDEX change_dead_letter ON dead_letter.change (dead_letter_id);
CREATE INDEX change_planned ON dead_letter.change (operation_id, dead_letter_id) WHERE outcome IS NULL;

-- Down Migration
DROP TABLE dead_letter.change;
ALTER TABLE dead_letter.operation
  DROP COLUMN undone_by,
  DROP COLUMN last_step_at,
  DROP COLUMN is_planned,
  DROP COLUMN through_id,
  DROP COLUMN refused,
  DROP COLUMN total,
  DROP COLUMN state,
  DROP COLUMN source,
  DROP COLUMN number;
