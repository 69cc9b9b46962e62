#!/usr/bin/env python3
"""Images that were deleted: every address that was ever served, asked for
again in every way."""

import hashlib
import os
import re
import time
import unittest

import cases
import pictures
import stack


def post_of(author):
    """A post of two images: its path, and the addresses of all sizes, also
    of those that are made in the background."""
    page = stack.post(author, [pictures.camera_photo(3), stack.file_of(
        pictures.png(700, 500))])
    stems = {a.rsplit("-", 1)[0] for a in stack.images_of(page)
             if a.endswith("-l.jpg")}
    stack.wait_for("the background's sizes", lambda: stack.count(
        "job", "kind = 'image_webp' AND failed_at IS NULL") == 0)
    made = ["%s-%s.webp" % (stem, size) for stem in stems for size in "lms"]
    made = [a for a in made if stack.raw("GET", a)[0] == 200]
    if not made:
        raise AssertionError("no WebP was made")
    return page.path, sorted(made + [
        "%s-%s.jpg" % (stem, size) for stem in stems for size in "lms"])


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
            if b"\xff\xd8\xff" in body or b"WEBPVP8" in body:
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


if __name__ == "__main__":
    cases.main()
