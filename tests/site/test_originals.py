#!/usr/bin/env python3
"""What there is of an image beside its JPEGs: WebP, the original for its
owner alone, and camera data where the owner wants it shown."""

import os
import re
import unittest

import cases
import pictures
import stack

SECRETS = (b"Ada Example", b"48.2082", b"SN-4711", b"Lumen", b"ns.adobe.com",
           b"Photoshop", b"GPS")


def cookies(v):
    return ("Cookie", "; ".join("%s=%s" % pair
                                for pair in v.cookies.items()))


def sources(page):
    """The addresses that the page offers as WebP."""
    found = []
    for part in re.findall(r'<source type="image/webp" srcset="([^"]+)"',
                           page.html):
        found += [one.split()[0] for one in part.split(",")]
    return found


class Phones(unittest.TestCase, stack.Check):

    def test_original_of_a_phone_is_kept_without_its_place(self):
        author = stack.register()
        path = stack.post(author, [
            stack.file_of(pictures.data("turned.heic"), ".heic"),
            stack.file_of(pictures.data("still.avif"), ".avif")]).path
        for place, end in ((1, "heic"), (2, "avif")):
            page = author.get("%s/original/%d" % (path, place))
            self.assertEqual(page.status, 200)
            self.assertIn(".%s\"" % end, page.headers["Content-Disposition"])
            self.assertEqual(page.body[4:12], b"ftyp" + end.encode())
            self.assertNotIn(b"52.5163N", page.body)
            self.assertNotIn(b"Exif", page.body)


class Clear(unittest.TestCase, stack.Check):
    """A picture that is transparent is so in WebP, and on the page."""

    def test_transparency_survives_where_the_format_can(self):
        path = stack.post(stack.register(), [stack.file_of(
            pictures.clear_png(300, 200), ".png")]).path
        page = stack.wait_for("WebP", lambda: next(
            (p for p in [stack.stranger().get(path)] if sources(p)), None))
        self.assertRegex(page.html, r'class="shot c64\b')
        webps = [a for a in sources(page) if a.endswith(".webp")]
        self.assertEqual(len(webps), 1)  # so small that all are as wide
        for address in webps:
            body = stack.raw("GET", address)[2]
            self.assertEqual(body[12:16], b"VP8X")
            self.assertTrue(body[20] & 0x10)
            jpeg = stack.raw("GET", address.replace(".webp", ".jpg"))[2]
            self.assertEqual(pictures.jpeg_size(jpeg), (300, 200))


class Webp(unittest.TestCase, stack.Check):
    @classmethod
    def setUpClass(cls):
        cls.author = stack.register()
        cls.path = stack.post(cls.author, [pictures.camera_photo(8)]).path
        cls.page = stack.wait_for("WebP", lambda: cls.offered())

    @classmethod
    def offered(cls):
        page = stack.stranger().get(cls.path)
        return page if sources(page) else None

    def test_offered_as_webp_is_webp_and_smaller(self):
        seen = 0
        for address in sources(self.page):
            status, headers, body = stack.raw("GET", address)
            self.assertEqual(status, 200, address)
            if not address.endswith(".webp"):
                continue
            seen += 1
            self.assertEqual(headers["Content-Type"], "image/webp")
            self.assertEqual(body[8:12], b"WEBP")
            self.assertIn("immutable", headers["Cache-Control"])
            other = stack.raw("GET", address.replace(".webp", ".jpg"))[2]
            self.assertLessEqual(len(body) * 100, len(other) * 95)
        self.assertGreaterEqual(seen, 1)

    def test_jpeg_is_there_for_who_does_not_know_webp(self):
        self.assertRegex(self.page.html, r'<img src="/i/[^"]+-m\.jpg"')

    def test_lists_offer_it_too(self):
        for seen in ("/public", "/@" + self.author.name):
            self.assertTrue(sources(stack.stranger().get(seen)), seen)

    def test_deleted_post_takes_it_out_of_reach(self):
        author = stack.register()
        path = stack.post(author, [pictures.camera_photo(3)]).path
        page = stack.wait_for("WebP", lambda: (
            lambda p: p if sources(p) else None)(author.get(path)))
        names = {re.sub(r"-[a-z]\.[a-z]+$", "", a) for a in sources(page)}
        author.submit(author.get(path + "/delete").form(path + "/delete"))
        for name in names:
            for end in ("l.jpg", "m.jpg", "s.jpg",
                        "l.webp", "m.webp", "s.webp"):
                self.assertEqual(
                    stack.raw("GET", "%s-%s" % (name, end))[0], 404)
        self.assertEqual(author.get(path + "/original/1").status, 404)


