#!/usr/bin/env python3
"""A site moves its images from the S3 server to a folder and back, while
visitors look at them, members post and delete, and the copying is killed."""

import hashlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest

import cases
import pictures
import stack
import tap

CONF = os.path.join(stack.STATE, "pixlpix.conf")


def set_store(**values):
    """Changes keys of [store], and has everybody read them."""
    with open(CONF, encoding="utf-8") as file:
        text = file.read()
    for key, value in values.items():
        text, found = re.subn(r"(?m)^;?\s*%s\s*=.*$" % key,
                              "%s = %s" % (key, value), text, count=1)
        assert found == 1, key
    with open(CONF, "w", encoding="utf-8") as file:
        file.write(text)
    for name, part in (("limits", []), ("http", ["http"]),
                       ("images", ["images"])):
        with open(os.path.join(stack.STATE, "nginx", name + ".conf"), "w",
                  encoding="utf-8") as file:
            file.write(stack.ctl("config", "nginx", *part))
    before = workers()
    read_anew = anew()
    for service in ("web", "jobs", "nginx"):
        os.kill(stack.pid_of(service), signal.SIGHUP)
    stack.wait_for("other workers",
                   lambda: workers() and not before & workers())
    stack.wait_for("jobs to read the configuration",
                   lambda: anew() > read_anew)


def workers():
    return set(subprocess.run(
        ["pgrep", "-P", str(stack.pid_of("web"))], check=False,
        stdout=subprocess.PIPE, encoding="ascii").stdout.split())


def anew():
    with open(os.path.join(stack.STATE, "log", "jobs.log"),
              encoding="utf-8") as file:
        return file.read().count("configuration read anew")


def objects_of(kind, space):
    if kind == "s3":
        bucket = stack.conf().get("store", "s3_%s_bucket" % space)
        return {line.split("/")[-1] for line in stack.s3cmd(
            "ls", "s3://" + bucket).splitlines()}
    return {os.path.basename(path)
            for path in stack.files_in("store/" + space)}


def copying(source, target, *words):
    return stack.as_owner() + [
        os.path.join(stack.STATE, "programs/bin/pixlpixctl"), "--config",
        CONF, "store", "copy", "--from", source, "--to", target, *words]


