-- Records a migration, within its own transaction.
-- in: number int, name str, sha256 str
-- rows: none
INSERT INTO schema_migration (number, name, sha256)
VALUES (:number, :name, :sha256)
