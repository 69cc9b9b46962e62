#!/usr/bin/env python3
"""Mail to the admin, taken by an SMTP server that runs beside the site."""

import json
import os
import subprocess

import cases
import stack
from postbox import ADMIN, CONF, CTL, Mail, SiteMail


class Sending(Mail):

    def doctor(self, conf):
        found = json.loads(subprocess.run(
            stack.as_owner() + [CTL, "--config", conf, "doctor", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
            encoding="utf-8").stdout)
        return next(f["verdict"] for f in found if f["part"] == "mail")

    def test_a_test_mail_is_well_formed(self):
        done = self.ctl(self.conf(self.serve()), "mail", "test")
        self.assertEqual(done.returncode, 0, done.stdout)
        mail, = self.mails()
        self.assertEqual((mail["from"], mail["to"]),
                         ("pixlpix@photos.example", [ADMIN]))
        headers = mail["headers"]
        self.assertEqual(headers["From"], "pixlpix@photos.example")
        self.assertEqual(headers["To"], ADMIN)
        self.assertIn("a test", headers["Subject"])
        self.assertRegex(headers["Date"],
                         r"^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$")
        self.assertRegex(headers["Message-ID"], r"^<[\w-]{22}@[^>]+>$")
        self.assertEqual(headers["Auto-Submitted"], "auto-generated")
        self.assertEqual((mail["type"], mail["charset"]),
                         ("text/plain", "utf-8"))
        self.assertIn("when a backup fails", mail["text"])
        self.assertLess(max(map(len, mail["lines"])), 100)

    def test_tls_is_demanded_and_the_certificate_looked_at(self):
        certificate, key = self.certificate()
        port = self.serve("--tls", certificate, key)
        self.assertEqual(self.ctl(self.conf(port, tls="starttls"),
                                  "mail", "test").returncode, 1)
        done = self.ctl(self.conf(port, tls="starttls", ca_file=certificate),
                        "mail", "test")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual([m["tls"] for m in self.mails()], [True])

    def test_a_server_without_tls_gets_nothing_where_it_is_demanded(self):
        done = self.ctl(self.conf(self.serve(), tls="starttls"),
                        "mail", "test")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.mails(), [])

    def test_it_logs_in_with_the_password_of_a_file(self):
        certificate, key = self.certificate()
        port = self.serve("--tls", certificate, key, "--login", "pix",
                          "open sesame")
        secret = os.path.join(self.folder, "secret")
        for password, status in (("wrong", 1), ("open sesame", 0)):
            with open(secret, "w", encoding="utf-8") as file:
                file.write(password + "\n")
            os.chmod(secret, 0o640)
            os.chown(secret, 0, os.stat(stack.STATE).st_gid)
            conf = self.conf(port, tls="starttls", ca_file=certificate,
                             user="pix", password_file=secret)
            done = self.ctl(conf, "mail", "test")
            self.assertEqual(done.returncode, status, done.stdout)
            self.assertNotIn(password, done.stdout)
            self.assertEqual(self.doctor(conf), "bad" if status else "fine")
        self.assertEqual([m["login"] for m in self.mails()], ["pix"])

    def test_doctor_asks_without_sending(self):
        port = self.serve("--refuse", "nobody@photos.example")
        self.assertEqual(self.doctor(self.conf(port)), "fine")
        self.assertEqual(
            self.doctor(self.conf(port, to="nobody@photos.example")), "bad")
        self.stop()
        self.assertEqual(self.doctor(self.conf(port)), "bad")
        self.assertEqual(self.doctor(CONF), "doubtful")
        self.assertEqual(self.mails(), [])

    def test_what_cannot_be_is_refused_with_its_line(self):
        for keys, words in (
                ({"server": "http://localhost"}, "must be smtp://"),
                ({"tls": "perhaps"}, "must be starttls or none"),
                ({"from": "somebody"}, "must be an address"),
                ({"to": "a@b>\tDATA"}, "must be an address"),
                ({"user": "me"}, "without TLS")):
            done = self.ctl(self.conf(25, **keys), "config", "show")
            self.assertEqual(done.returncode, 1, keys)
            self.assertRegex(done.stdout, r"conf:\d+: .*" + words)


