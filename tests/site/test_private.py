#!/usr/bin/env python3
"""Private accounts: who sees what of them, by every address that there is."""


import unittest

import cases
import pictures
import stack
from test_api import Client, document, token_of

SIZES = ("l.jpg", "m.jpg", "s.jpg", "l.webp", "m.webp", "s.webp")


def cookies(v):
    return [("Cookie", "; ".join("%s=%s" % pair
                                 for pair in v.cookies.items()))]


def switch(v, is_private):
    form = v.get("/settings").form("/settings/private")
    form.fields = [f for f in form.fields if f[0] != "private"]
    values = {"private": "yes"} if is_private else {}
    return v.submit(form, **values)


def follow(v, name):
    return v.submit(v.get("/@" + name).form("/follow"))


def accept(owner, name):
    return owner.submit(owner.get("/requests").form("/@%s/accept" % name))


def stems(page):
    """The addresses of the page's images without size and kind."""
    return sorted({a.rsplit("-", 1)[0] for a in page.images
                   if a.endswith(("-l.jpg", "-m.jpg"))})


def wait_for_webp():
    stack.wait_for("the background's work", lambda: stack.count(
        "job", "kind = 'image_webp' AND failed_at IS NULL") == 0)


def wait_for_arrival(name):
    stack.wait_for("the images", lambda: stack.count(
        "account", "name = '%s' AND is_moving" % name) == 0)


def is_image(body):
    return body[:3] == b"\xff\xd8\xff" or body[8:12] == b"WEBP"


