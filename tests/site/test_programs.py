#!/usr/bin/env python3
"""The programs as a sysadmin meets them: what they print, what they refuse and
why, and how pixlpix-web keeps its workers.  Those that are started here have a
configuration and sockets of their own, beside the site's."""

import configparser
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import unittest

import cases
import pictures
import stack
import tap

CTL = os.path.join(stack.STATE, "programs/bin/pixlpixctl")
LIBEXEC = os.path.join(stack.STATE, "programs/libexec/pixlpix")
OWNER = os.stat(stack.STATE)


def run(*words, **options):
    """The finished process, run as whom the site runs as."""
    return subprocess.run(
        stack.as_owner() + list(words), check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        timeout=60, cwd="/", **options)


def ctl(*words, conf=os.path.join(stack.STATE, "pixlpix.conf")):
    return run(CTL, "--config", conf, *words)


class Own(unittest.TestCase):
    """With a folder that ends with the test."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pixlpix-programs.")
        self.addCleanup(shutil.rmtree, self.folder)
        os.chown(self.folder, OWNER.st_uid, OWNER.st_gid)
        os.chmod(self.folder, 0o755)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def conf(self, **values):
        """The site's configuration, but for what "section__key" says."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(os.path.join(stack.STATE, "pixlpix.conf"),
                    encoding="utf-8")
        values = {"web__pages_socket": self.path("pages.sock"),
                  "web__slow_socket": self.path("slow.sock"),
                  "web__pages_workers": 1, "metrics__listen": "", **values}
        for name, value in values.items():
            section, key = name.split("__")
            parser.set(section, key, str(value))
        with open(self.path("conf"), "w", encoding="utf-8") as file:
            parser.write(file)
        return self.path("conf")