def copy(source, target, *words):
    done = subprocess.run(
        copying(source, target, "--json", *words), check=True, cwd="/",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    return json.loads(done.stdout)


def copy_killed(source, target):
    """Kills a copying as soon as it has brought something more."""
    had = len(objects_of(target, "public"))
    with subprocess.Popen(copying(source, target), cwd="/",
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while (process.poll() is None and
               len(objects_of(target, "public")) <= had + 3):
            time.sleep(0.001)
        process.kill()
        return process.wait()


class Crowd:
    """Visitors that look at every image again and again, and a member who
    posts and deletes."""

    def __init__(self):
        self.lock = threading.Lock()
        self.there = {}  # address: SHA-256 of its bytes
        self.gone = set()
        self.faults = []
        self.looks = 0
        self.is_ending = False
        self.author = stack.register()
        self.posts = []
        for _ in range(12):
            self.post()
        self.threads = [threading.Thread(target=self.look),
                        threading.Thread(target=self.look),
                        threading.Thread(target=self.change)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_ending = True
        for thread in self.threads:
            thread.join()

    def post(self):
        number = len(self.posts)
        page = stack.post(self.author, [stack.file_of(pictures.png(
            300 + number, 200, (number % 256, 80, i * 60)))
            for i in range(2)])
        stems = {a.rsplit("-", 1)[0] for a in stack.images_of(page)
                 if a.endswith("-l.jpg")}
        addresses = ["%s-%s.jpg" % (s, size) for s in stems for size in "lms"]
        sums = {a: self.fetch(a) for a in addresses}
        with self.lock:
            self.posts.append((page.path, addresses))
            self.there.update(sums)

    @staticmethod
    def fetch(address):
        status, _, body = stack.raw("GET", address)
        if status != 200:
            return "status %d" % status
        return hashlib.sha256(body).hexdigest()

    def delete(self, number):
        path, addresses = self.posts[number]
        with self.lock:
            for address in addresses:
                del self.there[address]
        page = self.author.get(path + "/delete")
        self.author.submit(page.form(path + "/delete"))
        with self.lock:
            self.gone.update(addresses)

    def look(self):
        while not self.is_ending:
            with self.lock:
                some = list(self.there.items())
            for address, expected in some:
                got = self.fetch(address)
                with self.lock:
                    self.looks += 1
                    if got != expected and address in self.there:
                        self.faults.append((address, got))

    def change(self):
        number = 0
        while not self.is_ending:
            self.post()
            self.delete(number)
            number += 1
            time.sleep(0.2)


class Move(unittest.TestCase, stack.Check):

    @classmethod
    def setUpClass(cls):
        if not stack.is_s3():
            raise tap.Skip("has no S3 server to move from")

    def assert_same(self):
        """Both stores hold the same objects with the same bytes."""
        for space in ("public", "hidden"):
            self.assertEqual(objects_of("s3", space),
                             objects_of("directory", space))
        found = copy("s3", "dir", "--verify")
        self.assertEqual((found["copied"], found["failed"]), (0, 0), found)
        self.assertEqual(found["present"], found["objects"])

    def assert_gone(self, crowd):
        for address in crowd.gone:
            self.assertIn(stack.raw("GET", address)[0], (403, 404), address)

    def move(self, crowd, source, target):
        kinds = {"s3": "s3", "dir": "directory"}
        set_store(kind=kinds[source], mirror=kinds[target])
        killed = [copy_killed(source, target) for _ in range(3)]
        self.assertIn(-signal.SIGKILL, killed)
        first = copy(source, target)
        self.assertEqual(first["failed"], 0, first)
        self.assertGreater(first["present"], 0)
        set_store(kind=kinds[target], mirror=kinds[source])

    def test_to_a_folder_and_back_with_no_broken_image(self):
        with Crowd() as crowd:
            self.move(crowd, "s3", "dir")
            time.sleep(1)
            set_store(mirror="none")
            time.sleep(2)  # what is posted now is in the folder alone
            self.move(crowd, "dir", "s3")
            time.sleep(1)
        self.assertEqual(crowd.faults, [])
        self.assertGreater(crowd.looks, 500)
        self.assertGreater(len(crowd.gone), 12)
        stack.wait_for("deleted images to be hidden",
                       lambda: stack.count("job") == 0)
        self.assert_same()
        self.assert_gone(crowd)
        names = {os.path.basename(a) for a in crowd.gone}
        self.assertFalse(names & objects_of("s3", "public"))
        self.assertLessEqual(names, objects_of("s3", "hidden"))
        self.assertIn(" 0 missing, 0 misplaced, 0 orphans",
                      stack.ctl("fsck", "--grace", "0"))

    def test_upload_that_only_one_store_takes_is_not_acknowledged(self):
        author = stack.register()
        set_store(kind="directory", mirror="s3")
        before = objects_of("directory", "public")
        stack.gateway("stop")
        try:
            page = author.submit(
                author.get("/new").form("/new"), caption="kept words",
                alt=[""] * 10, files=[
                    ("image", stack.file_of(pictures.png(300, 200)))])
            self.assertEqual(page.status, 503)
        finally:
            stack.gateway("start")
        self.assertEqual(objects_of("directory", "public"), before)
        self.assertEqual(
            stack.count("post p JOIN account a ON a.id = p.account_id",
                        "a.name = '%s'" % author.name), 0)
        set_store(kind="s3", mirror="none")

    def test_copying_that_cannot_be_says_what_to_do(self):
        for words, said in (
                (("s3", "s3"), "give --from dir --to s3"),
                (("tape", "s3"), "usage: pixlpixctl")):
            done = subprocess.run(copying(*words), cwd="/", check=False,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, encoding="utf-8")
            self.assertEqual(done.returncode, 1)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    cases.main()
