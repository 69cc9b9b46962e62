#!/usr/bin/env python3
"""pixlpixctl setup, in mount namespaces in which /etc, /usr/local and nginx's
folders are copies: nothing of this machine is changed.  The database, the
folders and the account of the service are the site's, nginx is the real one
when it looks at its configuration, and systemd's programs are stood in for by
scripts that note how they were called.  (tools/check system does all this with
a real systemd, and does not make it fail.)"""

import os
import subprocess
import unittest

import cases
import stack
import tap
import test_programs

OVERLAID = ("/etc", "/usr/local", "/var/cache", "/var/lib/nginx")
SHARED = "/usr/local/share/pixlpix"
PARTS = "/usr/local/etc/pixlpix/nginx/"
ENABLED = "/etc/nginx/sites-enabled/pixlpix"

# $1 is our folder; the others are the command.
INSIDE = r"""
set -e
top=$1 base=$2
shift 2
for folder in %s; do
	[ -d "$folder" ] || continue
	mkdir -p "$base/upper$folder" "$base/work$folder"
	mount -t overlay overlay -o \
	    "lowerdir=$folder,upperdir=$base/upper$folder,workdir=$base/work$folder" \
	    "$folder"
done
mkdir -p %s/nginx /usr/local/etc/pixlpix/secrets
mount --bind "$top/nginx" %s/nginx
sed 's|@sysconfdir@|/usr/local/etc|g' "$top/nginx/site.conf.in" \
    >/etc/nginx/sites-available/pixlpix
exec "$@"
""" % (" ".join(OVERLAID), SHARED, SHARED)

FAKE = r"""#!/bin/sh
echo "${0##*/} $*" >>"%(folder)s/called"
[ ! -e "%(folder)s/${0##*/}-fails" ] || exit 1
"""


def in_namespace(folder, *words, **options):
    return subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE,
         "sh", stack.TOP, folder, *words], check=False, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd="/",
        **options)


