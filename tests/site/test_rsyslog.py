#!/usr/bin/env python3
"""The way of a line to the machine that gathers the logs: two real rsyslogds
with the configurations of systemd/rsyslog, and between them TCP.  The lines are
those of the running site; what journald does with them on a server, handing
each to rsyslog's socket, is done here."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import unittest

import cases
import stack

EXAMPLES = os.path.join(stack.TOP, "systemd", "rsyslog")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Rsyslog(unittest.TestCase):

    def setUp(self):
        if shutil.which("rsyslogd", path="/usr/sbin:/usr/bin") is None:
            self.skipTest("rsyslog is not installed")
        self.folder = tempfile.mkdtemp(prefix="pixlpix-rsyslog.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()
        self.running = {}
        self.addCleanup(lambda: [self.stop(name)
                                 for name in list(self.running)])
        nginx = os.path.join(stack.STATE, "log", "access.log")
        self.example("60-pixlpix.conf", "sender", (
            'global(workDirectory="%s")\nmodule(load="imuxsock" '
            'SysSock.Use="off")\ninput(type="imuxsock" Socket="%s")\n' % (
                self.folder, self.socket())), {
            "/var/log/nginx/pixlpix.log": nginx, "logs.example": "127.0.0.1",
            "6514": str(self.port), 'resumeInterval="5"': 'resumeInterval="1"'})
        self.example("aggregator.conf", "gatherer", (
            'global(workDirectory="%s")\n' % self.folder), {
            "/var/log/pixlpix": self.folder + "/gathered",
            "6514": str(self.port)})

    def socket(self):
        return os.path.join(self.folder, "socket")

    def example(self, name, to, before, others):
        with open(os.path.join(EXAMPLES, name), encoding="ascii") as file:
            text = file.read()
        for word, other in others.items():
            self.assertIn(word, text)
            text = text.replace(word, other)
        with open(os.path.join(self.folder, to + ".conf"), "w",
                  encoding="ascii") as file:
            file.write(before + text)

    def start(self, name):
        log = open(os.path.join(self.folder, name + ".log"), "a",
                   encoding="utf-8")
        self.addCleanup(log.close)
        self.running[name] = subprocess.Popen(
            ["/usr/sbin/rsyslogd", "-n", "-f",
             os.path.join(self.folder, name + ".conf"), "-i",
             os.path.join(self.folder, name + ".pid")],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def stop(self, name):
        process = self.running.pop(name)
        process.terminate()
        process.wait(30)

    def hand_over(self, line):
        """As journald does with a line of a service."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.connect(self.socket())
            s.send(("<30>Nov 21 09:05:07 pixlpix-web[42]: " +
                    line).encode("utf-8"))

    def gathered(self, program):
        path = os.path.join(self.folder, "gathered", socket.gethostname(),
                            program + ".jsonl")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def site_lines(self):
        with open(os.path.join(stack.STATE, "log", "web.log"),
                  encoding="utf-8") as file:
            return file.read().splitlines()

    def start_both(self):
        self.start("gatherer")
        self.start("sender")
        stack.wait_for("rsyslog's socket",
                       lambda: os.path.exists(self.socket()))

    def test_every_line_arrives_as_it_was_written(self):
        self.start_both()
        lines = self.site_lines() + [json.dumps({
            "event": "words \u00e9\u4e16 \\ \" %s", "n": 1},
            ensure_ascii=False)]
        self.assertGreater(len(lines), 1)
        for line in lines:
            self.hand_over(line)
        stack.wait_for("all lines", lambda: len(
            self.gathered("pixlpix-web")) >= len(lines))
        self.assertEqual(self.gathered("pixlpix-web"), lines)
        for line in self.gathered("pixlpix-web"):
            self.assertIsInstance(json.loads(line), dict)

    def test_nginx_s_lines_arrive_with_the_same_request_id(self):
        self.start_both()
        answer = stack.raw("GET", "/terms")
        self.assertEqual(answer[0], 200)

        def wanted():
            return {json.loads(line)["request_id"]
                    for line in self.gathered("nginx")}
        mine = stack.access_log()[-1]["request_id"]
        stack.wait_for("nginx's line", lambda: mine in wanted())

    def test_what_is_said_while_the_other_machine_is_away_arrives_later(self):
        self.start_both()
        self.hand_over('{"n":1}')
        stack.wait_for("the first", lambda: self.gathered(
            "pixlpix-web") == ['{"n":1}'])
        self.stop("gatherer")
        # The first line after a loss may still go into the old connection.
        for n in range(2, 40):
            self.hand_over('{"n":%d}' % n)
        self.start("gatherer")
        stack.wait_for("the last", lambda: '{"n":39}' in self.gathered(
            "pixlpix-web"))
        seen = self.gathered("pixlpix-web")
        self.assertGreaterEqual(len(set(seen)), 38, seen)

    def test_what_others_say_stays_here(self):
        self.start_both()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.connect(self.socket())
            s.send(b"<30>Nov 21 09:05:07 cron[7]: a secret")
        self.hand_over('{"n":"last"}')
        stack.wait_for("ours", lambda: self.gathered("pixlpix-web"))
        self.assertEqual(self.gathered("cron"), [])


if __name__ == "__main__":
    cases.main()