class Original(unittest.TestCase, stack.Check):
    @classmethod
    def setUpClass(cls):
        cls.author, cls.other = stack.register(), stack.register()
        cls.photo = pictures.camera_photo(6)
        words = "Ada Example was at 48.2082 N 16.3738 E"
        cls.page = stack.post(cls.author, [
            cls.photo, stack.file_of(pictures.png_with_words(300, 200,
                                                             words))])
        cls.address = cls.page.path + "/original/1"

    def fetch(self, v, address=None, method="GET"):
        return stack.raw(method, address or self.address, [cookies(v)])

    def test_owner_gets_it_without_what_the_camera_wrote(self):
        status, headers, body = self.fetch(self.author)
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "application/octet-stream")
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertIn(".jpg", headers["Content-Disposition"])
        self.assertEqual(headers["Cache-Control"], "private, no-store")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIsNone(headers["X-Accel-Redirect"])
        with open(self.photo, "rb") as file:
            sent = file.read()
        for word in SECRETS:
            self.assertNotIn(word, body)
        self.assertLess(len(body), len(sent))
        self.assertEqual(pictures.jpeg_size(body), pictures.jpeg_size(sent))
        # The compressed pixels are those that were sent, and the preview
        # with its own has gone.
        scan = sent[sent.rindex(b"\xff\xda"):][:20000]
        self.assertTrue(scan in body)
        self.assertEqual(sent.count(b"\xff\xda"), 2)
        self.assertEqual(body.count(b"\xff\xda"), 1)

    def test_each_image_of_a_post_has_its_own(self):
        status, headers, body = self.fetch(
            self.author, self.page.path + "/original/2")
        self.assertEqual(status, 200)
        self.assertIn(".png", headers["Content-Disposition"])
        self.assertEqual(body[:8], b"\x89PNG\r\n\x1a\n")
        self.assertNotIn(b"Ada Example", body)

    def test_head_says_what_get_sends(self):
        _, headers, body = self.fetch(self.author)
        status, head, nothing = self.fetch(self.author, method="HEAD")
        self.assertEqual((status, nothing), (200, b""))
        self.assertEqual(head["Content-Length"], str(len(body)))

    def test_owner_finds_it_on_the_page_of_the_post(self):
        page = self.author.get(self.page.path)
        self.assertIn(self.address, page.reader.downloads)
        for v in (self.other, stack.stranger()):
            self.assertNotIn(self.address, v.get(self.page.path).html)

    def test_nobody_else_gets_it(self):
        for v in (self.other, stack.stranger()):
            status, headers, body = self.fetch(v)
            self.assertEqual(status, 404)
            self.assertIn("text/html", headers["Content-Type"])
            self.assertNotIn("X-Accel-Redirect", headers)

    def test_places_that_are_not_there_are_not_found(self):
        for end in ("0", "3", "x", "1%20", "99999999999999999999"):
            status, _, _ = self.fetch(
                self.author, self.page.path + "/original/" + end)
            self.assertEqual(status, 404, end)

    def test_its_object_has_no_address(self):
        key = stack.sql("SELECT key FROM image WHERE post_id = %s AND "
                        "place = 1" % self.page.path.split("/")[2])[0][0]
        name = "%s/%s-o.orig" % (key[:2], key)
        for address in ("/hidden/" + name, "/i/" + name,
                        "/hidden//" + name, "/i/../hidden/" + name,
                        "/i/" + name.replace(".orig", ".jpg")):
            status, _, _ = self.fetch(self.author, address)
            self.assertIn(status, (400, 404), address)
        self.assertIn(os.path.basename(name), stack.objects("hidden"))


class Camera(unittest.TestCase, stack.Check):
    def test_camera_data_is_shown_where_the_owner_ticks_it(self):
        author = stack.register()
        page = stack.post(author, [pictures.camera_photo(6)], camera="yes")
        shown = stack.stranger().get(page.path)
        self.assertIn("Lumen", shown.text)
        self.assertRegex(shown.text, r"f/\d")
        self.assertRegex(shown.text, r"ISO \d+")
        for word in ("Ada Example", "SN-4711", "48.2", "2026:", "16:30"):
            self.assertNotIn(word, shown.html)

    def test_camera_data_is_not_even_stored_otherwise(self):
        author = stack.register()
        page = stack.post(author, [pictures.camera_photo(6)])
        self.assertNotIn("Lumen", page.html)
        self.assertEqual(stack.count(
            "image", "post_id = %s AND camera <> ''" %
            page.path.split("/")[2]), 0)

    def test_tick_is_kept_when_the_form_comes_back(self):
        author = stack.register()
        page = author.submit(author.get("/new").form("/new"), camera="yes",
                             caption="x" * 5000, files=[
                                 ("image", pictures.camera_photo(6))])
        self.assertEqual(page.status, 400)
        self.assertEqual(page.form("/new").value("camera"), "yes")


if __name__ == "__main__":
    cases.main()
