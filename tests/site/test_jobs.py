#!/usr/bin/env python3
"""Background jobs that were given up, as the sysadmin sees them."""

import json
import os
import shutil
import subprocess
import unittest

import cases
import stack


def given_up(detail):
    """A job of that detail, which is a name of its own; its id."""
    return stack.sql(
        "INSERT INTO job (kind, subject, detail, tries, failed_at, last_error) "
        "VALUES ('object_hide', 0, '%s', 12, now(), 'store') RETURNING id"
        % detail)[0][0]


def refused(*words):
    """What pixlpixctl says on stderr when it does nothing."""
    try:
        stack.ctl(*words)
    except subprocess.CalledProcessError as fault:
        return fault.returncode
    raise AssertionError("%r was taken" % (words,))


class Jobs(unittest.TestCase, stack.Check):

    def test_what_was_given_up_is_listed_with_its_cause(self):
        job = given_up("listed\"one")
        line = [row for row in stack.ctl("jobs", "list").splitlines()
                if row.startswith(job + " ")]
        self.assertEqual(len(line), 1)
        self.assertIn("given up 2", line[0])
        self.assertIn("tried 12 times, store", line[0])
        rows = [json.loads(row) for row in stack.ctl(
            "jobs", "list", "--json").splitlines()]
        row = [row for row in rows if row["id"] == int(job)][0]
        self.assertEqual(row["detail"], "listed\"one")
        self.assertEqual((row["kind"], row["tries"], row["error"]),
                         ("object_hide", 12, "store"))
        self.assertEqual(stack.ctl("jobs", "drop", job),
                         "job %s is forgotten\n" % job)
        self.assertEqual(stack.count("job", "id = " + job), 0)

    def test_what_waits_is_listed_when_all_are_asked_for(self):
        stack.sql("INSERT INTO job (kind, subject, run_at) "
                  "VALUES ('object_hide', 77, now() + interval '1 hour')")
        self.assertNotIn(" 77 ", stack.ctl("jobs", "list"))
        self.assertIn(" object_hide 77 : due 2", stack.ctl(
            "jobs", "list", "--all"))
        stack.sql("DELETE FROM job WHERE subject = 77")

    def test_one_that_is_tried_again_is_done(self):
        job = given_up("again")
        self.assertIn("tried again", stack.ctl("jobs", "retry", job))
        stack.wait_for("the job to be done",
                       lambda: stack.count("job", "id = " + job) == 0)

    def test_one_that_ended_its_process_is_a_failed_try_for_the_next(self):
        """Beside the site's own, which has the first of the traces."""
        job = stack.sql(
            "INSERT INTO job (kind, subject, run_at) VALUES "
            "('object_hide', 0, now() + interval '1 hour') RETURNING id")[0][0]
        with open(os.path.join(stack.STATE, "run/job.1"), "w",
                  encoding="ascii") as file:
            file.write(job + "\n")
        shutil.chown(file.name, os.stat(stack.STATE).st_uid)
        other = subprocess.Popen(
            stack.as_owner() + [
                os.path.join(stack.STATE,
                             "programs/libexec/pixlpix/pixlpix-jobs"),
                "--config", os.path.join(stack.STATE, "pixlpix.conf")],
            stderr=subprocess.DEVNULL, cwd="/")
        try:
            stack.wait_for("the failure", lambda: stack.count(
                "job", "id = %s AND tries = 1" % job))
        finally:
            other.terminate()
            self.assertEqual(other.wait(), 0)
        self.assertIn("its process died", stack.ctl("jobs", "list", "--all"))
        with open(file.name, encoding="ascii") as left:
            self.assertEqual(left.read(), "")
        stack.ctl("jobs", "drop", job)

    def test_one_that_is_not_there_is_refused(self):
        for words in (("retry", "999999999"), ("drop", "999999999"),
                      ("drop", "x"), ("drop",), ("list", "--odd")):
            self.assertEqual(refused("jobs", *words), 1)


if __name__ == "__main__":
    cases.main()
