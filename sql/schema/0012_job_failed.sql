-- Jobs that were given up are counted without a look at all others.
CREATE INDEX job_failed ON job (failed_at) WHERE failed_at IS NOT NULL;