class Cast(unittest.TestCase, stack.Check):
    """An owner with a post made when public and one made when private; a
    follower from before, one who was let in, one who asks, one who was
    declined, one who was removed, a newcomer, a moderator and an admin."""

    @classmethod
    def setUpClass(cls):
        cls.owner = stack.register()
        cls.name = cls.owner.name
        cls.tag = "x" + cls.name
        cls.other = stack.register()
        people = ("old", "let_in", "asker", "declined", "removed", "newcomer",
                  "moderator", "admin")
        for who in people:
            setattr(cls, who, stack.register())
        for who in (cls.moderator, cls.admin):
            stack.ctl("user", "role", who.name,
                      "moderator" if who is cls.moderator else "admin")
        follow(cls.old, cls.name)
        follow(cls.removed, cls.name)
        cls.first = stack.post(
            cls.owner, [pictures.camera_photo(3)], "before #" + cls.tag).path
        wait_for_webp()
        cls.old_stem, = stems(cls.owner.get(cls.first))
        assert cls.old_stem.startswith("/i/"), cls.old_stem
        switch(cls.owner, True)
        cls.second = stack.post(
            cls.owner, [pictures.camera_photo(6),
                        stack.file_of(pictures.png(300, 200))],
            "after #" + cls.tag).path
        for who in (cls.let_in, cls.asker, cls.declined):
            follow(who, cls.name)
        accept(cls.owner, cls.let_in.name)
        cls.owner.submit(cls.owner.get("/requests").form(
            "/@%s/decline" % cls.declined.name))
        cls.owner.submit(cls.owner.get("/@%s/followers" % cls.name).form(
            "/@%s/remove" % cls.removed.name))
        wait_for_webp()
        wait_for_arrival(cls.name)
        cls.sees = {"owner": cls.owner, "old": cls.old, "let in": cls.let_in}
        cls.shut = {"stranger": stack.stranger(), "newcomer": cls.newcomer,
                    "asker": cls.asker, "declined": cls.declined,
                    "removed": cls.removed, "moderator": cls.moderator,
                    "admin": cls.admin}
        cls.stems = stems(cls.owner.get(cls.first)) + \
            stems(cls.owner.get(cls.second))

    def everybody(self):
        for may, group in ((True, self.sees), (False, self.shut)):
            for who, v in group.items():
                yield who, v, may

    # ---- pages ----

    def test_posts_are_there_for_followers_alone(self):
        for who, v, may in self.everybody():
            for path in (self.first, self.second):
                page = v.get(path)
                self.assertEqual(page.status, 200 if may else 404, who)
                self.assertEqual("#" + self.tag in page.text, may, who)

    def test_a_hidden_post_is_as_one_that_does_not_exist(self):
        for who, v in self.shut.items():
            here = v.get(self.first)
            nowhere = v.get("/p/999999999")
            self.assertEqual(here.status, nowhere.status)
            self.assertEqual(here.text, nowhere.text, who)

    def test_profile_shows_its_head_to_everybody(self):
        stack.sql("UPDATE account SET bio = 'A bio of %s' WHERE name = '%s'"
                  % (self.tag, self.name))
        for who, v, may in self.everybody():
            page = v.get("/@" + self.name)
            self.assertEqual(page.status, 200)
            self.assertIn("A bio of " + self.tag, page.text)
            self.assertIn("2 posts", page.text)
            self.assertEqual("This account is private" in page.text,
                             not may, who)
            self.assertEqual(self.first in page.links, may, who)
            self.assertEqual("/@%s/followers" % self.name in page.links, may)

    def test_lists_of_people_are_closed(self):
        for who, v, may in self.everybody():
            for which in ("followers", "following"):
                page = v.get("/@%s/%s" % (self.name, which))
                self.assertEqual(page.status, 200 if may else 404, who)

    def test_lists_of_posts_leave_them_out(self):
        for who, v, may in self.everybody():
            for path in ("/public", "/", "/tag/" + self.tag):
                page = v.get(path)
                self.assertEqual(page.status, 200)
                self.assertEqual(self.second in page.links, may,
                                 (who, path))

    def test_search_counts_what_one_sees(self):
        for who, v, may in self.everybody():
            page = v.get("/search?q=" + self.tag)
            self.assertEqual("/tag/" + self.tag in page.links, may, who)
            # The account itself can be found.
            self.assertIn("/@" + self.name,
                          v.get("/search?q=" + self.name).links)

    def test_nothing_can_be_done_to_a_hidden_post(self):
        for who, v in self.shut.items():
            if who == "stranger":
                continue
            form = v.get("/settings").form("/settings")
            csrf = form.value("csrf")
            for what in ("/like", "/unlike", "/comment", "/delete"):
                page = v.post(self.first + what,
                              ("csrf=%s&text=x&key=" % csrf).encode(),
                              "application/x-www-form-urlencoded")
                self.assertEqual(page.status, 404, (who, what))
            self.assertEqual(v.get(self.first + "/moderate").status, 404)

    def test_an_accepted_follower_may_like_and_comment(self):
        page = self.let_in.get(self.second)
        self.let_in.submit(page.form(self.second + "/like"))
        page = self.let_in.submit(page.form(self.second + "/comment"),
                                  text="lovely " + self.tag)
        self.assertIn("lovely " + self.tag, page.text)

    def test_a_strangers_cached_page_has_nothing_of_it(self):
        for path in ("/public", "/", "/tag/" + self.tag, "/@" + self.name,
                     "/search?q=" + self.tag, self.first):
            self.owner.get(path)
            for _ in range(3):
                body = stack.raw("GET", path)[2].decode()
                self.assertNotIn("/private/", body)
                self.assertNotIn('href="%s"' % self.first, body)
                self.assertNotIn('href="%s"' % self.second, body)

    # ---- images ----

    def test_pages_name_a_workers_address(self):
        self.assertEqual(len(self.stems), 3)
        for stem in self.stems:
            self.assertRegex(stem, "^/private/[a-z2-7]{26}$")
        for path in ("/", "/@" + self.name, "/tag/" + self.tag, "/public"):
            self.assertNotIn(self.old_stem, self.old.get(path).html)
            self.assertIn("/private/", self.old.get(path).html)

    def addresses(self):
        webp = 0
        for stem in self.stems:
            for size in SIZES:
                yield stem + "-" + size
                webp += 1

    def test_images_are_sent_to_whom_the_post_is_shown(self):
        sent = set()
        for who, v, may in self.everybody():
            for address in self.addresses():
                status, headers, body = stack.raw("GET", address, cookies(v))
                if status == 404 and may and address.endswith("webp"):
                    continue
                self.assertEqual(status, 200 if may else 404, (who, address))
                said = headers["Cache-Control"]
                if may:
                    self.assertEqual(said, "private, no-store")
                self.assertIn(said, ("no-store", "private, no-cache",
                                     "private, no-store"), (who, address))
                self.assertIsNone(headers["X-Accel-Redirect"])
                self.assertEqual(is_image(body), may, (who, address))
                if may:
                    sent.add(address.rsplit(".", 1)[1])
                    self.assertEqual(
                        headers["Content-Type"],
                        "image/webp" if address.endswith("webp")
                        else "image/jpeg")
                    self.assertEqual(headers["X-Content-Type-Options"],
                                     "nosniff")
        self.assertEqual(sent, {"jpg", "webp"})

    def test_a_hidden_image_is_as_one_that_does_not_exist(self):
        nowhere = "/private/%s-m.jpg" % ("a" * 26)
        for who, v in self.shut.items():
            here = v.get(self.stems[0] + "-m.jpg")
            other = v.get(nowhere)
            self.assertEqual((here.status, here.text),
                             (other.status, other.text), who)

    def test_images_have_heads_ranges_and_tags(self):
        address = self.stems[0] + "-l.jpg"
        own = cookies(self.old)
        _, headers, whole = stack.raw("GET", address, own)
        status, head, nothing = stack.raw("HEAD", address, own)
        self.assertEqual((status, nothing), (200, b""))
        self.assertEqual(head["Content-Length"], str(len(whole)))
        status, part, body = stack.raw(
            "GET", address, own + [("Range", "bytes=10-29")])
        self.assertEqual((status, body), (206, whole[10:30]))
        self.assertEqual(part["Content-Range"],
                         "bytes 10-29/%d" % len(whole))
        self.assertEqual(part["Cache-Control"], "private, no-store")
        self.assertTrue(headers["ETag"])
        status, _, body = stack.raw(
            "GET", address, own + [("If-None-Match", headers["ETag"])])
        self.assertEqual((status, body), (304, b""))
        for more in ([("Range", "bytes=10-29")],
                     [("If-None-Match", headers["ETag"])]):
            self.assertEqual(stack.raw("GET", address, more)[0], 404)

    def test_no_object_of_theirs_is_in_public_space(self):
        public, hidden = stack.objects("public"), stack.objects("hidden")
        for stem in self.stems:
            key = stem.rsplit("/", 1)[1]
            self.assertFalse([o for o in public if o.startswith(key)])
            self.assertIn(key + "-l.jpg", hidden)

    def test_no_other_address_leads_to_them(self):
        for who, v, _ in self.everybody():
            for stem in self.stems:
                key = stem.rsplit("/", 1)[1]
                for end in ("l.jpg", "s.webp", "o.orig"):
                    name = "%s/%s-%s" % (key[:2], key, end)
                    for target in (
                            "/i/" + name, "/i/private/" + name,
                            "/hidden/" + name, "/shown/" + name,
                            "/hidden//" + name, "/i/../hidden/" + name,
                            "/%68idden/" + name, "/shown/../hidden/" + name,
                            "/private/../hidden/" + name,
                            "/private/%2e%2e/hidden/" + name,
                            "/hidden/../hidden/" + name,
                            "/static/../hidden/" + name,
                            "/private/" + key + "-o.orig",
                            "/private/" + key, "/private/" + key + "-",
                            "/private/" + key + "-x.jpg",
                            "/private/" + name):
                        status, headers, body = stack.raw(
                            "GET", target, cookies(v))
                        self.assertIn(status, (400, 404), (who, target))
                        self.assertFalse(is_image(body), (who, target))

    def test_originals_are_the_owners(self):
        for who, v, _ in self.everybody():
            status, headers, _ = stack.raw(
                "GET", self.first + "/original/1", cookies(v))
            self.assertEqual(status, 200 if who == "owner" else 404, who)

    # ---- the API ----

    def test_api_has_the_same_rule(self):
        doc = document()
        post = self.second.rsplit("/", 1)[1]
        for who, v, may in self.everybody():
            if who == "stranger":
                continue
            client = Client(doc, token_of(v, "read", "write"))
            wanted = 200 if may else 404
            _, _, account = client.call("api_account", name=self.name)
            self.assertTrue(account["is_private"])
            self.assertEqual(account["is_asked"], who == "asker", who)
            for call in ("api_account_posts", "api_followers",
                         "api_following"):
                self.assertEqual(
                    client.call(call, name=self.name)[0], wanted, (who, call))
            for call in ("api_post", "api_comments"):
                self.assertEqual(client.call(call, id=post)[0], wanted)
            for call in ("api_like", "api_unlike"):
                self.assertEqual(client.call(call, id=post)[0], wanted)
            for call, values in (("api_public", {}), ("api_home", {}),
                                 ("api_tag_posts", {"tag": self.tag})):
                _, _, found = client.call(call, **values)
                self.assertEqual(post in [one["id"] for one in found], may,
                                 (who, call))
            _, _, found = client.call("api_search", query="?q=%23" + self.tag)
            self.assertEqual(bool(found["tags"]), may)
            self.api_images(client, post, may)

    def api_images(self, client, post, may):
        addresses = ["/api/v1/images/%s-m.jpg" % stem.rsplit("/", 1)[1]
                     for stem in self.stems]
        if may:
            _, _, one = client.call("api_post", id=post)
            addresses += [image[size].removeprefix(stack.URL)
                          for image in one["images"]
                          for size in ("large", "medium", "small")]
        for address in addresses:
            status, headers, body = client.raw("GET", address)
            self.assertEqual(status, 200 if may else 404)
            self.assertEqual(is_image(body), may)
            if may:
                self.assertEqual(headers["Cache-Control"],
                                 "private, no-store")
            self.assertEqual(stack.raw("GET", address)[0], 401)

    def test_simulators_interface_sees_none(self):
        import base64
        import json
        login = [("Authorization", "Basic " + base64.b64encode(
            b"simulator:super_safe!").decode())]
        def ask(path):
            status, _, body = stack.raw("GET", "/sim" + path, login)
            return status, json.loads(body)
        stack.sql("INSERT INTO post (account_id, caption) SELECT id, "
                  "'words of %s' FROM account WHERE name = '%s'"
                  % (self.tag, self.name))
        self.assertNotIn("words of " + self.tag, str(ask("/msgs?no=50")))
        self.assertEqual(ask("/msgs/" + self.name), (200, []))
        follow(self.owner, self.other.name)
        self.assertEqual(ask("/fllws/" + self.name), (200, {"follows": []}))
        stack.sql("DELETE FROM post WHERE caption = 'words of %s'" % self.tag)


