#!/usr/bin/env python3
"""What the site tells Prometheus, and what Prometheus makes of it."""

import atexit
import contextlib
import glob
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import cases
import pictures
import stack

SOCKET = os.path.join(stack.STATE, "run", "metrics.sock")
CONF = os.path.join(stack.STATE, "pixlpix.conf")
SAMPLE = re.compile(r'([a-z_0-9]+)(?:\{(.*)\})? (-?[0-9.e+]+)')


class OverSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path="/metrics", method="GET", headers=(), at=None):
    """Status, headers and text of one answer; `at` is an address and port
    instead of the site's socket."""
    to = http.client.HTTPConnection(*at, timeout=30) if at else \
        OverSocket(SOCKET)
    with contextlib.closing(to):
        to.request(method, path, headers=dict(headers))
        answer = to.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def raw(text):
    """What comes back to these bytes."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(SOCKET)
        s.sendall(text)
        s.shutdown(socket.SHUT_WR)
        said = b""
        while part := s.recv(65536):
            said += part
        return said.decode()


def figures():
    """All samples: name with labels -> value."""
    status, _, text = ask()
    assert status == 200, (status, text)
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            found[name + ("{%s}" % labels if labels else "")] = float(value)
    return found


def figure(name):
    return figures().get(name, 0)


def eventually(name):
    """The same while the worker that tells it may be being replaced."""
    try:
        return figure(name)
    except OSError:
        return None


def picture():
    return stack.file_of(pictures.png(60, 40))


@contextlib.contextmanager
def configured(**values):
    """The site with other values in [metrics], taken by a reload."""
    with open(CONF, encoding="utf-8") as file:
        before = file.read()
    text = before
    for key, value in values.items():
        text, count = re.subn(r"(?ms)^(\[metrics\].*?^%s =)[^\n]*" % key,
                              lambda m: m[1] + " " + value, text, count=1)
        assert count == 1, key
    try:
        reload(text)
        yield
    finally:
        reload(before)
        stack.wait_for("the old listener", lambda: answers(None) == 200)


def reload(text):
    with open(CONF, "w", encoding="utf-8") as file:
        file.write(text)
    os.kill(stack.pid_of("web"), signal.SIGHUP)


def answers(at):
    try:
        return ask(at=at)[0]
    except OSError:
        return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Figures(unittest.TestCase):

    def test_promtool_finds_nothing_to_complain_of(self):
        v = stack.register()
        stack.post(v, [picture()])
        stack.wait_for_jobs()
        _, headers, text = ask()
        done = subprocess.run(["promtool", "check", "metrics"], input=text,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(headers["Content-Type"],
                         "text/plain; version=0.0.4; charset=utf-8")
        self.assertEqual(headers["Cache-Control"], "no-store")

    def test_requests_are_counted_by_route_method_and_status(self):
        def counts():
            return [figure('pixlpix_http_requests_total{route="%s",method='
                           '"%s",status="%s"}' % key) for key in (
                               ("terms", "GET", "200"),
                               ("terms", "HEAD", "200"),
                               ("none", "GET", "404"),
                               ("settings", "GET", "303"))]
        before = counts()
        v = stack.stranger()
        for path in ("/terms", "/nowhere-at-all", "/settings"):
            v.get(path)
        stack.raw("HEAD", "/terms")
        self.assertEqual([after - was for after, was in zip(counts(), before)],
                         [1, 1, 1, 1])
        self.assertGreaterEqual(figure(
            'pixlpix_http_request_duration_seconds_count{route="terms"}'), 2)

    def test_all_workers_count_together(self):
        name = 'pixlpix_http_responses_total{class="2xx"}'
        before = figure(name)
        for _ in range(60):
            stack.stranger().get("/terms")
        self.assertEqual(figure(name) - before, 60)

    def test_what_people_do_is_counted(self):
        def counts():
            f = figures()
            return [f['pixlpix_actions_total{action="%s"}' % action]
                    for action in ("register", "post", "comment", "like",
                                   "follow")] + [f["pixlpix_uploads_total"]]
        before = counts()
        ann, bob = stack.register(), stack.register()
        page = stack.post(ann, [picture(), picture()])
        page = bob.get(page.path)
        bob.submit(page.form(page.path + "/comment"), text="Well done")
        bob.submit(bob.get(page.path).form(page.path + "/like"))
        bob.submit(bob.get("/@" + ann.name).form("/@%s/follow" % ann.name))
        self.assertEqual([after - was for after, was in zip(counts(), before)],
                         [2, 1, 1, 1, 1, 2])

    def test_a_worker_that_is_killed_is_counted_and_takes_nothing_along(self):
        stack.stranger().get("/terms")
        before = figures()
        os.kill(stack.workers("pages")[0], signal.SIGKILL)
        name = 'pixlpix_worker_deaths_total{pool="pages"}'
        stack.wait_for("the death to be counted",
                       lambda: figure(name) == before[name] + 1)
        stack.wait_for("another worker", lambda: figure(
            'pixlpix_workers{pool="pages"}') == figure(
                'pixlpix_workers_meant{pool="pages"}'))
        after = figures()
        name = 'pixlpix_http_responses_total{class="2xx"}'
        self.assertGreaterEqual(after[name], before[name])
        self.assertGreaterEqual(
            after['process_cpu_seconds_total{program="web"}'],
            before['process_cpu_seconds_total{program="web"}'])

    def test_jobs_that_are_done_are_told_though_another_program_does_them(self):
        name = 'pixlpix_job_runs_total{result="done"}'
        before = figure(name)
        stack.post(stack.register(), [picture()])
        stack.wait_for("the job to be counted", lambda: figure(name) > before)
        self.assertEqual(figure('pixlpix_up{part="jobs"}'), 1)

    def test_a_decoder_that_refuses_is_counted(self):
        name = 'pixlpix_decoder_runs_total{outcome="refused",program="web"}'
        before = figure(name)
        v = stack.register()
        broken = pictures.png(60, 40)
        broken = broken[:60] + bytes(20) + broken[80:]
        v.submit(v.get("/new").form("/new"), caption="x", alt=[""] * 10,
                 files=[("image", stack.file_of(broken))])
        self.assertEqual(figure(name), before + 1)

    def test_a_failed_login_is_counted(self):
        name = 'pixlpix_actions_total{action="login_failed"}'
        hashes = figure("pixlpix_hash_seconds_count")
        before = figure(name)
        v = stack.stranger()
        v.submit(v.get("/login").form("/login"), who=stack.fresh_name(),
                 password="not the one")
        self.assertEqual(figure(name), before + 1)
        self.assertEqual(figure("pixlpix_hash_seconds_count"), hashes + 1)

    def test_a_request_that_is_malformed_gets_an_error(self):
        for text, status in ((b"GET /metrics\r\n\r\n", 400),
                             (b"POST /metrics HTTP/1.1\r\n\r\n", 405),
                             (b"GET /other HTTP/1.1\r\n\r\n", 404),
                             (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000, 400)):
            self.assertRegex(raw(text), r"\AHTTP/1\.1 %d " % status)

    def test_a_head_has_no_body(self):
        status, headers, text = ask(method="HEAD")
        self.assertEqual((status, text), (200, ""))
        self.assertGreater(int(headers["Content-Length"]), 10000)

    def test_who_connects_and_says_nothing_holds_up_nobody_for_long(self):
        with socket.socket(socket.AF_UNIX) as silent:
            silent.connect(SOCKET)
            self.assertEqual(ask()[0], 200)

    def test_a_database_that_hangs_does_not_keep_the_figures(self):
        """Prometheus waits ten seconds for them."""
        ask()
        server = stack.pid_of("postgres")
        halted = [server] + stack.children(server)
        for pid in halted:
            os.kill(pid, signal.SIGSTOP)
        try:
            for _ in range(2):
                began = time.monotonic()
                _, _, text = ask()
                self.assertLess(time.monotonic() - began, 9)
                self.assertIn('pixlpix_up{part="database"} 0\n', text)
                self.assertIn('pixlpix_workers{pool="pages"} ', text)
        finally:
            for pid in reversed(halted):
                os.kill(pid, signal.SIGCONT)
        stack.wait_for("the database to be back", lambda: figure(
            'pixlpix_up{part="database"}') == 1)

    def test_visitors_of_the_site_are_not_told(self):
        page = stack.stranger().get("/metrics")
        self.assertEqual(page.status, 404)


class Access(unittest.TestCase):

    def test_a_reload_moves_the_listener(self):
        at = ("127.0.0.1", free_port())
        with configured(listen="%s:%d" % at):
            stack.wait_for("the new listener", lambda: answers(at) == 200)
        self.assertIsNone(answers(at))

    def test_with_a_token_only_who_sends_it_is_told(self):
        file = stack.file_of(b"a-token-of-some-length\n", ".token")
        os.chmod(file, 0o644)
        with configured(token_file=file):
            stack.wait_for("the token to be wanted",
                           lambda: answers(None) == 401)
            for sent in ("", "Bearer", "Bearer ", "Bearer a-token-of-some",
                         "Basic a-token-of-some-length"):
                self.assertEqual(
                    ask(headers=[("Authorization", sent)])[0], 401)
            status, _, text = ask(headers=[
                ("Authorization", "Bearer a-token-of-some-length")])
            self.assertEqual(status, 200)
            self.assertNotIn("a-token", text)
            with open(file, "wb") as token:
                token.write(b"\n")
            self.assertEqual(
                ask(headers=[("Authorization", "Bearer ")])[0], 500)
        log = os.path.join(stack.STATE, "log", "web.log")
        with open(log, encoding="utf-8") as lines:
            self.assertNotIn("a-token", lines.read())

    def test_a_reload_is_counted_as_taken_or_refused(self):
        names = ['pixlpix_reloads_total{result="%s",program="web"}' % result
                 for result in ("taken", "refused")]
        taken, refused = (figure(name) for name in names)
        with open(CONF, encoding="utf-8") as file:
            text = file.read()
        reload(text + "\n[limits]\nimagebytes = 1\n")
        try:
            stack.wait_for("the refusal to be counted",
                           lambda: figure(names[1]) == refused + 1)
        finally:
            reload(text)
        stack.wait_for("the reload to be counted",
                       lambda: eventually(names[0]) == taken + 1)

    def test_an_address_for_everybody_is_refused_without_a_token(self):
        with open(CONF, encoding="utf-8") as file:
            text = file.read()
        path = stack.file_of(re.sub(
            r"(?ms)^(\[metrics\].*?^listen =)[^\n]*", r"\1 0.0.0.0:9820",
            text).encode(), ".conf")
        os.chmod(path, 0o644)
        done = subprocess.run(
            [os.path.join(stack.STATE, "programs/libexec/pixlpix/pixlpix-web"),
             "--check", "--config", path], stderr=subprocess.PIPE,
            encoding="utf-8")
        self.assertEqual(done.returncode, 1)
        self.assertIn("needs metrics.token_file", done.stderr)


PROMETHEUS = os.path.join(stack.TOP, "systemd", "prometheus")
RULES = os.path.join(PROMETHEUS, "pixlpix.rules.yml")
DASHBOARDS = glob.glob(os.path.join(stack.TOP, "systemd", "grafana", "*.json"))


class Prometheus:
    """Debian's Prometheus, with our alerts, scraping a site every second."""

    def __init__(self, target):
        self.folder = tempfile.TemporaryDirectory(prefix="pixlpix-prom.")
        self.url = "http://127.0.0.1:%d" % free_port()
        conf = os.path.join(self.folder.name, "prometheus.yml")
        with open(os.path.join(PROMETHEUS, "prometheus.yml"),
                  encoding="utf-8") as file:
            text = file.read()
        for was, becomes in (
                ("_interval: 15s", "_interval: 1s"),
                ("127.0.0.1:9820", "%s:%d" % target),
                ("/usr/share/pixlpix/prometheus/pixlpix.rules.yml", RULES)):
            assert was in text, was
            text = text.replace(was, becomes)
        with open(conf, "w", encoding="utf-8") as file:
            file.write(text)
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=" + conf,
             "--storage.tsdb.path=" + os.path.join(self.folder.name, "data"),
             "--web.listen-address=" + self.url[len("http://"):]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def get(self, path, **fields):
        with urllib.request.urlopen("%s/api/v1/%s?%s" % (
                self.url, path, urllib.parse.urlencode(fields)),
                timeout=30) as answer:
            said = json.load(answer)
        assert said["status"] == "success", said
        return said["data"]

    def samples(self, query):
        """What a query gives now."""
        return self.get("query", query=query)["result"]

    def scrapes(self):
        try:
            found = self.samples('count_over_time(up{job="pixlpix"}[1h])')
        except OSError:
            return 0  # it has not come up yet
        return int(found[0]["value"][1]) if found else 0


