#!/usr/bin/env python3
"""nginx between visitors and a store that is an S3 server: what a cache could
spoil.  For tools/with_site --store s3.
"""

import os
import re
import shutil
import threading
import time
import unittest

import cases
import stack
import test_reach as reach


def connections_to(port):
    """Our ends of connections to the port, also of those just closed."""
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in file.readlines()[1:]:
            words = line.split()
            if int(words[2].split(":")[1], 16) == port:
                found.add(words[1])
    return found


class Cache(unittest.TestCase, stack.Check):

    def test_neither_bucket_shows_what_was_deleted_to_a_stranger(self):
        author = stack.register()
        path, addresses = reach.post_of(author)
        reach.delete(author, path)
        endpoint = stack.conf().get("store", "s3_endpoint")
        for space in ("public", "hidden"):
            bucket = stack.conf().get("store", "s3_%s_bucket" % space)
            for name in reach.names(addresses):
                page = stack.visitor.Visitor(endpoint).get(
                    "/%s/%s" % (bucket, name))
                self.assertIn(page.status, (403, 404))

    def test_image_that_was_being_fetched_when_it_was_deleted_is_gone(self):
        """nginx may put a file into its cache after ours was taken out."""
        author = stack.register()
        path, addresses = reach.post_of(author)
        etags = reach.etags_of(addresses)
        for address in addresses:
            shutil.copy2(reach.cached(address), reach.cached(address) + ".kept")
            shutil.chown(reach.cached(address) + ".kept", os.stat(
                reach.cached(address)).st_uid)
        reach.delete(author, path)
        for address in addresses:
            os.rename(reach.cached(address) + ".kept", reach.cached(address))
        until = time.monotonic() + 60
        while any(os.path.exists(reach.cached(a)) for a in addresses):
            for address in addresses:
                self.assertEqual(stack.raw("GET", address)[0], 404)
            self.assertLess(time.monotonic(), until)
            time.sleep(0.2)
        stack.wait_for("the names to be forgotten", lambda: not reach.names(
            addresses) & set(os.listdir(os.path.join(
                stack.STATE, "run", "gone"))))
        for status in reach.answers(addresses, etags).values():
            self.assertIn(status, (400, 404))

    def test_while_the_store_is_away_images_stay_and_deleted_ones_go(self):
        author = stack.register()
        _, kept = reach.post_of(author)
        path, addresses = reach.post_of(author)
        etags = reach.etags_of(kept + addresses)
        stack.gateway("stop")
        try:
            reach.delete(author, path)
            statuses = set(reach.answers(addresses, etags).values())
            self.assertLessEqual(statuses, {400, 404})
            # What has left the cache's time is served all the same.
            stack.wait_for("a stale one", lambda: stack.raw(
                "GET", kept[0])[0] == 200 and any(
                    line["cache"] == "STALE" for line in stack.access_log()
                    if line["path"] == kept[0]), 60)
            for page in ("/public", "/@" + author.name):
                self.assert_site_page(author.get(page), 200)
        finally:
            stack.gateway("start")
        self.assertEqual(stack.raw("GET", kept[-1])[0], 200)
        until = time.monotonic() + 120
        while not reach.names(addresses) <= stack.objects("hidden"):
            for address in addresses:
                self.assertEqual(stack.raw("GET", address)[0], 404)
            self.assertLess(time.monotonic(), until)
            time.sleep(0.5)
        self.assertFalse(reach.names(addresses) & stack.objects("public"))

    def test_many_who_ask_at_once_are_one_fetch(self):
        _, addresses = reach.post_of(stack.register())
        asked = addresses[0]
        if os.path.exists(reach.cached(asked)):
            os.unlink(reach.cached(asked))
        before = len(self.lines_of(asked))
        threads = [threading.Thread(target=stack.raw, args=["GET", asked])
                   for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = stack.wait_for("the log", lambda: self.lines_of(asked)
                               if len(self.lines_of(asked)) == before + 20
                               else None)[before:]
        self.assertEqual({line["status"] for line in lines}, {200})
        self.assertEqual(sum(line["pool"] != "" for line in lines), 1, lines)

    def test_image_is_looked_for_again_without_being_sent_again(self):
        _, addresses = reach.post_of(stack.register())
        asked = addresses[0]
        body = stack.raw("GET", asked)[2]
        line = stack.wait_for("another look", lambda: stack.raw(
            "GET", asked)[2] == body and [
                line for line in self.lines_of(asked)
                if line["cache"] == "REVALIDATED"], 60)[0]
        self.assertEqual((line["status"], line["worker_status"]),
                         (200, "304"))

    def test_connection_to_the_store_is_kept(self):
        port = int(stack.conf().get("store", "s3_endpoint").rsplit(":", 1)[1])
        _, addresses = reach.post_of(stack.register())
        reach.etags_of(addresses)
        before = connections_to(port)
        for _ in range(3):
            for address in addresses:
                os.unlink(reach.cached(address))
                self.assertEqual(stack.raw("GET", address)[0], 200)
        # One of each nginx worker, and perhaps one of the jobs.
        new = connections_to(port) - before
        self.assertLessEqual(len(new), os.cpu_count() + 1, new)

    @staticmethod
    def lines_of(address):
        return [line for line in stack.access_log()
                if line["path"] == address]

    def test_strangers_headers_do_not_reach_the_store(self):
        """A cookie or a condition that did could be refused there."""
        _, addresses = reach.post_of(stack.register())
        status, headers, body = stack.raw("GET", addresses[0], [
            ("Authorization", "AWS4-HMAC-SHA256 nonsense"),
            ("Cookie", "session=secret"), ("x-amz-date", "nonsense"),
            ("Range", "bytes=0-9")])
        self.assertEqual((status, len(body)), (206, 10))
        said = [name for name in headers if re.match("x-(amz|rgw)", name, re.I)]
        self.assertEqual(said, [])


if __name__ == "__main__":
    cases.main()
