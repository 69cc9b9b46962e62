#!/usr/bin/env python3
"""The status page: what visitors are told of each part, and what admins
write about incidents."""

import os
import re
import signal
import unittest

import cases
import stack

STATUS = "/status"
FORM = "/admin/incident"


def parts(page):
    """What the page says of each part: {name: whether it works}."""
    return {name: "fine" in state for name, state in re.findall(
        r'<li><span><b>([^<]+)</b>.*?<span class="(state[^"]*)"', page.html)}


def all_fine():
    page = stack.stranger().get(STATUS)
    return page if "Everything works" in page.text else None


def admin():
    v = stack.register()
    stack.ctl("user", "role", v.name, "admin")
    return v


def write(v, **fields):
    return v.submit(v.get(FORM).form(FORM), **fields)


class Parts(unittest.TestCase):

    def tearDown(self):
        stack.sql("UPDATE incident SET ended_at = now()")
        stack.wait_for("all to be fine", all_fine)

    def test_everybody_sees_that_each_part_works(self):
        page = stack.wait_for("all to be fine", all_fine)
        self.assertEqual(page.status, 200)
        self.assertEqual(parts(page), dict.fromkeys(
            ["Web", "Database", "Image store", "Image decoder",
             "Background work"], True))
        self.assertIn(STATUS, page.links)

    def test_a_lost_decoder_is_shown(self):
        path = stack.conf().get("web", "decoder")
        os.rename(path, path + ".away")
        try:
            page = stack.wait_for("its loss to be seen", lambda: next(
                (p for p in [stack.stranger().get(STATUS)]
                 if not parts(p)["Image decoder"]), None))
            self.assertTrue(parts(page)["Database"])
            self.assertIn("Not everything", page.text)
        finally:
            os.rename(path + ".away", path)

    def test_a_lost_database_is_shown_on_a_page_that_is_there(self):
        stack.sql("ALTER ROLE pixlpix NOLOGIN")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE usename = 'pixlpix'")
        try:
            page = stack.wait_for("its loss to be seen", lambda: next(
                (p for p in [stack.stranger().get(STATUS)]
                 if p.status == 200 and not parts(p)["Database"]), None))
            self.assertIn("Not everything", page.text)
        finally:
            stack.sql("ALTER ROLE pixlpix LOGIN")

    def test_background_work_that_stands_still_is_shown(self):
        jobs = stack.pid_of("jobs")
        for harm in ("INSERT INTO job (kind, subject, run_at) VALUES "
                     "('feed_fill', 0, now() - interval '1 hour')",
                     "UPDATE measure SET counted_at = now() - "
                     "interval '1 hour'"):
            stack.wait_for("all to be fine", all_fine)
            os.kill(jobs, signal.SIGSTOP)
            try:
                stack.sql(harm)
                page = stack.wait_for("it to be seen", lambda: next(
                    (p for p in [stack.stranger().get(STATUS)]
                     if not parts(p)["Background work"]), None))
                self.assertTrue(parts(page)["Database"])
            finally:
                os.kill(jobs, signal.SIGCONT)
                stack.sql("UPDATE measure SET counted_at = now()")
                stack.sql("NOTIFY pixlpix_job")

    def test_a_failed_backup_is_shown_until_one_is_good(self):
        stack.sql("INSERT INTO backup_run (folder, ended_at, is_good, message)"
                  " VALUES ('/b', now(), false, 'disk full')")
        page = stack.wait_for("the failure to be seen", lambda: next(
            (p for p in [stack.stranger().get(STATUS)]
             if parts(p).get("Backups") is False), None))
        self.assertNotIn("disk full", page.text)
        stack.sql("INSERT INTO backup_run (folder, ended_at, is_good) "
                  "VALUES ('/b', now(), true)")
        page = stack.wait_for("all to be fine", all_fine)
        self.assertTrue(parts(page)["Backups"])
        stack.sql("DELETE FROM backup_run")


