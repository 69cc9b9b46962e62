#!/usr/bin/env python3
"""What the site writes into its logs: enough to follow a request, and nothing
that is a secret or that a person wrote."""

import datetime
import json
import os
import re
import subprocess
import unittest

import cases
import pictures
import stack
import visitor

LOGS = os.path.join(stack.STATE, "log")


def lines(name):
    with open(os.path.join(LOGS, name + ".log"), "rb") as file:
        return file.read().decode().splitlines()


def events(name="web"):
    """The lines of a program, each as a dictionary; every one must be JSON."""
    return [json.loads(line) for line in lines(name)]


def answers_after(count, wanted=1):
    """What was answered since there were `count` lines in web's log."""
    return stack.wait_for("the log", lambda: next((
        found for found in [[e for e in events()[count:]
                             if e["event"] == "answered"]]
        if len(found) >= wanted), None))


def answer_to(method, target, **given):
    before = len(lines("web"))
    status, _, _ = stack.raw(method, target, **given)
    found = answers_after(before)
    assert len(found) == 1, found
    return status, found[0]


def token_of(v, *scopes):
    form = v.get("/settings/tokens").form("/settings/tokens")
    page = v.submit(form, name="a test", **{
        "can_" + scope: "yes" for scope in scopes})
    return re.search(r'>\n(pix_[\w-]+)</textarea>', page.html).group(1)


