#!/usr/bin/env python3
"""What goes wrong is said on a page of the site, with the right status."""

import re
import unittest

import cases
import stack
from stack import visitor


class Pages(unittest.TestCase, stack.Check):

    def page(self, method, target, headers=(), body=b""):
        status, got, content = stack.raw(method, target, headers, body)
        return visitor.Page(stack.URL + "/", status, got, content)

    def assert_error(self, page, status):
        self.assert_site_page(page, status)
        self.assertIn('<p class="status" aria-hidden="true">%d</p>' % status,
                      page.html)
        self.assertIn('href="/"', page.html)
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'",
                      page.headers["Content-Security-Policy"])
        self.assertNotIn("public", page.headers["Cache-Control"])

    def test_404_for_what_is_not_there(self):
        for target in ("/nothing", "/p/999999999", "/p/0", "/p/-1", "/p/x",
                       "/p/1%0a", "/p/99999999999999999999",
                       "/@nobody_of_that_name",
                       "/@", "/@x/y", "/i/aa/" + "a" * 26 + "-l.jpg",
                       "/static/0/none.css", "/login/", "/p/1/like/2",
                       "/error/404", "/error/offline", "/public?before=x"):
            self.assert_error(self.page("GET", target), 404)

    def test_400_for_what_cannot_be_read(self):
        for target in ("/%ff", "/%00", "/p/1%0a%ff", "/tag/%C3%28"):
            self.assert_error(self.page("GET", target), 400)
        self.assert_error(self.page("GET", "/%zz"), 400)
        self.assert_error(self.page("GET", "/", [("Host", "a b")]), 400)

    def test_400_for_headers_that_are_too_large(self):
        page = self.page("GET", "/", [("Cookie", "a=" + "x" * 20000)])
        self.assert_error(page, 400)

    def test_403_for_a_form_without_its_token(self):
        body = b"who=a&password=b"
        page = self.page("POST", "/login", [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(body))), ("Origin", stack.URL)], body)
        self.assert_error(page, 403)

    def test_405_names_no_other_page(self):
        for method, target in (("POST", "/public"), ("PUT", "/"),
                               ("DELETE", "/login"), ("GET", "/logout"),
                               ("GET", "/p/1/like"), ("OPTIONS", "/")):
            page = self.page(method, target, [("Content-Length", "0"),
                                              ("Origin", stack.URL)])
            self.assert_error(page, 405)

    def test_413_for_a_form_that_is_too_large(self):
        page = self.page("POST", "/login", [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", "5000000000"), ("Origin", stack.URL)])
        self.assert_error(page, 413)

    def test_413_where_no_images_are_sent(self):
        for method, target in (("POST", "/login"), ("POST", "/register"),
                               ("POST", "/settings"), ("POST", "/p/1/like"),
                               ("POST", "/nothing"), ("POST", "/new/")):
            page = self.page(method, target, [
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", "300000"), ("Origin", stack.URL)])
            self.assert_error(page, 413)

    def test_no_413_where_images_are_sent(self):
        body = b"--x--" + 300000 * b" "
        for method, target, status in (
                ("POST", "/new", 401), ("POST", "/settings/picture", 401),
                ("POST", "/api/v1/posts", 401),
                ("PUT", "/api/v1/me/picture", 401)):
            got = stack.raw(method, target, [
                ("Content-Type", "multipart/form-data; boundary=x"),
                ("Content-Length", str(len(body))),
                ("Origin", stack.URL)], body)[0]
            self.assertEqual(got, status, target)

    def test_415_for_a_body_that_is_no_form(self):
        v = stack.register()
        page = v.post("/settings", b"{}", "application/json", follow=False)
        self.assert_error(page, 415)

    def test_error_page_knows_who_is_looking(self):
        v = stack.register()
        self.assertIn("/@" + v.name, v.get("/nothing").html)
        self.assertIn("/@" + v.name,
                      v.get("/i/aa/" + "a" * 26 + "-l.jpg").html)

    def test_error_page_to_head_is_empty(self):
        status, headers, body = stack.raw("HEAD", "/nothing")
        self.assertEqual((status, body), (404, b""))
        self.assertIn("text/html", headers["Content-Type"])

    def test_stranger_is_led_to_the_login_and_back(self):
        name = stack.register().name
        v = stack.stranger()
        answer = v.get("/settings", follow=False)
        self.assertEqual(answer.status, 303)
        self.assertEqual(answer.headers["Location"],
                         "/login?next=%2Fsettings")
        page = v.submit(v.get("/settings").form("/login"), who=name,
                        password=stack.PASSWORD)
        self.assertEqual((page.status, page.path), (200, "/settings"))

    def test_location_is_never_of_another_site(self):
        name = stack.register().name
        for to in ("//evil.example/", "https://evil.example/",
                   "/\\evil.example", "/\t/evil.example", "javascript:1",
                   "/%0d%0aSet-Cookie:%20a=b", "\\\\evil.example"):
            v = stack.stranger()
            form = v.get("/login").form("/login")
            page = v.submit(form, follow=False, who=name, next=to,
                            password=stack.PASSWORD)
            self.assertEqual(page.status, 303)
            location = page.headers["Location"]
            self.assertRegex(location, r"^/(?![/\\])", to)
            self.assertNotIn("\n", location)
            self.assertIsNone(re.search(r"a=b", str(
                page.headers.get_all("Set-Cookie"))))

    def test_other_host_names_are_led_here(self):
        status, headers, _ = stack.raw("GET", "/public?before=7",
                                       [("Host", "evil.example")])
        self.assertEqual(status, 308)
        self.assertEqual(headers["Location"],
                         stack.URL + "/public?before=7")

    def test_each_page_has_the_headers_of_safety(self):
        for target in ("/", "/login", "/terms", "/nothing"):
            _, headers, _ = stack.raw("GET", target)
            policy = headers["Content-Security-Policy"]
            self.assertNotIn("unsafe", policy)
            for part in ("default-src 'none'", "base-uri 'none'",
                         "frame-ancestors 'none'", "form-action 'self'"):
                self.assertIn(part, policy)
            self.assertEqual(headers["Referrer-Policy"], "same-origin")
            self.assertEqual(len(headers.get_all(
                "Content-Security-Policy")), 1)
            self.assertNotIn("/", headers.get("Server", ""))


if __name__ == "__main__":
    cases.main()
