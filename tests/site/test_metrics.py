#!/usr/bin/env python3
"""What the site tells Prometheus, and what Prometheus makes of it."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest

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


if __name__ == "__main__":
    cases.main()