class Setup(test_programs.Own):

    def setUp(self):
        if os.getuid() != 0 or test_programs.OWNER.st_uid == 0:
            raise tap.Skip("only root can set a site up for somebody else")
        super().setUp()
        if in_namespace(self.folder, "true").returncode != 0:
            raise tap.Skip("no overlays can be mounted here")
        os.mkdir(self.path("fake"))
        for name in ("systemctl", "systemd-sysusers", "systemd-tmpfiles"):
            self.fake(name, "")
        self.fake("nginx", 'exec /usr/sbin/nginx "$@"\n')
        self.values = {}

    def fake(self, name, rest):
        with open(self.path("fake/" + name), "w", encoding="ascii") as file:
            file.write(FAKE % {"folder": self.folder} + rest)
        os.chmod(self.path("fake/" + name), 0o755)

    def fails(self, name, does=True):
        """From now on that program fails, or does no more."""
        if does:
            self.write(name + "-fails", "")
        else:
            os.unlink(self.path(name + "-fails"))

    def called(self):
        """What was called since the last time."""
        try:
            with open(self.path("called"), encoding="utf-8") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            return []
        os.unlink(self.path("called"))
        return lines

    def ctl(self, *words, said="", before=""):
        """The finished command; `before` is run in the namespace first."""
        path = self.path("fake") + ":" + os.environ["PATH"]
        return in_namespace(
            self.folder, "sh", "-ec", before + '\nexec "$@"', "sh",
            test_programs.CTL, "--config", self.conf(**self.values), *words,
            input=said, env={**os.environ, "PATH": path})

    def setup(self, *words, **options):
        return self.ctl("setup", *words, **options)

    def assert_found(self, *parts):
        """Doctor says that, of what stands in this configuration."""
        done = self.ctl("doctor")
        for part in parts:
            self.assertIn(part, done.stdout, done.stderr)

    def assert_done(self, done, *parts):
        self.assertEqual(done.returncode, 0, done)
        for part in parts:
            self.assertIn(part, done.stdout)

    def assert_refused(self, done, *parts):
        self.assertEqual(done.returncode, 1, done)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertNotIn("ready; start it", done.stdout)

    def inside(self, *words):
        done = in_namespace(self.folder, *words)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def is_enabled(self):
        return in_namespace(self.folder, "test", "-L", ENABLED).returncode == 0

    def test_package_becomes_a_site_that_nginx_takes(self):
        self.fails("systemctl")
        self.assert_done(
            self.setup(), "database: schema of ", "it does not run",
            "nginx: serves " + stack.conf()["site"]["url"], "ready; start it")
        called = self.called()
        self.assertIn("systemd-sysusers pixlpix.conf", called)
        self.assertIn("systemd-tmpfiles --create pixlpix.conf", called)
        self.assertIn("nginx -t -q", called)
        self.assertNotIn("systemctl reload-or-try-restart nginx.service",
                         called)
        for part in ("limits", "http", "images", "listen", "site"):
            self.assertTrue(self.inside("cat", PARTS + part + ".conf"))
        self.assertNotIn("@", self.inside("sed", "s/^ *#.*//",
                                          PARTS + "site.conf"))
        self.assertEqual(self.inside("readlink", ENABLED).strip(),
                         "/etc/nginx/sites-available/pixlpix")

    def test_nginx_is_reloaded_when_something_has_changed_and_only_then(self):
        reload = "systemctl reload-or-try-restart nginx.service"
        self.assert_done(self.setup())
        self.assertIn(reload, self.called())
        self.assert_done(self.setup(), "nginx: has all this already")
        self.assertNotIn(reload, self.called())
        self.values = {"limits__login_burst": 7}
        self.assert_done(self.setup())
        self.assertIn(reload, self.called())
        self.assertIn("burst=7 ", self.inside("cat", PARTS + "limits.conf"))

    def test_reload_that_failed_is_done_again(self):
        self.fake("systemctl", '[ "$1" != reload-or-try-restart ]\n')
        self.assert_refused(self.setup(), "could not be noted")
        self.fake("systemctl", "")
        self.called()
        self.assert_done(self.setup())
        self.assertIn("systemctl reload-or-try-restart nginx.service",
                      self.called())

    def test_site_that_nginx_does_not_take_is_not_enabled(self):
        self.fails("nginx")
        self.assert_refused(self.setup(), "nginx")
        self.assertFalse(self.is_enabled())
        self.fails("nginx", False)
        self.assert_done(self.setup())
        self.assertTrue(self.is_enabled())
        self.fails("nginx")
        self.assert_refused(self.setup(), "nginx")
        self.assertTrue(self.is_enabled(), "it was so before")

    def test_doctor_sees_whether_nginx_has_what_is_configured(self):
        self.assert_found("does not have what the configuration says now",
                          "the site is not enabled")
        self.assert_done(self.setup())
        self.assert_found("it keeps the limits of the configuration",
                          "the site is enabled", "it takes its configuration")
        self.values = {"limits__login_burst": 7}
        self.fails("nginx")
        self.assert_found("does not have what the configuration says now",
                          "it refuses its configuration")

    def test_doctor_sees_how_long_a_certificate_is_good(self):
        self.values = {"site__url": "https://localhost",
                       "nginx__certificate": self.path("own.pem"),
                       "nginx__certificate_key": self.path("key.pem")}
        self.assert_found("cannot be read")
        for days, part in ((1, "runs out within two weeks"),
                           (30, "good for two weeks and more")):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                 "-days", str(days), "-keyout", self.path("key.pem"), "-out",
                 self.path("own.pem")], check=True, stderr=subprocess.DEVNULL)
            self.assert_found(part)

    def test_what_is_missing_is_told(self):
        self.assert_refused(
            self.setup(before="rm -r /etc/nginx/sites-enabled"),
            "nginx is not installed: apt install nginx")

    def test_package_that_is_not_whole_is_told(self):
        for name, part in (("systemd-sysusers", "the account pixlpix"),
                           ("systemd-tmpfiles", "the folders")):
            with self.subTest(name=name):
                self.fails(name)
                self.assert_refused(self.setup(), part + " could not be made")
                self.fails(name, False)
                self.assertFalse(self.is_enabled())

    def test_folder_of_the_workers_must_not_be_roots(self):
        os.mkdir(self.path("run"))
        self.values = {"web__run_dir": self.path("run")}
        self.assert_refused(self.setup(),
                            "must be a folder of the account pixlpix")

    def test_store_is_made_where_the_configuration_has_it(self):
        self.values = {"store__dir": self.path("store")}
        self.assert_done(self.setup())
        self.assertEqual(os.stat(self.path("store")).st_uid,
                         test_programs.OWNER.st_uid)
        self.values = {"store__dir": self.path("no/store")}
        self.assert_refused(self.setup(), "cannot make the store")

    def test_database_that_is_away_or_of_no_use_is_told(self):
        self.values = {"database__conninfo": "host=" + self.folder}
        self.assert_refused(self.setup(), "the database cannot be reached",
                            "createdb --owner=pixlpix")
        self.values = {"database__schema_dir": self.path("none")}
        self.assert_refused(self.setup(),
                            "the schema could not be brought up to date")
        self.assertFalse(self.is_enabled())

    def test_first_account_is_the_admin_and_the_second_is_not(self):
        first, second = stack.fresh_name(), stack.fresh_name()
        words = ("--account", first, "--email", first + "@example.org")
        self.assert_refused(self.setup(*words), "no password was given")
        self.assert_refused(self.setup(*words, said="short\n"),
                            "no account for " + first)
        self.assertEqual(stack.count("account", "name = '%s'" % first), 0)
        stack.sql("UPDATE account SET role = 'member'")
        self.assert_done(self.setup(*words, said=stack.PASSWORD + "\n"),
                         "account: %s, the site's first admin\n" % first)
        self.assert_done(self.setup("--account", second, "--email",
                                    second + "@example.org",
                                    said=stack.PASSWORD + "\n"),
                         "account: %s\n" % second)
        self.assertEqual(
            stack.sql("SELECT name FROM account WHERE role = 'admin'"),
            [[first]])
        # Once more changes nothing.
        self.assert_done(self.setup(*words, said=stack.PASSWORD + "\n"))
        self.assertEqual(stack.count("account", "name = '%s'" % first), 1)


if __name__ == "__main__":
    cases.main()
