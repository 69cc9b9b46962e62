#!/usr/bin/env python3
"""Tests of tools/gen_sql.py; run by the store's suite, or by hand."""

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SPEC = importlib.util.spec_from_file_location(
    "gen_sql", os.path.join(TOP, "tools", "gen_sql.py"))
gen_sql = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(gen_sql)


class Generator(unittest.TestCase):
    """Each test writes query files and looks at what is made of them."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.out_h = os.path.join(self.folder, "sql.h")
        self.out_c = os.path.join(self.folder, "sql.c")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def run_it(self, *more):
        """(exit status, what it complained of)"""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            status = gen_sql.main([self.folder, self.out_h, self.out_c,
                                   *more])
        return status, errors.getvalue()

    def sql_of(self, body, params="a int"):
        """The statement after the names are replaced."""
        self.write("q.sql", f"-- About.\n-- in: {params}\n-- rows: none\n"
                   + body)
        return gen_sql.Query(os.path.join(self.folder, "q.sql")).sql

    def refused(self, text, line, words):
        self.write("q.sql", text)
        status, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn(f"q.sql:{line}: ", errors)
        self.assertIn(words, errors)
        self.assertFalse(os.path.exists(self.out_h))

    # ---- names ----

    def test_names_become_numbers_in_the_order_of_in(self):
        self.assertEqual(self.sql_of("SELECT :b, :a, :b", "a int, b str"),
                         "SELECT $2, $1, $2")

    def test_longest_name_wins(self):
        self.assertEqual(self.sql_of("SELECT :ab, :a", "a int, ab int"),
                         "SELECT $2, $1")

    def test_casts_stay(self):
        self.assertEqual(self.sql_of("SELECT :a::text, now()::date"),
                         "SELECT $1::text, now()::date")

    def test_strings_stay(self):
        self.assertEqual(
            self.sql_of("SELECT ':a', 'it''s :a', E'\\':a', :a"),
            "SELECT ':a', 'it''s :a', E'\\':a', $1")

    def test_quoted_names_stay(self):
        self.assertEqual(self.sql_of('SELECT ":a", "x"":a", :a'),
                         'SELECT ":a", "x"":a", $1')

    def test_dollar_strings_stay(self):
        self.assertEqual(self.sql_of("SELECT $$ :a $$, $t$ $$ :a $t$, :a"),
                         "SELECT $$ :a $$, $t$ $$ :a $t$, $1")

    def test_comments_go(self):
        self.assertEqual(
            self.sql_of("SELECT :a -- :b ; 'x\n/* :b /* ' */ ; */ , 2"),
            "SELECT $1\n , 2")

    def test_slices_and_assignments_stay(self):
        self.assertEqual(self.sql_of("SELECT (x.y)[1:2], f(z := :a)"),
                         "SELECT (x.y)[1:2], f(z := $1)")

    def test_final_semicolon_goes(self):
        self.assertEqual(self.sql_of("SELECT :a ;\n-- the end\n"), "SELECT $1")

    def test_unknown_name_is_refused(self):
        self.refused("-- A.\n-- in: a int\n-- rows: none\nSELECT :a,\n :b\n",
                     5, "`:b` is not among")

    def test_unused_name_is_refused(self):
        self.refused("-- A.\n-- in: a int, b int\n-- rows: none\nSELECT :a\n",
                     2, "`b` is not used")

    def test_name_in_a_comment_is_no_use(self):
        self.refused("-- A.\n-- in: a int\n-- rows: none\nSELECT 1 -- :a\n",
                     2, "`a` is not used")

    def test_number_is_refused(self):
        self.refused("-- A.\n-- rows: none\nSELECT $1\n", 3, "by name")

    # ---- statements ----

    def test_second_statement_is_refused(self):
        self.refused("-- A.\n-- rows: none\nSELECT 1;\nSELECT 2\n", 4,
                     "more than one")
        self.refused("-- A.\n-- rows: none\nSELECT 1;;\n", 3, "more than one")

    def test_no_statement_is_refused(self):
        self.refused("-- A.\n-- rows: none\n\n", 3, "no statement")

    def test_open_quotes_are_refused(self):
        self.refused("-- A.\n-- rows: none\nSELECT 'x\n", 3, "never closed")
        self.refused("-- A.\n-- rows: none\nSELECT 1\n, $t$ x\n", 4,
                     "never closed")
        self.refused("-- A.\n-- rows: none\nSELECT 1 /* x /* */\n", 3,
                     "never closed")

    # ---- the head ----

    def test_head_without_text_is_refused(self):
        self.refused("-- rows: none\nSELECT 1\n", 1, "what the query")

    def test_head_without_rows_is_refused(self):
        self.refused("-- A.\nSELECT 1\n", 2, "no `rows:`")

    def test_strange_rows_are_refused(self):
        self.refused("-- A.\n-- rows: some\nSELECT 1\n", 2, "found `some`")

    def test_strange_key_is_refused(self):
        self.refused("-- A.\n-- rows: none\n-- cache: no\nSELECT 1\n", 3,
                     "`cache: no`")

    def test_key_given_twice_is_refused(self):
        self.refused("-- A.\n-- rows: none\n-- rows: one\nSELECT 1\n", 3,
                     "second `rows:`")

    def test_out_and_rows_must_agree(self):
        self.refused("-- A.\n-- out: a int\n-- rows: none\nSELECT 1\n", 2,
                     "no `out:`")
        self.refused("-- A.\n-- rows: many\nSELECT 1\n", 2, "needs `out:`")

    def test_strange_fields_are_refused(self):
        for field, words in (("a", "expected `name kind`"),
                             ("a float", "unknown kind `float`"),
                             ("A int", "member's name"),
                             ("int int", "member's name"),
                             ("a bool?", "cannot be optional"),
                             ("a int, a str", "twice"),
                             ("a int,, b int", "expected `name kind`")):
            self.refused(f"-- A.\n-- in: {field}\n-- rows: none\nSELECT :a\n",
                         2, words)

    def test_list_is_no_column(self):
        self.refused("-- A.\n-- out: a strs\n-- rows: many\nSELECT 1\n", 2,
                     "parameters alone")

    def test_too_many_fields_are_refused(self):
        fields = ", ".join(f"a{i} int" for i in range(33))
        self.refused(f"-- A.\n-- in: {fields}\n-- rows: none\nSELECT 1\n", 2,
                     "at most 32")

    def test_comma_goes_on_in_the_next_line(self):
        self.write("q.sql", "-- A.\n-- in: a int,\n--     b str\n"
                   "-- rows: none\nSELECT :a, :b\n")
        query = gen_sql.Query(os.path.join(self.folder, "q.sql"))
        self.assertEqual([f.name for f in query.fields_in], ["a", "b"])

    def test_strange_file_name_is_refused(self):
        self.write("Bad-name.sql", "-- A.\n-- rows: none\nSELECT 1\n")
        status, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("Bad-name.sql:1: a query's file name", errors)

    def test_every_fault_is_told(self):
        self.write("a.sql", "-- A.\nSELECT 1\n")
        self.write("b.sql", "-- A.\nSELECT 1\n")
        status, errors = self.run_it()
        self.assertEqual((status, errors.count("\n")), (1, 2))

    def test_empty_folder_is_refused(self):
        status, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("no .sql file", errors)

    # ---- shared rows ----

    ROW = "-- A.\n-- row: card\n-- out: {}\n-- rows: many\nSELECT 1 AS a\n"

    def test_row_is_shared(self):
        self.write("a.sql", self.ROW.format("a int"))
        self.write("b.sql", self.ROW.format("a int"))
        self.assertEqual(self.run_it(), (0, ""))
        with open(self.out_h, encoding="utf-8") as file:
            self.assertEqual(file.read().count("struct sql_card_row {"), 1)

    def test_shared_row_must_agree(self):
        self.write("a.sql", self.ROW.format("a int"))
        self.write("b.sql", self.ROW.format("a int?"))
        status, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("b.sql:2: row: card: out: differs", errors)

    def test_shared_row_cannot_take_a_querys_name(self):
        self.write("a.sql", self.ROW.format("a int"))
        self.write("card.sql", "-- A.\n-- out: a int\n-- rows: one\n"
                   "SELECT 1 AS a\n")
        status, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("has the name of the row of", errors)

    # ---- output ----

    def write_good(self):
        self.write("first.sql", "-- Text with */ and \"quotes\" ?""?/.\n"
                   "-- in: a int?, b strs, c ints, d when?, e bytes\n"
                   "-- out: id int, note str?, is_it bool\n-- rows: many\n"
                   "SELECT :a, 'ä\\n\t\"', :b, :c, :d, :e -- ?""?/\n")
        self.write("second.sql", "-- B.\n-- in: c ints\n-- rows: none\n"
                   "SELECT :c")
        self.write("third.sql", "-- C.\n-- out: a int\n-- rows: maybe\n"
                   "SELECT 1 AS a\n")

    def test_output_compiles(self):
        self.write_good()
        self.assertEqual(self.run_it("--table", "some_statements"), (0, ""))
        done = subprocess.run(
            ["gcc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wshadow",
             "-Wmissing-prototypes", "-fsyntax-only", "-I",
             os.path.join(TOP, "app"), self.out_c],
            capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_output_is_the_same_every_time(self):
        self.write_good()
        self.run_it()
        with open(self.out_c, encoding="utf-8") as file:
            first = file.read()
        os.remove(self.out_c)
        self.run_it()
        with open(self.out_c, encoding="utf-8") as file:
            self.assertEqual(file.read(), first)

    def test_output_is_left_alone_when_nothing_changed(self):
        self.write_good()
        self.run_it()
        os.utime(self.out_c, (1, 1))
        self.run_it()
        self.assertEqual(os.stat(self.out_c).st_mtime, 1)
        self.write("fourth.sql", "-- D.\n-- rows: none\nSELECT 4\n")
        self.run_it()
        self.assertNotEqual(os.stat(self.out_c).st_mtime, 1)


if __name__ == "__main__":
    unittest.main()