class Telling(SiteMail):
    """By the site's own pixlpix-jobs."""

    def test_a_backup_that_fails_is_told(self):
        self.start(self.serve())
        done = self.ctl(CONF, "backup", "/proc/nowhere")
        self.assertEqual(done.returncode, 1)
        mail, = self.wait()
        self.assertIn("a backup failed", mail["headers"]["Subject"])
        self.assertIn("/proc/nowhere: No such file or directory",
                      mail["text"].replace("\n", " "))

    def test_a_backup_that_fails_without_a_database_is_told_at_once(self):
        conf = self.conf(self.serve())
        with open(conf, encoding="utf-8") as file:
            text = file.read()
        with open(conf, "w", encoding="utf-8") as file:
            file.write(text.replace("dbname=pixlpix", "dbname=nowhere"))
        self.assertEqual(self.ctl(conf, "backup", "/tmp").returncode, 1)
        self.assertEqual(len(self.mails()), 1)

    def test_a_backup_that_was_killed_is_noted_and_told(self):
        """As systemd tells of it."""
        folder = os.path.join(self.folder, "backups")
        os.mkdir(folder)
        os.chmod(folder, 0o777)
        self.start(self.serve())
        stack.sql("INSERT INTO backup_run (folder) VALUES ('%s')" % folder)
        for result in ("success", "exit-code", "signal"):
            self.assertEqual(stack.count(
                "backup_run", "ended_at IS NULL AND folder = '%s'" % folder),
                1)
            done = subprocess.run(
                stack.as_owner() + [CTL, "--config", CONF, "backup-ended",
                                    folder],
                cwd="/", env={**os.environ, "SERVICE_RESULT": result})
            self.assertEqual(done.returncode, 0)
        mail, = self.wait()
        self.assertIn("No backup was made in %s: signal" % folder,
                      mail["text"].replace("\n", " "))
        self.assertEqual(stack.sql(
            "SELECT message, is_good FROM backup_run WHERE folder = '%s'" %
            folder), [["was ended (signal)", "f"]])

    def test_work_that_is_given_up_is_told_once(self):
        self.start(self.serve())
        stack.sql("INSERT INTO job (kind, subject, tries) "
                  "VALUES ('nobody_does_this', 7, 11), "
                  "('nobody_does_this', 8, 11)")
        stack.sql("NOTIFY pixlpix_job")
        stack.wait_for("both to be given up", lambda: stack.count(
            "job", "failed_at IS NOT NULL AND kind <> 'mail'") == 2)
        self.assertEqual(stack.count("job", "kind = 'mail'"), 1)
        stack.sql("UPDATE job SET run_at = now() WHERE kind = 'mail'")
        stack.sql("NOTIFY pixlpix_job")
        mail, = self.wait()
        self.assertIn("given up", mail["headers"]["Subject"])
        self.assertIn("pixlpixctl jobs list", mail["text"])
        self.assertIn("nobody_does_this", mail["text"])
        stack.sql("DELETE FROM job WHERE kind = 'nobody_does_this'")

    def test_a_server_that_is_away_is_tried_again(self):
        port = self.serve()
        self.stop()
        self.start(port)
        self.ctl(CONF, "backup", "/proc/nowhere")
        stack.wait_for("a first try", lambda: stack.count(
            "job", "kind = 'mail' AND tries = 1 AND last_error = 'io'") == 1)
        self.start(self.serve())
        stack.sql("UPDATE job SET run_at = now() WHERE kind = 'mail'")
        stack.sql("NOTIFY pixlpix_job")
        self.wait()
        self.assertEqual(stack.count("job", "kind = 'mail'"), 0)

    def test_mail_that_is_given_up_makes_no_mail(self):
        port = self.serve()
        self.stop()
        self.start(port)
        stack.sql("INSERT INTO job (kind, subject, detail, tries) "
                  "VALUES ('mail', 9, 'a\nb', 11)")
        stack.sql("NOTIFY pixlpix_job")
        stack.wait_for("it to be given up", lambda: stack.count(
            "job", "kind = 'mail' AND failed_at IS NOT NULL") == 1)
        self.assertEqual(stack.count("job", "kind = 'mail'"), 1)
        stack.sql("DELETE FROM job WHERE kind = 'mail'")


if __name__ == "__main__":
    cases.main()
