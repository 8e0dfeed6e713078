-- Up Migration
CREATE SCHEMA dead_letter;

-- What operators did: one row per action, however many invocations it took. Written before anything is changed.
CREATE TABLE dead_letter.operation (
  operation_id uuid PRIMARY KEY,
  action text NOT NULL CHECK (action IN ('REDRIVE', 'PARK', 'DISCARD')),
  operator text NOT NULL,
  request json NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  affected bigint NOT NULL DEFAULT 0
);

-- One row per record of a dead-letter topic: the record as it is, and what its headers say, decoded for searching.
-- The timestamp is part of the identity: a topic that is deleted and created again counts its offsets from 0.
CREATE TABLE dead_letter.dead_letter (
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  failed_at timestamptz NOT NULL, -- the record's timestamp
  archived_at timestamptz NOT NULL DEFAULT now(),

  key bytea,
  value bytea,
  headers json NOT NULL, -- in order: [{"name", "value" in base64}]

  original_topic text NOT NULL,
  original_partition integer,
  original_offset bigint,
  original_timestamp timestamptz,
  consumer_group text,
  exception_class text,
  cause_class text,
  message text,
  key_text text,
  redrive_count integer NOT NULL,

  status text NOT NULL CHECK (status IN ('NEW', 'REDRIVEN', 'PARKED', 'DISCARDED')),
  changed_at timestamptz, -- when an operator last changed the status, and by which action
  changed_by uuid REFERENCES dead_letter.operation,

  UNIQUE (topic, partition, "offset", failed_at)
);

CREATE INDEX dead_letter_status ON dead_letter.dead_letter (status, dead_letter_id);
CREATE INDEX dead_letter_key ON dead_letter.dead_letter (key_text);
CREATE INDEX dead_letter_failed_at ON dead_letter.dead_letter (failed_at);

-- Down Migration
DROP SCHEMA dead_letter CASCADE;
