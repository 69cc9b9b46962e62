-- The record of what has been done to this database; before the first
-- migration.
-- rows: none
CREATE TABLE IF NOT EXISTS schema_migration (
	number bigint PRIMARY KEY,
	name text NOT NULL,
	sha256 text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
)
