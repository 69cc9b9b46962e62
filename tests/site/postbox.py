"""An SMTP server beside the site, and the site told to use it."""

import configparser
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

import stack

CTL = os.path.join(stack.STATE, "programs/bin/pixlpixctl")
CONF = os.path.join(stack.STATE, "pixlpix.conf")
SINK = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "smtp_sink.py")
ADMIN = "admin@photos.example"


class Mail(unittest.TestCase):
    """For programs that are given a configuration of their own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pixlpix-mail.")
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        self.box = os.path.join(self.folder, "box")
        self.server = None

    def serve(self, *words):
        self.server = subprocess.Popen(
            [SINK, self.box, *words], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8")
        self.addCleanup(self.stop)
        return int(self.server.stdout.readline())

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.communicate()
            self.server = None

    def certificate(self):
        paths = [os.path.join(self.folder, n) for n in ("cert", "key")]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-days", "2", "-out", paths[0], "-keyout", paths[1]],
            check=True, stderr=subprocess.DEVNULL)
        os.chmod(paths[0], 0o644)
        return paths

    def conf(self, port, **keys):
        """The site's configuration with mail."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(CONF, encoding="utf-8")
        if not parser.has_section("mail"):
            parser.add_section("mail")
        keys = {"server": "smtp://localhost:%d" % port, "tls": "none",
                "from": "pixlpix@photos.example", "to": ADMIN, **keys}
        for key, value in keys.items():
            parser.set("mail", key, value)
        path = os.path.join(self.folder, "conf")
        with open(path, "w", encoding="utf-8") as file:
            parser.write(file)
        return path

    def ctl(self, conf, *words):
        return subprocess.run(
            stack.as_owner() + [CTL, "--config", conf, *words], cwd="/",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", timeout=60)

    def mails(self):
        if not os.path.exists(self.box):
            return []
        with open(self.box, encoding="utf-8") as file:
            return [json.loads(line) for line in file]


class SiteMail(Mail):
    """The running site's own programs send it."""

    def setUp(self):
        super().setUp()
        stack.sql("DELETE FROM job")
        with open(CONF, encoding="utf-8") as file:
            before = file.read()
        self.addCleanup(self.use, before)

    def use(self, text):
        with open(CONF, "w", encoding="utf-8") as file:
            file.write(text)
        for service in ("jobs", "web"):
            os.kill(stack.pid_of(service), signal.SIGHUP)

    def start(self, port):
        with open(self.conf(port), encoding="utf-8") as file:
            self.use(file.read())

    def wait(self, count=1):
        return stack.wait_for("mail", lambda: (
            self.mails() if len(self.mails()) >= count else None))
