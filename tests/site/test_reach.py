#!/usr/bin/env python3
"""Images that were deleted: every address that was ever served, asked for
again in every way."""

import hashlib
import os
import re
import shutil
import time
import unittest

import cases
import pictures
import stack


def post_of(author):
    """A post of two images: its path, and the addresses of all sizes."""
    page = stack.post(author, [pictures.camera_photo(3), stack.file_of(
        pictures.png(700, 500))])
    stems = {a.rsplit("-", 1)[0] for a in stack.images_of(page)
             if a.endswith("-l.jpg")}
    return page.path, sorted(
        "%s-%s.jpg" % (stem, size) for stem in stems for size in "lms")


def picture_of(member):
    """A new profile picture: the addresses of its sizes."""
    form = member.get("/settings").form("/settings/picture")
    page = member.submit(form, files=[
        ("picture", stack.file_of(pictures.png(300, 300)))])
    stem = [a for a in stack.images_of(page)
            if a.endswith("-s.jpg")][0].rsplit("-", 1)[0]
    return [stem + "-s.jpg", stem + "-t.jpg"]


def delete(author, path):
    page = author.get(path + "/delete")
    author.submit(page.form(path + "/delete"))


def ways(address, etag):
    """Requests for an image, as (method, target, headers)."""
    letter = address[8]
    for method in ("GET", "HEAD"):
        yield method, address, []
    for target in (address + "?", address + "?size=l&x=%00",
                   address.replace("/i/", "/%69/"),
                   address[:8] + "%%%02x" % ord(letter) + address[9:],
                   address.replace("-", "%2d").replace(".", "%2E"),
                   "/" + address, address.replace("/i/", "/i/./"),
                   "/i/zz/../" + address[3:], "/x/.." + address,
                   stack.URL + address, address + "#top", address + "/",
                   address.upper(), address + "%00", address + "%20"):
        yield "GET", target, []
    for headers in ([("Range", "bytes=0-99")], [("Range", "bytes=-10")],
                    [("If-None-Match", etag)], [("If-None-Match", "*")],
                    [("If-Range", etag), ("Range", "bytes=5-9")],
                    [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
                    [("Cache-Control", "no-cache"), ("Pragma", "no-cache")],
                    [("Cache-Control", "only-if-cached, max-stale=9999")]):
        yield "GET", address, headers


def answers(addresses, etags):
    """The status of each way, by its words; a picture's bytes count as 200."""
    found = {}
    for address in addresses:
        for method, target, headers in ways(address, etags[address]):
            status, _, body = stack.raw(method, target, headers)
            if b"\xff\xd8\xff" in body:
                status = 200
            found[method, target, str(headers)] = status
    return found


def etags_of(addresses):
    return {a: stack.raw("GET", a)[1]["ETag"] for a in addresses}


def cached(address):
    """Where nginx keeps what it fetched of the address."""
    return os.path.join(stack.STATE, "cache",
                        hashlib.md5(address.encode()).hexdigest())


def names(addresses):
    return {os.path.basename(a) for a in addresses}


class Gone(unittest.TestCase, stack.Check):

    def assert_gone(self, addresses, etags):
        for way, status in answers(addresses, etags).items():
            self.assertIn(status, (400, 404), way)

    def assert_was_served(self, before):
        served = [way for way, status in before.items()
                  if status in (200, 206, 304)]
        # At the least: plain, HEAD, queries, escapes, ranges, conditions.
        self.assertGreater(len(served), len(before) / 2, before)
        for method in ("GET", "HEAD"):
            self.assertTrue(any(way[0] == method for way in served))

    def test_deleted_post_is_reached_by_no_way_that_ever_served_it(self):
        author = stack.register()
        path, addresses = post_of(author)
        etags = etags_of(addresses)
        self.assert_was_served(answers(addresses, etags))
        delete(author, path)
        self.assert_gone(addresses, etags)
        # Nor a moment later, when whatever was on its way has arrived.
        time.sleep(2)
        self.assert_gone(addresses, etags)
        self.assertLessEqual(names(addresses), stack.objects("hidden"))
        self.assertFalse(names(addresses) & stack.objects("public"))
        for address in addresses:
            self.assertFalse(os.path.exists(cached(address)))

    def test_former_picture_is_reached_by_no_way(self):
        member = stack.register()
        old = picture_of(member)
        etags = etags_of(old)
        self.assert_was_served(answers(old, etags))
        new = picture_of(member)
        self.assert_gone(old, etags)
        self.assertEqual({stack.raw("GET", a)[0] for a in new}, {200})

    def test_erased_account_leaves_no_object(self):
        author = stack.register()
        _, addresses = post_of(author)
        path, deleted = post_of(author)
        delete(author, path)
        addresses += picture_of(author)
        etags = etags_of(addresses)
        stack.ctl("user", "erase", author.name, "--yes")
        self.assert_gone(addresses, etags)
        self.assertFalse(names(addresses + deleted) & stack.objects())

    def test_what_is_not_deleted_stays_where_it_was(self):
        author = stack.register()
        path, addresses = post_of(author)
        _, kept = post_of(author)
        delete(author, path)
        self.assertEqual({stack.raw("GET", a)[0] for a in kept}, {200})


class OnS3(unittest.TestCase, stack.Check):
    """What a cache between the store and its readers could spoil."""

    def setUp(self):
        if not stack.is_s3():
            self.skipTest("for images on an S3 server")

    def test_neither_bucket_shows_what_was_deleted_to_a_stranger(self):
        author = stack.register()
        path, addresses = post_of(author)
        delete(author, path)
        endpoint = stack.conf().get("store", "s3_endpoint")
        for space in ("public", "hidden"):
            bucket = stack.conf().get("store", "s3_%s_bucket" % space)
            for name in names(addresses):
                page = stack.visitor.Visitor(endpoint).get(
                    "/%s/%s" % (bucket, name))
                self.assertIn(page.status, (403, 404))

    def test_image_that_was_being_fetched_when_it_was_deleted_is_gone(self):
        """nginx may put a file into its cache after ours was taken out."""
        author = stack.register()
        path, addresses = post_of(author)
        etags = etags_of(addresses)
        for address in addresses:
            shutil.copy2(cached(address), cached(address) + ".kept")
            shutil.chown(cached(address) + ".kept", os.stat(
                cached(address)).st_uid)
        delete(author, path)
        for address in addresses:
            os.rename(cached(address) + ".kept", cached(address))
        until = time.monotonic() + 60
        while any(os.path.exists(cached(a)) for a in addresses):
            for address in addresses:
                self.assertEqual(stack.raw("GET", address)[0], 404)
            self.assertLess(time.monotonic(), until)
            time.sleep(0.2)
        stack.wait_for("the names to be forgotten", lambda: not names(
            addresses) & set(os.listdir(os.path.join(
                stack.STATE, "run", "gone"))))
        for status in answers(addresses, etags).values():
            self.assertIn(status, (400, 404))

    def test_while_the_store_is_away_images_stay_and_deleted_ones_go(self):
        author = stack.register()
        _, kept = post_of(author)
        path, addresses = post_of(author)
        etags = etags_of(kept + addresses)
        stack.gateway("stop")
        try:
            delete(author, path)
            statuses = set(answers(addresses, etags).values())
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
        while not names(addresses) <= stack.objects("hidden"):
            for address in addresses:
                self.assertEqual(stack.raw("GET", address)[0], 404)
            self.assertLess(time.monotonic(), until)
            time.sleep(0.5)
        self.assertFalse(names(addresses) & stack.objects("public"))

    def test_strangers_headers_do_not_reach_the_store(self):
        """A cookie or a condition that did could be refused there."""
        _, addresses = post_of(stack.register())
        status, headers, body = stack.raw("GET", addresses[0], [
            ("Authorization", "AWS4-HMAC-SHA256 nonsense"),
            ("Cookie", "session=secret"), ("x-amz-date", "nonsense"),
            ("Range", "bytes=0-9")])
        self.assertEqual((status, len(body)), (206, 10))
        said = [name for name in headers if re.match("x-(amz|rgw)", name, re.I)]
        self.assertEqual(said, [])


if __name__ == "__main__":
    cases.main()
