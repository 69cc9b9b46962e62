#!/usr/bin/env python3
"""The S3 server fails; what members and visitors see of it.  For
tools/with_site --store s3.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import time
import unittest

import cases
import fake_s3
import pictures
import stack

# What the log must say of each fault.
REASONS = {
    "down": "Failed to connect",
    "hang": "",
    "500": "the server failed",
    "503": "the server failed",
    "cut-request": "",
    "cut-answer": "",
    "checksum": "the bytes changed on their way",
    "skew": "the clocks differ",
}
STALL_S, TOTAL_S = 1, 4


def set_times():
    """Shorter times, so that a test of them does not take minutes."""
    path = os.path.join(stack.STATE, "pixlpix.conf")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, seconds in (("stall", STALL_S), ("total", TOTAL_S)):
        text = re.sub(r"(?m)^s3_%s_s = .*$" % name,
                      "s3_%s_s = %d" % (name, seconds), text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    before = set(stack.workers("slow"))
    os.kill(stack.pid_of("web"), signal.SIGHUP)
    stack.wait_for("new workers", lambda: stack.workers("slow") and
                   not before & set(stack.workers("slow")))


@contextlib.contextmanager
def failing(mode):
    """The gateway is away, and something that fails in its place."""
    port = int(stack.conf().get("store", "s3_endpoint").rsplit(":", 1)[1])
    stack.gateway("stop")
    try:
        if mode == "down":
            yield
        else:
            with fake_s3.Fake(port, mode):
                yield
    finally:
        stack.gateway("start")


def failures_logged(since):
    """The lines of the workers' log about the store, of failed puts."""
    with open(os.path.join(stack.STATE, "log", "web.log"),
              encoding="utf-8") as file:
        file.seek(since)
        lines = [json.loads(line) for line in file if line.startswith("{")]
    return [line for line in lines if line["event"] == "object store failed"
            and line["step"] == "put"]


def log_size():
    return os.path.getsize(os.path.join(stack.STATE, "log", "web.log"))


class Faults(unittest.TestCase, stack.Check):

    @classmethod
    def setUpClass(cls):
        set_times()

    def upload_during(self, mode):
        author = stack.register()
        form = author.get("/new").form("/new")
        path = stack.file_of(pictures.png(300, 200))
        words = "kept over a fault " + author.name
        since, began = log_size(), time.monotonic()
        with failing(mode):
            page = author.submit(form, files=[("image", path)],
                                 caption=words, follow=False)
            seconds = time.monotonic() - began
            reads = [author.get(target).status
                     for target in ("/", "/public", "/@" + author.name)]
        # A clear message, in time, with what was typed still there.
        self.assert_site_page(page, 503)
        self.assertIn("could not be stored just now", page.text)
        self.assertEqual(page.form("/new").value("caption"), words)
        self.assertTrue(page.headers["Retry-After"])
        self.assertLess(seconds, 3 * TOTAL_S + 5)
        self.assertEqual(reads, [200, 200, 200])
        # Nothing of it is there.
        self.assertEqual(stack.count("post", "caption = '%s'" % words), 0)
        # The log says which and why.
        lines = failures_logged(since)
        self.assertTrue(lines)
        self.assertRegex(lines[0]["key"], r"^[a-z2-7]{26}-l\.jpg$")
        self.assertIn(REASONS[mode], lines[0]["why"])
        self.assertTrue(lines[0]["why"])
        if mode == "skew":
            self.assertAlmostEqual(lines[0]["clock_off_s"], -3600, delta=5)
        # And with the store back the same form works, once.
        done = author.submit(page.form("/new"), files=[("image", path)],
                             follow=False)
        self.assertEqual(done.status, 303, done.text[:300])
        self.assertEqual(stack.count("post", "caption = '%s'" % words), 1)
        image = [a for a in stack.images_of(author.get(
            done.headers["Location"])) if "-l." in a][0]
        self.assertEqual(stack.raw("GET", image)[0], 200)

    def test_store_that_is_down(self):
        self.upload_during("down")

    def test_store_that_never_answers(self):
        self.upload_during("hang")

    def test_store_that_is_broken(self):
        self.upload_during("500")

    def test_store_that_asks_for_time(self):
        self.upload_during("503")

    def test_connection_cut_in_a_request(self):
        self.upload_during("cut-request")

    def test_connection_cut_in_an_answer(self):
        self.upload_during("cut-answer")

    def test_bytes_that_changed_on_their_way(self):
        self.upload_during("checksum")

    def test_clock_that_is_an_hour_off(self):
        self.upload_during("skew")

    def test_a_site_whose_store_is_away_is_not_ready(self):
        for mode in ("down", "500", "503"):
            with failing(mode):
                page = stack.wait_for("its loss to be seen", lambda: next(
                    (p for p in [stack.stranger().get("/health/ready")]
                     if p.status == 503), None))
                self.assertEqual(page.body, b"database: fine\nstore: bad\n"
                                            b"decoder: fine\n")
            stack.wait_for("its return", lambda: stack.stranger().get(
                "/health/ready").status == 200)

    def test_what_was_acknowledged_outlives_every_fault(self):
        author = stack.register()
        page = stack.post(author, [stack.file_of(pictures.png(320, 240))])
        names = {os.path.basename(a) for a in stack.images_of(page)}
        for mode in ("down", "500", "cut-request"):
            with failing(mode):
                self.assertEqual(author.get(page.path).status, 200)
        self.assertLessEqual(names, stack.objects("public"))

    def test_image_that_cannot_load_is_no_picture_and_its_page_stays(self):
        author = stack.register()
        page = stack.post(author, [stack.file_of(pictures.png(320, 240))])
        image = [a for a in stack.images_of(page) if "-l." in a][0]
        for mode in ("down", "500", "cut-answer"):
            with failing(mode):
                if mode != "down":
                    # Not in the cache: as if nobody had looked yet.
                    for name in os.listdir(os.path.join(
                            stack.STATE, "cache")):
                        os.unlink(os.path.join(stack.STATE, "cache", name))
                    try:
                        status, _, body = stack.raw("GET", image)
                    except (OSError, http.client.HTTPException):
                        status, body = 0, b""
                    self.assertNotIn(b"\xff\xd8\xff", body)
                    if mode == "500":
                        self.assertEqual(status, 503)
                self.assert_site_page(author.get(page.path), 200)
        stack.wait_for("the image", lambda: stack.raw(
            "GET", image)[0] == 200)

    def test_new_picture_that_cannot_be_stored_leaves_the_old_one(self):
        member = stack.register()
        form = member.get("/settings").form("/settings/picture")
        first = member.submit(form, files=[
            ("picture", stack.file_of(pictures.png(300, 300)))])
        old = [a for a in stack.images_of(first) if a.endswith("-s.jpg")][0]
        with failing("down"):
            page = member.submit(
                first.form("/settings/picture"), files=[
                    ("picture", stack.file_of(pictures.png(200, 300)))],
                follow=False)
        self.assert_site_page(page, 503)
        self.assertIn("The one before stays", page.text)
        self.assertIn(old, stack.images_of(page))
        self.assertEqual(stack.raw("GET", old)[0], 200)


if __name__ == "__main__":
    cases.main()
