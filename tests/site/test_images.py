#!/usr/bin/env python3
"""Images as nginx serves them, and out of everybody's reach once deleted."""

import os
import re
import subprocess
import unittest

import cases
import pictures
import stack

SIZES = {"l": 1600, "m": 640, "s": 320}


def every_size(address):
    return [re.sub(r"-[a-z]\.jpg$", "-%s.jpg" % size, address)
            for size in SIZES]


class Served(unittest.TestCase, stack.Check):
    """One post of a photo that says where and by whom it was taken."""

    @classmethod
    def setUpClass(cls):
        cls.author = stack.register()
        words = "Ada Example was at 48.2082 N 16.3738 E"
        cls.page = stack.post(cls.author, [
            pictures.camera_photo(6),
            stack.file_of(pictures.png_with_words(1700, 900, words))])
        found = [a for a in stack.images_of(cls.page) if "-l.jpg" in a]
        cls.addresses = [a for one in found for a in every_size(one)]
        cls.one = cls.addresses[0]

    def get(self, address, *headers, method="GET"):
        return stack.raw(method, address, headers)

    def test_each_image_comes_in_three_sizes(self):
        self.assertEqual(len(self.addresses), 6)
        for address in self.addresses:
            status, headers, body = self.get(address)
            self.assertEqual(status, 200, address)
            self.assertEqual(headers["Content-Type"], "image/jpeg")
            width, height = pictures.jpeg_size(body)
            self.assertEqual(max(width, height),
                             SIZES[address[-5]], address)
            if address[-5] == "s":
                self.assertEqual(width, height)

    def test_turned_photo_is_stored_upright(self):
        sizes = {pictures.jpeg_size(self.get(a)[2])
                 for a in self.addresses if a.endswith("-l.jpg")}
        self.assertEqual(sizes, {(1200, 1600), (1600, 847)})

    def test_image_may_be_kept_for_ever_and_is_never_sniffed(self):
        _, headers, _ = self.get(self.one)
        self.assertEqual(headers["Cache-Control"],
                         "public, max-age=31536000, immutable")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIsNone(headers["Set-Cookie"])
        self.assertNotIn("/", headers.get("Server", ""))

    def test_head_says_what_get_sends(self):
        _, headers, body = self.get(self.one)
        status, head, nothing = self.get(self.one, method="HEAD")
        self.assertEqual((status, nothing), (200, b""))
        self.assertEqual(head["Content-Length"], str(len(body)))
        self.assertEqual(head["ETag"], headers["ETag"])

    def test_range_gives_a_part(self):
        _, _, body = self.get(self.one)
        status, headers, part = self.get(self.one, ("Range", "bytes=100-199"))
        self.assertEqual(status, 206)
        self.assertEqual(part, body[100:200])
        self.assertEqual(headers["Content-Range"],
                         "bytes 100-199/%d" % len(body))
        status, _, _ = self.get(self.one, ("Range", "bytes=99999999-"))
        self.assertEqual(status, 416)

    def test_kept_image_is_not_sent_again(self):
        _, headers, _ = self.get(self.one)
        status, _, body = self.get(
            self.one, ("If-None-Match", headers["ETag"]))
        self.assertEqual((status, body), (304, b""))
        status, _, body = self.get(
            self.one, ("If-Modified-Since", headers["Last-Modified"]))
        self.assertEqual((status, body), (304, b""))
        status, _, body = self.get(self.one, ("If-None-Match", '"other"'))
        self.assertEqual(status, 200)

    def test_post_to_an_image_is_refused(self):
        status, _, _ = stack.raw("POST", self.one, [
            ("Content-Length", "0"), ("Origin", stack.URL)])
        self.assertEqual(status, 405)

    def test_image_holds_nothing_of_what_the_camera_wrote(self):
        words = (b"Ada Example", b"48.2082", b"Lumen", b"SN-4711", b"Exif",
                 b"ns.adobe.com", b"Photoshop", b"GPS", b"adobe:ns")
        for address in self.addresses:
            body = self.get(address)[2]
            for word in words:
                self.assertNotIn(word, body, address)
            markers = {m for m, _ in pictures.jpeg_segments(body)}
            # JFIF alone of the application segments, and no comment.
            self.assertLessEqual(
                {m for m in markers if 0xe0 <= m <= 0xef or m == 0xfe},
                {0xe0}, address)

    def test_camera_did_write_it(self):
        with open(pictures.camera_photo(6), "rb") as file:
            content = file.read()
        for word in (b"Ada Example", b"SN-4711", b"Exif", b"ns.adobe.com"):
            self.assertIn(word, content)

    def test_exiftool_finds_nothing_either(self):
        try:
            subprocess.run(["exiftool", "-ver"], check=True,
                           stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            self.skipTest("exiftool is not installed")
        for address in self.addresses:
            path = stack.file_of(self.get(address)[2], ".jpg")
            said = subprocess.run(
                ["exiftool", "-a", "-G1", "-s", path], check=True,
                stdout=subprocess.PIPE, encoding="utf-8").stdout
            groups = set(re.findall(r"^\[(\S+)\]", said, re.M))
            self.assertLessEqual(
                groups, {"ExifTool", "System", "File", "JFIF", "Composite"},
                said)

    def test_a_worker_never_serves_an_image(self):
        for address in self.addresses:
            self.get(address)
        self.get("/i/aa/" + "a" * 26 + "-l.jpg")
        served = stack.wait_for("the log", lambda: [
            line for line in stack.access_log()
            if line["path"].startswith("/i/") and line["status"] == 200])
        self.assertGreaterEqual(len(served), len(self.addresses))
        for line in served:
            self.assertNotIn("unix:", line["pool"], line)


class Hidden(unittest.TestCase, stack.Check):
    """What nobody may fetch."""

    def assert_out_of_reach(self, address):
        status, headers, body = stack.raw("GET", address)
        self.assertIn(status, (400, 404), address)
        self.assertIn("text/html", headers["Content-Type"], address)
        self.assertIn(b'class="top"', body, address)
        self.assertNotIn(b"\xff\xd8\xff", body)

    def test_no_folder_is_listed(self):
        author = stack.register()
        page = stack.post(author, [stack.file_of(pictures.png(30, 20))])
        address = [a for a in stack.images_of(page) if "-l.jpg" in a][0]
        folder = os.path.dirname(address)
        for name in ("/i", "/i/", folder, folder + "/", "/static/",
                     "/static/0/", "/static/" + "0" * 16 + "/",
                     "/static/error/"):
            self.assert_out_of_reach(name)

    def test_nothing_beside_the_images_is_served(self):
        if not stack.is_s3():
            with open(os.path.join(stack.STATE, "store", "public", ".secret"),
                      "w", encoding="ascii") as file:
                file.write("secret")
            os.chmod(file.name, 0o644)
            self.addCleanup(os.unlink, file.name)
        for name in ("/i/.secret", "/i/../store/public/.secret",
                     "/i/%2e%2e/hidden/", "/i/ab/../../hidden/ab/",
                     "/i/ab/..%2f..%2fpixlpix.conf", "/i/../pixlpix.conf",
                     "/pixlpix.conf", "/.git/config", "/.well-known/x",
                     "/hidden/", "/store/hidden/", "/static/../pixlpix.conf",
                     "/static/" + "0" * 16 + "/../../pixlpix.conf",
                     "/static/" + "0" * 16 + "/.hidden",
                     "/static/" + "0" * 16 + "/..%2f..%2fhome.mustache",
                     "/views/home.mustache", "/sql/schema/0001_core.sql"):
            self.assert_out_of_reach(name)

    def test_static_files_may_be_kept_for_ever(self):
        page = stack.stranger().get("/")
        self.assertGreaterEqual(len(page.reader.assets), 3)
        for address in page.reader.assets:
            self.assertRegex(address, r"^/static/[0-9a-f]{16}/")
            status, headers, body = stack.raw("GET", address)
            self.assertEqual(status, 200, address)
            self.assertGreater(len(body), 100)
            self.assertEqual(headers["Cache-Control"],
                             "public, max-age=31536000, immutable")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_deleted_post_is_gone_at_once_with_every_address(self):
        author, reader = stack.register(), stack.register()
        tag = "gone" + author.name
        page = stack.post(author, [pictures.camera_photo(3),
                                   stack.file_of(pictures.png(900, 300)),
                                   stack.file_of(pictures.gif(), ".gif")],
                          caption="Soon gone #" + tag)
        path = page.path
        served = {a for one in stack.images_of(page) if "-l.jpg" in one
                  for a in every_size(one)}
        self.assertEqual(len(served), 9)
        for seen in ("/public", "/@" + author.name, "/tag/" + tag):
            served.update(a for a in stack.images_of(reader.get(seen))
                          if a.rsplit("-", 1)[0] in
                          {s.rsplit("-", 1)[0] for s in served})
        for address in served:
            self.assertEqual(stack.raw("GET", address)[0], 200)
        confirm = author.get(path + "/delete")
        gone = author.submit(confirm.form(path + "/delete"))
        for address in sorted(served):
            self.assertEqual(stack.raw("GET", address)[0], 404, address)
        self.assertIn("deleted", gone.text)
        for v in (author, reader, stack.stranger()):
            self.assert_site_page(v.get(path), 404)
            for seen in ("/", "/public", "/@" + author.name):
                self.assertNotIn('href="%s"' % path, v.get(seen).html)
        self.assertNotIn("Soon gone", reader.get("/tag/" + tag).html)
        # The bytes are kept, as the terms say, where nothing reaches them.
        hidden = stack.objects("hidden")
        for address in served:
            name = os.path.basename(address)
            self.assertIn(name, hidden)
            self.assert_out_of_reach(
                "/i/../hidden/%s/%s" % (name[:2], name))

    def test_old_profile_picture_is_gone_at_once(self):
        member = stack.register()
        addresses = []
        for colour in ((250, 10, 10), (10, 10, 250)):
            form = member.get("/settings").form("/settings/picture")
            page = member.submit(form, files=[
                ("picture", stack.file_of(pictures.png(400, 500, colour)))])
            self.assertIn("new picture", page.text)
            addresses.append([a for a in stack.images_of(page)
                              if "-s.jpg" in a][0])
        self.assertNotEqual(*addresses)
        for size in ("s", "t"):
            old, new = (a.replace("-s.", "-%s." % size) for a in addresses)
            self.assertEqual(stack.raw("GET", old)[0], 404)
            status, _, body = stack.raw("GET", new)
            self.assertEqual(status, 200)
            self.assertEqual(pictures.jpeg_size(body),
                             (320, 320) if size == "s" else (96, 96))


if __name__ == "__main__":
    cases.main()