def queries(path):
    """The queries of a dashboard, with Grafana's variables filled in."""
    with open(path, encoding="utf-8") as file:
        board = json.load(file)
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield "%s: %s" % (panel["title"], target["refId"]), (
                target["expr"].replace("$instance", ".*")
                .replace("$__rate_interval", "1m"))


def expressions():
    """The alerts' expressions, by Prometheus' own reading of the file."""
    return {rule["name"]: rule for group in Watched.prometheus.get(
        "rules")["groups"] for rule in group["rules"]}


def use_the_site():
    """Something of everything that a dashboard shows."""
    ann, bob = stack.register(), stack.register()
    page = stack.post(ann, [picture()])
    page = bob.get(page.path)
    bob.submit(page.form(page.path + "/comment"), text="Well done")
    bob.submit(bob.get(page.path).form(page.path + "/like"))
    bob.submit(bob.get("/@" + ann.name).form("/@%s/follow" % ann.name))
    stack.stranger().get("/nowhere-at-all")
    v = stack.stranger()
    v.submit(v.get("/login").form("/login"), who=ann.name, password="x")
    stack.raw("GET", "/api/v1/me")
    stack.wait_for_jobs()


class Watched(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        at = ("127.0.0.1", free_port())
        ends = contextlib.ExitStack()
        atexit.register(ends.close)
        ends.enter_context(configured(listen="%s:%d" % at))
        stack.wait_for("the new listener", lambda: answers(at) == 200)
        cls.prometheus = Prometheus(at)
        ends.callback(cls.prometheus.close)
        use_the_site()
        before = stack.wait_for("two scrapes", lambda: (
            cls.prometheus.scrapes() >= 2 and cls.prometheus.scrapes()))
        use_the_site()
        stack.wait_for("scrapes of all that was done",
                       lambda: cls.prometheus.scrapes() >= before + 3)

    def test_the_site_is_scraped_without_a_fault(self):
        targets = self.prometheus.get("targets")["activeTargets"]
        self.assertEqual([(t["health"], t["lastError"]) for t in targets],
                         [("up", "")])

    def test_every_query_of_both_dashboards_returns_data(self):
        self.assertEqual(len(DASHBOARDS), 2)
        for path in DASHBOARDS:
            found = list(queries(path))
            self.assertGreater(len(found), 20, path)
            for title, query in found:
                with self.subTest(board=os.path.basename(path), panel=title):
                    self.assertTrue(self.prometheus.samples(query), query)

    def test_figures_that_a_dashboard_shows_are_those_that_were_counted(self):
        def pairs():
            rows = stack.sql("SELECT accounts, posts, bytes FROM measure "
                             "ORDER BY hour DESC LIMIT 1")
            shown = [self.prometheus.samples("max(%s)" % name)[0]["value"][1]
                     for name in ("pixlpix_accounts", "pixlpix_posts",
                                  "pixlpix_stored_bytes")]
            return shown == rows[0]
        stack.wait_for("Prometheus to know them", pairs)

    def test_every_alert_evaluates(self):
        rules = stack.wait_for("the alerts", lambda: next((
            found for found in [expressions()]
            if found and all(r["health"] == "ok" for r in found.values())),
            None))
        with open(RULES, encoding="utf-8") as file:
            self.assertEqual(len(rules), file.read().count("- alert:"))
        for rule in rules.values():
            self.prometheus.samples(rule["query"])

    def test_what_an_alert_compares_is_there(self):
        """A name that nobody tells would never fire and never be missed."""
        told = set(self.prometheus.get("label/__name__/values"))
        for rule in expressions().values():
            names = re.findall(r"\b(?:pixlpix|process)_[a-z0-9_]+",
                               rule["query"])
            self.assertLessEqual(set(names), told)
            self.assertTrue(names or "up{" in rule["query"], rule["query"])

    def test_an_alert_awakes_when_a_part_fails(self):
        path = stack.conf().get("web", "decoder")
        os.rename(path, path + ".away")
        try:
            alerts = stack.wait_for("the alert", lambda: [
                a for a in self.prometheus.get("alerts")["alerts"]
                if a["labels"]["alertname"] == "PixlPixPartDown"])
            self.assertEqual(alerts[0]["labels"]["part"], "decoder")
        finally:
            os.rename(path + ".away", path)
        stack.wait_for("the alert to end", lambda: not [
            a for a in self.prometheus.get("alerts")["alerts"]
            if a["labels"]["alertname"] == "PixlPixPartDown"])


class Files(unittest.TestCase):

    def promtool(self, *words):
        done = subprocess.run(["promtool", *words], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8",
                              cwd=PROMETHEUS)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_alerts_fire_and_are_quiet_when_they_should(self):
        self.assertIn("SUCCESS", self.promtool("test", "rules",
                                               "pixlpix.test.yml"))

    def test_every_alert_is_tried_both_ways(self):
        with open(RULES, encoding="utf-8") as file:
            alerts = re.findall(r"- alert: (\w+)", file.read())
        with open(os.path.join(PROMETHEUS, "pixlpix.test.yml"),
                  encoding="utf-8") as file:
            tried = re.findall(r"alertname: (\w+)\n +exp_alerts:( \[\])?",
                               file.read())
        self.assertEqual(sorted(tried),
                         sorted([(a, " []") for a in alerts] +
                                [(a, "") for a in alerts]))

    def test_the_run_book_says_what_to_do_about_each_alert(self):
        with open(RULES, encoding="utf-8") as file:
            text = file.read()
        alerts = re.findall(r"- alert: (\w+)", text)
        self.assertEqual(
            [a.lower() for a in alerts],
            re.findall(r"runbook: /usr/share/doc/pixlpix/RUNBOOK.md#(\w+)",
                       text))
        with open(os.path.join(stack.TOP, "systemd", "RUNBOOK.md"),
                  encoding="utf-8") as file:
            book = file.read().split("\n## Alerts\n")[1]
        sections = dict(re.findall(r"(?ms)^### (PixlPix\w+)\n\n(.*?)(?=^##|\Z)",
                                   book))
        self.assertEqual(sorted(sections), sorted(alerts))
        for name, section in sections.items():
            self.assertGreater(len(section), 80, name)

    def test_rules_and_dashboards_are_installed(self):
        share = os.path.join(stack.STATE, "programs/share/pixlpix")
        self.promtool("check", "rules", os.path.join(
            share, "prometheus", "pixlpix.rules.yml"))
        self.assertTrue(os.path.exists(
            os.path.join(share, "prometheus", "prometheus.yml")))
        for path in DASHBOARDS:
            with open(os.path.join(share, "grafana", os.path.basename(path)),
                      encoding="utf-8") as file:
                board = json.load(file)
            panels = [p["id"] for p in board["panels"]]
            self.assertEqual(len(panels), len(set(panels)))


if __name__ == "__main__":
    cases.main()