class Incidents(unittest.TestCase):

    def tearDown(self):
        stack.sql("DELETE FROM incident")

    def test_an_admin_writes_updates_and_closes_one(self):
        v = admin()
        page = write(v, title="Slow uploads <b>", severity="degraded",
                     body="We look into it.", began="2026-11-20T09:30")
        self.assertEqual(page.path, STATUS)
        page = stack.wait_for("strangers to see it", lambda: next(
            (p for p in [stack.stranger().get(STATUS)]
             if "Slow uploads <b>" in p.text), None))
        self.assertIn("Some things do not work", page.text)
        self.assertIn("From 20 November 2026, 09:30 UTC", page.text)
        self.assertIn("Not everything", page.text)
        self.assertNotIn(FORM, page.links)
        number = stack.sql("SELECT id FROM incident")[0][0]
        place = FORM + "/" + number
        self.assertIn(place, v.get(STATUS).links)
        page = v.submit(v.get(place).form(place), body="A disk is replaced.",
                        ended="2026-11-20T11:00")
        self.assertIn("A disk is replaced.", page.text)
        self.assertIn("We look into it.", page.text)
        self.assertIn("to 20 November 2026, 11:00 UTC", page.text)
        self.assertLess(page.text.index("A disk is replaced."),
                        page.text.index("We look into it."))

    def test_a_form_that_is_sent_twice_writes_one(self):
        v = admin()
        form = v.get(FORM).form(FORM)
        for _ in range(2):
            v.submit(form, title="Twice", severity="outage", body="Down.")
        self.assertEqual(stack.count("incident"), 1)
        self.assertEqual(stack.count("incident_note"), 1)

    def test_what_will_not_do_is_marked_and_kept(self):
        v = admin()
        page = write(v, title="", severity="degraded", body="All of this",
                     began="yesterday", ended="")
        self.assertEqual(page.status, 400)
        self.assertIn("is not a day and time", page.text)
        self.assertIn("All of this", page.html)
        page = write(v, title="Back", severity="degraded", body="x",
                     began="2026-11-20T09:30", ended="2026-11-19T09:30")
        self.assertEqual(page.status, 400)
        self.assertIn("ended before it began", page.text)
        self.assertEqual(stack.count("incident"), 0)

    def test_a_member_finds_no_form(self):
        v = stack.register()
        self.assertEqual(v.get(FORM).status, 404)
        stack.ctl("user", "role", v.name, "moderator")
        self.assertEqual(v.get(FORM).status, 404)


