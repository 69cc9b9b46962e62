#!/usr/bin/env python3
"""What a load balancer and a sysadmin are told of the site's health."""

import json
import os
import subprocess
import unittest

import cases
import stack

READY = "/health/ready"
FINE = "database: fine\nstore: fine\ndecoder: fine\n"


def ready():
    """Of a moment: the answer is the same for two seconds."""
    return stack.stranger().get(READY)


def doctor(text=None):
    """Its status and findings, with a changed configuration."""
    path = os.path.join(stack.STATE, "pixlpix.conf")
    if text is not None:
        path = stack.file_of(text.encode(), ".conf")
        os.chmod(path, 0o644)
    done = subprocess.run(
        stack.as_owner() + [os.path.join(
            stack.STATE, "programs/bin/pixlpixctl"), "--config", path,
            "doctor", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/",
        encoding="utf-8")
    return done.returncode, json.loads(done.stdout)


def verdicts(findings, part):
    return [f["verdict"] for f in findings if f["part"] == part]


class Health(unittest.TestCase):

    def tearDown(self):
        stack.wait_for("all to be fine", lambda: ready().body == FINE.encode())

    def test_a_worker_says_that_it_lives(self):
        page = stack.stranger().get("/health/live")
        self.assertEqual((page.status, page.body), (200, b"live\n"))

    def test_a_site_that_would_serve_is_ready(self):
        stack.wait_for("readiness", lambda: ready().status == 200)
        self.assertEqual(ready().body, FINE.encode())

    def test_without_a_decoder_the_site_is_not_ready(self):
        path = stack.conf().get("web", "decoder")
        os.rename(path, path + ".away")
        try:
            page = stack.wait_for("its loss to be seen", lambda: next(
                (p for p in [ready()] if p.status == 503), None))
            self.assertIn(b"decoder: bad", page.body)
            self.assertIn(b"database: fine", page.body)
        finally:
            os.rename(path + ".away", path)

    def test_without_a_database_the_site_lives_and_is_not_ready(self):
        stack.sql("ALTER ROLE pixlpix NOLOGIN")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE usename = 'pixlpix'")
        try:
            page = stack.wait_for("its loss to be seen", lambda: next(
                (p for p in [ready()] if p.status == 503), None))
            self.assertIn(b"database: bad", page.body)
            live = stack.stranger().get("/health/live")
            self.assertEqual(live.status, 200)
        finally:
            stack.sql("ALTER ROLE pixlpix LOGIN")


class Doctor(unittest.TestCase):
    """Of a site that is not installed: what is found there is in
    tools/check_system."""

    def test_finds_database_and_store_in_order(self):
        _, findings = doctor()
        self.assertEqual(verdicts(findings, "configuration"), ["fine"])
        self.assertEqual(verdicts(findings, "database"), ["fine"])
        self.assertEqual(verdicts(findings, "store"), ["fine"])

    def test_says_what_helps_against_each_fault(self):
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = file.read()
        text = text.replace("dbname=pixlpix", "dbname=nowhere")
        status, findings = doctor(text)
        self.assertEqual(status, 1)
        self.assertEqual(verdicts(findings, "database"), ["bad"])
        for finding in findings:
            self.assertEqual("remedy" in finding,
                             finding["verdict"] != "fine", finding)

    def test_setup_is_for_root(self):
        words = stack.as_owner()
        if not words:
            self.skipTest("needs root, who becomes somebody else")
        done = subprocess.run(
            words + [os.path.join(stack.STATE, "programs/bin/pixlpixctl"),
                     "--config", os.path.join(stack.STATE, "pixlpix.conf"),
                     "setup"],
            stderr=subprocess.PIPE, encoding="utf-8", cwd="/")
        self.assertEqual(done.returncode, 1)
        self.assertIn("only root", done.stderr)


if __name__ == "__main__":
    cases.main()
