#!/usr/bin/env python3
"""Who is who: sessions, forms that are sent twice or from elsewhere, and the
queue before the password hashes."""

import threading
import unittest

import cases
import pictures
import stack
from stack import visitor


def copy_of(v):
    """Somebody who has got hold of the visitor's cookies."""
    other = stack.stranger()
    other.cookies = dict(v.cookies)
    return other


def is_member(v):
    return v.get("/settings", follow=False).status == 200


class Sessions(unittest.TestCase, stack.Check):

    def test_cookie_is_for_the_server_alone(self):
        v = stack.stranger()
        name = stack.register().name
        page = v.submit(v.get("/login").form("/login"), follow=False,
                        who=name, password=stack.PASSWORD)
        line = [c for c in page.headers.get_all("Set-Cookie")
                if c.startswith("session=")][0]
        attributes = [a.strip() for a in line.split(";")[1:]]
        for wanted in ("HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(wanted, attributes)
        self.assertFalse([a for a in attributes if a.startswith("Domain")])
        # 128 random bits or more, as base64url.
        self.assertGreaterEqual(len(v.cookies["session"]), 22)

    def test_token_is_not_stored_as_it_is(self):
        v = stack.register()
        rows = stack.sql("SELECT encode(token_hash, 'escape') FROM session")
        self.assertTrue(rows)
        self.assertNotIn(v.cookies["session"], str(rows))

    def test_cookie_of_a_stranger_is_for_the_server_alone_too(self):
        line = stack.raw("GET", "/login")[1]["Set-Cookie"]
        self.assertTrue(line.startswith("visitor="))
        self.assertIn("HttpOnly", line)
        self.assertIn("SameSite=Lax", line)

    def test_login_gives_a_new_token(self):
        v = stack.register()
        other = visitor.log_in(stack.URL, v.name, stack.PASSWORD)
        self.assertNotEqual(v.cookies["session"], other.cookies["session"])
        self.assertTrue(is_member(v) and is_member(other))

    def test_a_token_from_elsewhere_is_not_taken_over(self):
        name = stack.register().name
        v = stack.stranger()
        v.cookies["session"] = "A" * 43
        v.submit(v.get("/login").form("/login"), who=name,
                 password=stack.PASSWORD)
        self.assertTrue(is_member(v))
        self.assertNotEqual(v.cookies["session"], "A" * 43)

    def test_logout_ends_the_session_on_the_server(self):
        v = stack.register()
        thief = copy_of(v)
        self.assertTrue(is_member(thief))
        page = v.submit(v.get("/").form("/logout"))
        self.assertIn("You are logged out", page.text)
        self.assertNotIn("session", v.cookies)
        self.assertFalse(is_member(thief))
        self.assertNotIn("/@" + v.name, thief.get("/").html)

    def test_new_password_ends_the_other_sessions(self):
        v = stack.register()
        other = visitor.log_in(stack.URL, v.name, stack.PASSWORD)
        thief = copy_of(v)
        page = v.submit(v.get("/settings").form("/settings/password"),
                        current=stack.PASSWORD, password="another four words",
                        again="another four words")
        self.assertIn("Your password is changed", page.text)
        self.assertTrue(is_member(v))
        self.assertFalse(is_member(other))
        self.assertFalse(is_member(thief))
        with self.assertRaises(RuntimeError):
            visitor.log_in(stack.URL, v.name, stack.PASSWORD)
        visitor.log_in(stack.URL, v.name, "another four words")

    def test_wrong_current_password_changes_nothing(self):
        v = stack.register()
        page = v.submit(v.get("/settings").form("/settings/password"),
                        current="not that one", password="another four words",
                        again="another four words")
        self.assert_site_page(page, 400)
        self.assertIn("not your current password", page.text)
        visitor.log_in(stack.URL, v.name, stack.PASSWORD)

    def test_unknown_name_and_wrong_password_are_one_answer(self):
        name = stack.register().name
        said = []
        for who in (name, stack.fresh_name()):
            v = stack.stranger()
            page = v.submit(v.get("/login").form("/login"), who=who,
                            password="not that one")
            self.assertEqual(page.status, 400)
            said.append(page.reader.words)
            self.assertEqual(page.form("/login").value("who"), who)
        self.assertEqual(*said)

    def test_many_tries_are_slowed_down(self):
        name = stack.register().name
        v = stack.stranger()
        form = v.get("/login").form("/login")
        for _ in range(40):
            page = v.submit(form, who=name, password="not that one")
            if page.status != 400:
                break
        self.assert_site_page(page, 429)
        self.assertEqual(page.headers["Retry-After"], "900")
        # Not even with the right one, and nobody else suffers.
        self.assertEqual(v.submit(form, who=name,
                                  password=stack.PASSWORD).status, 429)
        stack.register()


class Forms(unittest.TestCase, stack.Check):

    @classmethod
    def setUpClass(cls):
        cls.author, cls.other = stack.register(), stack.register()
        cls.path = stack.post(cls.author, [
            stack.file_of(pictures.png(40, 30))]).path

    def every_post(self, v):
        """(form, values) of each thing that a member can send."""
        yield v.get("/").form("/logout"), {}
        settings = v.get("/settings")
        yield settings.form("/settings"), {"bio": "changed"}
        yield settings.form("/settings/password"), {
            "current": stack.PASSWORD, "password": "a new one, long",
            "again": "a new one, long"}
        yield settings.form("/settings/picture"), {}
        yield v.get("/new").form("/new"), {"caption": "changed"}
        page = v.get(self.path)
        yield page.form(self.path + "/like"), {}
        yield page.form(self.path + "/bookmark"), {}
        yield page.form(self.path + "/comment"), {"text": "changed"}
        yield v.get("/@" + self.author.name).form("/follow"), {}
        yield stack.stranger().get("/login").form("/login"), {
            "who": self.author.name, "password": stack.PASSWORD}

    def state(self):
        return [stack.sql("SELECT * FROM %s ORDER BY 1, 2" % table)
                for table in ("post", "comment", "liking", "follow", "bookmark",
                              "inbox")] + \
            stack.sql("SELECT bio, password_hash FROM account ORDER BY id")

    def test_no_form_is_taken_without_its_token(self):
        before = self.state()
        for form, values in self.every_post(self.other):
            for token in (None, "", "x" * 43):
                page = self.other.submit(form, follow=False, csrf=token,
                                         **values)
                self.assert_site_page(page, 403)
        self.assertEqual(self.state(), before)
        self.assertTrue(is_member(self.other))

    def test_no_form_is_taken_with_the_token_of_another(self):
        stolen = self.author.get("/").form("/logout").value("csrf")
        before = self.state()
        for form, values in self.every_post(self.other):
            page = self.other.submit(form, follow=False, csrf=stolen,
                                     **values)
            self.assert_site_page(page, 403)
        self.assertEqual(self.state(), before)

    def test_no_form_is_taken_from_another_site(self):
        before = self.state()
        for form, values in self.every_post(self.other):
            body, kind = visitor.multipart([
                (n, v if v is not None else visitor.File(None))
                for n, v in self.other._filled(form, (), values)])
            for origin in ("https://evil.example", "null",
                           stack.URL + ".evil.example",
                           stack.URL.replace("http:", "https:")):
                page = self.other.post(form.action, body, kind, follow=False,
                                       headers=[("Origin", origin)])
                self.assert_site_page(page, 403)
        self.assertEqual(self.state(), before)
        self.assertTrue(is_member(self.other))

    def twice(self, v, form, **values):
        """Sends the form two times at once, as a double click does."""
        pages = []

        def send():
            one = copy_of(v)
            pages.append(one.submit(form, follow=False, **values))

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pages.append(copy_of(v).submit(form, follow=False, **values))
        self.assertEqual([page.status for page in pages], [303] * 3,
                         [page.text[:200] for page in pages])
        locations = {page.headers["Location"] for page in pages}
        self.assertEqual(len(locations), 1, locations)

    def test_post_sent_twice_is_one_post(self):
        author = stack.register()
        before = stack.objects()
        path = stack.file_of(pictures.png(400, 300))
        self.twice(author, author.get("/new").form("/new"),
                   files=[("image", path)], caption="twice")
        posts = stack.sql("SELECT p.id FROM post p JOIN account a "
                          "ON a.id = p.account_id WHERE a.name = '%s'" %
                          author.name)
        self.assertEqual(len(posts), 1)
        new = stack.objects() - before
        self.assertEqual(len([o for o in new if o.endswith(".jpg")]), 3)

    def test_comment_sent_twice_is_one_comment(self):
        words = "said once " + stack.fresh_name()
        page = self.other.get(self.path)
        self.twice(self.other, page.form(self.path + "/comment"), text=words)
        self.assertEqual(stack.count("comment", "body = '%s'" % words), 1)

    def test_bookmark_sent_twice_is_one(self):
        fan = stack.register()
        self.twice(fan, fan.get(self.path).form(self.path + "/bookmark"))
        who = "(SELECT id FROM account WHERE name = '%s')" % fan.name
        self.assertEqual(stack.count("bookmark", "account_id = " + who), 1)
        self.assertIn(self.path, fan.get("/bookmarks").html)
        self.twice(fan, fan.get(self.path).form(self.path + "/unbookmark"))
        self.assertEqual(stack.count("bookmark", "account_id = " + who), 0)
        self.assertNotIn(self.path, fan.get("/bookmarks").html)

    def test_what_happens_is_told_once_and_read_by_a_button(self):
        author, fan = stack.register(), stack.register()
        path = stack.post(author, [stack.file_of(pictures.png(40, 30))]).path
        page = fan.get(path)
        self.twice(fan, page.form(path + "/like"))
        self.twice(fan, page.form(path + "/comment"), text="so calm")
        for _ in range(2):
            page = author.get("/notifications")
            self.assert_site_page(page, 200)
            self.assertIn('class="unread"', page.html)
            self.assertIn("so calm", page.text)
        self.assertIn('class="badge"', author.get("/public").html)
        self.twice(author, page.form("/notifications/read"))
        self.assertNotIn('class="badge"', author.get("/public").html)
        page = author.get("/notifications")
        self.assertIn("so calm", page.text)
        self.assertNotIn('class="unread"', page.html)
        self.assertNotIn('class="badge"', fan.get("/public").html)

    def test_like_and_follow_sent_twice_count_once(self):
        fan = stack.register()
        page = fan.get(self.path)
        likes = int(stack.sql("SELECT likes FROM post WHERE id = " +
                              self.path.split("/")[-1])[0][0])
        self.twice(fan, page.form(self.path + "/like"))
        self.twice(fan, fan.get("/@" + self.author.name).form("/follow"))
        self.assertEqual(
            stack.sql("SELECT likes FROM post WHERE id = " +
                      self.path.split("/")[-1]), [[str(likes + 1)]])
        who = "(SELECT id FROM account WHERE name = '%s')" % fan.name
        self.assertEqual(stack.count("liking", "account_id = " + who), 1)
        self.assertEqual(stack.count("follow", "follower_id = " + who), 1)

    def test_registration_sent_twice_is_one_account(self):
        name = stack.fresh_name()
        v = stack.stranger()
        self.twice(v, v.get("/register").form("/register"), username=name,
                   display=name, email=name + "@example.org",
                   password=stack.PASSWORD, again=stack.PASSWORD,
                   consent="yes")
        self.assertEqual(stack.count("account", "name = '%s'" % name), 1)

    def test_delete_sent_twice_is_no_fault(self):
        author = stack.register()
        path = stack.post(author, [
            stack.file_of(pictures.png(40, 30))]).path
        form = author.get(path + "/delete").form("/delete")
        statuses = [author.submit(form, follow=False).status
                    for _ in range(2)]
        self.assertEqual(statuses, [303, 404])

    def test_only_the_author_may_delete(self):
        page = self.other.get(self.path + "/delete")
        self.assert_site_page(page, 403)
        form = self.author.get(self.path + "/delete").form("/delete")
        csrf = self.other.get("/").form("/logout").value("csrf")
        page = self.other.submit(form, follow=False, csrf=csrf)
        self.assertIn(page.status, (403, 404))
        self.assertEqual(self.author.get(self.path).status, 200)

    def test_no_account_without_consent(self):
        name = stack.fresh_name()
        v = stack.stranger()
        page = v.submit(v.get("/register").form("/register"), username=name,
                        display="Typed", email=name + "@example.org",
                        password=stack.PASSWORD, again=stack.PASSWORD)
        self.assert_site_page(page, 400)
        self.assertIn("Without your consent", page.text)
        form = page.form("/register")
        self.assertEqual(form.value("username"), name)
        self.assertEqual(form.value("display"), "Typed")
        self.assertEqual(form.value("password"), "")
        self.assertEqual(stack.count("account", "name = '%s'" % name), 0)


class Busy(unittest.TestCase, stack.Check):

    def test_full_queue_before_the_hashes_says_503_and_pages_go_on(self):
        """Forty logins at once; nine may wait or hash, the rest are told."""
        answers, pages = [], []
        v = stack.stranger()
        form = v.get("/login").form("/login")
        member = stack.register()
        start = threading.Barrier(41)

        def try_to_log_in(number):
            one = copy_of(v)
            start.wait()
            answers.append(one.submit(
                form, who="nobody_%d_%s" % (number, member.name),
                password="not that one"))

        threads = [threading.Thread(target=try_to_log_in, args=(n,))
                   for n in range(40)]
        for thread in threads:
            thread.start()
        start.wait()
        while any(thread.is_alive() for thread in threads):
            pages.append(member.get("/").status)
        for thread in threads:
            thread.join()
        self.assertEqual(len(answers), 40)
        busy = [page for page in answers if page.status == 503]
        self.assertEqual({page.status for page in answers}, {400, 503})
        for page in busy:
            self.assert_site_page(page, 503)
            self.assertIn(page.headers["Retry-After"], ("5",))
            self.assertIn("busy", page.text)
        self.assertTrue(pages)
        self.assertEqual(set(pages), {200})
        # And then there is room again.
        visitor.log_in(stack.URL, member.name, stack.PASSWORD)


if __name__ == "__main__":
    cases.main()
