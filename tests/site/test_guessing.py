#!/usr/bin/env python3
"""One address that tries passwords without end is slowed down by nginx; a
site of its own, since all visitors of the tests have one address."""

import unittest

import cases
import stack


class Guessing(unittest.TestCase, stack.Check):

    def test_an_address_that_tries_without_end_is_slowed_down(self):
        burst = stack.limit("login_burst")
        v = stack.stranger()
        form = v.get("/login").form("/login")
        pages = []
        # Without their token they cost no hash.
        while len(pages) < 2 * burst and (
                not pages or pages[-1].status != 429):
            pages.append(v.submit(form, csrf="", who="a", password="b"))
        self.assertGreaterEqual(len(pages), burst)
        self.assertEqual({page.status for page in pages[:-1]}, {403})
        self.assert_site_page(pages[-1], 429)
        self.assertIn("Too many tries", pages[-1].text)
        self.assertTrue(pages[-1].headers["Retry-After"])
        # Reading is not slowed down, and waiting helps.
        for _ in range(20):
            self.assertEqual(v.get("/public").status, 200)
        stack.wait_for("another try", lambda: v.submit(
            form, csrf="", who="a", password="b").status == 403)


if __name__ == "__main__":
    cases.main()
