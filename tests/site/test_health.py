#!/usr/bin/env python3
"""What a load balancer and a sysadmin are told of the site's health."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import unittest

import cases
import stack

READY = "/health/ready"
FINE = "database: fine\nstore: fine\ndecoder: fine\n"


@contextlib.contextmanager
def away(path):
    """For that time it has another name."""
    os.rename(path, path + ".away")
    try:
        yield
    finally:
        os.rename(path + ".away", path)


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
        stack.wait_for("all to be fine", lambda: (
            ready().status, ready().body) == (200, FINE.encode()))

    def assert_is_missed(self, part):
        """Of the three, that one alone is told to be bad."""
        page = stack.wait_for("its loss to be seen", lambda: next(
            (p for p in [ready()] if p.status == 503), None))
        self.assertEqual(page.body.decode(), FINE.replace(
            part + ": fine", part + ": bad"))
        self.assertEqual(stack.stranger().get("/health/live").status, 200)

    def test_a_worker_says_that_it_lives(self):
        page = stack.stranger().get("/health/live")
        self.assertEqual((page.status, page.body), (200, b"live\n"))

    def test_a_site_that_would_serve_is_ready(self):
        stack.wait_for("readiness", lambda: ready().status == 200)
        self.assertEqual(ready().body, FINE.encode())

    def test_without_a_decoder_the_site_is_not_ready(self):
        with away(stack.conf().get("web", "decoder")):
            self.assert_is_missed("decoder")

    def test_with_a_decoder_that_fails_the_site_is_not_ready(self):
        path = stack.conf().get("web", "decoder")
        with away(path):
            os.symlink("/bin/false", path)
            try:
                self.assert_is_missed("decoder")
            finally:
                os.unlink(path)

    def test_with_a_store_that_takes_nothing_the_site_is_not_ready(self):
        self.skip_unless_a_folder()
        for name in ("public", "hidden", "tmp"):
            path = os.path.join(stack.STATE, "store", name)
            mode = stat.S_IMODE(os.stat(path).st_mode)
            os.chmod(path, 0o500)
            try:
                self.assert_is_missed("store")
            finally:
                os.chmod(path, mode)
            stack.wait_for("its return", lambda: ready().status == 200)

    def test_with_another_folder_for_its_store_the_site_is_not_ready(self):
        """As a disk that is not mounted leaves one."""
        self.skip_unless_a_folder()
        path = os.path.join(stack.STATE, "store")
        with away(path):
            self.assert_is_missed("store")
            subprocess.run(stack.as_owner() + [
                "mkdir", "-p", path + "/public", path + "/hidden",
                path + "/tmp"], check=True)
            self.assert_is_missed("store")
            subprocess.run(["rm", "-r", path], check=True)

    def skip_unless_a_folder(self):
        if stack.is_s3():
            self.skipTest("its images are on an S3 server")

    def test_with_a_database_that_hangs_the_site_lives_and_is_not_ready(self):
        server = stack.pid_of("postgres")
        halted = [server] + stack.children(server)
        for pid in halted:
            os.kill(pid, signal.SIGSTOP)
        try:
            self.assert_is_missed("database")
        finally:
            for pid in reversed(halted):
                os.kill(pid, signal.SIGCONT)

    def test_without_a_database_the_site_lives_and_is_not_ready(self):
        stack.sql("ALTER ROLE pixlpix NOLOGIN")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE usename = 'pixlpix'")
        try:
            self.assert_is_missed("database")
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

    def test_sees_whether_figures_are_told_and_to_whom(self):
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = file.read()
        listen = "listen = " + stack.conf().get("metrics", "listen")
        self.assertEqual(text.count(listen), 1)

        def metrics(value):
            _, findings = doctor(text.replace(listen, "listen = " + value))
            return verdicts(findings, "metrics")
        self.assertEqual(metrics(listen.split()[-1]), ["fine"])
        self.assertEqual(metrics(""), ["doubtful"])
        self.assertEqual(metrics("/nowhere/at/all"), ["bad"])
        with socket.create_server(("127.0.0.1", 0)) as silent:
            at = "127.0.0.1:%d" % silent.getsockname()[1]
        self.assertEqual(metrics(at), ["bad"])
        # Where the address is another program's.
        self.assertEqual(metrics("127.0.0.1:%d" % stack.PORT), ["bad"])

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
