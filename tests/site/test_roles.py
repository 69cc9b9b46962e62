#!/usr/bin/env python3
"""Roles, suspensions and the commands about people, on a whole site."""

import json
import os
import pty
import subprocess
import threading
import unittest

import cases
import pictures
import stack


def user(*words):
    return stack.ctl("user", *words)


def shown(name):
    return json.loads(user("show", name, "--json"))


def log_in(name, password=stack.PASSWORD):
    v = stack.stranger()
    return v, v.submit(v.get("/login").form("/login"), who=name,
                       password=password)


def with_role(role):
    v = stack.register()
    user("role", v.name, role)
    return v


class Commands(unittest.TestCase):

    def test_list_tells_everybody_as_json(self):
        v = stack.register()
        rows = [json.loads(line) for line in
                user("list", "--json").splitlines()]
        self.assertEqual(len(rows), stack.count("account"))
        row = next(r for r in rows if r["name"] == v.name)
        self.assertEqual((row["role"], row["suspended_at"]),
                         ("member", None))
        self.assertIn(v.name, user("list"))

    def test_show_finds_by_name_and_address_and_says_who_is_unknown(self):
        v = stack.register()
        row = shown(v.name)
        self.assertEqual(shown(row["email"]), row)
        self.assertIn("role: member", user("show", v.name.upper()))
        self.assertIn("nobody is called",
                      stack.ctl_fails("user", "show", "nobody_here"))

    def at_terminal(self, words, *lines):
        """What pixlpixctl says at a terminal where the lines are typed, each
        when it has asked for one; and its status."""
        ours, its = pty.openpty()
        ctl = subprocess.Popen(
            stack.as_owner() + [
                os.path.join(stack.STATE, "programs/bin/pixlpixctl"),
                "--config", os.path.join(stack.STATE, "pixlpix.conf"), *words],
            stdin=its, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd="/", bufsize=0)
        os.close(its)
        too_long = threading.Timer(30, ctl.kill)
        too_long.start()
        self.addCleanup(too_long.cancel)
        said = b""
        for line in lines:
            while not said.endswith(b": "):
                byte = ctl.stdout.read(1)
                self.assertTrue(byte, said)
                said += byte
            os.write(ours, line.encode() + b"\n")
            said += b"|"
        said += ctl.stdout.read()
        os.close(ours)
        return said.decode(), ctl.wait()

    def test_a_password_is_typed_twice_at_a_terminal(self):
        v = stack.register()
        words = ("user", "reset", v.name)
        said, status = self.at_terminal(
            words, "five blue herons", "five blue heron", "five blue herons",
            "five blue herons")
        self.assertEqual(status, 0, said)
        self.assertEqual(said.count("Those two differ"), 1)
        self.assertNotIn("blue", said)
        self.assertEqual(log_in(v.name, "five blue herons")[1].path, "/")

    def test_a_password_that_is_never_the_same_is_none(self):
        v = stack.register()
        said, status = self.at_terminal(
            ("user", "reset", v.name), "one two three", "one", "one two three",
            "two", "one two three", "three")
        self.assertEqual(status, 1, said)
        self.assertIn("no password was given", said)
        self.assertEqual(log_in(v.name)[1].path, "/")

    def test_a_role_is_given_and_a_wrong_one_is_refused(self):
        v = stack.register()
        self.assertIn("was member and is moderator",
                      user("role", v.name, "moderator"))
        self.assertEqual(shown(v.name)["role"], "moderator")
        self.assertIn("there are member, moderator and admin",
                      stack.ctl_fails("user", "role", v.name, "king"))
        self.assertEqual(shown(v.name)["role"], "moderator")

    def test_reset_takes_a_password_from_the_standard_input(self):
        v = stack.register()
        words = stack.as_owner() + [
            stack.STATE + "/programs/bin/pixlpixctl", "--config",
            stack.STATE + "/pixlpix.conf", "user", "reset", v.name]
        done = subprocess.run(words, input="a brand new sentence\n",
                              stdout=subprocess.PIPE, encoding="utf-8",
                              cwd="/", check=True)
        self.assertIn("logged out everywhere", done.stdout)
        self.assertNotIn("a brand new", done.stdout)
        self.assertEqual(v.get("/settings").path, "/login")
        self.assertEqual(log_in(v.name)[1].status, 400)
        self.assertEqual(log_in(v.name, "a brand new sentence")[1].path, "/")

    def test_reset_refuses_a_bad_password_and_changes_nothing(self):
        v = stack.register()
        words = stack.as_owner() + [
            stack.STATE + "/programs/bin/pixlpixctl", "--config",
            stack.STATE + "/pixlpix.conf", "user", "reset", v.name]
        done = subprocess.run(words, input="short\n", stderr=subprocess.PIPE,
                              encoding="utf-8", cwd="/")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(v.get("/settings").path, "/settings")