class Control(Own):

    def assert_refused(self, done, *parts):
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(done.stdout, "")
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_help_names_every_command(self):
        done = run(CTL, "--help")
        self.assertEqual(done.returncode, 0)
        for command in ("config show", "config nginx", "migrate", "fsck",
                        "store check", "store copy", "user erase", "doctor",
                        "setup"):
            self.assertIn("\n  " + command, done.stdout)
        self.assertTrue(all(len(line) < 81
                            for line in done.stdout.splitlines()))

    def test_what_is_no_command_gets_the_help_and_does_nothing(self):
        before = (stack.count("account"), stack.traces())
        name = stack.register().name
        for words in ((), ("nothing",), ("config",), ("config", "nothing"),
                      ("config", "show", "more"), ("config", "defaults", "x"),
                      ("config", "nginx", "nothing"),
                      ("config", "nginx", "http", "more"),
                      ("migrate", "now"), ("fsck", "--rapair"),
                      ("fsck", "--grace"), ("fsck", "--grace", "-1"),
                      ("fsck", "--grace", "soon"), ("store",),
                      ("store", "check", "x"), ("store", "prepare", "x"),
                      ("store", "copy"), ("store", "copy", "--from", "dir"),
                      ("store", "copy", "--from", "dir", "--to", "tape"),
                      ("user",), ("user", "erase"), ("user", "erase", name),
                      ("user", "erase", name, "--no"),
                      ("user", "erase", "--yes", name), ("doctor", "--xml"),
                      ("setup", "--account", "ann"), ("setup", "--colour"),
                      ("setup", "--colour", "red")):
            with self.subTest(words=words):
                self.assert_refused(ctl(*words), "usage: pixlpixctl")
        self.assertEqual(stack.count("account"), before[0] + 1)
        self.assertEqual(stack.traces(), before[1])

    def test_setup_is_for_root(self):
        if os.getuid() == OWNER.st_uid == 0:
            self.skipTest("the site itself runs as root")
        self.assert_refused(ctl("setup"), "only root")

    def test_configuration_that_is_missing_is_named(self):
        self.assert_refused(ctl("config", "show", conf="/nonexistent/conf"),
                            "/nonexistent/conf: No such file")

    def test_configuration_with_faults_stops_every_command(self):
        conf = self.write("bad", "[site]\nnmae = x\n[web]\nwatchdog_s = 1\n")
        for words in (("config", "show"), ("config", "nginx"), ("migrate",),
                      ("fsck",), ("store", "check"),
                      ("user", "erase", "x", "--yes"), ("doctor",)):
            with self.subTest(words=words):
                self.assert_refused(
                    ctl(*words, conf=conf), "bad:2: there is no key",
                    "bad:4: watchdog_s: must be a whole number")

    def test_printed_configuration_is_the_one_in_force(self):
        conf = self.conf(site__name="Änderungen & Söhne")
        shown = ctl("config", "show", conf=conf)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("\nname = Änderungen & Söhne\n", shown.stdout)
        again = ctl("config", "show", conf=self.write("again", shown.stdout))
        self.assertEqual(again.stdout, shown.stdout)

    def test_printed_defaults_need_no_configuration(self):
        done = ctl("config", "defaults", conf="/nonexistent/conf")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("\nname = PixlPix\n", done.stdout)

    def test_nginx_is_told_what_is_configured(self):
        conf = self.conf(limits__login_burst=7)
        self.assertIn("burst=7 ", ctl("config", "nginx", conf=conf).stdout)
        for part in ("server", "http", "images", "listen"):
            done = ctl("config", "nginx", part, conf=conf)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_answer_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([CTL, "config", "defaults"], stdout=full,
                                  check=False, timeout=60)
        self.assertEqual(done.returncode, 1)

    def test_migrating_again_changes_nothing(self):
        before = stack.sql("SELECT * FROM schema_migration ORDER BY number")
        self.assertEqual(ctl("migrate").returncode, 0)
        self.assertEqual(before, stack.sql(
            "SELECT * FROM schema_migration ORDER BY number"))

    def test_migrating_says_what_is_in_the_way(self):
        for values, part in (
                ({"database__schema_dir": self.path("none")}, "none"),
                ({"database__conninfo": "host=" + self.folder}, "connection"),
                ({"database__conninfo": "what is this"}, "connection")):
            done = ctl("migrate", conf=self.conf(**values))
            self.assert_refused(done, "could not be brought up to date", part)

    def test_commands_say_that_the_database_is_away(self):
        conf = self.conf(database__conninfo="host=" + self.folder)
        for words, said in ((("fsck",), "not compared to the end (lost)"),
                            (("user", "erase", "ann", "--yes"),
                             "not erased to the end (lost)")):
            self.assert_refused(ctl(*words, conf=conf), said)

    def test_fsck_finds_and_clears_what_nobody_names(self):
        author = stack.register()
        stack.post(author, [stack.file_of(pictures.png(40, 30))])
        stack.wait_for_jobs()
        self.assertEqual(ctl("fsck").returncode, 0)
        folder = os.path.join(stack.STATE, "store/public/zz")
        os.makedirs(folder, exist_ok=True)
        os.chown(folder, OWNER.st_uid, OWNER.st_gid)
        orphan = os.path.join(folder, "z" * 26 + "-l.jpg")
        with open(orphan, "wb") as file:
            file.write(b"nobody's")
        self.assertEqual(ctl("fsck").returncode, 0, "it is too young")
        found = ctl("fsck", "--grace", "0")
        self.assertEqual(found.returncode, 1)
        self.assertIn("z" * 26, found.stdout)
        self.assertIn("1 orphans, 0 mended", found.stdout)
        self.assertTrue(os.path.exists(orphan))
        mended = ctl("fsck", "--repair", "--grace", "0")
        self.assertEqual(mended.returncode, 0, mended.stdout)
        self.assertFalse(os.path.exists(orphan))
        self.assertEqual(ctl("fsck", "--grace", "0").returncode, 0)

    def test_erased_person_is_gone_from_rows_and_store(self):
        author = stack.register()
        stack.wait_for_jobs()
        objects = stack.objects()
        post = stack.post(author, [stack.file_of(pictures.png(40, 30))])
        done = ctl("user", "erase", author.name, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout,
                         "erased %s: 1 posts, 1 images\n" % author.name)
        self.assertEqual(stack.stranger().get(post.path).status, 404)
        self.assertEqual(stack.objects(), objects)
        self.assertEqual(stack.count("account", "name = '%s'" % author.name),
                         0)
        self.assert_refused(ctl("user", "erase", author.name, "--yes"),
                            "nobody is called " + author.name)

    def test_store_that_works_and_one_that_does_not(self):
        done = ctl("store", "check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the image store works", done.stdout)
        self.assertEqual(ctl("store", "prepare").returncode, 0)
        conf = self.conf(store__dir=self.path("none"))
        self.assert_refused(ctl("store", "check", conf=conf),
                            "does not work", self.path("none"))

    def test_store_is_not_copied_to_itself_or_to_nothing(self):
        self.assert_refused(
            ctl("store", "copy", "--from", "dir", "--to", "dir"),
            "from a store to itself")
        if not stack.conf().get("store", "s3_endpoint", fallback=""):
            self.assert_refused(
                ctl("store", "copy", "--from", "dir", "--to", "s3"),
                "has no S3 server")

    def test_copying_to_a_server_that_is_away_is_told(self):
        if stack.is_s3():
            raise tap.Skip("the images are on a server already")
        secret = self.write("secret", "very secret")
        os.chmod(secret, 0o600)
        os.chown(secret, OWNER.st_uid, OWNER.st_gid)
        conf = self.conf(store__s3_endpoint="http://127.0.0.1:1",
                         store__s3_access_key="AKID",
                         store__s3_secret_file=secret)
        for words, part in (((), "copied 0 objects ("),
                            (("--json",), '"copied":0,')):
            done = ctl("store", "copy", "--from", "dir", "--to", "s3",
                       "--verify", *words, conf=conf)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(part, done.stdout)
            self.assertIn("object store failed", done.stderr)
            self.assertIn("not all is copied", done.stderr)
            self.assertNotIn("very secret", done.stderr)

    def test_doctor_says_what_it_looked_at(self):
        done = ctl("doctor")
        self.assertRegex(done.stdout, r"\d+ looked at, \d+ bad\n$")
        self.assertIn("configuration: without fault", done.stdout)
        found = json.loads(ctl("doctor", "--json").stdout)
        self.assertGreater(len(found), 5)
        for one in found:
            self.assertIn(one["verdict"], ("fine", "doubtful", "bad"))
            self.assertEqual("remedy" in one, one["verdict"] != "fine")

    def test_doctor_finds_a_database_that_is_away(self):
        conf = self.conf(database__conninfo="host=" + self.folder)
        done = ctl("doctor", "--json", conf=conf)
        self.assertEqual(done.returncode, 1)
        bad = {one["part"] for one in json.loads(done.stdout)
               if one["verdict"] == "bad"}
        self.assertIn("database", bad)

    def test_doctor_finds_a_store_that_is_away(self):
        conf = self.conf(store__dir=self.path("none"))
        done = ctl("doctor", conf=conf)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^bad .*store")