class Growth(unittest.TestCase):
    """The admins' page."""

    def test_it_draws_what_was_counted(self):
        v = admin()
        stack.sql("DELETE FROM measure")
        stack.sql("DELETE FROM pulse")
        stack.sql(
            "INSERT INTO measure SELECT date_trunc('hour', t), t, 10 + i, "
            "20 + i, 0, 5, 6, 7, 8, 9, 10, 11, 2500000000 "
            "FROM generate_series(0, 100) i, LATERAL (SELECT now() - "
            "(100 - i) * interval '1 hour') x (t)")
        page = v.get("/admin?range=days")
        self.assertEqual(page.status, 200)
        self.assertEqual(page.html.count('class="plot-line"'), 8)
        self.assertRegex(page.html, r'plot-line" d="M0\.0 [0-9. L]+"')
        self.assertIn("2.5 GB", page.text)
        self.assertNotIn("style=", page.html)
        month = v.get("/admin")
        rows = month.html.count('<th scope="row">')
        self.assertGreaterEqual(rows, 5)
        self.assertLessEqual(rows, 6)
        self.assertIn('href="/admin"', month.html)
        self.assertNotIn('href="/admin"',
                         stack.register().get("/settings").html)

    def test_it_tells_how_fast_the_site_answers(self):
        v = admin()
        for _ in range(20):
            v.get("/public")
        page = v.get("/admin")
        for part in ("Requests", "Database"):
            found = re.search(
                r'plot-title">%s</span> <b class="plot-now">([\d,]+)</b> '
                r'<span class="plot-change">half within ([\d.]+) m?s' % part,
                page.html)
            self.assertTrue(found, part)
            self.assertGreater(int(found.group(1).replace(",", "")), 20)
        self.assertRegex(page.html, r'plot-bars" d="M[0-9. LMZ]+Z"')
        self.assertRegex(page.text, r"Answered \(2xx\) [\d,]{2,}")

    def test_it_draws_how_the_site_was_doing_with_gaps(self):
        v = admin()
        stack.sql("DELETE FROM pulse")
        stack.sql(
            "INSERT INTO pulse SELECT 600, date_bin('10 min', t, 'epoch'), "
            "'here', 600, '{0,0,300,0,20,10}', "
            "'{0,0,0,99,0,0,0,0,1,0,0,0,0,0,0,0,0}', '{5}', NULL, NULL, NULL,"
            " 60000000, 6000000, 40000000, 2000000, 150, 9000000000 "
            "FROM generate_series(0, 30) i, LATERAL (SELECT now() - "
            "i * interval '10 min') x (t) WHERE i NOT BETWEEN 10 AND 15")
        plots = dict(re.findall(
            r'<figure class="plot">\s*<figcaption><span class="plot-title">'
            r'([^<]+)</span>(.*?)</figure>',
            v.get("/admin?range=days").html, re.S))
        self.assertIn("<b>30</b>", plots["Requests a minute"])
        self.assertIn('"plot-line other"', plots["Requests a minute"])
        self.assertIn(">1</b>", plots["Failed requests a minute"])
        self.assertRegex(plots["Failed requests a minute"],
                         r'plot-line" d="M[\d. L]+M[\d. L]+"')
        self.assertRegex(plots["Time of a request"],
                         r"half within</span> <b>1\.7\d ms</b>.*"
                         r"99 % within</span> <b>2\.5 ms</b>")
        self.assertIn("Too little is known", plots["Time of the decoder"])
        self.assertIn("<b>10 %</b>", plots["Processor, of one core"])
        self.assertIn(">1.5</b>", plots["Load of the machine"])
        self.assertIn(">9.0 GB</b>", plots["Disk that is free"])

    def test_two_machines_are_added_up_and_the_fuller_disk_counts(self):
        v = admin()
        stack.sql("DELETE FROM pulse")
        stack.sql(
            "INSERT INTO pulse SELECT 60, date_trunc('minute', now() - i * "
            "interval '12 min'), h, 60, '{0,0,60,0,0,0}', '{1}', '{1}', NULL,"
            " NULL, NULL, 1, 1, 1000000, 1, n, n * 1000000 "
            "FROM generate_series(0, 1) i, (VALUES ('a', 100), ('b', 300)) "
            "x (h, n)")
        page = v.get("/admin?range=days")
        self.assertIn("answered 120 refused 0", page.text)
        self.assertIn("Memory web 2.0 MB", page.text)
        self.assertIn("Load of the machine 3 ", page.text)
        self.assertIn("Disk that is free 100 MB", page.text)

    def test_jobs_notes_what_the_workers_have_answered(self):
        admin().get("/public")
        self.assertTrue(
            os.path.exists(os.path.join(stack.STATE, "run", "web.metrics")))
        stack.wait_for("a pulse", lambda: stack.count(
            "pulse", "grain = 60 AND responses[3] > 0"), 150)

    def test_it_tells_what_was_given_up_and_how_the_backup_went(self):
        v = admin()
        stack.sql("INSERT INTO job (kind, subject, failed_at) "
                  "VALUES ('never', 1, now())")
        stack.sql("INSERT INTO backup_run (folder, ended_at, is_good, message)"
                  " VALUES ('/b', now(), false, 'disk full')")
        page = v.get("/admin")
        self.assertIn("Given up 1", page.text)
        self.assertIn("failed: disk full", page.text)
        stack.sql("DELETE FROM backup_run")
        stack.sql("DELETE FROM job WHERE kind = 'never'")

    def test_it_tells_who_moderated_what_and_why(self):
        v, other = admin(), stack.register()
        stack.ctl("user", "suspend", other.name, "pills & potions")
        page = v.get("/admin")
        self.assertIn("suspended @%s : pills & potions" % other.name,
                      page.text)


if __name__ == "__main__":
    cases.main()