class Suspension(unittest.TestCase):

    def test_it_takes_all_out_of_reach_and_gives_it_back(self):
        v, other = stack.register(), stack.register()
        page = stack.post(v, [stack.file_of(pictures.png(40, 30))])
        images = stack.images_of(page)
        self.assertTrue(images)
        stack.wait_for_jobs()
        user("suspend", v.name, "sells pills")
        self.assertEqual(other.get(page.path).status, 404)
        self.assertEqual(other.get("/@" + v.name).status, 404)
        self.assertNotIn(page.path, other.get("/public").text)
        self.assertEqual(v.get("/settings").path, "/login")
        stack.wait_for("the images to leave", lambda: all(
            stack.stranger().get(i).status == 404 for i in images))
        again = log_in(v.name)[1]
        self.assertEqual(again.status, 403)
        self.assertIn("sells pills", again.text)
        self.assertEqual(log_in(v.name, "not the password")[1].status, 400)
        user("unsuspend", v.name)
        self.assertEqual(log_in(v.name)[1].path, "/")
        self.assertEqual(other.get(page.path).status, 200)
        stack.wait_for("the images to come back", lambda: all(
            stack.stranger().get(i).status == 200 for i in images))

    def test_a_moderator_suspends_and_lifts_on_the_page(self):
        meg, v = with_role("moderator"), stack.register()
        place = "/@%s/moderate" % v.name
        self.assertEqual(v.get("/@%s/moderate" % meg.name).status, 404)
        page = meg.submit(meg.get(place).form(place), reason=" ")
        self.assertEqual(page.status, 400)
        self.assertIn("Say why", page.text)
        page = meg.submit(meg.get(place).form(place), reason="spam")
        self.assertIn("The account is suspended", page.text)
        self.assertEqual(shown(v.name)["suspended_because"], "spam")
        self.assertEqual(stack.stranger().get("/@" + v.name).status, 404)
        page = meg.submit(meg.get(place).form(place), reason="sorry")
        self.assertIn("The suspension is lifted", page.text)
        self.assertIsNone(shown(v.name)["suspended_at"])

    def test_a_moderator_does_not_suspend_an_admin(self):
        meg, ada = with_role("moderator"), with_role("admin")
        place = "/@%s/moderate" % ada.name
        page = meg.submit(meg.get(place).form(place), reason="coup")
        self.assertEqual(page.status, 403)
        self.assertIsNone(shown(ada.name)["suspended_at"])


class Removal(unittest.TestCase):

    def test_a_moderator_removes_a_post_with_a_reason(self):
        meg, v = with_role("moderator"), stack.register()
        page = stack.post(v, [stack.file_of(pictures.png(40, 30))])
        images = stack.images_of(page)
        place = page.path + "/moderate"
        self.assertIn(place, meg.get(page.path).links)
        self.assertNotIn(place, v.get(page.path).links)
        meg.submit(meg.get(place).form(place), reason="not a photograph")
        self.assertEqual(v.get(page.path).status, 404)
        for image in images:
            self.assertEqual(stack.stranger().get(image).status, 404)
        self.assertEqual(stack.sql(
            "SELECT reason FROM moderation WHERE post_id = %s" %
            page.path[3:]), [["not a photograph"]])

    def test_a_moderator_removes_a_comment_with_a_reason(self):
        meg, v = with_role("moderator"), stack.register()
        page = stack.post(v, [stack.file_of(pictures.png(40, 30))])
        page = v.submit(page.form(page.path + "/comment"), text="so rude")
        number = stack.sql("SELECT max(id) FROM comment")[0][0]
        place = "/comment/%s/moderate" % number
        page = meg.submit(meg.get(place).form(place), reason="rude")
        self.assertNotIn("so rude", page.text)
        self.assertIn("No comments yet", page.text)


if __name__ == "__main__":
    cases.main()
