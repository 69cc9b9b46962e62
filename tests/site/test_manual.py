#!/usr/bin/env python3
"""The manual pages and the shell's completion agree with the programs."""

import os
import re
import subprocess
import tempfile
import unittest

import cases
import stack

BUILD = os.environ["PIXLPIX_BUILDDIR"]
COMPLETION = os.path.join(stack.TOP, "systemd", "pixlpixctl.bash")
CTL = os.path.join(stack.STATE, "programs/bin/pixlpixctl")


def output(*words, **options):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE,
                          encoding="utf-8", cwd="/", **options).stdout


class Manual(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pixlpix-manual.")
        subprocess.run(
            ["make", "-s", "-C", BUILD, "--no-print-directory",
             "install-manual", "DESTDIR=" + cls.folder,
             "prefix=/usr", "sysconfdir=/etc"],
            check=True, stdout=subprocess.DEVNULL)
        cls.pages = {}
        for at, _, names in os.walk(cls.folder + "/usr/share/man"):
            cls.pages.update((name, os.path.join(at, name)) for name in names)

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["rm", "-rf", cls.folder], check=True)

    def shown(self, name):
        text = output("man", "-l", self.pages[name], env={
            **os.environ, "MANWIDTH": "2000", "LC_ALL": "C.UTF-8"})
        return re.sub(r"\s+", " ", re.sub(".\b", "", text).replace(
            "\u2010", "-"))

    def test_every_page_is_installed_and_without_fault(self):
        self.assertEqual(set(self.pages), {
            "pixlpixctl.8", "pixlpix.conf.5", "pixlpix-web.8",
            "pixlpix-jobs.8"})
        for name, path in self.pages.items():
            with open(path, encoding="utf-8") as file:
                self.assertNotRegex(file.read(), r"@[a-zA-Z]+@", name)
            for words in (["man", "--warnings", "-l", "-Tutf8", path],
                          ["mandoc", "-T", "lint", "-W", "warning", path]):
                done = subprocess.run(
                    words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"})
                said = done.stderr + (done.stdout if words[0] == "mandoc"
                                      else "")
                self.assertEqual((said, done.returncode), ("", 0), words)

    def test_the_commands_are_those_of_the_help(self):
        shown = self.shown("pixlpixctl.8")
        usage = output(CTL, "--help")
        commands = re.findall(r"(?m)^  ([a-z]+(?: [a-z]+)?)(?= |$)", usage)
        self.assertGreater(len(commands), 15)
        for command in commands:
            self.assertIn(" " + command + " ", shown)

    def test_the_keys_are_those_of_the_configuration(self):
        shown = self.shown("pixlpix.conf.5")
        keys = re.findall(r"(?m)^(\w+) = (.*)$",
                          output(CTL, "config", "defaults"))
        self.assertGreater(len(keys), 60)
        for name, value in keys:
            self.assertRegex(shown, r"\b%s\b" % name)
            if value.isdigit():
                self.assertIn("the default is %s." % value, shown)


class Usage(unittest.TestCase):
    """What is told to who has not found the right words: not more than what
    may have been meant."""

    def said(self, *words):
        done = subprocess.run(
            [CTL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", cwd="/")
        return done.returncode, done.stdout, done.stderr

    def test_a_command_that_is_none_is_named(self):
        status, out, error = self.said("storing", "/var")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("there is no command storing; pixlpixctl --help", error)
        self.assertNotIn("restore", error)

    def test_arguments_that_are_none_bring_the_usage_of_that_command(self):
        for words in (["jobs", "drop", "x"], ["jobs", "drop"]):
            status, out, error = self.said(
                "--config", os.path.join(stack.STATE, "pixlpix.conf"), *words)
            self.assertEqual((status, out), (1, ""))
            self.assertIn("\n  jobs drop ID ", error)
            self.assertNotIn("retry", error)

    def test_half_a_command_brings_those_that_begin_so(self):
        for words in (["jobs"], ["jobs", "done"]):
            status, out, error = self.said(*words)
            self.assertEqual((status, out), (1, ""))
            for wanted in ("jobs list", "jobs retry", "jobs drop"):
                self.assertIn("\n  " + wanted, error)
            self.assertNotIn("backup", error)

    def test_help_is_told_of_all_or_of_one(self):
        for words, there, away in (
                ([], "  restore FOLDER", "no command"),
                (["backup"], "  backup FOLDER", "restore"),
                (["user"], "  user list", "backup"),
                (["user", "list"], "  user list", "user role")):
            status, out, error = self.said(*words, "--help")
            self.assertEqual((status, error), (0, ""), words)
            self.assertIn(there, out)
            self.assertNotIn(away, out)
        self.assertEqual(self.said("storing", "--help")[0], 1)

    def test_the_version_is_that_of_the_build(self):
        with open(os.path.join(stack.TOP, "configure.ac"),
                  encoding="utf-8") as file:
            version = re.search(r"AC_INIT\(\[[^]]*\], *\[([^]]*)\]",
                                file.read()).group(1)
        self.assertEqual(self.said("--version"),
                         (0, "pixlpixctl %s\n" % version, ""))


class RunBook(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        with open(os.path.join(stack.TOP, "systemd", "RUNBOOK.md"),
                  encoding="utf-8") as file:
            cls.blocks = re.findall(r"(?ms)^```([^\n]*)\n(.*?)^```$",
                                    file.read())

    def test_every_block_is_given_by_the_check_of_the_system(self):
        with open(os.path.join(stack.TOP, "tools", "check_system"),
                  encoding="utf-8") as file:
            check = file.read()
        self.assertGreater(len(self.blocks), 30)
        for head, _ in self.blocks:
            self.assertTrue(head.startswith("sh "), head)
            name = head.removeprefix("sh ")
            self.assertRegex(check, r'book\("%s"[,)]|"%s": "' % (name, name))

    def test_no_secret_stands_on_a_command_line(self):
        """Where anybody on the machine could read it; printf is the shell's
        own, and what is in a here-document goes through a pipe."""
        count = 0
        for _, commands in self.blocks:
            commands = re.sub(r"(?ms)<<'?(\w+)'?$.*?^\1$", "", commands)
            for line in commands.splitlines():
                if "$secret" in line:
                    count += 1
                    self.assertRegex(
                        line, r"^\(umask 0[27]7 && printf [^|;]* "
                        r"\"\$secret\" >\S+\)$")
        self.assertEqual(count, 2)

    def test_the_six_commands_of_the_readme_are_its_own(self):
        with open(os.path.join(stack.TOP, "README.md"),
                  encoding="utf-8") as file:
            six = re.search(r"(?ms)^```\n(apt install .*?)^```$", file.read())
        blocks = {head: commands for head, commands in self.blocks}
        self.assertEqual(six.group(1), "".join(
            blocks["sh " + name] for name in (
                "package", "certificate", "install")))
        self.assertEqual(six.group(1).count("\n"), 6)


class Completion(unittest.TestCase):

    def complete(self, *words):
        """What bash offers for the last of the words."""
        script = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_pixlpixctl; printf "%s\\n" "${COMPREPLY[@]}"')
        return set(output("bash", "-c", script, "bash", COMPLETION, CTL,
                          *words).split())

    def test_it_offers_every_first_word(self):
        offered = self.complete("")
        self.assertLessEqual(
            {"setup", "doctor", "backup", "restore", "config", "migrate",
             "fsck", "store", "jobs", "user", "mail", "--help", "--config"},
            offered)
        self.assertNotIn("help", offered)
        self.assertEqual(self.complete("co"), {"config"})

    def test_it_offers_the_second_word_and_the_options(self):
        self.assertEqual(
            self.complete("user", ""),
            {"list", "show", "role", "suspend", "unsuspend", "reset",
             "erase"})
        self.assertEqual(self.complete("user", "un"), {"unsuspend"})
        self.assertEqual(self.complete("user", "reset", "ann", "--"),
                         {"--link"})
        self.assertIn("--json", self.complete("jobs", "list", "--"))
        self.assertEqual(self.complete("user", "role", "ann", "mo"),
                         {"moderator"})
        self.assertEqual(self.complete("config", "nginx", "l"), {"listen"})
        self.assertIn("--deep", self.complete("fsck", "--repair", "--d"))

    def test_it_completes_behind_a_configuration(self):
        conf = os.path.join(stack.STATE, "pixlpix.conf")
        self.assertEqual(self.complete("--config", conf[:-1]), {conf})
        self.assertEqual(self.complete("--config", conf, "doc"), {"doctor"})

    def test_it_offers_folders_for_a_backup(self):
        self.assertIn("/usr", self.complete("backup", "/us"))

    def test_it_offers_nothing_where_nothing_can_follow(self):
        self.assertEqual(self.complete("migrate", ""), set())
        self.assertEqual(self.complete("nothing", ""), set())


if __name__ == "__main__":
    cases.main()
