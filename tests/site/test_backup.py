#!/usr/bin/env python3
"""The drill: fill, back up, lose everything, bring it back, and compare every
row and every object."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import cases
import pictures
import stack


CTL = os.path.join(stack.STATE, "programs/bin/pixlpixctl")


def run(*words, fine=True):
    """A program as whom the site runs as: what it says."""
    done = subprocess.run(stack.as_owner() + list(words), cwd="/",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8")
    if fine != (done.returncode == 0):
        raise AssertionError("%s: %d: %s" % (
            words, done.returncode, done.stdout))
    return done.stdout


class Place:
    """Another site: a database and a store of its own, both empty."""

    def __init__(self, folder, number):
        self.database = "drill_%s_%d" % (stack.fresh_name(), number)
        self.store = os.path.join(folder, "store%d" % number)
        self.conf = os.path.join(folder, "conf%d" % number)
        run("mkdir", self.store)
        run("createdb", "--host=" + os.path.join(stack.STATE, "run"),
            "--username=postgres", "--owner=pixlpix", self.database)
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"(?m)^conninfo = .*",
                      "conninfo = host=%s/run user=pixlpix dbname=%s" % (
                          stack.STATE, self.database), text)
        text = re.sub(r"(?m)^dir = .*", "dir = " + self.store, text)
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.conf, 0o644)
        self.ctl("migrate")

    def ctl(self, *words, fine=True):
        return run(CTL, "--config", self.conf, *words, fine=fine)


def rows(database):
    """Every row and the schema, as text; but for what this machine notes of
    itself, and what is counted anew every minute."""
    said = run("pg_dump", "--host=" + os.path.join(stack.STATE, "run"),
               "--username=postgres", "--no-owner", "--no-privileges",
               "--exclude-table-data=backup_run",
               "--exclude-table-data=measure",
               "--exclude-table-data=pulse", database)
    # What pg_dump makes up anew each time, and the rows of no known order.
    return sorted(line for line in said.splitlines()
                  if not re.match(r"\\(un)?restrict ", line))


def contents(store):
    found = {}
    for space in ("public", "hidden"):
        for at, _, names in os.walk(os.path.join(store, space)):
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    found[space, name] = file.read()
    return found


class Drill(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pixlpix-drill.")
        shutil.chown(cls.folder, os.stat(stack.STATE).st_uid)
        os.chmod(cls.folder, 0o755)
        member = stack.register()
        for colour in ((1, 2, 3), (4, 5, 6)):
            page = stack.post(member, [stack.file_of(
                pictures.png(90, 60, colour))])
        member.submit(member.get(page.path + "/delete").form("/delete"))
        # What is for followers alone is not public in a backup either.
        cls.shy = stack.register()
        cls.shy.submit(cls.shy.get("/settings").form("/settings/private"),
                       private="yes")
        stack.post(cls.shy, [stack.file_of(pictures.png(80, 60))])
        cls.member = member
        cls.numbers = iter(range(100))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        if stack.is_s3():
            self.skipTest("compares folders")
        self.to = tempfile.mkdtemp(dir=self.folder)
        shutil.chown(self.to, os.stat(stack.STATE).st_uid)

    def back_up(self, *words):
        said = stack.ctl("backup", self.to, *words)
        return said.split(": ")[0], said

    def another(self):
        return Place(self.folder, next(self.numbers))

    def test_everything_comes_back(self):
        stack.wait_for("the jobs", lambda: stack.count("job") == 0)
        backup, _ = self.back_up()
        before = rows("pixlpix"), contents(os.path.join(stack.STATE, "store"))
        place = self.another()
        said = place.ctl("restore", backup)
        self.assertIn("restored and verified", said)
        self.assertEqual(rows(place.database), before[0])
        self.assertEqual(contents(place.store), before[1])
        self.assertGreater(len(before[1]), 6)
        key, = stack.sql("SELECT i.key FROM image i JOIN post p ON p.id = "
                         "i.post_id JOIN account a ON a.id = p.account_id "
                         "WHERE a.name = '%s'" % self.shy.name)[0]
        self.assertEqual({space for space, name in contents(place.store)
                          if name.startswith(key)}, {"hidden"})
        place.ctl("fsck")

    def test_sha256sum_agrees_with_the_manifest(self):
        backup, _ = self.back_up()
        run("bash", "-c", "cd '%s' && sha256sum --check --quiet --strict "
            "manifest" % backup)
        named = {line.split("  ")[1].strip() for line in
                 open(os.path.join(backup, "manifest"), encoding="ascii")}
        there = {os.path.relpath(os.path.join(at, name), backup)
                 for at, _, names in os.walk(backup) for name in names}
        self.assertEqual(named, there - {"manifest"})

    def test_what_the_backup_before_has_is_linked(self):
        first, _ = self.back_up()
        page = stack.post(self.member, [stack.file_of(
            pictures.png(70, 50, (7, 8, 9)))])
        self.assertEqual(page.status, 200)
        self.another_second()
        second, said = self.back_up()
        objects, linked = map(int, re.search(
            r"(\d+) objects, (\d+) of them linked", said).groups())
        self.assertLess(linked, objects)
        old = contents(first)
        self.assertEqual(linked, len(old))
        for space, name in old:
            path = os.path.join(space, name[:2], name)
            self.assertEqual(os.stat(os.path.join(first, path)).st_ino,
                             os.stat(os.path.join(second, path)).st_ino)
        run("bash", "-c", "cd '%s' && sha256sum --check --quiet --strict "
            "manifest" % second)

    def test_old_ones_are_thinned(self):
        for name in ("20200101T000000Z", "20200102T000000Z"):
            run("mkdir", os.path.join(self.to, name))
            run("touch", os.path.join(self.to, name, "manifest"))
        backup, _ = self.back_up("--keep", "2")
        self.assertEqual(sorted(os.listdir(self.to)),
                         ["20200102T000000Z", os.path.basename(backup)])

    def last(self):
        """What is remembered of the newest backup into the folder."""
        return stack.sql(
            "SELECT ended_at IS NOT NULL, is_good, objects, message FROM "
            "backup_run WHERE folder = '%s' ORDER BY id" % self.to)

    def test_a_good_one_is_remembered(self):
        _, said = self.back_up()
        objects = re.search(r"(\d+) objects", said).group(1)
        self.assertEqual(self.last(), [["t", "t", objects, ""]])

    def test_one_that_fails_is_remembered_with_its_reason(self):
        os.chmod(self.to, 0o500)
        said = stack.ctl_fails("backup", self.to)
        self.assertIn("Permission denied", said)
        self.assertEqual(self.last(), [["t", "f", "0", "Permission denied"]])

    def test_one_that_was_killed_is_remembered(self):
        stack.sql("INSERT INTO backup_run (folder) VALUES ('%s')" % self.to)
        self.back_up()
        self.assertEqual(
            [row[:2] + row[3:] for row in self.last()],
            [["t", "f", "was broken off"], ["t", "t", ""]])

    def test_a_folder_that_is_missing_is_told_and_remembered(self):
        os.rmdir(self.to)
        self.assertIn("No such file", stack.ctl_fails("backup", self.to))
        self.assertEqual(self.last(),
                         [["t", "f", "0", "No such file or directory"]])

    def test_the_policy_of_the_configuration_thins(self):
        old = ["20200131T030000Z", "20200229T030000Z", "20200301T010000Z",
               "20200301T030000Z"]
        for name in old:
            run("mkdir", os.path.join(self.to, name))
            run("touch", os.path.join(self.to, name, "manifest"))
        backup = self.with_conf({"daily": "2", "weekly": "0", "monthly": "3"},
                                "backup", self.to, "--thin").split(": ")[0]
        self.assertEqual(sorted(os.listdir(self.to)), [
            "20200229T030000Z", "20200301T030000Z", os.path.basename(backup)])

    def with_conf(self, values, *words, fine=True, before=()):
        """pixlpixctl on the site, with other values in [backup], behind the
        words of another program that runs it."""
        path = os.path.join(self.to + ".conf")
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = file.read()
        for key, value in values.items():
            text, count = re.subn(r"(?m)^%s = .*|^%s =$" % (key, key),
                                  "%s = %s" % (key, value), text)
            self.assertEqual(count, 1, key)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o644)
        return run(*before, CTL, "--config", path, *words, fine=fine)

    def wrapped(self, program, script):
        """The words that run what follows with a program of that name in
        the place of the real one, which the script finds as "$real"."""
        folder = tempfile.mkdtemp(dir=self.folder)
        os.chmod(folder, 0o755)
        path = os.path.join(folder, program)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/bash\nreal=%s\n%s" % (
                shutil.which(program), script))
        os.chmod(path, 0o755)
        return ["env", "PATH=%s:%s" % (folder, os.environ["PATH"])]

    def key(self, name="key"):
        """A new key of age: the file with it, and the public one's."""
        path = os.path.join(self.folder, "%s%d" % (name, next(self.numbers)))
        run("age-keygen", "-o", path)
        public = run("age-keygen", "-y", path).strip()
        run("bash", "-c", "printf '%%s\\n' '%s' >'%s.pub'" % (public, path))
        return path

    def encrypted(self, key):
        return self.with_conf({"recipients": key + ".pub"}, "backup",
                              self.to).split(": ")[0]

    def another_second(self):
        stack.wait_for("another second", lambda: not os.path.exists(
            os.path.join(self.to, subprocess.check_output(
                ["date", "-u", "+%Y%m%dT%H%M%SZ"], text=True).strip())))

    def test_an_encrypted_one_comes_back_with_its_key(self):
        stack.wait_for("the jobs", lambda: stack.count("job") == 0)
        key = self.key()
        backup = self.encrypted(key)
        place = self.another()
        self.assertIn("restored and verified", place.ctl(
            "restore", backup, "--identity", key))
        self.assertEqual(rows(place.database), rows("pixlpix"))
        self.assertEqual(contents(place.store), contents(
            os.path.join(stack.STATE, "store")))
        place.ctl("fsck", "--deep")

    def test_an_encrypted_one_shows_nothing_of_what_it_holds(self):
        key = self.key()
        backup = self.encrypted(key)
        run("bash", "-c", "cd '%s' && sha256sum --check --quiet --strict "
            "manifest" % backup)
        names = {os.path.relpath(os.path.join(at, name), backup)
                 for at, _, names in os.walk(backup) for name in names}
        for name in names - {"manifest", "recipients"}:
            self.assertTrue(name.endswith(".age"), name)
            with open(os.path.join(backup, name), "rb") as file:
                content = file.read()
            self.assertTrue(content.startswith(b"age-encryption.org/v1\n"))
            self.assertNotIn(self.member.name.encode(), content)

    def test_an_encrypted_one_needs_its_key(self):
        backup = self.encrypted(self.key())
        place = self.another()
        self.assertIn("give --identity", place.ctl(
            "restore", backup, fine=False))
        self.assertIn("does not open", place.ctl(
            "restore", backup, "--identity", self.key("other"), fine=False))
        self.assertEqual(contents(place.store), {})

    def test_what_others_can_read_is_not_linked(self):
        """Neither into an encrypted one from a plain one, nor from one for
        others."""
        self.back_up()
        first_key, second_key = self.key(), self.key()
        linked = []
        for key in (first_key, first_key, second_key):
            self.another_second()
            said = self.with_conf({"recipients": key + ".pub"}, "backup",
                                  self.to)
            objects, count = map(int, re.search(
                r"(\d+) objects, (\d+) of them linked", said).groups())
            linked.append(count == objects if count else 0)
        self.assertEqual(linked, [0, True, 0])

    def test_recipients_that_are_none_fail_it_and_leave_nothing(self):
        path = os.path.join(self.folder, "none.pub")
        with open(path, "w", encoding="ascii") as file:
            file.write("nobody\n")
        os.chmod(path, 0o644)
        self.with_conf({"recipients": path}, "backup", self.to, fine=False)
        self.assertEqual(os.listdir(self.to), [])
        self.assertEqual(self.last(), [["t", "f", "0",
                                        "age could not encrypt it"]])

    def test_a_dump_that_fails_is_remembered_as_that(self):
        for values in ({}, {"recipients": self.key() + ".pub"}):
            self.with_conf(
                values, "backup", self.to, fine=False,
                before=self.wrapped("pg_dump", "echo half a dump; exit 1\n"))
            self.assertEqual(self.last()[-1], [
                "t", "f", "0", "the database could not be dumped"])
        self.assertEqual(os.listdir(self.to), [])

    def test_what_a_broken_off_backup_left_is_cleared(self):
        run("mkdir", os.path.join(self.to, "20200101T000000Z.making"))
        backup, _ = self.back_up()
        self.assertEqual(os.listdir(self.to), [os.path.basename(backup)])

    def test_a_damaged_backup_is_refused_before_anything_changes(self):
        backup, _ = self.back_up()
        victim = glob.glob(os.path.join(backup, "public", "*", "*"))[0]
        with open(victim, "r+b") as file:
            file.seek(20)
            file.write(b"x")
        place = self.another()
        said = place.ctl("restore", backup, fine=False)
        self.assertIn("damaged in the backup: public/", said)
        self.assertEqual(contents(place.store), {})

    def test_a_missing_object_is_noticed(self):
        backup, _ = self.back_up()
        os.unlink(glob.glob(os.path.join(backup, "hidden", "*", "*"))[0])
        said = self.another().ctl("restore", backup, fine=False)
        self.assertIn("missing in the backup: hidden/", said)

    def test_a_manifest_that_was_cut_off_is_refused(self):
        backup, _ = self.back_up()
        path = os.path.join(backup, "manifest")
        with open(path, encoding="ascii") as file:
            whole = file.read()
        line = whole.index("\n") + 1
        last = whole.rindex("\n", 0, -1) + 1
        place = self.another()
        for at in (0, line, line + 30, last, last + 66, len(whole) - 3):
            with open(path, "w", encoding="ascii") as file:
                file.write(whole[:at])
            said = place.ctl("restore", backup, fine=False)
            self.assertRegex(said, "the manifest is not whole|missing in the "
                             "backup: database.d", at)
            self.assertEqual(contents(place.store), {})
        with open(path, "w", encoding="ascii") as file:
            file.write(whole)
        place.ctl("restore", backup)

    def test_what_becomes_public_meanwhile_is_in_it(self):
        """Once the public images have been listed and before the hidden ones
        are: the dump, which was made before, knows it as a hidden one."""
        stack.wait_for("the jobs", lambda: stack.count("job") == 0)
        store = os.path.join(stack.STATE, "store")
        key, = stack.sql("SELECT i.key FROM image i JOIN post p ON p.id = "
                         "i.post_id JOIN account a ON a.id = p.account_id "
                         "WHERE a.name = '%s'" % self.shy.name)[0]
        name = "%s-l.jpg" % key
        hidden, public = (os.path.join(store, space, name[:2], name)
                          for space in ("hidden", "public"))
        run("mkdir", "-p", os.path.dirname(public))
        self.addCleanup(run, "bash", "-c", "[ ! -e '%s' ] || mv '%s' '%s'" % (
            public, public, hidden))
        calls = tempfile.mkdtemp(dir=self.to + "/..")
        shutil.chown(calls, os.stat(stack.STATE).st_uid)
        # The first call is the dump's, the second the first public image's.
        age = self.wrapped("age", """n=$(ls %s | wc -l); touch %s/$n
            [ $n -ne 1 ] || mv %s %s
            exec $real "$@"\n""" % (calls, calls, hidden, public))
        secret = self.key()
        backup = self.with_conf({"recipients": secret + ".pub"}, "backup",
                                self.to, before=age).split(": ")[0]
        self.assertTrue(os.path.exists(public), "it was not moved")
        self.assertEqual(
            [space for space in ("public", "hidden") if os.path.exists(
                os.path.join(backup, space, name[:2], name + ".age"))],
            ["hidden"])
        place = self.another()
        place.ctl("restore", backup, "--identity", secret)
        place.ctl("fsck", "--deep")

    def test_a_full_disk_fails_it_with_that_word_and_leaves_the_others(self):
        first, _ = self.back_up()
        limit = 100000 + 3 * os.path.getsize(
            os.path.join(first, "database.dump"))
        large = os.path.join(stack.STATE, "store/public/zz/zz%d" % os.getpid())
        run("mkdir", "-p", os.path.dirname(large))
        run("truncate", "--size=%d" % (3 * limit), large)
        self.addCleanup(os.unlink, large)
        said = self.with_conf({}, "backup", self.to, fine=False, before=[
            "prlimit", "--fsize=%d" % limit])
        self.assertIn("File too large", said)
        self.assertNotIn("account pixlpix", said)
        self.assertEqual(os.listdir(self.to), [os.path.basename(first)])
        self.assertEqual(self.last()[-1], ["t", "f", self.last()[-1][2],
                                           "File too large"])

    def test_a_lost_connection_does_not_lose_how_it_ended(self):
        dump = self.wrapped("pg_dump", """$real "$@" || exit 1
            psql -X -h %s/run -U postgres -d pixlpix -c "SELECT
            pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE
            '%%INSERT INTO backup_run%%' AND pid <> pg_backend_pid()" >&2
            """ % stack.STATE)
        said = self.with_conf({}, "backup", self.to, before=dump)
        self.assertIn("(1 row)", said)
        self.assertEqual([row[:2] + row[3:] for row in self.last()],
                         [["t", "t", ""]])

    def test_old_ones_that_cannot_be_removed_do_not_undo_a_good_one(self):
        old = os.path.join(self.to, "20200101T000000Z")
        run("mkdir", old)
        run("touch", os.path.join(old, "manifest"))
        os.chmod(old, 0o500)
        self.addCleanup(os.chmod, old, 0o700)
        said = stack.ctl_fails("backup", self.to, "--keep", "1")
        self.assertIn("could not be removed: Permission denied", said)
        self.assertNotIn("no backup", said)
        self.assertEqual(len(os.listdir(self.to)), 2)
        self.assertEqual([row[:2] for row in self.last()], [["t", "t"]])

    def test_the_one_just_made_stays_whatever_the_clock_says(self):
        """Others are of a time when the clock was ahead."""
        for words in (["--keep", "1"], ["--thin"]):
            for name in ("20980101T000000Z", "20990101T000000Z"):
                run("mkdir", "-p", os.path.join(self.to, name))
                run("touch", os.path.join(self.to, name, "manifest"))
            backup = self.with_conf(
                {"daily": "1", "weekly": "0", "monthly": "0"}, "backup",
                self.to, *words).split(": ")[0]
            self.assertEqual(sorted(os.listdir(self.to)), [
                os.path.basename(backup), "20990101T000000Z"])
            shutil.rmtree(backup)

    def test_one_of_a_time_to_come_is_not_what_others_are_linked_to(self):
        self.back_up()
        run("mkdir", os.path.join(self.to, "20990101T000000Z"))
        run("touch", os.path.join(self.to, "20990101T000000Z", "manifest"))
        _, said = self.back_up()
        objects, linked = re.search(r"(\d+) objects, (\d+) of them linked",
                                    said).groups()
        self.assertEqual(objects, linked)

    def test_two_in_a_second_have_two_names(self):
        now = int(time.time())
        taken = [time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now + s))
                 for s in range(60)]
        for name in taken:
            run("mkdir", os.path.join(self.to, name))
        for name in taken:
            run("touch", os.path.join(self.to, name, "manifest"))
        backup, _ = self.back_up()
        self.assertGreater(os.path.basename(backup), taken[-1])

    def test_a_password_that_a_killed_one_has_left_is_no_hindrance(self):
        path = self.to + ".conf"
        run("bash", "-c", "echo secret >'%s.secret'" % self.to)
        with open(os.path.join(stack.STATE, "pixlpix.conf"),
                  encoding="utf-8") as file:
            text = re.sub(r"(?ms)^(\[database\].*?^password_file =)[^\n]*",
                          r"\1 %s.secret" % self.to, file.read())
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o644)
        passes = os.path.join(stack.STATE, "run/pgpass.")
        said = run("bash", "-c", "echo left >%s$$; exec %s --config %s "
                   "backup %s" % (passes, CTL, path, self.to))
        self.assertIn("objects", said)
        self.assertEqual(glob.glob(passes + "*"), [])

    def test_a_site_with_accounts_is_not_overwritten(self):
        backup, _ = self.back_up()
        before = stack.count("account")
        said = run(CTL, "--config",
                   os.path.join(stack.STATE, "pixlpix.conf"),
                   "restore", backup, fine=False)
        self.assertIn("this site has accounts", said)
        self.assertEqual(stack.count("account"), before)

    def test_a_restore_that_was_broken_off_can_be_given_again(self):
        backup, _ = self.back_up()
        place = self.another()
        some = glob.glob(os.path.join(backup, "public", "*", "*"))[:2]
        for path in some:
            to = os.path.join(place.store, os.path.relpath(path, backup))
            run("mkdir", "-p", os.path.dirname(to))
            run("cp", path, to)
        place.ctl("restore", backup)
        place.ctl("fsck")

    def test_another_object_of_that_name_is_not_overwritten(self):
        backup, _ = self.back_up()
        place = self.another()
        path = glob.glob(os.path.join(backup, "public", "*", "*"))[0]
        to = os.path.join(place.store, os.path.relpath(path, backup))
        run("mkdir", "-p", os.path.dirname(to))
        run("bash", "-c", "echo another >'%s'" % to)
        said = place.ctl("restore", backup, fine=False)
        self.assertIn("the store has another object of that name", said)
        with open(to, "rb") as file:
            self.assertEqual(file.read(), b"another\n")


if __name__ == "__main__":
    cases.main()
