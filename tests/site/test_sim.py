#!/usr/bin/env python3
"""The simulator's interface through nginx: its table, and a scenario in the
simulator's format with its end state.  PIXLPIX_SIM_COMMANDS is how many
commands that has (1,500)."""

import collections
import concurrent.futures
import csv
import http.client
import json
import os
import signal
import threading
import time
import unittest

import cases
import scenario
import stack
import test_api

COMMANDS = int(os.environ.get("PIXLPIX_SIM_COMMANDS", "1500"))
PATIENCE_S = 0.3  # the public simulator's
REGISTRATIONS = 200
NOT_ALLOWED = {"status": 403, "error_msg":
               "You are not authorized to use this resource!"}


def client(**options):
    return scenario.Client(stack.HOST, stack.PORT, **options)


def logged(request_id):
    """The worker's line about a request."""
    for name in os.listdir(os.path.join(stack.STATE, "log")):
        with open(os.path.join(stack.STATE, "log", name),
                  encoding="utf-8", errors="replace") as file:
            for line in file:
                if request_id in line and '"event":"answered"' in line:
                    return json.loads(line)
    return None


class Scenario(unittest.TestCase, stack.Check):
    """First, since it is compared with all messages that there are."""

    def test_a_scenario_leaves_what_it_should(self):
        told = scenario.Scenario(COMMANDS)
        half = COMMANDS // 2
        complaints, seconds = scenario.run(client(), told.commands[:half])
        self.assertEqual(complaints, [])
        # Whatever is remembered is remembered by those who come after, too.
        before = stack.workers("pages")
        for pid in before:
            os.kill(pid, signal.SIGTERM)
        stack.wait_for("workers that are new", lambda: not set(
            stack.workers("pages")) & set(before) and len(
                stack.workers("pages")) == len(before))
        self.assertEqual(client().send("GET", "/latest"),
                         (200, {"latest": half}))
        more, times = scenario.run(client(), told.commands[half:])
        self.assertEqual(more, [])
        self.assertEqual(scenario.differences(client(), told), [])
        seconds = sorted(seconds + times)
        slow = sum(one > PATIENCE_S for one in seconds)
        print("# %d commands, one connection each: median %.1f ms, slowest "
              "%.0f ms, %d over 300 ms" % (
                  len(seconds), 1000 * seconds[len(seconds) // 2],
                  1000 * seconds[-1], slow))
        # A disk that others keep busy may hold up one now and then.
        self.assertLessEqual(slow, COMMANDS // 500)
        # They are people and posts of the site.
        page = stack.stranger().get("/@" + scenario.segment(told.users[0]))
        self.assertEqual(page.status, 200)
        self.assertEqual(stack.count("post", "images = 0"), len(told.all))

    def test_the_interface_answers_as_its_table_says(self):
        c, name = client(), stack.fresh_name() + " Of The Sea"
        path = scenario.segment(name)
        joining = {"username": name, "email": "test@test", "pwd": "p"}
        rows = [
            ("POST", "/register?latest=71", joining, 204, None),
            ("POST", "/register?latest=72", joining, 400, {
                "status": 400,
                "error_msg": "The username is already taken"}),
            ("GET", "/latest?latest=1", None, 200, {"latest": 72}),
            ("GET", "/msgs/%s?no=3" % path, None, 200, []),
            ("GET", "/fllws/%s" % path, None, 200, {"follows": []}),
            ("POST", "/fllws/%s" % path, {"follow": "no body"}, 404, None),
            ("POST", "/msgs/%s" % path, {"content": "\ufeff0123 “x”"}, 204,
             None),
            ("POST", "/msgs/no%20body", {"content": "x"}, 404, None),
            ("GET", "/msgs/no%20body", None, 404, None),
            ("GET", "/fllws/no%20body", None, 404, None),
            ("DELETE", "/msgs", None, 405, None),
            ("GET", "/register", None, 405, None),
        ]
        for method, target, body, status, wanted in rows:
            got, said = c.send(method, target, body)
            self.assertEqual(got, status, target)
            if wanted is not None:
                self.assertEqual(said, wanted)
            elif status >= 400:
                self.assertEqual(said["status"], status)
                self.assertTrue(said["error_msg"])
        said = c.send("GET", "/msgs/" + path)[1]
        self.assertEqual((said[0]["content"], said[0]["user"]),
                         ("\ufeff0123 “x”", name))
        self.assertIsInstance(said[0]["pub_date"], int)

    def test_the_generator_makes_what_the_public_simulator_reads(self):
        told = scenario.PublicSize()
        rows = list(csv.reader(scenario.lines(told), delimiter="\t",
                               quotechar=None))
        self.assertEqual((len(rows), rows[0][0], rows[-1][0]),
                         (25922, "0", "25921"))
        kinds = collections.Counter(row[3] for row in rows)
        self.assertEqual((kinds["register"], kinds["tweet"]), (200, 11306))
        self.assertEqual(sum(map(len, told.follows.values())), 6265)
        for row, command in zip(rows, told.commands):
            wanted = [v for k, v in command.items()
                      if k not in ("latest", "post_type")]
            self.assertEqual((row[3], row[4:]),
                             (command["post_type"], wanted))

    def test_it_has_an_address_of_its_own_without_the_prefix(self):
        host, _, port = stack.conf()["simulator"]["listen"].rpartition(":")
        bare = scenario.Client(host, int(port), prefix="")
        name = stack.fresh_name()
        self.assertEqual(bare.send("POST", "/register?latest=61", {
            "username": name, "email": "test@test", "pwd": "p"}), (204, None))
        self.assertEqual(bare.send("GET", "/latest"), (200, {"latest": 61}))
        self.assertEqual(bare.send("POST", "/msgs/" + name,
                                   {"content": "Blub!"}), (204, None))
        for one, prefix in ((bare, ""), (client(), "/sim")):
            said = one.send("GET", "/msgs/" + name)[1]
            self.assertEqual([m["content"] for m in said], ["Blub!"])
        # Nothing else of the site is there, and what nginx says is JSON.
        for target in ("/", "/login", "/public", "/sim/latest", "/api/v1/me"):
            status, said = bare.send("GET", target)
            self.assertEqual((status, said["status"]), (404, 404), target)
        said = bare.send("POST", "/register", {"username": "x" * 300000})
        self.assertEqual((said[0], said[1]["status"]), (413, 413))
        # Whoever registers many is no guesser of passwords.
        for n in range(30):
            self.assertEqual(bare.send("POST", "/register", {
                "username": "%s-%d" % (name, n), "email": "a@a", "pwd": "p"})[0],
                             204)

    def test_nothing_without_the_login(self):
        before = stack.traces()
        for login in (None, "Basic eDp5", "Bearer x"):
            c = client()
            for method, target, body in (
                    ("GET", "/msgs", None), ("GET", "/msgs/x", None),
                    ("POST", "/msgs/x", {"content": "x"}),
                    ("GET", "/fllws/x", None),
                    ("POST", "/fllws/x", {"follow": "y"})):
                self.assertEqual(c.send(method, target, body, login),
                                 (403, NOT_ALLOWED))
        self.assertEqual(stack.traces(), before)

    def test_what_is_no_json_is_refused(self):
        for body in (b"", b"x", b"[1]", b'{"content":'):
            status, headers, said = stack.raw(
                "POST", "/sim/register", [
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(body)))], body)
            self.assertEqual(status, 400)
            self.assertEqual(headers["Content-Type"], "application/json")
            self.assertEqual(json.loads(said)["status"], 400)

    def test_a_command_on_a_kept_connection(self):
        c = client(keeps=True)
        for _ in range(3):
            self.assertEqual(c.send("GET", "/msgs?no=0"), (200, []))

    def test_registrations_are_in_time_beside_visitors(self):
        done, seen = threading.Event(), collections.Counter()

        def look(who):
            connection = http.client.HTTPConnection(stack.HOST, stack.PORT)
            while not done.is_set():
                # An address that nginx has not kept for all strangers.
                seen[who] += 1
                connection.request("GET", "/public?%s=%d" % (who, seen[who]))
                answer = connection.getresponse()
                answer.read()
                self.assertEqual(answer.status, 200)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            visitors = [pool.submit(look, "v%d" % n) for n in range(4)]
            try:
                began = time.monotonic()
                complaints, seconds = scenario.run(client(), [{
                    "post_type": "register", "username": stack.fresh_name(),
                    "email": "test@test", "pwd": "p", "latest": n}
                    for n in range(REGISTRATIONS)])
                passed = time.monotonic() - began
            finally:
                done.set()
            for visitor in visitors:
                visitor.result(60)
        self.assertEqual(complaints, [])
        seconds.sort()
        slow = sum(one > PATIENCE_S for one in seconds)
        print("# %d registrations beside %.0f pages a second: median %.0f "
              "ms, 99 %% %.0f ms, slowest %.0f ms" % (
                  REGISTRATIONS, sum(seen.values()) / passed,
                  1000 * seconds[REGISTRATIONS // 2],
                  1000 * seconds[REGISTRATIONS * 99 // 100],
                  1000 * seconds[-1]))
        self.assertGreater(min(seen[visitor] for visitor in seen), 10)
        # A machine that others keep busy may hold up one now and then.
        self.assertLessEqual(slow, REGISTRATIONS // 50)

    def test_no_page_of_it_is_kept_for_others(self):
        c = client()
        for n in (81, 82, 83):
            c.send("GET", "/msgs?no=0&latest=%d" % n)
            self.assertEqual(c.send("GET", "/latest", login=None),
                             (200, {"latest": n}))

    def test_every_call_is_logged(self):
        c = client()
        c.send("GET", "/msgs?no=0&latest=91")
        line = stack.wait_for("the line in nginx's log", lambda: [
            one for one in stack.access_log()
            if one["path"] == "/sim/msgs"])[-1]
        said = logged(line["request_id"])
        self.assertEqual((said["route"], said["status"]),
                         ("sim_messages", 200))
        self.assertNotIn("c2ltdWxhdG9y", json.dumps([line, said]))


class Simulated(unittest.TestCase):

    def register(self, name):
        self.assertEqual(client().send("POST", "/register", {
            "username": name, "email": "test@test", "pwd": "p"}), (204, None))

    def test_a_name_may_hold_whatever_an_address_can(self):
        host, _, port = stack.conf()["simulator"]["listen"].rpartition(":")
        bare = scenario.Client(host, int(port), prefix="")
        for end in ("/b", "/", "\n", "\x01\x7f", "%2F", "?q=1#x", "+ ü 🌊",
                    "\u202e", ".", "/.x", "\\\"'"):
            name = stack.fresh_name() + end
            self.register(name)
            path = scenario.segment(name)
            for one in (bare, client()):
                self.assertEqual(one.send("POST", "/msgs/" + path, {
                    "content": "Blub!"}), (204, None), name)
                self.assertEqual(one.send("GET", "/msgs/" + path)[1][0][
                    "user"], name)
            if end != "/":
                page = stack.stranger().get("/@" + path)
                self.assertEqual((page.status, "Blub!" in page.text),
                                 (200, True), name)
        # As the public simulator writes it.
        name = stack.fresh_name() + "/b"
        self.register(name)
        self.assertEqual(client().send("POST", "/msgs/" + name, {
            "content": "Blub!"}), (204, None))

    def test_what_no_name_can_be_is_refused(self):
        c = client()
        for target in ("/msgs/a%00b", "/msgs/%ff", "/msgs/%4",
                       "/msgs/..%2F..%2F..%2Fx"):
            status, said = c.send("GET", target)
            self.assertEqual((status, said["status"]), (400, 400), target)
        for name in ("a\0b", "../a", "x" * 101):
            self.assertEqual(c.send("POST", "/register", {
                "username": name, "email": "test@test", "pwd": "p"})[0], 400)

    def test_its_people_are_read_by_pages_and_programs(self):
        name = stack.fresh_name() + " O'Neill/Ü"
        self.register(name)
        path = scenario.segment(name)
        client().send("POST", "/msgs/" + path, {"content": "all at #sea"})
        v = stack.register()
        me = test_api.Client(test_api.document(),
                             test_api.token_of(v, "read", "write"))
        _, _, who = me.call("api_follow", name=name)
        self.assertEqual((who["name"], who["posts"], who["picture"],
                          who["is_followed"]), (name, 1, None, True))
        _, _, posts = me.call("api_account_posts", name=name)
        self.assertEqual([(p["caption"], p["images"]) for p in posts],
                         [("all at #sea", [])])
        post = posts[0]
        self.assertEqual(me.call("api_post", id=post["id"])[2], post)
        for call, values in (("api_public", {}), ("api_home", {}),
                             ("api_tag_posts", {"tag": "sea"})):
            self.assertIn(post["id"], [
                p["id"] for p in me.call(call, **values)[2]], call)
        me.call("api_comment_make", sends={"text": "Ahoy"}, id=post["id"])
        for place in ("/p/" + post["id"], "/public", "/tag/sea",
                      "/@" + path, who["page"].removeprefix(stack.URL)):
            page = v.get(place)
            self.assertEqual((page.status, "all at" in page.text),
                             (200, True), place)

    def test_the_next_page_of_a_list_is_found_whatever_the_name(self):
        name = stack.fresh_name() + "/50% ?"
        self.register(name)
        stack.sql("INSERT INTO post (account_id, caption) SELECT id, 'n' || n "
                  "FROM account, generate_series(1, 25) n WHERE name = '%s'"
                  % name)
        me = test_api.Client(test_api.document(), test_api.token_of(
            stack.register(), "read"))
        _, headers, some = me.call("api_account_posts", name=name)
        link = headers["Link"].split(">")[0].removeprefix("<" + stack.URL)
        status, _, body = me.raw("GET", link)
        self.assertEqual((status, len(some) + len(json.loads(body))),
                         (200, 25))

    def test_its_people_are_erased_and_nothing_is_left(self):
        names = [stack.fresh_name() + end for end in (" Of The Sea", "/b")]
        for name in names:
            self.register(name)
            for text in ("one", "two"):
                client().send("POST", "/msgs/" + scenario.segment(name),
                              {"content": text})
        for one, other in (names, names[::-1]):
            client().send("POST", "/fllws/" + scenario.segment(one),
                          {"follow": other})
        self.assertEqual(stack.ctl("user", "erase", names[0], "--yes"),
                         "erased %s: 2 posts, 0 images\n" % names[0])
        gone, left = map(scenario.segment, names)
        self.assertEqual(client().send("GET", "/msgs/" + gone)[0], 404)
        self.assertEqual(client().send("GET", "/fllws/" + left),
                         (200, {"follows": []}))
        self.assertNotIn(names[0], [m["user"] for m in client().send(
            "GET", "/msgs?no=-1")[1]])
        self.assertEqual(stack.stranger().get("/@" + gone).status, 404)
        self.assertIn("0 orphans", stack.ctl("fsck", "--grace", "0"))
        # The name is free again.
        self.register(names[0])


if __name__ == "__main__":
    cases.main()
