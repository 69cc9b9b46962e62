#!/usr/bin/env python3
"""What breaks below the site, and what visitors see of it."""

import os
import signal
import threading
import time
import unittest

import cases
import pictures
import stack
from stack import visitor


class Workers(unittest.TestCase, stack.Check):

    def kill_all(self, pool):
        """Returns when they are dead: one that is not may take a request."""
        killed = stack.workers(pool)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        stack.wait_for("their end", lambda: all(
            stack.state_of(pid) in "ZX" for pid in killed))

    def test_dead_worker_takes_no_more_than_its_own_request(self):
        """Four readers; five workers are killed, one after the other."""
        member = stack.register()
        statuses = []
        is_over = threading.Event()

        def read():
            v = stack.stranger()
            v.cookies = dict(member.cookies)
            while not is_over.is_set():
                statuses.append(v.get("/public").status)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        killed = set()
        for _ in range(5):
            pid = stack.wait_for("a worker", lambda: [
                p for p in stack.workers("pages") if p not in killed])[0]
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
            time.sleep(0.2)
        is_over.set()
        for thread in threads:
            thread.join()
        bad = [status for status in statuses if status != 200]
        self.assertGreater(len(statuses), 50)
        self.assertLessEqual(len(bad), len(killed), bad)
        self.assertLessEqual(set(bad), {503})
        self.assertEqual(member.get("/").status, 200)
        stack.wait_for("the workers to be replaced", lambda: len(
            stack.workers("pages")) == stack.conf().getint(
                "web", "pages_workers"))

    def test_worker_that_dies_at_an_upload_leaves_it_to_be_sent_again(self):
        author = stack.register()
        form = author.get("/new").form("/new")
        path = pictures.camera_photo(6)
        before = len(stack.workers("slow"))
        first = []
        thread = threading.Thread(target=lambda: first.append(author.submit(
            form, files=[("image", path)], caption="again", follow=False)))
        thread.start()
        while thread.is_alive() and not first:
            self.kill_all("slow")
            time.sleep(0.05)
            if stack.count("post", "caption = 'again'"):
                break
        thread.join()
        self.assertIn(first[0].status, (303, 503))
        if first[0].status == 503:
            self.assert_site_page(first[0], 503)
        stack.wait_for("the workers to be replaced",
                       lambda: len(stack.workers("slow")) == before)
        page = author.submit(form, files=[("image", path)], caption="again")
        self.assertEqual(page.status, 200, page.text[:300])
        self.assertEqual(stack.count("post", "caption = 'again'"), 1)

    def test_worker_that_hangs_does_not_hold_up_pages(self):
        member = stack.register()
        pids = stack.workers("pages")
        hung = pids[:len(pids) - 2]
        for pid in hung:
            os.kill(pid, signal.SIGSTOP)
        try:
            # One that is woken for a request and stopped in the same moment
            # would keep the others from being woken.
            stack.wait_for("them to hang", lambda: all(
                stack.state_of(pid) == "T" for pid in hung))
            for _ in range(20):
                self.assertEqual(member.get("/").status, 200)
        finally:
            for pid in hung:
                os.kill(pid, signal.SIGCONT)
        self.assertEqual(member.get("/").status, 200)

    def test_request_waits_for_a_worker_when_there_is_none(self):
        web = stack.pid_of("web")
        os.kill(web, signal.SIGSTOP)
        try:
            self.kill_all("pages")
            # The master holds the socket, so the request is in its queue.
            s = stack.raw("GET", "/", wait=False)
        finally:
            os.kill(web, signal.SIGCONT)
        with s:
            self.assertEqual(stack.read_answer(s)[0], 200)
        self.assertEqual(stack.stranger().get("/").status, 200)


class Reload(unittest.TestCase, stack.Check):

    def test_sighup_loses_no_request(self):
        statuses = []
        is_over = threading.Event()

        def read():
            v = stack.stranger()
            while not is_over.is_set():
                statuses.append(v.get("/public").status)

        threads = [threading.Thread(target=read) for _ in range(2)]
        before = set(stack.workers("pages"))
        for thread in threads:
            thread.start()
        os.kill(stack.pid_of("web"), signal.SIGHUP)
        stack.wait_for("new workers", lambda: not before & set(
            stack.workers("pages")) and stack.workers("pages"))
        is_over.set()
        for thread in threads:
            thread.join()
        self.assertEqual(set(statuses), {200})


class Database(unittest.TestCase, stack.Check):

    def test_pages_come_back_after_the_database_crashed(self):
        member = stack.register()
        post = stack.post(member, [stack.file_of(pictures.png(40, 30))])
        image = [a for a in stack.images_of(post) if "-l." in a][0]
        pid = int(stack.sql("SELECT pid FROM pg_stat_activity WHERE "
                            "backend_type = 'background writer'")[0][0])
        # One process that dies takes all connections with it.
        os.kill(pid, signal.SIGKILL)
        statuses = set()
        is_back = 0
        until = time.monotonic() + 60
        while is_back < 30 and time.monotonic() < until:
            page = member.get("/")
            self.assert_site_page(page, page.status)
            statuses.add(page.status)
            is_back = is_back + 1 if page.status == 200 else 0
            self.assertEqual(stack.raw("GET", image)[0], 200)
        self.assertEqual(is_back, 30)
        self.assertLessEqual(statuses, {200, 503})
        # The workers that write, too.
        stack.wait_for("logins", self.can_log_in(member.name))
        stack.post(member, [stack.file_of(pictures.png(40, 30))])

    def is_well(self, v):
        """Each worker looks for the database once a second."""
        return all(v.get("/").status == 200 for _ in range(30))

    def can_log_in(self, name):
        def try_it():
            try:
                return visitor.log_in(stack.URL, name, stack.PASSWORD)
            except RuntimeError:
                return None
        return try_it

    def test_without_a_database_pages_say_503_and_images_are_served(self):
        member = stack.register()
        post = stack.post(member, [stack.file_of(pictures.png(40, 30))])
        image = [a for a in stack.images_of(post) if "-l." in a][0]
        stack.wait_for_jobs()
        objects = stack.objects()
        stack.sql("ALTER ROLE pixlpix NOLOGIN")
        try:
            stack.sql("SELECT pg_terminate_backend(pid) FROM "
                      "pg_stat_activity WHERE usename = 'pixlpix'")
            for target in ("/", "/public", post.path):
                page = member.get(target)
                self.assert_site_page(page, 503)
                self.assertEqual(page.headers["Retry-After"], "5")
            self.assertEqual(stack.raw("GET", image)[0], 200)
            form = post.form("/comment")
            page = member.submit(form, follow=False, text="lost?")
            self.assert_site_page(page, 503)
        finally:
            stack.sql("ALTER ROLE pixlpix LOGIN")
        stack.wait_for("pages", lambda: self.is_well(member))
        self.assertEqual(stack.count("comment", "body = 'lost?'"), 0)
        page = member.submit(form, text="lost?")
        self.assertIn("lost?", page.text)
        self.assertEqual(stack.objects(), objects)


if __name__ == "__main__":
    cases.main()
