#!/usr/bin/env python3
"""Many at once, through nginx and all workers: what is sent twice is done
once, and what has ended lets nobody in."""

import concurrent.futures
import threading
import unittest

import cases
import stack
import test_api
import visitor
from pictures import png

MANY = 8


def at_once(actions):
    """What each gave; they begin together, and none takes more than a
    minute."""
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait(60)
        return action()

    with concurrent.futures.ThreadPoolExecutor(len(actions)) as pool:
        done = [pool.submit(run, action) for action in actions]
        return [one.result(60) for one in done]


def twin(v):
    """The same browser in another window: a connection of its own."""
    other = visitor.Visitor(v.site)
    other.cookies = dict(v.cookies)
    return other


class Keys(unittest.TestCase):
    """One Idempotency-Key, sent by many programs at the same time: whoever
    comes second waits for the first, and each is told what that has made."""

    @classmethod
    def setUpClass(cls):
        cls.doc = test_api.document()
        cls.admin = test_api.with_role("admin")
        cls.token = test_api.token_of(
            cls.admin, "read", "write", "upload", "moderate")

    def ids_of_many(self, call, allowed=(), **what):
        def send():
            client = test_api.Client(self.doc, self.token)
            return client.call(
                call, [("Idempotency-Key", call)], **what)
        answers = at_once([send] * MANY)
        answers.append(send())
        self.assertLessEqual({status for status, _, _ in answers},
                             {201, *allowed})
        return {made["id"] for status, _, made in answers if status == 201}

    def test_a_post_with_a_key_and_its_comment_are_made_once(self):
        (post,) = self.ids_of_many("api_post_make", (503,), files=[
            ("image", png(41, 30))], sends=[("caption", "at once")])
        self.assertEqual(stack.count(
            "post p JOIN account a ON a.id = p.account_id",
            "a.name = '%s'" % self.admin.name), 1)
        (comment,) = self.ids_of_many("api_comment_make", id=post,
                                      sends={"text": "at once"})
        self.assertEqual(stack.count("comment", "post_id = " + post), 1)
        self.assertEqual(stack.count("comment", "id = " + comment), 1)

    def test_an_incident_with_a_key_is_told_once(self):
        (number,) = self.ids_of_many("api_incident_open", sends={
            "title": "Slow", "severity": "degraded", "text": "We look."})
        self.assertEqual(stack.count("incident_note",
                                     "incident_id = " + number), 1)
        stack.sql("DELETE FROM incident WHERE id = " + number)


class Twice(unittest.TestCase):
    """One form, sent by many at the same time."""

    def test_a_post_that_is_sent_many_times_at_once_is_one(self):
        v = stack.register()
        form = v.get("/new").form("/new")
        picture = stack.file_of(png(40, 30))
        pages = at_once([lambda w=twin(v): w.submit(
            form, files=[("image", picture)], caption="once")
            for _ in range(MANY)])
        # 503: more at a time than the decoder's queue holds.
        self.assertLessEqual({page.status for page in pages}, {200, 503})
        pages.append(v.submit(form, files=[("image", picture)],
                              caption="once"))
        self.assertEqual(
            len({page.path for page in pages if page.status == 200}), 1)
        self.assertEqual(stack.count(
            "post p JOIN account a ON a.id = p.account_id",
            "a.name = '%s'" % v.name), 1)
        self.assertEqual(stack.count(
            "image i JOIN post p ON p.id = i.post_id JOIN account a ON "
            "a.id = p.account_id", "a.name = '%s'" % v.name), 1)

    def test_a_comment_that_is_sent_many_times_at_once_is_one(self):
        v = stack.register()
        address = stack.post(v, [stack.file_of(png(40, 30))]).path
        form = v.get(address).form(address + "/comment")
        pages = at_once([lambda w=twin(v): w.submit(form, text="once")
                         for _ in range(MANY)])
        self.assertEqual({page.status for page in pages}, {200})
        number = address.rsplit("/", 1)[1]
        self.assertEqual(stack.count("comment", "post_id = " + number), 1)
        self.assertEqual(stack.count(
            "post", "comments = 1 AND id = " + number), 1)

    def test_likes_of_many_at_once_are_counted(self):
        v = stack.register()
        address = stack.post(v, [stack.file_of(png(40, 30))]).path
        people = [stack.register() for _ in range(MANY)]
        forms = [p.get(address) for p in people]

        def waver(p, page):
            for _ in range(3):
                page = p.submit(page.form(address + "/like"))
                page = p.submit(p.get(address).form(address + "/unlike"))
                page = p.get(address)
            return p.submit(page.form(address + "/like")).status

        self.assertEqual(set(at_once(
            [lambda p=p, page=page: waver(p, page)
             for p, page in zip(people, forms)])), {200})
        number = address.rsplit("/", 1)[1]
        self.assertEqual(stack.count("liking", "post_id = " + number), MANY)
        self.assertEqual(stack.count(
            "post", "likes = %d AND id = %s" % (MANY, number)), 1)


class Ended(unittest.TestCase):
    """What ends lets nobody in, however they hurry."""

    def test_no_login_of_the_old_password_outlives_the_new_one(self):
        v = stack.register()
        new = "eight tin kettles"
        over = threading.Event()

        def hurry():
            """Logs in again and again, to the end of the change."""
            mine = []
            while True:
                last = over.is_set()
                w = stack.stranger()
                page = w.get("/login")
                w.submit(page.form("/login"), who=v.name, password=stack.PASSWORD)
                mine.append(w)
                if last:
                    return mine

        def change():
            try:
                return v.submit(
                    v.get("/settings").form("/settings/password"),
                    current=stack.PASSWORD, password=new, again=new)
            finally:
                over.set()

        results = at_once([change] + [hurry] * 3)
        self.assertEqual(results[0].status, 200, results[0].text)
        browsers = [one for mine in results[1:] for one in mine]
        self.assertTrue(any(w.cookies for w in browsers))
        for w in browsers:
            self.assertIsNotNone(w.get("/settings").form("/login"))
        self.assertEqual(v.get("/settings").path, "/settings")

    def test_an_account_that_is_erased_while_it_posts_leaves_nothing(self):
        v = stack.register()
        forms = [v.get("/new").form("/new") for _ in range(4)]
        picture = stack.file_of(png(40, 30))
        before = stack.objects()
        at_once([lambda f=f, w=twin(v): w.submit(
            f, files=[("image", picture)], caption="gone").status
            for f in forms] +
            [lambda: stack.ctl("user", "erase", v.name, "--yes")])
        self.assertEqual(stack.count("account", "name = '%s'" % v.name), 0)
        self.assertEqual(stack.count("post", "caption = 'gone'"), 0)
        stack.wait_for_jobs()
        self.assertEqual(stack.objects(), before)


if __name__ == "__main__":
    cases.main()
