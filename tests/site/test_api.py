#!/usr/bin/env python3
"""The JSON API, by a client that knows what its OpenAPI document says and
nothing else; each answer is held against the document."""

import json
import os
import re
import unittest
import urllib.parse

import jsonschema

import cases
import pictures
import stack

BOUNDARY = "----pixlpix-test"


def document():
    status, _, body = stack.raw("GET", "/api/v1/openapi.json")
    assert status == 200, body
    return json.loads(body)


def resolved(doc, ref):
    """What "#/a/b" stands for."""
    assert ref.startswith("#/"), ref
    for part in ref[2:].split("/"):
        doc = doc[part]
    return doc


def scope_of(operation):
    (one,), = (list(each.values()) for each in operation["security"])
    return one[0]


def token_of(v, *scopes):
    form = v.get("/settings/tokens").form("/settings/tokens")
    for scope in ("read", "write", "upload", "moderate"):
        form.fields = [f for f in form.fields if f[0] != "can_" + scope]
    page = v.submit(form, name="a test", **{
        "can_" + scope: "yes" for scope in scopes})
    return re.search(r'>\n(pix_[\w-]+)</textarea>', page.html).group(1)


def multipart(files, fields=()):
    parts = []
    for name, value in fields:
        parts.append(('form-data; name="%s"' % name, value.encode()))
    for name, content in files:
        parts.append(('form-data; name="%s"; filename="a.png"\r\n'
                      'Content-Type: image/png' % name, content))
    body = b"".join(
        b"--%s\r\nContent-Disposition: %s\r\n\r\n%s\r\n" % (
            BOUNDARY.encode(), head.encode(), content)
        for head, content in parts)
    return ("multipart/form-data; boundary=" + BOUNDARY,
            body + b"--%s--\r\n" % BOUNDARY.encode())


def with_role(role):
    v = stack.register()
    stack.ctl("user", "role", v.name, role)
    return v


class Client:
    """Calls operations by their names in the document."""

    calls = set()  # what was called with success, by all clients
    seen = set()   # the problems that were answered

    def __init__(self, doc, token=None):
        self.doc, self.token = doc, token
        self.operations = {
            one["operationId"]: (method.upper(), path, one)
            for path, methods in doc["paths"].items()
            for method, one in methods.items()}

    def call(self, name, /, headers=(), sends=None, files=None, query="",
             kind="application/json", **values):
        """(status, headers, what the body says)"""
        method, path, operation = self.operations[name]
        described = {(one["in"], one["name"])
                     for one in operation["parameters"]}
        used = [("header", key) for key, _ in headers]
        used += [("query", key) for key, _ in urllib.parse.parse_qsl(
            query[1:])]
        assert set(used) <= described, (name, used)
        for key, value in values.items():
            path = path.replace("{%s}" % key, urllib.parse.quote(
                str(value), safe=""))
        status, got, body = self.raw(method, path + query, headers, sends,
                                     files, kind)
        self.check(operation, status, got, body)
        self.check_headers(operation, status, got)
        if status < 300:
            Client.calls.add(name)
            self.check_sent(operation, sends, files)
        if got["Content-Type"] in ("image/jpeg", "application/octet-stream"):
            return status, got, body
        return status, got, json.loads(body) if body else None

    def raw(self, method, target, headers=(), sends=None, files=None,
            kind="application/json"):
        headers, body = list(headers), b""
        if self.token:
            headers.append(("Authorization", "Bearer " + self.token))
        if files is not None:
            kind, body = multipart(files, sends or ())
            headers.append(("Content-Type", kind))
        elif sends is not None:
            body = sends if isinstance(sends, bytes) else json.dumps(
                sends).encode()
            headers.append(("Content-Type", kind))
        headers.append(("Content-Length", str(len(body))))
        return stack.raw(method, target, headers, body)

    def answer_of(self, operation, status):
        """What the document says of an answer.  A refusal is one that it
        names; by default are the site's own failures alone."""
        answers = operation["responses"]
        assert str(status) in answers or status >= 500, (operation, status)
        answer = answers.get(str(status), answers["default"])
        if "$ref" in answer:
            Client.seen.add(answer["$ref"])
            return resolved(self.doc, answer["$ref"])
        return answer

    def check_headers(self, operation, status, headers):
        """Both ways: all that the document names and that is always there,
        and none that it does not name."""
        named = set(self.answer_of(operation, status)["headers"])
        assert named <= set(self.doc["components"]["headers"]), named
        sent = {name for name in self.doc["components"]["headers"]
                if name in headers}
        always = named - {"Link", "Retry-After"}
        if status == 403:
            always.remove("WWW-Authenticate")
        assert always <= sent <= named, (status, always, sent, named)
        assert ("Retry-After" in sent) == (status in (429, 503)), sent

    def check(self, operation, status, headers, body):
        """The answer is one that the document names."""
        content = self.answer_of(operation, status).get("content")
        if content is None:
            assert body == b"", body
            return
        (kind, one), = content.items()
        assert headers["Content-Type"].split(";")[0] == kind, headers
        if kind == "image/jpeg":
            assert body[:3] == b"\xff\xd8\xff", body[:20]
            return
        if kind == "application/octet-stream":
            return
        self.validate(one["schema"], json.loads(body))

    def check_sent(self, operation, sends, files):
        """What was taken is what the document says may be sent."""
        content = operation.get("requestBody", {}).get("content")
        assert (content is None) == (sends is None and files is None)
        if files is not None:
            schema = content["multipart/form-data"]["schema"]
            assert {name for name, _ in files} <= set(schema["properties"])
            assert {name for name, _ in sends or ()} <= set(
                schema["properties"])
        elif content is not None:
            self.validate(content["application/json"]["schema"], sends)

    def validate(self, schema, value):
        jsonschema.Draft202012Validator(
            dict(schema, components=self.doc["components"]),
            format_checker=jsonschema.FormatChecker()).validate(value)