class Switching(unittest.TestCase, stack.Check):

    def test_old_addresses_are_dead_at_once_and_come_back(self):
        owner, friend = stack.register(), stack.register()
        follow(friend, owner.name)
        paths = [stack.post(owner, [pictures.camera_photo(n)]).path
                 for n in (3, 8)]
        wait_for_webp()
        old = [stem for path in paths for stem in stems(owner.get(path))]
        served = [stem + "-" + size for stem in old for size in SIZES
                  if stack.raw("GET", stem + "-" + size)[0] == 200]
        self.assertGreater(len(served), 6)
        page = switch(owner, True)
        self.assertIn("Your account is private.", page.text)
        for address in served:
            self.assertEqual(stack.raw("GET", address)[0], 404, address)
            self.assertEqual(
                stack.raw("GET", address, cookies(owner))[0], 404)
        guarded = [a.replace(a[:6], "/private/") for a in served]
        for address in guarded:
            self.assertEqual(
                stack.raw("GET", address, cookies(friend))[0], 200, address)
        switch(owner, False)
        wait_for_arrival(owner.name)
        for address in served:
            self.assertEqual(stack.raw("GET", address)[0], 200, address)
        for path in paths:
            self.assertIn(stems(stack.stranger().get(path))[0], old)
        # Who still has the other address is led to this one.
        for address, where in zip(guarded, served):
            status, headers, _ = stack.raw("GET", address)
            self.assertEqual((status, headers["Location"]), (303, where))

    def test_twice_changes_nothing_more(self):
        owner = stack.register()
        for _ in range(2):
            switch(owner, True)
        self.assertEqual(stack.count(
            "account", "name = '%s' AND is_private" % owner.name), 1)

    def test_a_comment_on_a_public_post_stays(self):
        owner, other = stack.register(), stack.register()
        path = stack.post(other, [stack.file_of(pictures.png(40, 30))]).path
        owner.submit(owner.get(path).form(path + "/comment"), text="hello")
        switch(owner, True)
        self.assertIn("hello", stack.stranger().get(path).text)

    def test_profile_picture_stays_public(self):
        owner = stack.register()
        owner.submit(owner.get("/settings").form("/settings/picture"), files=[
            ("picture", stack.file_of(pictures.png(300, 300)))])
        switch(owner, True)
        wait_for_arrival(owner.name)
        picture = stack.images_of(stack.stranger().get("/@" + owner.name))
        self.assertTrue(picture)
        for address in picture:
            self.assertEqual(stack.raw("GET", address)[0], 200)

    def test_deleted_and_erased_images_leave_no_trace(self):
        owner = stack.register()
        switch(owner, True)
        path = stack.post(owner, [pictures.camera_photo(3)]).path
        kept = stack.post(owner, [pictures.camera_photo(8)]).path
        wait_for_webp()
        key = stems(owner.get(path))[0].rsplit("/", 1)[1]
        other = stems(owner.get(kept))[0].rsplit("/", 1)[1]
        owner.submit(owner.get(path + "/delete").form(path + "/delete"))
        for size in SIZES:
            self.assertEqual(stack.raw(
                "GET", "/private/%s-%s" % (key, size), cookies(owner))[0], 404)
        stack.ctl("fsck")
        stack.ctl("user", "erase", owner.name, "--yes")
        self.assertFalse([o for o in stack.objects()
                          if o.startswith((key, other))])