class Program(Own):
    """One of the programs that go on, with a log of its own."""

    def start(self, name, *words):
        self.log = self.path(name + ".log")
        with open(self.log, "wb") as file:
            process = subprocess.Popen(
                stack.as_owner() + [os.path.join(LIBEXEC, name), *words],
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd="/")
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=40)

    def said(self, *parts):
        """True where one line of the log has all the parts."""
        with open(self.log, encoding="utf-8") as file:
            return any(all(part in line for part in parts) for line in file)

    def wait_said(self, *parts):
        stack.wait_for("the log to say " + " ".join(parts),
                       lambda: self.said(*parts))

    def assert_ends(self, process, status, *parts):
        self.assertEqual(process.wait(timeout=60), status)
        self.assertTrue(self.said(*parts), open(
            self.log, encoding="utf-8").read())


def record(kind, content=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


class Web(Program):

    def send(self, address="/", method="GET", length=None):
        """A request on its way, whose body is left open where it has one."""
        host = stack.URL.split("://")[1]
        params = {"REQUEST_METHOD": method, "REQUEST_URI": address,
                  "DOCUMENT_URI": address, "QUERY_STRING": "",
                  "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": host}
        if length is not None:
            params.update(CONTENT_LENGTH=str(length), HTTP_ORIGIN=stack.URL,
                          CONTENT_TYPE="application/x-www-form-urlencoded")
        encoded = b"".join(
            struct.pack("BB", len(k), len(v)) + k.encode() + v.encode()
            for k, v in params.items())
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(60)
        s.connect(self.path("pages.sock"))
        s.sendall(record(1, struct.pack(">HB5x", 1, 0)) +
                  record(4, encoded) + record(4) +
                  (record(5) if length is None else b""))
        return s

    def receive(self, s):
        """What came on the standard output."""
        got = b""
        with s, s.makefile("rb") as file:
            while True:
                head = file.read(8)
                if len(head) < 8:
                    return got.decode()
                _, kind, _, size, padding, _ = struct.unpack(">BBHHBB", head)
                content = file.read(size + padding)[:size]
                if kind == 6:
                    got += content
                if kind == 3:
                    return got.decode()

    def ask(self, address="/"):
        return self.receive(self.send(address))

    def serve(self, **values):
        """A pixlpix-web that answers."""
        process = self.start("pixlpix-web", "--config", self.conf(**values))
        self.wait_said("web started")
        self.assertIn("</html>", self.ask())
        return process

    def test_wrong_usage_is_told(self):
        for words in (("--nothing",), ("--config",), ("--check", "--config"),
                      ("--config", "a", "b")):
            done = run(os.path.join(LIBEXEC, "pixlpix-web"), *words)
            self.assertEqual(done.returncode, 1)
            self.assertIn("usage: pixlpix-web", done.stderr)

    def test_check_says_what_is_wrong_and_starts_nothing(self):
        web = os.path.join(LIBEXEC, "pixlpix-web")
        done = run(web, "--check", "--config", self.conf())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        overlay = self.path("overlay")
        os.mkdir(overlay)
        self.write("overlay/terms.mustache", "{{#page}}")
        done = run(web, "--check", "--config",
                   self.conf(web__overlay_dir=overlay))
        self.assertEqual(done.returncode, 1)
        self.assertIn("terms.mustache", done.stderr)
        self.assertFalse(os.path.exists(self.path("pages.sock")))

    def test_start_is_refused_with_a_reason(self):
        for values, parts in (
                ({"web__pages_workers": 0}, ("pages_workers: must be",)),
                ({"web__views_dir": self.path("none")}, ("none",)),
                ({"web__pages_socket": "/tmp/" + "x" * 120},
                 ("socket path is too long",)),
                ({"web__pages_socket": self.path("none/pages.sock")},
                 ("No such file",)),
                ({"store__dir": self.path("none")}, ("none",)),
                ({"store__dir": self.path("none")}, ("ending",))):
            with self.subTest(values=values):
                process = self.start("pixlpix-web", "--config",
                                     self.conf(**values))
                self.assert_ends(process, 1, *parts)

    def test_database_may_come_later(self):
        process = self.start("pixlpix-web", "--config", self.conf(
            database__conninfo="host=" + self.folder))
        self.wait_said("connection lost")
        self.assertIsNone(process.poll())
        process.terminate()
        self.assert_ends(process, 0, "web ended")

    def test_worker_that_hangs_is_killed_and_replaced(self):
        """One worker, and a visitor whose form never arrives."""
        self.serve(web__watchdog_s=5, store__s3_total_s=4)
        with self.send("/login", "POST", 100) as s:
            self.wait_said("worker hangs and is killed", '"pages"')
            self.assertEqual(s.recv(1), b"")
        self.wait_said("worker died", '"signal":9')
        self.assertIn("</html>", self.ask())

    def test_request_that_is_on_its_way_is_finished_at_the_end(self):
        process = self.serve()
        s = self.send("/login", "POST", 5)
        stack.wait_for("the request to be taken", lambda: self.is_taken(s))
        process.terminate()
        self.wait_said("ending")
        s.sendall(record(5, b"a=bcd") + record(5))
        self.assertIn("Status: 403", self.receive(s))
        self.assert_ends(process, 0, "web ended")

    def is_taken(self, s):
        """Nothing that was sent waits to be read (unix(7), SIOCOUTQ)."""
        waiting = fcntl.ioctl(s, termios.TIOCOUTQ, b"\0" * 4)
        return struct.unpack("i", waiting)[0] == 0

    def test_views_with_a_fault_are_refused_and_the_old_ones_stay(self):
        overlay = self.path("overlay")
        os.mkdir(overlay)
        process = self.serve(web__overlay_dir=overlay)
        with open(os.path.join(stack.TOP, "views/terms.mustache"),
                  encoding="utf-8") as file:
            text = file.read()
        self.write("overlay/terms.mustache", text + "{{/nothing}}")
        process.send_signal(signal.SIGHUP)
        self.wait_said("reload refused")
        self.assertTrue(self.said("terms.mustache"))
        self.assertIn("Status: 200", self.ask("/terms"))
        self.write("overlay/terms.mustache", text + "<p>and one more</p>")
        process.send_signal(signal.SIGHUP)
        self.wait_said('"reloaded"')
        stack.wait_for("the new view",
                       lambda: "<p>and one more" in self.ask("/terms"))

    def test_configuration_with_a_fault_is_refused_and_the_old_one_stays(self):
        process = self.serve()
        self.conf(limits__post_images=-1)
        process.send_signal(signal.SIGHUP)
        self.wait_said("reload refused")
        self.assertIn("</html>", self.ask())


class Jobs(Program):

    def test_start_is_refused_with_a_reason(self):
        for values, part in (
                ({"limits__post_images": -1}, "post_images: must be"),
                ({"store__dir": self.path("none")}, "none")):
            process = self.start("pixlpix-jobs", "--config",
                                 self.conf(**values))
            self.assert_ends(process, 1, part)

    def test_database_may_come_later(self):
        process = self.start("pixlpix-jobs", "--config", self.conf(
            database__conninfo="host=" + self.folder))
        self.wait_said("waiting for the database")
        process.terminate()
        process.wait(timeout=30)

    def test_connection_that_breaks_is_made_again(self):
        process = self.start("pixlpix-jobs", "--config", self.conf())
        self.wait_said("jobs started")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE usename = 'pixlpix'")
        stack.wait_for("a post's job to be done", self.posts_are_filled)
        process.send_signal(signal.SIGHUP)
        self.wait_said("read anew")
        process.terminate()
        self.assert_ends(process, 0, "jobs ended")

    def posts_are_filled(self):
        if not hasattr(self, "posted"):
            author = stack.wait_for("an account", self.try_to_register)
            stack.post(author, [stack.file_of(pictures.png(40, 30))])
            self.posted = True
        stack.wait_for_jobs()
        return True

    def try_to_register(self):
        try:
            return stack.register()
        except (RuntimeError, AssertionError):
            return None


if __name__ == "__main__":
    cases.main()