class Api(unittest.TestCase, stack.Check):

    @classmethod
    def setUpClass(cls):
        cls.doc = document()
        cls.ann, cls.bob = stack.register(), stack.register()
        cls.me = Client(cls.doc, token_of(cls.ann, "read", "write", "upload"))
        cls.other = Client(cls.doc, token_of(cls.bob, "read", "write"))

    def post(self, caption="A test", key=None, colour=40):
        headers = [("Idempotency-Key", key)] if key else []
        status, got, made = self.me.call(
            "api_post_make", headers, [("caption", caption), ("alt", "waves")],
            [("image", pictures.png(colour, 30))])
        self.assertEqual(status, 201, made)
        self.assertEqual(got["Location"],
                         stack.URL + "/api/v1/posts/" + made["id"])
        return made

    def assert_problem(self, answer, status):
        got, headers, problem = answer
        self.assertEqual(got, status, problem)
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        self.assertEqual(problem["status"], status)
        return problem

    def test_the_document_is_openapi_3_1(self):
        self.assertEqual(self.doc["openapi"], "3.1.0")
        for schema in self.doc["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        self.assertGreater(len(self.me.operations), 20)

    def test_the_document_hangs_together(self):
        refs = re.findall(r'"\$ref": "([^"]*)"', json.dumps(self.doc))
        for ref in refs:
            self.assertIsInstance(resolved(self.doc, ref), dict)
        for kind, parts in self.doc["components"].items():
            for name in parts:
                if kind != "securitySchemes":
                    self.assertIn("#/components/%s/%s" % (kind, name), refs)
        names = []
        for path, methods in self.doc["paths"].items():
            for method, operation in methods.items():
                names.append(operation["operationId"])
                self.assertTrue(operation["summary"].endswith("."))
                self.assertEqual(
                    sorted(re.findall("{(.*?)}", path)),
                    sorted(one["name"] for one in operation["parameters"]
                           if one["in"] == "path"))
                keys = [(one["in"], one["name"])
                        for one in operation["parameters"]]
                self.assertEqual(len(keys), len(set(keys)))
                if method in ("get", "delete"):
                    self.assertNotIn("requestBody", operation)
        self.assertEqual(len(names), len(set(names)))

    def test_a_post_is_made_and_read_by_others(self):
        made = self.post("Out at #sea")
        _, _, read = self.other.call("api_post", id=made["id"])
        self.assertEqual(read["caption"], "Out at #sea")
        self.assertEqual(read["author"]["name"], self.ann.name)
        self.assertEqual(read["images"][0]["alt"], "waves")
        self.assertEqual((read["is_own"], made["is_own"]), (False, True))
        for size in ("large", "medium", "small"):
            address = read["images"][0][size].removeprefix(stack.URL)
            self.assertEqual(stack.raw("GET", address)[0], 200)
        _, _, tagged = self.other.call("api_tag_posts", tag="sea")
        self.assertIn(made["id"], [one["id"] for one in tagged])
        self.assertEqual(self.bob.get(
            made["page"].removeprefix(stack.URL)).status, 200)

    def test_the_same_key_makes_one_post(self):
        first, again = self.post("once", "key-1"), self.post("once", "key-1")
        self.assertEqual(first["id"], again["id"])
        self.assertNotEqual(self.post("once")["id"], first["id"])

    def test_the_same_key_makes_one_comment(self):
        post = self.post()
        ids = {self.other.call("api_comment_make", [("Idempotency-Key", "c")],
                               {"text": "lovely"}, id=post["id"])[2]["id"]
               for _ in range(3)}
        self.assertEqual(len(ids), 1)
        _, _, read = self.me.call("api_post", id=post["id"])
        self.assertEqual(read["comments"], 1)

    def test_comments_are_made_listed_and_deleted(self):
        post = self.post()
        text = "Ein “Kommentar” \ufeff0123 <b>"
        status, _, made = self.other.call(
            "api_comment_make", sends={"text": text}, id=post["id"])
        self.assertEqual((status, made["text"]), (201, text))
        _, _, read = self.me.call("api_comments", id=post["id"])
        self.assertEqual([one["text"] for one in read], [text])
        third = Client(self.doc, token_of(stack.register(), "write"))
        self.assert_problem(third.call(
            "api_comment_delete", id=made["id"]), 403)
        self.assertEqual(self.me.call(
            "api_comment_delete", id=made["id"])[0], 204)
        self.assertEqual(self.me.call("api_comments", id=post["id"])[2], [])

    def test_the_same_key_with_something_else_is_refused(self):
        post = self.post("one thing", "key-2")
        for caption, colour in (("another", 40), ("one thing", 41)):
            problem = self.assert_problem(self.me.call(
                "api_post_make", [("Idempotency-Key", "key-2")],
                [("caption", caption), ("alt", "waves")],
                [("image", pictures.png(colour, 30))]), 422)
            self.assertEqual([f["field"] for f in problem["errors"]],
                             ["Idempotency-Key"])
        self.assert_problem(self.me.call(
            "api_comment_make", [("Idempotency-Key", "key-2")],
            {"text": "x"}, id=post["id"]), 422)
        self.assertEqual(self.post("one thing", "key-2")["id"], post["id"])

    def test_the_key_of_a_refused_upload_may_be_used_again(self):
        key = [("Idempotency-Key", "key-3")]
        for content, status in ((b"no image", 422), (pictures.png(33, 30),
                                                     201)):
            self.assertEqual(self.me.call(
                "api_post_make", key, [("caption", "again")],
                [("image", content)])[0], status)

    def test_a_password_is_changed_and_ends_what_it_let_in(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write"))
        fresh = "other words for it"
        problem = self.assert_problem(client.call("api_password", sends={
            "current": "not this one", "password": fresh}), 422)
        self.assertEqual([f["field"] for f in problem["errors"]], ["current"])
        problem = self.assert_problem(client.call("api_password", sends={
            "current": stack.PASSWORD, "password": "short"}), 422)
        self.assertEqual([f["field"] for f in problem["errors"]],
                         ["password"])
        self.assertEqual(client.call("api_password", sends={
            "current": stack.PASSWORD, "password": fresh})[0], 204)
        self.assert_problem(client.call("api_me"), 401)
        self.assertEqual(v.get("/settings", follow=False).status, 303)
        again = stack.stranger()
        page = again.submit(again.get("/login").form("/login"), who=v.name,
                            password=fresh)
        self.assertEqual(page.status, 200)

    def test_what_nginx_refuses_is_a_problem_as_well(self):
        for method, target, size in (
                ("PATCH", "/api/v1/me", 300000),
                ("POST", "/api/v1/posts?x=1", 5000000000)):
            status, headers, body = stack.raw(method, target, [
                ("Content-Type", "application/json"),
                ("Content-Length", str(size))])
            self.assert_problem((status, headers, json.loads(body)), 413)
        status, headers, body = stack.raw("GET", "/api/v1/accounts/a%00")
        self.assert_problem((status, headers, json.loads(body)), 400)
        status, headers, body = stack.raw("POST", "/sim/register", [
            ("Content-Length", "300000")])
        self.assertEqual((status, json.loads(body)["status"]), (413, 413))

    def test_that_no_worker_answers_is_told_in_json(self):
        where = os.path.join(stack.STATE, "run", "pages.sock")
        os.rename(where, where + ".away")
        try:
            for target, kind in (
                    ("/api/v1/me?x=1", "application/problem+json"),
                    ("/sim/latest", "application/json")):
                status, headers, body = stack.raw("GET", target)
                self.assertEqual(
                    (status, headers["Content-Type"], headers["Retry-After"],
                     json.loads(body)["status"]), (503, kind, "5", 503))
            status, headers, _ = stack.raw("GET", "/apiary")
            self.assertEqual((status, headers["Content-Type"].split(";")[0]),
                             (503, "text/html"))
        finally:
            os.rename(where + ".away", where)

    def test_likes_may_be_sent_twice(self):
        post = self.post()
        for _ in range(2):
            _, _, said = self.other.call("api_like", id=post["id"])
            self.assertEqual(said, {"is_liked": True, "likes": 1})
        for _ in range(2):
            _, _, said = self.other.call("api_unlike", id=post["id"])
            self.assertEqual(said, {"is_liked": False, "likes": 0})

    def test_bookmarks_are_kept_in_the_order_of_saving(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write"))
        one, two = self.post("one"), self.post("two")
        for post in (two, one, one):
            _, _, said = client.call("api_bookmark", id=post["id"])
            self.assertEqual(said, {"is_bookmarked": True})
        _, _, kept = client.call("api_bookmarks")
        self.assertEqual([p["caption"] for p in kept], ["one", "two"])
        self.assertTrue(all(p["is_bookmarked"] for p in kept))
        self.assertEqual([len(p["images"]) for p in kept], [1, 1])
        _, _, read = client.call("api_post", id=one["id"])
        self.assertTrue(read["is_bookmarked"])
        _, _, read = self.me.call("api_post", id=one["id"])
        self.assertFalse(read["is_bookmarked"])
        _, _, all_ = client.call("api_account_posts", name=self.ann.name)
        self.assertEqual({p["id"] for p in all_ if p["is_bookmarked"]},
                         {one["id"], two["id"]})
        for _ in range(2):
            _, _, said = client.call("api_unbookmark", id=one["id"])
            self.assertEqual(said, {"is_bookmarked": False})
        self.me.call("api_post_delete", id=two["id"])
        self.assertEqual(client.call("api_bookmarks")[2], [])
        self.assertEqual(self.other.call("api_bookmarks")[2], [])

    def test_pages_of_bookmarks_follow_each_other(self):
        v = stack.register()
        stack.sql("WITH me AS (SELECT id FROM account WHERE name = '%s'), "
                  "made AS (INSERT INTO post (account_id, caption) "
                  "SELECT id, 'n' || n FROM me, generate_series(1, 45) n "
                  "RETURNING id, account_id) "
                  "INSERT INTO bookmark (account_id, post_id) "
                  "SELECT account_id, id FROM made ORDER BY id DESC" % v.name)
        client = Client(self.doc, token_of(v, "read"))
        found, query = [], ""
        while True:
            _, headers, some = client.call("api_bookmarks", query=query)
            found += [one["caption"] for one in some]
            if "Link" not in headers:
                break
            link = re.fullmatch('<(.*)>; rel="next"', headers["Link"])
            query = "?" + link.group(1).split("?")[1]
        self.assertEqual(found, ["n%d" % n for n in range(1, 46)])

    def test_notifications_are_read_as_far_as_is_said(self):
        ann, bob = stack.register(), stack.register()
        me = Client(self.doc, token_of(ann, "read", "write", "upload"))
        other = Client(self.doc, token_of(bob, "read", "write"))
        _, _, post = me.call("api_post_make", files=[
            ("image", pictures.png(40, 30))])
        self.assertEqual(me.call("api_notifications")[2], [])
        for _ in range(2):
            other.call("api_like", id=post["id"])
        other.call("api_comment_make", sends={"text": "So calm"},
                   id=post["id"])
        other.call("api_follow", name=ann.name)
        me.call("api_comment_make", sends={"text": "Thanks, @" + bob.name},
                id=post["id"])
        _, _, told = me.call("api_notifications")
        self.assertEqual([one["kind"] for one in told],
                         ["follow", "comment", "like"])
        self.assertEqual({one["actor"]["name"] for one in told}, {bob.name})
        self.assertEqual(told[1]["text"], "So calm")
        self.assertEqual([one["post"] for one in told],
                         ["", post["id"], post["id"]])
        for one in told:
            self.assertEqual(ann.get(one["page"].removeprefix(
                stack.URL).split("#")[0]).status, 200)
        self.assertEqual(me.call("api_me")[2]["unread"], 3)
        _, _, said = me.call("api_notifications_read",
                             sends={"newest": told[1]["id"]})
        self.assertEqual(said, {"unread": 1})
        _, _, told = me.call("api_notifications")
        self.assertEqual([one["is_read"] for one in told],
                         [False, True, True])
        self.assertEqual([one["kind"] for one in other.call(
            "api_notifications")[2]], ["mention"])
        for newest in ("", "x", "-1", "0"):
            problem = self.assert_problem(me.call(
                "api_notifications_read", sends={"newest": newest}), 422)
            self.assertEqual([f["field"] for f in problem["errors"]],
                             ["newest"])
        self.assertEqual(me.call("api_me")[2]["unread"], 1)
        other.call("api_unfollow", name=ann.name)
        other.call("api_unlike", id=post["id"])
        self.assertEqual(me.call("api_me")[2]["unread"], 0)
        self.assertEqual([one["kind"] for one in me.call(
            "api_notifications")[2]], ["comment"])

    def test_pages_of_notifications_follow_each_other(self):
        v = stack.register()
        stack.sql("WITH me AS (SELECT id FROM account WHERE name = '%s'), "
                  "made AS (INSERT INTO post (account_id, caption) "
                  "SELECT (SELECT id FROM account WHERE name = '%s'), "
                  "'n' || n FROM generate_series(1, 90) n RETURNING id, "
                  "account_id) INSERT INTO notification (account_id, kind, "
                  "actor_id, post_id) SELECT me.id, 'mention', "
                  "made.account_id, made.id FROM me, made ORDER BY made.id" % (
                      v.name, self.ann.name))
        client = Client(self.doc, token_of(v, "read"))
        found, query = [], ""
        while True:
            _, headers, some = client.call("api_notifications", query=query)
            found += [int(one["post"]) for one in some]
            if "Link" not in headers:
                break
            link = re.fullmatch('<(.*)>; rel="next"', headers["Link"])
            query = "?" + link.group(1).split("?")[1]
        self.assertEqual(len(found), 90)
        self.assertEqual(found, sorted(found, reverse=True))

    def test_following_fills_the_home_timeline(self):
        reader = stack.register()
        client = Client(self.doc, token_of(reader, "read", "write"))
        _, _, whom = client.call("api_follow", name=self.ann.name)
        self.assertTrue(whom["is_followed"])
        post = self.post()
        _, _, home = client.call("api_home")
        self.assertEqual(home[0]["id"], post["id"])
        _, _, list_ = client.call("api_following", name=reader.name)
        self.assertEqual([one["name"] for one in list_], [self.ann.name])
        _, _, list_ = client.call("api_followers", name=self.ann.name)
        self.assertIn(reader.name, [one["name"] for one in list_])
        _, _, whom = client.call("api_unfollow", name=self.ann.name)
        self.assertFalse(whom["is_followed"])

    def test_a_moderator_removes_and_suspends(self):
        meg = Client(self.doc, token_of(with_role("moderator"), "moderate"))
        post = self.post("not for here")
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write"))
        _, _, comment = client.call(
            "api_comment_make", sends={"text": "rude"}, id=post["id"])
        why = {"reason": "against the rules"}
        self.assert_problem(self.me.call(
            "api_comment_remove", sends=why, id=comment["id"]), 403)
        self.assertEqual(meg.call("api_comment_remove", sends=why,
                                  id=comment["id"])[0], 204)
        self.assertEqual(self.me.call("api_comments", id=post["id"])[2], [])
        address = post["images"][0]["large"].removeprefix(stack.URL)
        self.assertEqual(meg.call("api_post_remove", sends=why,
                                  id=post["id"])[0], 204)
        self.assert_problem(self.me.call("api_post", id=post["id"]), 404)
        self.assertEqual(stack.raw("GET", address)[0], 404)
        wanted = {"name": v.name, "is_suspended": True,
                  "because": why["reason"]}
        self.assertEqual(meg.call("api_suspend", sends=why,
                                  name=v.name)[2], wanted)
        self.assertEqual(meg.call("api_standing", name=v.name)[2], wanted)
        self.assert_problem(client.call("api_me"), 401)
        self.assert_problem(self.other.call("api_account", name=v.name), 404)
        self.assert_problem(meg.call("api_suspend", sends=why,
                                     name=v.name), 409)
        self.assertEqual(meg.call("api_lift", sends=why, name=v.name)[2],
                         dict(wanted, is_suspended=False, because=""))
        self.assertEqual(
            self.other.call("api_account", name=v.name)[0], 200)
        self.assert_problem(meg.call("api_moderation"), 403)
        ada = Client(self.doc, token_of(with_role("admin"), "moderate"))
        _, _, deeds = ada.call("api_moderation")
        self.assertEqual([d["what"] for d in deeds if d["reason"] == why[
            "reason"]][:4], ["lift", "suspend", "post", "comment"])

    def test_an_admin_tells_about_an_incident(self):
        ada = Client(self.doc, token_of(with_role("admin"), "moderate"))
        told = {"title": "Images are slow", "severity": "degraded",
                "text": "We are looking."}
        headers = [("Idempotency-Key", "i-1")]
        made = [ada.call("api_incident_open", headers, told)
                for _ in range(2)]
        self.assertEqual([one[0] for one in made], [201, 201])
        self.assertEqual(made[0][2], made[1][2])
        number = made[0][2]["id"]
        _, _, ended = ada.call("api_incident_change", sends={
            "ended": "2099-01-01T00:00:00+00:00", "text": "A new disk."},
            id=number)
        self.assertEqual((ended["title"], ended["ended"]),
                         (told["title"], "2099-01-01T00:00:00Z"))
        self.assertEqual([note["text"] for note in ended["notes"]],
                         ["A new disk.", told["text"]])
        _, _, all_ = self.me.call("api_incidents")
        self.assertIn(ended, all_)
        self.assertIn("A new disk.", stack.stranger().get("/status").text)
        problem = self.assert_problem(ada.call(
            "api_incident_change", sends={"severity": "awful"},
            id=number), 422)
        self.assertEqual([f["field"] for f in problem["errors"]],
                         ["severity"])
        stack.sql("DELETE FROM incident WHERE id = " + number)

    def test_a_deleted_post_is_gone(self):
        post = self.post()
        self.assert_problem(self.other.call(
            "api_post_delete", id=post["id"]), 404)
        self.assertEqual(self.me.call(
            "api_post_delete", id=post["id"])[0], 204)
        self.assert_problem(self.me.call("api_post", id=post["id"]), 404)
        address = post["images"][0]["large"].removeprefix(stack.URL)
        self.assertEqual(stack.raw("GET", address)[0], 404)

    def test_what_is_not_sent_stays(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write", "upload"))
        client.call("api_me_edit", sends={"bio": "By the sea"})
        _, _, me = client.call("api_me_edit", sends={"display": "Eve"})
        self.assertEqual((me["display"], me["bio"]), ("Eve", "By the sea"))
        _, _, me = client.call("api_picture", files=[
            ("picture", pictures.png(50, 50))])
        self.assertEqual(stack.raw(
            "GET", me["picture"].removeprefix(stack.URL))[0], 200)
        self.assertEqual(client.call("api_me")[2], me)
        _, _, bare = client.call("api_picture_remove")
        self.assertEqual(stack.raw(
            "GET", me["picture"].removeprefix(stack.URL))[0], 404)
        self.assertEqual(bare, dict(me, picture=bare["picture"]))
        self.assertFalse(bare["picture"])
        _, _, seen = client.call("api_account", name=v.name)
        self.assertTrue(seen["is_self"])

    def test_pages_of_a_list_follow_each_other(self):
        v = stack.register()
        stack.sql("INSERT INTO post (account_id, caption) SELECT id, 'n' || n "
                  "FROM account, generate_series(1, 45) n "
                  "WHERE name = '%s'" % v.name)
        client = Client(self.doc, token_of(v, "read"))
        found, query = [], ""
        while True:
            _, headers, some = client.call(
                "api_account_posts", query=query, name=v.name)
            found += [one["caption"] for one in some]
            if "Link" not in headers:
                break
            link = re.fullmatch('<(.*)>; rel="next"', headers["Link"])
            query = "?" + link.group(1).split("?")[1]
            self.assertTrue(link.group(1).startswith(
                stack.URL + "/api/v1/accounts/%s/posts?" % v.name))
        self.assertEqual(found, ["n%d" % n for n in range(45, 0, -1)])

    def walk(self, client, name, /, **values):
        """The keys of what a list gives, page by page."""
        pages, query = [], ""
        while True:
            _, headers, some = client.call(name, query=query, **values)
            pages.append([one.get("id") or one["name"] for one in some])
            if "Link" not in headers:
                return pages
            link = re.fullmatch(r'<(.*)(\?before=\d+)>; rel="next"',
                                headers["Link"])
            self.assertTrue(link.group(1).startswith(stack.URL + "/api/v1/"))
            query = link.group(2)

    def test_every_list_that_has_pages_comes_whole_and_nothing_twice(self):
        v, ada = stack.register(), with_role("admin")
        tag = v.name.replace("_", "")
        stack.sql("""
            CREATE TEMP TABLE me AS
                SELECT id FROM account WHERE name = '%(name)s';
            WITH made AS (
                INSERT INTO account (name, email, display, password_hash,
                    consent_version)
                SELECT '%(tag)s_' || n, '%(tag)s_' || n || '@example.org',
                    'x', 'x', '1' FROM generate_series(1, 95) n RETURNING id)
            SELECT id INTO TEMP people FROM made;
            INSERT INTO follow (follower_id, followed_id)
                SELECT people.id, me.id FROM people, me
                UNION ALL SELECT me.id, people.id FROM people, me;
            INSERT INTO follow_request (follower_id, followed_id)
                SELECT people.id, me.id FROM people, me;
            WITH made AS (
                INSERT INTO post (account_id, caption)
                SELECT me.id, 'x' FROM me, generate_series(1, 95)
                RETURNING id)
            SELECT id INTO TEMP posts FROM made;
            INSERT INTO post_tag SELECT '%(tag)s', id FROM posts;
            INSERT INTO feed SELECT me.id, posts.id, me.id FROM me, posts;
            INSERT INTO bookmark (account_id, post_id)
                SELECT me.id, posts.id FROM me, posts;
            INSERT INTO comment (post_id, account_id, body)
                SELECT (SELECT min(id) FROM posts), id, 'x' FROM people
                UNION ALL SELECT (SELECT min(id) FROM posts), me.id, 'x'
                FROM me, generate_series(1, 10);
            INSERT INTO notification (account_id, kind, actor_id, post_id)
                SELECT me.id, 'mention', people.id, (SELECT min(id)
                FROM posts) FROM me, people;
            INSERT INTO moderation (what, account_id, reason)
                SELECT 'suspend', id, '%(tag)s' FROM people""" % {
                    "name": v.name, "tag": tag})
        client = Client(self.doc, token_of(v, "read"))
        mine, name = {"name": v.name}, "api_account_posts"
        post = self.walk(client, name, **mine)[-1][-1]
        wanted = {
            "api_home": ({}, 95), "api_bookmarks": ({}, 95),
            "api_notifications": ({}, 95), "api_requests": ({}, 95),
            "api_public": ({}, None), "api_tag_posts": ({"tag": tag}, 95),
            name: (mine, 95), "api_followers": (mine, 95),
            "api_following": (mine, 95), "api_comments": ({"id": post}, 105),
            "api_moderation": ({}, None)}
        self.assertEqual(set(wanted), {
            name for name, (_, _, one) in client.operations.items()
            if "before" in [p["name"] for p in one["parameters"]]})
        for name, (values, count) in wanted.items():
            one = client if name != "api_moderation" else Client(
                self.doc, token_of(ada, "moderate"))
            pages = self.walk(one, name, **values)
            keys = sum(pages, [])
            self.assertEqual(len(keys), len(set(keys)), name)
            self.assertEqual({len(page) for page in pages[:-1]},
                             {len(pages[0])}, name)
            self.assertGreater(len(pages), 1, name)
            if count is None:
                self.assertGreaterEqual(len(keys), 95, name)
            else:
                self.assertEqual(len(keys), count, name)

    def test_a_page_that_is_just_full_is_the_last(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read"))
        for more, links in ((19, [False]), (1, [False]), (1, [True, False]),
                            (19, [True, False]), (1, [True, True, False])):
            stack.sql("INSERT INTO post (account_id, caption) SELECT id, 'x' "
                      "FROM account, generate_series(1, %d) n "
                      "WHERE name = '%s'" % (more, v.name))
            query, found = "", []
            while True:
                _, headers, some = client.call(
                    "api_account_posts", query=query, name=v.name)
                self.assertTrue(some)
                found.append("Link" in headers)
                if not found[-1]:
                    break
                query = re.search(r"\?\w+=\d+", headers["Link"]).group()
            self.assertEqual(found, links)

    def test_people_and_tags_are_found(self):
        self.post("with #findable words")
        _, _, found = self.me.call("api_search", query="?q=%23findab")
        self.assertEqual([one["tag"] for one in found["tags"]], ["findable"])
        _, _, found = self.me.call("api_search", query="?q=@" + self.bob.name)
        self.assertEqual(found["accounts"][0]["name"], self.bob.name)
        self.assertEqual(found["tags"], [])

    def test_a_tag_of_the_content_saves_the_body(self):
        post = self.post()
        _, headers, _ = self.me.call("api_post", id=post["id"])
        tag = [("If-None-Match", headers["ETag"])]
        status, _, body = self.me.call("api_post", tag, id=post["id"])
        self.assertEqual((status, body), (304, None))
        self.other.call("api_like", id=post["id"])
        self.assertEqual(self.me.call("api_post", tag, id=post["id"])[0], 200)

    def test_a_change_of_what_is_there_no_more_is_refused(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write", "upload"))
        _, headers, me = client.call("api_me")
        tag = headers["ETag"]
        for wanted in ('"other"', '"x", "y"', '"'):
            problem = self.assert_problem(client.call(
                "api_me_edit", [("If-Match", wanted)],
                sends={"bio": "lost"}), 412)
            self.assertIn("If-Match", problem["detail"])
        self.assertEqual(client.call("api_me")[2], me)
        for wanted, bio in ((tag, "one"), ("*", "two")):
            status, _, me = client.call(
                "api_me_edit", [("If-Match", wanted)], sends={"bio": bio})
            self.assertEqual((status, me["bio"]), (200, bio))
        self.assert_problem(client.call(
            "api_me_edit", [("If-Match", tag)], sends={"bio": "lost"}), 412)
        _, headers, _ = client.call("api_me")
        both = '"x", W/' + headers["ETag"]
        _, _, me = client.call(
            "api_me_edit", [("If-Match", both)], sends={"bio": "three"})
        self.assertEqual(me["bio"], "three")

        post = client.call("api_post_make", files=[
            ("image", pictures.png(40, 30))])[2]
        _, headers, _ = client.call("api_post", id=post["id"])
        seen = [("If-Match", headers["ETag"])]
        self.other.call("api_like", id=post["id"])
        self.assert_problem(client.call(
            "api_post_delete", seen, id=post["id"]), 412)
        self.assert_problem(self.other.call(
            "api_post_delete", seen, id="999999999"), 404)
        _, headers, _ = client.call("api_post", id=post["id"])
        self.assertEqual(client.call("api_post_delete", [
            ("If-Match", headers["ETag"])], id=post["id"])[0], 204)
        # What is made beside what is read leaves no Link of it.
        post = self.post()
        _, headers, _ = self.other.call("api_comment_make", [
            ("If-Match", "*")], {"text": "x"}, id=post["id"])
        self.assertNotIn("Link", headers)
        # An address that cannot be read has nothing that could match.
        status, _, _ = self.other.raw(
            "PUT", "/api/v1/posts/%s/like" % post["id"], [("If-Match", "*")])
        self.assertEqual(status, 412)

    def test_nobody_comes_in_without_a_token(self):
        before = stack.count("post") + stack.count("comment")
        for token in (None, "pix_" + "A" * 43, "x"):
            client = Client(self.doc, token)
            for name, (_, _, operation) in client.operations.items():
                answer = client.call(name, sends={"text": "x"}, id=1, tag="a",
                                     name="ann")
                self.assert_problem(answer, 401)
                self.assertIn("Bearer", answer[1]["WWW-Authenticate"])
        self.assertEqual(
            stack.count("post") + stack.count("comment"), before)

    def test_a_session_is_no_token(self):
        cookies = "; ".join("%s=%s" % c for c in self.ann.cookies.items())
        status, _, _ = stack.raw("GET", "/api/v1/me", [("Cookie", cookies)])
        self.assertEqual(status, 401)

    def test_a_token_does_what_its_scopes_allow_and_nothing_else(self):
        post = self.post()
        admin = with_role("admin")
        for scope in ("read", "write", "upload", "moderate"):
            client = Client(self.doc, token_of(admin, scope))
            for name, (_, _, operation) in client.operations.items():
                if scope_of(operation) == scope:
                    continue
                self.assert_problem(client.call(
                    name, sends={"text": "x"}, id=post["id"], tag="a",
                    name=self.bob.name), 403)
        self.assertEqual({scope_of(operation) for _, _, operation
                          in self.me.operations.values()},
                         {"read", "write", "upload", "moderate"})

    def test_a_revoked_token_is_nobodys(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read"))
        self.assertEqual(client.call("api_me")[0], 200)
        page = v.get("/settings/tokens")
        self.assertIn("Last used", page.text)
        v.submit(page.form("/revoke"))
        self.assert_problem(client.call("api_me"), 401)

    def test_a_token_that_is_used_too_often_must_wait(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read"))
        _, headers, _ = client.call("api_me")
        most = int(headers["RateLimit-Limit"])
        self.assertEqual(int(headers["RateLimit-Remaining"]), most - 1)
        stack.sql("UPDATE token SET calls = %d WHERE account_id = (SELECT id "
                  "FROM account WHERE name = '%s')" % (most - 1, v.name))
        status, headers, _ = client.call("api_me")
        self.assertEqual((status, headers["RateLimit-Remaining"]), (200, "0"))
        answer = client.call("api_me")
        self.assert_problem(answer, 429)
        self.assertLessEqual(int(answer[1]["Retry-After"]), 60)

    def test_what_a_person_may_not_do_more_often_a_program_may_not(self):
        post = self.post()
        for call, limit, values in (
                ("api_like", "likes_per_hour", {"id": post["id"]}),
                ("api_bookmark", "bookmarks_per_hour", {"id": post["id"]}),
                ("api_follow", "follows_per_hour", {"name": self.ann.name}),
                ("api_comment_make", "comments_per_hour", {
                    "id": post["id"], "sends": {"text": "x"}})):
            v, most = stack.register(), stack.limit(limit)
            client = Client(self.doc, token_of(v, "write"))
            client.call(call, **values)
            stack.sql("UPDATE action_count SET count = %d WHERE account_id = "
                      "(SELECT id FROM account WHERE name = '%s')" % (
                          most, v.name))
            answer = client.call(call, **values)
            problem = self.assert_problem(answer, 429)
            self.assertIn("hour", problem["detail"])
            self.assertLessEqual(int(answer[1]["Retry-After"]), 3600)

    def test_what_is_wrong_is_named(self):
        post = self.post()
        problem = self.assert_problem(self.me.call(
            "api_comment_make", sends={"text": " "}, id=post["id"]), 422)
        self.assertEqual([f["field"] for f in problem["errors"]], ["text"])
        problem = self.assert_problem(self.me.call(
            "api_me_edit", sends={"display": "", "bio": "x" * 301}), 422)
        self.assertEqual([f["field"] for f in problem["errors"]],
                         ["display", "bio"])
        problem = self.assert_problem(self.me.call(
            "api_post_make", files=[("image", b"no image")]), 422)
        self.assertEqual([f["field"] for f in problem["errors"]], ["image"])

    def test_a_body_that_cannot_be_read_is_refused(self):
        post = self.post()
        for body in (b"", b"{", b"[]", b"7", b'{"text":"a","text":"b"}',
                     b'{"text":"\\u0000"}', b'{"text":"\\ud800"}', b"\xff",
                     b'{"text":99999999999999999999}', b'{"text":1e999}',
                     b"[" * 5000, b'{"text":"a"} x'):
            problem = self.assert_problem(self.me.call(
                "api_comment_make", sends=body, id=post["id"]), 400)
            self.assertIn("JSON object", problem["detail"])
        for body in (b'{"text":1.5}', b'{"text":{}}', b'{"text":["a"]}',
                     b'{"text":9223372036854775807}', b'{"text":false}'):
            problem = self.assert_problem(self.me.call(
                "api_comment_make", sends=body, id=post["id"]), 422)
            self.assertEqual(problem["errors"], [
                {"field": "text", "detail": "Send a text, in quotes."}])
        for kind, body in (
                ("application/json", b'{"is_private":""}'),
                ("application/x-www-form-urlencoded", b"is_private=perhaps")):
            problem = self.assert_problem(self.me.call(
                "api_me_edit", sends=body, kind=kind), 422)
            self.assertEqual(problem["errors"], [
                {"field": "is_private", "detail": "Send true or false."}])
        problem = self.assert_problem(self.me.call(
            "api_post_make", sends=[("camera", "7")],
            files=[("image", pictures.png(40, 30))]), 422)
        self.assertEqual([f["field"] for f in problem["errors"]], ["camera"])
        self.assert_problem(self.me.call(
            "api_comment_make", sends=b"<text/>", kind="text/xml",
            id=post["id"]), 415)
        self.assert_problem(self.me.call(
            "api_comment_make", sends={"text": "x" * 70000},
            id=post["id"]), 413)
        self.assertEqual(self.me.call("api_comments", id=post["id"])[2], [])

    def test_whatever_a_token_asks_for_it_is_told_how_often_still(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read"))
        left = None
        for method, target, status in (
                ("GET", "/api/v1/me", 200), ("GET", "/api/v1/nothing", 404),
                ("POST", "/api/v1/posts/1", 405), ("GET", "/api/v1/%ff", 400),
                ("PATCH", "/api/v1/me", 403)):
            got, headers, _ = client.raw(method, target)
            self.assertEqual(got, status, target)
            now = int(headers["RateLimit-Remaining"])
            self.assertEqual(now, now if left is None else left - 1)
            left = now
        stack.sql("UPDATE token SET calls = 1000000 WHERE account_id = "
                  "(SELECT id FROM account WHERE name = '%s')" % v.name)
        for target in ("/api/v1/me", "/api/v1/nothing"):
            status, headers, body = client.raw("GET", target)
            self.assert_problem((status, headers, json.loads(body)), 429)
            self.assertEqual(headers["RateLimit-Remaining"], "0")

    def test_what_is_sent_to_a_call_that_takes_nothing_is_nobodys(self):
        post = self.post()
        for kind, body in (("application/json", b""), ("text/plain", b"x"),
                           ("application/json", b"{}")):
            for method in ("PUT", "DELETE"):
                status, _, _ = self.other.raw(
                    method, "/api/v1/posts/%s/like" % post["id"],
                    [("Content-Type", kind)], None)
                self.assertEqual(status, 200)
                status, _, _ = stack.raw(
                    method, "/api/v1/posts/%s/bookmark" % post["id"],
                    [("Authorization", "Bearer " + self.other.token),
                     ("Content-Type", kind),
                     ("Content-Length", str(len(body)))], body)
                self.assertEqual(status, 200)

    def test_a_body_in_pieces_is_read(self):
        post = self.post()
        text = b'{"text":"piece by piece"}'
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (
            text[:7], text[7:], b""))
        status, _, made = stack.raw(
            "POST", "/api/v1/posts/%s/comments" % post["id"],
            [("Authorization", "Bearer " + self.other.token),
             ("Content-Type", "application/json"),
             ("Transfer-Encoding", "chunked")], chunks)
        self.assertEqual((status, json.loads(made)["text"]),
                         (201, "piece by piece"))

    def test_members_that_nobody_knows_change_nothing(self):
        v = stack.register()
        client = Client(self.doc, token_of(v, "read", "write"))
        _, _, before = client.call("api_me")
        _, _, after = client.call("api_me_edit", sends={
            "name": "root", "email": "x@example.org", "role": "admin",
            "is_admin": True, "id": 1, "requests": {"x": [1]}, "unread": 7})
        self.assertEqual(after, before)

    def test_a_page_that_cannot_be_is_a_parameter_that_is_wrong(self):
        for before in ("x", "0", "-1", "99999999999999999999", "1%20"):
            for call, values in (("api_public", {}), ("api_home", {}), (
                    "api_followers", {"name": self.ann.name})):
                problem = self.assert_problem(self.me.call(
                    call, query="?before=" + before, **values), 400)
                self.assertIn("before", problem["detail"])
        problem = self.assert_problem(self.me.call(
            "api_search", query="?q=" + "x" * 201), 400)
        self.assertIn("200 bytes", problem["detail"])

    def test_a_refusal_says_what_token_is_wanted(self):
        for token, error in ((None, ""), ("pix_" + "A" * 43,
                                          ', error="invalid_token"')):
            _, headers, _ = Client(self.doc, token).call("api_me")
            self.assertEqual(headers["WWW-Authenticate"],
                             'Bearer realm="pixlpix"' + error)
        _, headers, problem = Client(self.doc, token_of(
            stack.register(), "read")).call("api_picture_remove")
        self.assertEqual(
            headers["WWW-Authenticate"], 'Bearer realm="pixlpix", '
            'error="insufficient_scope", scope="write"')
        self.assertIn("scope write", problem["detail"])

    def test_head_is_get_without_its_body(self):
        post = self.post()
        for target in ("/api/v1/posts/" + post["id"], "/api/v1/me",
                       "/api/v1/posts/999999999"):
            (one, with_body, body), (two, without, none) = (
                self.me.raw(method, target) for method in ("GET", "HEAD"))
            self.assertEqual((one, none), (two, b""))
            for name in ("Content-Type", "ETag", "Cache-Control"):
                self.assertEqual(with_body[name], without[name])
            self.assertEqual(int(without["Content-Length"]), len(body))

    def test_what_was_sent_is_there_for_its_owner_alone(self):
        post = self.post()
        image = post["images"][0]
        self.assertEqual(image["original"], stack.URL +
                         "/api/v1/posts/%s/originals/1" % post["id"])
        _, headers, content = self.me.call(
            "api_original", id=post["id"], place=1)
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertEqual(headers["Cache-Control"], "private, no-store")
        self.assertEqual(content[:8], b"\x89PNG\r\n\x1a\n")
        for place in ("2", "0", "x"):
            self.assert_problem(self.me.call(
                "api_original", id=post["id"], place=place), 404)
        self.assert_problem(self.other.call(
            "api_original", id=post["id"], place=1), 404)
        _, _, seen = self.other.call("api_post", id=post["id"])
        self.assertIsNone(seen["images"][0]["original"])

    def test_no_page_of_another_site_reads_an_answer(self):
        origin = ("Origin", "https://elsewhere.example")
        asks = [origin, ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "authorization")]
        for method, target, sent, wanted in (
                ("OPTIONS", "/api/v1/me", asks, 405),
                ("GET", "/api/v1/me", [origin], 200),
                ("GET", "/api/v1/openapi.json", [origin], 200)):
            status, headers, _ = self.me.raw(method, target, sent)
            self.assertEqual(status, wanted)
            self.assertEqual([name for name in headers if name.lower()
                              .startswith("access-control")], [])

    def test_unknown_addresses_and_methods(self):
        status, headers, body = self.me.raw("GET", "/api/v1/nothing")
        self.assertEqual((status, headers["Content-Type"]),
                         (404, "application/problem+json"))
        status, headers, body = self.me.raw("POST", "/api/v1/posts/1")
        self.assertEqual((status, headers["Allow"]),
                         (405, "GET, HEAD, DELETE"))
        self.assert_problem(self.me.call("api_post", id="999999999"), 404)
        self.assert_problem(self.me.call("api_account", name="no_one"), 404)

    def test_people_read_what_there_is(self):
        page = stack.stranger().get("/api")
        self.assert_site_page(page, 200)
        for path in self.doc["paths"]:
            self.assertIn(path, page.text)

    def test_a_private_account_answers_those_who_ask(self):
        mine = Client(self.doc, token_of(stack.register(), "read", "write",
                                         "upload"))
        asker = stack.register()
        theirs = Client(self.doc, token_of(asker, "read", "write"))
        _, _, me = mine.call("api_me_edit", sends={"is_private": True})
        self.assertTrue(me["is_private"])
        _, _, me = mine.call("api_me_edit", sends={"bio": "x"})
        self.assertTrue(me["is_private"])
        _, _, post = mine.call("api_post_make", (), [("alt", "")],
                               [("image", pictures.png(40, 30))])
        image = post["images"][0]["medium"]
        self.assertIn("/api/v1/images/", image)
        place = image.rsplit("/", 1)[1]
        for _ in range(2):
            _, _, account = theirs.call("api_follow", name=me["name"])
            self.assertEqual((account["is_followed"], account["is_asked"]),
                             (False, True))
        self.assertEqual(mine.call("api_me")[2]["requests"], 1)
        _, _, asking = mine.call("api_requests")
        self.assertEqual([one["name"] for one in asking], [asker.name])
        self.assertEqual(theirs.call("api_requests")[2], [])
        self.assert_problem(theirs.call(
            "api_request_accept", name=asker.name), 404)
        self.assertEqual(mine.call(
            "api_request_decline", name=asker.name)[0], 204)
        self.assert_problem(mine.call(
            "api_request_accept", name=asker.name), 404)
        theirs.call("api_follow", name=me["name"])
        self.assert_problem(theirs.call("api_post", id=post["id"]), 404)
        self.assert_problem(theirs.call("api_private_image", place=place),
                            404)
        self.assertEqual(mine.call(
            "api_request_accept", name=asker.name)[0], 204)
        status, headers, _ = theirs.call("api_private_image", place=place)
        self.assertEqual((status, headers["Cache-Control"]),
                         (200, "private, no-store"))
        _, _, account = theirs.call("api_account", name=me["name"])
        self.assertTrue(account["is_followed"])
        self.assertEqual(mine.call(
            "api_follower_remove", name=asker.name)[0], 204)
        _, _, account = theirs.call("api_account", name=me["name"])
        self.assertFalse(account["is_followed"])
        _, _, me = mine.call("api_me_edit", sends={"is_private": False})
        self.assertFalse(me["is_private"])
        status, headers, _ = mine.call("api_private_image", place=place)
        self.assertEqual(status, 303)
        self.assertEqual(stack.raw("GET", headers["Location"])[0], 200)


class Whole(unittest.TestCase):

    def test_every_call_is_logged_and_no_token_is(self):
        doc, v = document(), stack.register()
        token = token_of(v, "read")
        status, _, _ = Client(doc, token).call("api_public")
        self.assertEqual(status, 200)
        served, said = stack.wait_for("both lines of the call",
                                      lambda: self.lines_of("/api/v1/public"))
        self.assertEqual((served["status"], said["status"], said["route"]),
                         (200, 200, "api_public"))
        self.assertEqual(str(said["account"]), stack.sql(
            "SELECT id FROM account WHERE name = '%s'" % v.name)[0][0])
        routes = {line.get("route") for line in self.answered()}
        self.assertEqual(Client.calls - routes, set())
        for name in os.listdir(os.path.join(stack.STATE, "log")):
            with open(os.path.join(stack.STATE, "log", name),
                      encoding="utf-8", errors="replace") as file:
                self.assertNotIn(token[4:], file.read())

    def lines_of(self, path):
        """nginx's newest line about the path, and the worker's."""
        served = [one for one in stack.access_log() if one["path"] == path]
        said = [one for one in self.answered()
                if served and one["request"] == served[-1]["request_id"]]
        return (served[-1], said[0]) if said else None

    def answered(self):
        with open(os.path.join(stack.STATE, "log", "web.log"),
                  encoding="utf-8", errors="replace") as file:
            return [json.loads(line) for line in file
                    if '"event":"answered"' in line]

    def test_every_operation_of_the_document_has_been_called(self):
        doc = document()
        client = Client(doc, token_of(stack.register(), "read"))
        client.call("api_public")
        self.assertEqual(set(client.operations) - Client.calls, set())

    def test_every_problem_of_the_document_has_been_answered(self):
        named = {"#/components/responses/" + name
                 for name in document()["components"]["responses"]}
        self.assertEqual(named - Client.seen,
                         {"#/components/responses/default"})


if __name__ == "__main__":
    cases.main()
