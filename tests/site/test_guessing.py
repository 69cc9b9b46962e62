#!/usr/bin/env python3
"""One address that tries passwords without end is slowed down by nginx; a
site of its own, since all visitors of the tests have one address."""

import http.client
import json
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

    def test_a_program_that_tries_without_end_is_told_so_in_json(self):
        burst = stack.limit("login_burst")
        told = []
        while len(told) < 2 * burst and (not told or told[-1][0] != 429):
            told.append(self.try_from("127.0.0.9"))
        self.assertGreaterEqual(len(told), burst)
        self.assertEqual({status for status, _, _ in told[:-1]}, {401})
        status, headers, body = told[-1]
        problem = json.loads(body)
        self.assertEqual(
            (status, problem["status"], headers["Content-Type"]),
            (429, 429, "application/problem+json"))
        self.assertEqual(
            (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]),
            (str(burst), "0"))
        self.assertEqual(headers["RateLimit-Reset"], headers["Retry-After"])
        self.assertEqual(stack.raw("GET", "/api/v1/me")[0], 401)

    def try_from(self, address):
        """A call of another machine, for nginx."""
        connection = http.client.HTTPConnection(
            stack.HOST, stack.PORT, timeout=60, source_address=(address, 0))
        connection.request("PUT", "/api/v1/me/password", "", {
            "Authorization": "Bearer x"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content


if __name__ == "__main__":
    cases.main()
