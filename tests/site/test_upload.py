#!/usr/bin/env python3
"""What people send that the site does not take, and what it leaves behind."""

import os
import socket
import time
import unittest

import cases
import pictures
import stack
from stack import visitor

CAPTION = "Typed with <care> & \"patience\"\n\nand a second paragraph #kept"


class Refused(unittest.TestCase, stack.Check):
    """Each comes back to the form, with what was typed and what is wrong."""

    @classmethod
    def setUpClass(cls):
        cls.author = stack.register()
        cls.good = stack.file_of(pictures.png(60, 40))

    def send(self, paths, caption=CAPTION, alt=("one", "two", "three")):
        form = self.author.get("/new").form("/new")
        alt = list(alt) + [""] * (10 - len(alt))
        return form, self.author.submit(
            form, follow=False, caption=caption, alt=alt,
            files=[("image", path) for path in paths])

    def assert_refused(self, paths, *sentences):
        before = stack.traces()
        form, page = self.send(paths)
        self.assertEqual(page.path, "/new")
        self.assert_site_page(page, 400)
        for sentence in sentences:
            self.assertIn(sentence, page.text)
        again = page.form("/new")
        self.assertEqual(again.value("caption").replace("\r\n", "\n"), CAPTION)
        self.assertEqual([v for n, v in again.fields if n == "alt"][:3],
                         ["one", "two", "three"])
        self.assertEqual(again.value("key"), form.value("key"))
        self.assertEqual(stack.traces(), before)
        return page

    def assert_bad_file(self, content, *sentences, end=".jpg"):
        """Beside a right file, so that the place of the complaint shows."""
        page = self.assert_refused(
            [self.good, stack.file_of(content, end)], *sentences)
        self.assertIn('id="image2"', page.html)
        self.assertRegex(page.html,
                         r'id="image2-error"[^>]*>[^<]*' + sentences[0][:12])
        self.assertRegex(page.html, r'id="image1-error"[^>]*></p>')

    def test_text_is_no_picture(self):
        self.assert_bad_file(b"Dear site,\nhere is my holiday.\n",
                             "This is not a picture that we can read")

    def test_heic_of_another_kind_is_named(self):
        self.assert_bad_file(pictures.HEIC, "This is a HEIC file of a kind",
                             "Most Compatible")

    def test_svg_is_named(self):
        self.assert_bad_file(pictures.SVG, "This is an SVG drawing",
                             end=".svg")

    def test_html_called_jpeg_is_no_picture(self):
        self.assert_bad_file(b"<!doctype html><script>alert(1)</script>",
                             "This is not a picture that we can read")

    def test_empty_file_is_told(self):
        self.assert_bad_file(b"", "The file is empty")

    def test_cut_jpeg_is_told(self):
        with open(pictures.camera_photo(6), "rb") as file:
            content = file.read()
        self.assert_bad_file(content[:len(content) // 2],
                             "The picture is damaged or cut off")

    def test_cut_png_is_told(self):
        content = pictures.png(300, 300)
        self.assert_bad_file(content[:len(content) - 60],
                             "The picture is damaged or cut off", end=".png")

    def test_bomb_is_told_before_it_is_opened(self):
        began = time.monotonic()
        self.assert_bad_file(pictures.png_bomb(),
                             "The picture has 30000 x 30000 pixels",
                             end=".png")
        self.assertLess(time.monotonic() - began, 8)

    def test_file_over_the_limit_is_told(self):
        size = stack.limit("image_bytes") + 1
        self.assert_bad_file(pictures.png_of_bytes(size), "This file has 20 MB",
                             "at most 20 MB", end=".png")

    def test_no_file_is_told(self):
        self.assert_refused([], "Choose at least one image")

    def test_eleven_files_are_too_many(self):
        before = stack.traces()
        form = self.author.get("/new").form("/new")
        fields = [("csrf", form.value("csrf")), ("key", form.value("key")),
                  ("caption", CAPTION)]
        for number in range(11):
            fields += [("image", visitor.File(self.good)),
                       ("alt", "number %d" % number)]
        body, kind = visitor.multipart(fields)
        page = self.author.post("/new", body, kind, follow=False)
        self.assert_site_page(page, 400)
        self.assertIn("at most 10 images", page.text)
        self.assertEqual(page.form("/new").value("caption"), CAPTION)
        self.assertEqual(stack.traces(), before)

    def test_caption_over_the_limit_is_told(self):
        before = stack.traces()
        long = "ä" * (stack.limit("caption_chars") + 1)
        _, page = self.send([self.good], caption=long)
        self.assert_site_page(page, 400)
        self.assertIn("2201 characters", page.text)
        self.assertEqual(page.form("/new").value("caption"), long)
        self.assertEqual(stack.traces(), before)

    def test_caption_at_the_limit_is_taken(self):
        long = "ä" * stack.limit("caption_chars")
        _, page = self.send([self.good], caption=long)
        self.assertEqual(page.status, 303)

    def test_bad_profile_picture_is_told(self):
        before = stack.traces()
        form = self.author.get("/settings").form("/settings/picture")
        for content, sentence in ((pictures.HEIC, "This is a HEIC file of"),
                                  (pictures.png_bomb(), "30000 x 30000")):
            page = self.author.submit(form, follow=False, files=[
                ("picture", stack.file_of(content))])
            self.assert_site_page(page, 400)
            self.assertIn(sentence, page.text)
        self.assertEqual(stack.traces(), before)


class Taken(unittest.TestCase, stack.Check):
    """Each of the four formats, and all of a post."""

    def test_all_four_formats_become_jpeg(self):
        author = stack.register()
        page = stack.post(author, [
            pictures.camera_photo(8), stack.file_of(pictures.png(50, 90)),
            stack.file_of(pictures.gif(), ".gif"),
            stack.file_of(pictures.WEBP, ".webp")], alt=["a", "b", "c", "d"])
        addresses = [a for a in page.links if a.endswith("-l.jpg")]
        sizes = [pictures.jpeg_size(stack.raw("GET", a)[2])
                 for a in addresses]
        self.assertEqual(sizes, [(1200, 1600), (50, 90), (16, 16), (1, 1)])

    def test_pictures_of_phones_become_upright_jpeg(self):
        page = stack.post(stack.register(), [
            stack.file_of(pictures.data("turned.heic"), ".heic"),
            stack.file_of(pictures.data("still.avif"), ".avif")])
        addresses = [a for a in page.links if a.endswith("-l.jpg")]
        served = [stack.raw("GET", a)[2] for a in addresses]
        self.assertEqual([pictures.jpeg_size(b) for b in served],
                         [(128, 192), (192, 128)])
        for body in served:
            self.assertNotIn(b"52.5163N", body)

    def test_animation_is_taken_as_a_still(self):
        page = stack.post(stack.register(), [
            stack.file_of(pictures.gif(frames=3), ".gif")])
        self.assertIn("shown as a still of their first frame", page.text)
        address = [a for a in page.links if a.endswith("-l.jpg")][0]
        self.assertEqual(
            pictures.jpeg_size(stack.raw("GET", address)[2]), (16, 16))
        self.assertIn("as a still", stack.register().get("/new").text)

    def test_posted_is_true_when_it_is_said(self):
        author = stack.register()
        before = stack.objects("public")
        page = stack.post(author, [stack.file_of(pictures.png(50, 90))])
        self.assertIn("Posted", page.text)
        self.assertEqual(len(stack.objects("public") - before), 3)
        self.assertEqual(
            stack.count("post", "id = " + page.path.split("/")[-1]), 1)

    def test_ten_images_keep_their_order(self):
        author = stack.register()
        paths = [stack.file_of(pictures.png(20 + n, 20)) for n in range(10)]
        page = stack.post(author, paths, alt=["alt %d" % n for n in range(10)])
        addresses = [a for a in page.links if a.endswith("-l.jpg")]
        widths = [pictures.jpeg_size(stack.raw("GET", a)[2])[0]
                  for a in addresses]
        self.assertEqual(widths, [20 + n for n in range(10)])
        for n in range(10):
            self.assertIn('alt="alt %d"' % n, page.html)


class Cut(unittest.TestCase, stack.Check):
    """Requests that are too big for the site, or never end."""

    def head(self, v, length, kind="multipart/form-data; boundary=xyz"):
        return [("Content-Type", kind), ("Content-Length", str(length)),
                ("Origin", stack.URL),
                ("Cookie", "; ".join("%s=%s" % c for c in v.cookies.items()))]

    def test_body_over_nginx_limit_gets_the_site_page(self):
        author = stack.register()
        before = stack.traces()
        size = stack.limit("image_bytes") * stack.limit("post_images")
        status, headers, body = stack.raw(
            "POST", "/new", self.head(author, size + 2 * 1024 * 1024))
        page = visitor.Page(stack.URL + "/new", status, headers, body)
        self.assert_site_page(page, 413)
        self.assertIn("That is too much at once", page.text)
        self.assertEqual(stack.traces(), before)

    def test_text_form_over_its_limit_gets_413(self):
        author = stack.register()
        form = author.get("/settings").form("/settings")
        page = author.submit(form, follow=False, bio="x" * 300000)
        self.assert_site_page(page, 413)

    def test_upload_that_breaks_off_leaves_nothing(self):
        author = stack.register()
        before = stack.traces()
        form = author.get("/new").form("/new")
        body, kind = visitor.multipart([
            ("csrf", form.value("csrf")), ("key", form.value("key")),
            ("caption", "half"),
            ("image", visitor.File(pictures.camera_photo(6)))])
        s = stack.raw("POST", "/new", self.head(author, len(body), kind),
                      body[:len(body) // 2], wait=False)
        stack.wait_for("nginx to hold the half", stack.bodies_in_nginx)
        s.close()
        stack.wait_for("nginx to let it go",
                       lambda: not stack.bodies_in_nginx())
        self.assertEqual(stack.traces(), before)

    def test_slow_upload_holds_up_nobody(self):
        author, other = stack.register(), stack.register()
        body, kind = visitor.multipart([
            ("csrf", "x"), ("key", "y"), ("caption", "slow"),
            ("image", visitor.File(pictures.camera_photo(6)))])
        slow = [stack.raw("POST", "/new", self.head(author, len(body), kind),
                          body[:4000], wait=False) for _ in range(30)]
        self.addCleanup(lambda: [s.close() for s in slow])
        for _ in range(3):
            self.assertEqual(other.get("/").status, 200)
        page = stack.post(other, [stack.file_of(pictures.png(30, 30))])
        self.assertIn("Posted", page.text)

    def test_body_that_ends_early_inside_is_400(self):
        author = stack.register()
        before = stack.traces()
        form = author.get("/new").form("/new")
        body, kind = visitor.multipart([
            ("csrf", form.value("csrf")), ("key", form.value("key")),
            ("image", visitor.File(stack.file_of(pictures.png(30, 30))))])
        page = author.post("/new", body[:-30], kind, follow=False)
        self.assert_site_page(page, 400)
        self.assertEqual(stack.traces(), before)


if __name__ == "__main__":
    cases.main()
