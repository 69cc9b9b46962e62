#!/usr/bin/env python3
"""A forgotten password: the link that its owner asks for, by mail."""

import re
import socket
import time

import cases
import stack
from postbox import SiteMail

NEXT = "a brand new sentence"
SENT = "a mail with a link is on its way"


def ask(who):
    v = stack.stranger()
    return v.submit(v.get("/forgot").form("/forgot"), who=who)


def log_in(name, password):
    v = stack.stranger()
    return v.submit(v.get("/login").form("/login"), who=name,
                    password=password)


def waiting():
    return stack.count("job", "kind = 'reset_mail'")


class Forgotten(SiteMail, stack.Check):

    def start(self, port):
        super().start(port)
        stack.wait_for("the pages to know of mail", lambda: "Send the link"
                       in stack.stranger().get("/forgot").text)

    def link(self, mail):
        return re.search(r"^%s(/reset\?link=[\w-]{43})$" % re.escape(
            stack.URL), mail["text"], re.M).group(1)

    def test_who_asks_gets_a_link_and_sets_a_password(self):
        member = stack.register()
        self.start(self.serve())
        v = stack.stranger()
        self.assertIn("/forgot", v.get("/login").links)
        page = v.get("/forgot")
        page = v.submit(page.form("/forgot"), who=member.name)
        self.assertEqual((page.status, page.path), (200, "/login"))
        self.assertIn(SENT, page.text)
        mail, = self.wait()
        address = stack.sql("SELECT email FROM account WHERE name = '%s'" %
                            member.name)[0][0]
        self.assertEqual((mail["to"], mail["headers"]["To"]),
                         ([address], address))
        self.assertIn("a new password", mail["headers"]["Subject"])
        self.assertIn("Hello %s," % member.name, mail["text"])
        stack.wait_for_jobs()
        page = v.get(self.link(mail))
        self.assertIn("@" + member.name, page.text)
        page = v.submit(page.form("/reset"), password=NEXT, again=NEXT)
        self.assertIn("new password is set", page.text)
        self.assertEqual(log_in(member.name, NEXT).path, "/")
        self.assertEqual(member.get("/settings").path, "/login")

    def test_the_answer_does_not_tell_who_exists(self):
        member = stack.register()
        self.start(self.serve())
        said = {ask(who).text for who in (
            member.name, "nobody_at_all", "x@nowhere.example")}
        self.assertEqual(len(said), 1)
        stack.wait_for("all to be done", lambda: waiting() == 0)
        self.assertEqual(len(self.mails()), 1)

    def test_a_second_link_takes_a_while(self):
        member = stack.register()
        self.start(self.serve())
        for _ in range(2):
            self.assertIn(SENT, ask(member.name).text)
            stack.wait_for("it to be done", lambda: waiting() == 0)
        mail, = self.mails()
        self.assertEqual(stack.stranger().get(self.link(mail)).status, 200)

    def test_a_form_without_a_name_says_so(self):
        self.start(self.serve())
        page = ask("  ")
        self.assert_site_page(page, 400)
        self.assertIn("type your username or your email", page.text)
        page = ask("a" * 255)
        self.assert_site_page(page, 400)
        self.assertEqual(page.form("/forgot").value("who"), "a" * 255)
        self.assertEqual(waiting(), 0)

    def test_a_site_without_mail_says_whom_to_write_to(self):
        member = stack.register()
        v = stack.stranger()
        page = v.get("/forgot")
        self.assert_site_page(page, 200)
        self.assertIn("sends no mail", page.text)
        self.assertIn(stack.conf().get("site", "contact"), page.text)
        form = v.get("/login").form("/login")
        form.action = "/forgot"
        self.assert_site_page(v.submit(form, who=member.name), 404)
        self.assertEqual(waiting(), 0)

    def test_a_mailbox_that_is_gone_is_not_tried_again(self):
        member = stack.register()
        address = stack.sql("SELECT email FROM account WHERE name = '%s'" %
                            member.name)[0][0]
        self.start(self.serve("--refuse", address))
        ask(member.name)
        stack.wait_for("it to be given up", lambda: waiting() == 0)
        self.assertEqual(self.mails(), [])
        self.assertEqual(stack.count("reset_link l JOIN account a "
                                     "ON a.id = l.account_id",
                                     "a.name = '%s'" % member.name), 0)

    def test_a_server_that_is_away_is_tried_again(self):
        member = stack.register()
        port = self.serve()
        self.stop()
        self.start(port)
        ask(member.name)
        stack.wait_for("a first try", lambda: stack.count(
            "job", "kind = 'reset_mail' AND tries = 1") == 1)
        self.start(self.serve())
        stack.sql("UPDATE job SET run_at = now()")
        stack.sql("NOTIFY pixlpix_job")
        mail, = self.wait()
        self.assertEqual(stack.stranger().get(self.link(mail)).status, 200)

    def test_a_server_that_says_nothing_locks_nobody_out(self):
        member = stack.register()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.start(silent.getsockname()[1])
            ask(member.name)
            silent.settimeout(30)
            with silent.accept()[0]:
                began = time.monotonic()
                self.assertEqual(log_in(member.name, stack.PASSWORD).path,
                                 "/")
                link = stack.ctl("user", "reset", member.name, "--link")
                self.assertLess(time.monotonic() - began, 8)
                self.assertEqual(waiting(), 1)
        stack.wait_for("it to fail", lambda: stack.count(
            "job", "kind = 'reset_mail' AND tries = 1") == 1)
        self.assertEqual(stack.stranger().get(link.strip()).status, 200)

    def test_who_asks_for_many_is_slowed_down(self):
        """From an address of its own, so that nobody else is."""
        self.start(self.serve())
        v = stack.stranger()
        v.connect_from("127.0.0.8")
        form = v.get("/forgot").form("/forgot")
        statuses = [v.submit(form, who="nobody_%d" % n, follow=False).status
                    for n in range(stack.limit("login_burst") + 20)]
        self.assertEqual(set(statuses), {303, 429})
        self.assertIn(SENT, ask("nobody").text)


if __name__ == "__main__":
    cases.main()
