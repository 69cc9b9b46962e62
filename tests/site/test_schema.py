#!/usr/bin/env python3
"""Steps of the schema, as an upgrade meets them: the programs of before go on
running while the new schema is there already (expand, then contract), and a
backup of any earlier schema comes up to date."""

import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

import cases
import stack

sys.path.insert(0, os.path.join(stack.TOP, "tools"))
import gen_sql

SCHEMA = os.path.join(stack.TOP, "sql", "schema")
TYPES = {"int": "bigint", "bool": "boolean", "str": "text", "bytes": "bytea",
         "when": "timestamptz", "strs": "text[]", "ints": "bigint[]"}
# What SQL's own PREPARE takes.
PREPARED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES)\b")
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable,
	column_default IS NOT NULL OR is_identity = 'YES' OR
	is_generated = 'ALWAYS'
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"""


def files():
    return sorted(os.listdir(SCHEMA))


class Database:
    """An empty one of its own."""

    def __init__(self):
        self.name = "schema_" + stack.fresh_name()
        psql("postgres", "CREATE DATABASE " + self.name)
        # Where it is written down which have been applied.
        with open(os.path.join(stack.TOP, "sql/queries/migration_table.sql"),
                  encoding="utf-8") as file:
            psql(self.name, file.read())

    def apply(self, name):
        with open(os.path.join(SCHEMA, name), encoding="utf-8") as file:
            psql(self.name, "BEGIN;\n%s\n;COMMIT;" % file.read())

    def columns(self):
        return {(table, column): rest for table, column, *rest in
                psql(self.name, COLUMNS)}

    def drop(self):
        psql("postgres", "DROP DATABASE " + self.name)


def psql(database, text):
    """Rows of texts; what PostgreSQL says where it refuses is the error."""
    done = subprocess.run(
        ["psql", "-AtqX", "-v", "ON_ERROR_STOP=1", "-h",
         os.path.join(stack.STATE, "run"), "-U", "postgres", "-d", database],
        input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", cwd="/")
    if done.returncode != 0:
        raise AssertionError(done.stderr.strip())
    return [line.split("|") for line in done.stdout.splitlines()]


def git(*words):
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", stack.TOP, *words],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout if done.returncode == 0 else b""


def queries_before(name):
    """The statements of the programs that did not know that file yet: those
    of the commit before the one that brought it."""
    commits = git("log", "--format=%H", "--diff-filter=A", "--follow", "--",
                  "sql/schema/" + name).decode().split()
    packed = commits and git("archive", commits[-1] + "^", "sql/queries")
    if not packed:
        return []
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder)
        found, _ = gen_sql.read_queries(os.path.join(folder, "sql/queries"))
    return found


class Schema(unittest.TestCase):

    def setUp(self):
        self.database = Database()
        self.addCleanup(self.database.drop)

    def test_the_programs_before_find_all_their_statements(self):
        for name in files():
            self.database.apply(name)
        tried = 0
        for name in files()[1:]:
            text = []
            for query in queries_before(name):
                if not PREPARED.match(query.sql):
                    continue
                types = ", ".join(TYPES[f.kind] for f in query.fields_in)
                text.append("PREPARE %s%s AS %s;" % (
                    query.name, " (%s)" % types if types else "", query.sql))
            tried += len(text)
            try:
                psql(self.database.name, "\n".join(text))
            except AssertionError as error:
                self.fail("the programs before %s: %s" % (name, error))
        if tried == 0:
            self.skipTest("no history of the sources is here")
        self.assertGreater(tried, 50 * len(files()[1:]))

    def test_no_step_takes_away_what_the_programs_before_use(self):
        """A column stays, of its type; a new one can be left out."""
        before = {}
        for name in files():
            self.database.apply(name)
            now = self.database.columns()
            tables = {table for table, _ in before}
            for key, (kind, nullable, has_default) in now.items():
                if key in before:
                    self.assertEqual(kind, before[key][0], (name, key))
                    self.assertFalse(
                        before[key][1] == "YES" and nullable == "NO",
                        (name, key))
                elif key[0] in tables:
                    self.assertTrue(nullable == "YES" or has_default == "t",
                                    (name, key))
            self.assertEqual(set(before) - set(now), set(), name)
            before = now

    def test_numbers_are_without_gaps(self):
        for number, name in enumerate(files(), 1):
            self.assertTrue(re.fullmatch(r"%04d_[a-z_]+\.sql" % number, name),
                            name)


if __name__ == "__main__":
    cases.main()
