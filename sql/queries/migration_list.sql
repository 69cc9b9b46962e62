-- Every migration that was applied, in order; for migrate.
-- out: number int, name str, sha256 str, applied_at when
-- rows: many
SELECT number, name, sha256, applied_at
FROM schema_migration
ORDER BY number