class Lines(unittest.TestCase):

    def test_a_line_is_json_whatever_was_sent(self):
        for target, agent, wanted in (
                ("/%ff%e9t%e9", "a\xffb", "(no UTF-8)"),
                ("/%ed%a0%80", "\xc3\xa9", "(no UTF-8)"),
                ("/%f4%90%80%80", "x", "(no UTF-8)"),
                ("/%c0%af", "x", "(no UTF-8)"),
                ("/%00", "x", "/error/400"),
                ("/caf%C3%A9%0a%F0%9F%8C%8A", "x", "/caf\xe9\n\U0001f30a")):
            before = len(stack.access_log())
            stack.raw("GET", target, [("User-Agent", agent)])
            # Others' lines may be late.
            stack.wait_for(
                "the line of %s to say %r" % (target, wanted),
                lambda: [one for one in stack.access_log()[before:]
                         if one["path"] == wanted])
        self.assertIn("\xe9", [one["agent"] for one in stack.access_log()])

    def test_an_answer_is_one_line_with_all_that_is_needed(self):
        v = stack.register()
        account = int(stack.sql("SELECT id FROM account WHERE name = '%s'"
                                % v.name)[0][0])
        before = len(lines("web"))
        v.get("/settings")
        (line,) = answers_after(before)
        self.assertEqual(
            (line["level"], line["route"], line["status"], line["account"],
             line["client"], line["result"]),
            ("info", "settings", 200, account, "127.0.0.1", "ok"))
        self.assertRegex(line["request"], r"\A[0-9a-f]{32}\Z")
        self.assertTrue(0 < line["ms"] < 60000, line)

    def test_the_time_is_utc_to_the_second(self):
        _, line = answer_to("GET", "/terms")
        self.assertRegex(line["time"],
                         r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        age = datetime.datetime.now(datetime.timezone.utc) - \
            datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00"))
        self.assertLess(abs(age.total_seconds()), 10)

    def test_a_stranger_has_no_account(self):
        status, line = answer_to("GET", "/terms")
        self.assertEqual(status, 200)
        self.assertNotIn("account", line)

    def test_milliseconds_are_those_that_the_request_took(self):
        """A login takes a hash, which is never below a millisecond."""
        v = stack.register()
        form = stack.stranger().get("/login").form("/login")
        before = len(lines("web"))
        w = stack.stranger()
        form = w.get("/login").form("/login")
        w.submit(form, who=v.name, password=stack.PASSWORD)
        line = next(e for e in answers_after(before, 3)
                    if e["route"] == "login_send")
        self.assertGreater(line["ms"], 1)
        log = next(e for e in stack.access_log()
                   if e["request_id"] == line["request"])
        self.assertLessEqual(line["ms"], log["seconds"] * 1000 + 2)

    def test_nginx_has_the_same_request_id(self):
        _, line = answer_to("GET", "/nowhere-at-all")
        (other,) = stack.wait_for("nginx's line", lambda: [
            e for e in stack.access_log()
            if e["request_id"] == line["request"]])
        self.assertEqual((other["status"], other["method"], other["client"]),
                         (404, "GET", "127.0.0.1"))
        # With an offset, whatever the machine's time zone is.
        self.assertRegex(other["time"], r"[+-]\d\d:\d\d\Z")

    def test_an_error_of_ours_is_an_error_in_the_log(self):
        stack.sql("ALTER TABLE post_tag RENAME TO elsewhere")
        try:
            status, line = answer_to("GET", "/tag/something")
        finally:
            stack.sql("ALTER TABLE elsewhere RENAME TO post_tag")
        self.assertEqual((status, line["status"], line["level"]),
                         (500, 500, "error"))
        self.assertNotEqual(line["result"], "ok")

    def test_every_line_of_every_program_is_json(self):
        for name in ("web", "jobs"):
            self.assertTrue(events(name))
            for event in events(name):
                self.assertIn(event["level"],
                              ("debug", "info", "warn", "error"))
                self.assertTrue(event["time"] and event["event"])

    def test_what_is_wrong_with_the_configuration_is_a_line_of_json(self):
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = file.read() + "\n[limits]\nimagebytes = 1\n"
        path = stack.file_of(text.encode(), ".conf")
        os.chmod(path, 0o644)
        for name in ("web", "jobs"):
            done = subprocess.run(
                [os.path.join(stack.STATE, "programs/libexec/pixlpix/pixlpix-"
                              + name), "--config", path],
                stderr=subprocess.PIPE, encoding="utf-8", timeout=60)
            self.assertEqual(done.returncode, 1)
            said = [json.loads(line) for line in done.stderr.splitlines()]
            self.assertTrue(any("imagebytes" in s.get("why", "")
                                for s in said), said)


class Calls(unittest.TestCase):

    def test_every_call_of_the_api_is_logged(self):
        """All operations of the document, allowed or not, with a token and
        without."""
        token = token_of(stack.register(), "read")
        doc = json.loads(stack.raw("GET", "/api/v1/openapi.json")[2])
        called = 0
        for path, methods in doc["paths"].items():
            path = path if path.startswith("/api/v1") else "/api/v1" + path
            path = re.sub(r"\{\w*id\w*\}", "7", path)
            path = re.sub(r"\{\w+\}", "nobody", path)
            for method, one in methods.items():
                if method not in ("get", "put", "post", "patch", "delete"):
                    continue
                for headers in ((), (("Authorization", "Bearer " + token),)):
                    status, line = answer_to(
                        method.upper(), path, headers=headers)
                    self.assertEqual(
                        (line["route"], line["status"]),
                        (one["operationId"], status), path)
                    self.assertEqual("account" in line, bool(headers))
                    called += 1
        self.assertGreater(called, 40)

    def test_calls_of_an_address_that_is_none_are_logged(self):
        status, line = answer_to("GET", "/api/v1/nothing")
        self.assertEqual((status, line["status"], line["route"]),
                         (404, 404, "none"))


class Nothing(unittest.TestCase):

    EVIL = ('x\r\n{"time":"2026-01-01T00:00:00Z","level":"info",'
            '"event":"forged"}\r\n')

    def test_no_input_forges_a_line(self):
        quoted = "".join("%%%02x" % byte for byte in self.EVIL.encode())
        for target in ("/" + quoted, "/@" + quoted, "/search?q=" + quoted,
                       "/tag/" + quoted, "/p/" + quoted,
                       "/api/v1/accounts/" + quoted):
            stack.raw("GET", target)
        for header in ("User-Agent", "Referer", "Origin", "Cookie", "Host",
                       "X-Forwarded-For", "X-Request-Id", "Authorization"):
            stack.raw("GET", "/", headers=[
                (header, 'x"}\t{"event":"forged"}\\')])
        v = stack.register()
        stack.post(v, [stack.file_of(pictures.png(60, 40))],
                   caption=self.EVIL, alt=[self.EVIL])
        w = stack.stranger()
        w.submit(w.get("/login").form("/login"), who=self.EVIL,
                 password=self.EVIL)
        stack.wait_for_jobs()
        for name in ("web", "jobs"):
            for event in events(name):
                self.assertNotEqual(event["event"], "forged")
        for entry in stack.access_log():
            self.assertNotIn("event", entry)
            self.assertIn("request_id", entry)

    def test_no_secret_and_no_word_of_a_person_is_in_a_log(self):
        name = stack.fresh_name()
        words = {what: "zq%s%s" % (what, os.urandom(4).hex()) for what in (
            "caption", "comment", "alt", "bio", "query", "display",
            "password", "wrong", "tokenname", "email", "filename")}
        v = visitor.register(stack.URL, name, words["display"],
                             words["password"],
                             email=words["email"] + "@example.org")
        v.name = name
        page = stack.post(v, [stack.file_of(
            pictures.png(60, 40), words["filename"] + ".png")],
            caption=words["caption"], alt=[words["alt"]])
        v.submit(page.form(page.path + "/comment"), text=words["comment"])
        form = v.get("/settings").form("/settings")
        v.submit(form, bio=words["bio"])
        v.get("/search?q=" + words["query"])
        stack.raw("GET", "/api/v1/search?q=" + words["query"])
        token = token_of(v, "read", "write")
        stack.raw("GET", "/api/v1/me",
                  headers=[("Authorization", "Bearer " + token)])
        for password in (words["password"], words["wrong"]):
            w = stack.stranger()
            w.submit(w.get("/login").form("/login"), who=name,
                     password=password)
        # A database that refuses quotes what it refuses.
        v.submit(v.get(page.path).form(page.path + "/comment"),
                 text=words["comment"] + "\0")
        cookies = list(v.cookies.values())
        self.assertTrue(cookies and all(cookies))
        stack.wait_for_jobs()
        for file in os.listdir(LOGS):
            if not file.endswith(".log"):
                continue
            with open(os.path.join(LOGS, file), "rb") as log:
                text = log.read().decode(errors="replace")
            for word in list(words.values()) + [token] + cookies:
                self.assertFalse(word in text, (file, word))


if __name__ == "__main__":
    cases.main()
