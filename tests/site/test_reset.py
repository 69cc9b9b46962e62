#!/usr/bin/env python3
"""A forgotten password: the link that a sysadmin makes, through nginx."""

import os
import re
import unittest

import cases
import stack

NEXT = "a brand new sentence"


def link_of(name):
    """The address that the command prints, and nothing else."""
    said = stack.ctl("user", "reset", name, "--link")
    found = re.fullmatch(r"%s(/reset\?link=[\w-]{43})\n" % re.escape(
        stack.URL), said)
    assert found, said
    return found.group(1)


def log_in(name, password):
    v = stack.stranger()
    return v.submit(v.get("/login").form("/login"), who=name,
                    password=password)


def fill(v, page, password=NEXT, again=None):
    return v.submit(page.form("/reset"), password=password,
                    again=password if again is None else again)


class Link(unittest.TestCase, stack.Check):

    def test_who_has_it_sets_a_password_once(self):
        member = stack.register()
        address = link_of(member.name)
        v = stack.stranger()
        page = v.get(address)
        self.assert_site_page(page, 200)
        self.assertIn("@" + member.name, page.text)
        self.assertEqual(member.get("/settings").path, "/settings")
        done = fill(v, page)
        self.assertEqual((done.status, done.path), (200, "/login"))
        self.assertIn("new password is set", done.text)
        # Who was logged in is so no more, and the former password is none.
        self.assertEqual(member.get("/settings").path, "/login")
        self.assertEqual(log_in(member.name, stack.PASSWORD).status, 400)
        self.assertEqual(log_in(member.name, NEXT).path, "/")
        self.assert_site_page(v.get(address), 404)
        self.assert_site_page(fill(v, page, "one more sentence"), 404)
        self.assertEqual(log_in(member.name, NEXT).path, "/")

    def test_a_fault_keeps_the_link_and_says_which(self):
        member = stack.register()
        v = stack.stranger()
        page = v.get(link_of(member.name))
        page = fill(v, page, "short")
        self.assert_site_page(page, 400)
        self.assertIn("For your safety both must be typed again", page.text)
        page = fill(v, page, NEXT, "another sentence")
        self.assert_site_page(page, 400)
        self.assertIn("differ", page.text)
        self.assertEqual(member.get("/settings").path, "/settings")
        self.assertEqual(fill(v, page).path, "/login")
        self.assertEqual(log_in(member.name, NEXT).path, "/")

    def test_what_is_no_link_gets_one_page_whoever_exists(self):
        """Nothing tells a stranger whether somebody has one."""
        member = stack.register()
        used = link_of(member.name)
        link_of(member.name)

        def told(address):
            page = stack.stranger().get(address)
            self.assert_site_page(page, 404)
            self.assertIn("does not work", page.text)
            self.assertNotIn(member.name, page.text)
            return page.text
        self.assertEqual(len({told(address) for address in (
            used, "/reset", "/reset?link=", "/reset?link=" + "A" * 43,
            used[:-1], used + "x")}), 1)

    def test_somebody_who_is_logged_in_can_use_it_for_another(self):
        other, member = stack.register(), stack.register()
        page = other.get(link_of(member.name))
        fill(other, page)
        self.assertEqual(log_in(member.name, NEXT).path, "/")
        self.assertEqual(log_in(other.name, stack.PASSWORD).path, "/")

    def test_the_name_of_nobody_is_said(self):
        self.assertIn("nobody is called", stack.ctl_fails(
            "user", "reset", "nobody_at_all", "--link"))

    def test_no_log_and_no_cache_has_it(self):
        member = stack.register()
        address = link_of(member.name)
        secret = address.split("=")[1]
        v = stack.stranger()
        page = v.get(address)
        self.assertIn("private", page.headers["Cache-Control"])
        fill(v, page)
        stack.wait_for("nginx's line", lambda: any(
            line["path"] == "/reset" for line in stack.access_log()))
        for name in os.listdir(os.path.join(stack.STATE, "log")):
            with open(os.path.join(stack.STATE, "log", name),
                      encoding="utf-8") as file:
                self.assertNotIn(secret, file.read(), name)

    def test_who_tries_many_is_slowed_down(self):
        burst = stack.limit("login_burst")
        v = stack.stranger()
        statuses = [v.get("/reset?link=%043d" % n).status
                    for n in range(burst + 20)]
        self.assertIn(429, statuses)
        self.assertEqual(set(statuses) - {404, 429}, set())
        # What follows here is not slowed down by that.
        stack.wait_for("the limit to pass", lambda: v.get(
            "/reset").status == 404)


if __name__ == "__main__":
    cases.main()