class Requests(unittest.TestCase, stack.Check):

    @classmethod
    def setUpClass(cls):
        cls.owner, cls.fan = stack.register(), stack.register()
        switch(cls.owner, True)
        cls.path = stack.post(
            cls.owner, [stack.file_of(pictures.png(40, 30))]).path

    def requests(self):
        return stack.count(
            "follow_request", "followed_id = (SELECT id FROM account WHERE "
            "name = '%s')" % self.owner.name)

    def test_asking_withdrawing_accepting_and_leaving(self):
        profile = "/@" + self.owner.name
        page = follow(self.fan, self.owner.name)
        self.assertIn("Requested", page.text)
        self.assertIn("You have asked to follow", page.text)
        self.assertEqual(self.requests(), 1)
        # The owner is told wherever they are, others are not.
        self.assertIn("/requests", self.owner.get("/public").links)
        self.assertNotIn("/requests", self.fan.get("/public").links)
        page = self.fan.submit(page.form("/unfollow"))
        self.assertNotIn("Requested", page.text)
        self.assertEqual(self.requests(), 0)
        self.assertNotIn("/requests", self.owner.get("/public").links)
        form = self.fan.get(profile).form("/follow")
        for _ in range(2):
            self.fan.submit(form)
        self.assertEqual(self.requests(), 1)
        form = self.owner.get("/requests").form("/accept")
        page = self.owner.submit(form)
        self.assertIn("They follow you now", page.text)
        page = self.owner.submit(form)
        self.assertEqual((page.status, page.path), (200, "/requests"))
        self.assertIn("1 follower", self.fan.get(profile).text)
        self.assertIn(self.path, self.fan.get("/").links)
        self.fan.submit(self.fan.get(profile).form("/unfollow"))
        self.assertNotIn(self.path, self.fan.get("/").links)
        self.assertEqual(self.fan.get(self.path).status, 404)

    def test_nobody_answers_for_another(self):
        asker, thief = stack.register(), stack.register()
        follow(asker, self.owner.name)
        csrf = thief.get("/settings").form("/settings").value("csrf")
        for what in ("accept", "decline", "remove"):
            thief.post("/@%s/%s" % (asker.name, what),
                       ("csrf=" + csrf).encode(),
                       "application/x-www-form-urlencoded")
        self.assertEqual(self.requests(), 1)
        self.assertEqual(asker.get(self.path).status, 404)
        asker.submit(asker.get("/@" + self.owner.name).form("/unfollow"))

    def test_becoming_public_says_yes_to_all(self):
        owner = stack.register()
        switch(owner, True)
        askers = [stack.register() for _ in range(3)]
        for asker in askers:
            follow(asker, owner.name)
        switch(owner, False)
        stack.wait_for("the answers", lambda: stack.count(
            "follow", "followed_id = (SELECT id FROM account WHERE name = "
            "'%s')" % owner.name) == 3)
        self.assertIn("3 followers", owner.get("/@" + owner.name).text)


if __name__ == "__main__":
    cases.main()
