"""The site under test, as tools/with_site started it: its address, what it
keeps, its processes; and visitors to it.  Everything that a test makes has a
name of its own, so that tests share nothing but the site.
"""

import configparser
import itertools
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tools"))
import visitor  # noqa: E402

URL = os.environ["PIXLPIX_URL"]
STATE = os.environ["PIXLPIX_STATE"]
HOST = urllib.parse.urlsplit(URL).hostname
PORT = urllib.parse.urlsplit(URL).port
PASSWORD = "four words make one"

_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def fresh_name():
    return "t%s_%d" % (_run, next(_numbers))


def register(name=None):
    """A visitor with an account of their own; .name is its name."""
    name = name or fresh_name()
    v = visitor.register(URL, name, name.title(), PASSWORD)
    v.name = name
    return v


def stranger():
    return visitor.Visitor(URL)


def file_of(content, end=".png"):
    """A path of a temporary file with that content; gone with the process."""
    file = tempfile.NamedTemporaryFile(suffix=end)
    file.write(content)
    file.flush()
    _kept.append(file)
    return file.name


_kept = []


def post(v, paths, caption="A test", alt=(), **fields):
    """Posts the pictures; returns the page that shows the post."""
    alt = list(alt) + [""] * (10 - len(alt))
    page = v.submit(v.get("/new").form("/new"), caption=caption, alt=alt,
                    files=[("image", path) for path in paths], **fields)
    if not re.fullmatch(r"/p/\d+", page.path):
        raise AssertionError("not posted: %d at %s: %s" % (
            page.status, page.url, page.text[:400]))
    return page


def images_of(page):
    """The addresses of images that a page and its links name, once each."""
    found = [a for a in page.images + page.links if a.startswith("/i/")]
    return sorted(set(found))


def raw(method, target, headers=(), body=b"", wait=True):
    """One request, written as it is: (status, headers, body); or the open
    socket where the answer is not waited for."""
    s = socket.create_connection((HOST, PORT), timeout=60)
    names = [name.lower() for name, _ in headers]
    lines = ["%s %s HTTP/1.1" % (method, target)]
    if "host" not in names:
        lines.append("Host: %s:%d" % (HOST, PORT))
    lines += ["%s: %s" % pair for pair in headers]
    lines += ["Connection: close", "", ""]
    s.sendall("\r\n".join(lines).encode("latin-1") + body)
    if not wait:
        return s
    with s:
        return read_answer(s, method)


def read_answer(s, method="GET"):
    import http.client
    answer = http.client.HTTPResponse(s, method=method)
    answer.begin()
    return answer.status, answer.headers, answer.read()


def conf():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(os.path.join(STATE, "pixlpix.conf"), encoding="utf-8")
    return parser


def limit(name):
    return conf().getint("limits", name)


def sql(statement):
    """What PostgreSQL answers, as rows of texts."""
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
         "--set=ON_ERROR_STOP=1", "--host=" + os.path.join(STATE, "run"),
         "--username=postgres", "--dbname=pixlpix", "--command=" + statement],
        check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd="/")
    return [line.split("|") for line in done.stdout.splitlines()]


def count(table, where="true"):
    return int(sql("SELECT count(*) FROM %s WHERE %s" % (table, where))[0][0])


def files_in(*folders):
    found = set()
    for folder in folders:
        for at, _, names in os.walk(os.path.join(STATE, folder)):
            found.update(os.path.join(at, name) for name in names)
    return found


def is_s3():
    """Whether the images are on an S3 server, not in a folder."""
    return conf().get("store", "kind") == "s3"


def s3cmd(*words):
    """What Debian's client of S3 prints, with the site's own key."""
    store = conf()["store"]
    with open(store["s3_secret_file"], encoding="ascii") as file:
        secret = file.read().strip()
    host = store["s3_endpoint"].split("//")[1]
    settings = file_of((
        "[default]\naccess_key = %s\nsecret_key = %s\nhost_base = %s\n"
        "host_bucket = %s\nuse_https = False\nsignature_v2 = False\n" % (
            store["s3_access_key"], secret, host, host)).encode(), ".cfg")
    return subprocess.run(
        ["s3cmd", "--config", settings, *words], check=True,
        stdout=subprocess.PIPE, encoding="utf-8").stdout


def objects(*spaces):
    """The names of the objects in "public" and "hidden", or one of them."""
    found = set()
    for space in spaces or ("public", "hidden"):
        if is_s3():
            bucket = conf().get("store", "s3_%s_bucket" % space)
            found.update(line.split("/")[-1] for line in s3cmd(
                "ls", "s3://" + bucket).splitlines())
        else:
            found.update(os.path.basename(path)
                         for path in files_in("store/" + space))
    return found


def as_owner():
    """The words that run a command as whom the site runs as."""
    owner = os.stat(STATE).st_uid
    if os.getuid() == owner:
        return []
    return ["setpriv", "--reuid=%d" % owner,
            "--regid=%d" % os.stat(STATE).st_gid, "--clear-groups"]


def ctl(*words):
    """What pixlpixctl prints."""
    return subprocess.run(
        as_owner() + [os.path.join(STATE, "programs/bin/pixlpixctl"),
                      "--config", os.path.join(STATE, "pixlpix.conf"), *words],
        check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd="/").stdout


def ctl_fails(*words):
    """What pixlpixctl says when it fails, as it has to."""
    done = subprocess.run(
        as_owner() + [os.path.join(STATE, "programs/bin/pixlpixctl"),
                      "--config", os.path.join(STATE, "pixlpix.conf"), *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        cwd="/")
    if done.returncode == 0:
        raise AssertionError("%s succeeded: %s" % (words, done.stdout))
    return done.stdout


def gateway(verb):
    """Starts or stops the S3 server of the site."""
    command = {"start": "ceph_start_gateway", "stop": "ceph_stop"}[verb]
    script = ('. "$1/tools/lib_common.sh"; . "$1/tools/lib_ceph.sh"; '
              'act_as "$(stat -c %%U "$2")"; %s "$2/ceph" %s' % (
                  command, "client.rgw" if verb == "stop" else ""))
    subprocess.run(["bash", "-c", script, "bash", TOP, STATE], check=True)


def traces():
    """All that a post could have left: rows, objects, files on their way."""
    wait_for_jobs()
    return {
        "posts": count("post"), "images": count("image"), "jobs": count("job"),
        "objects": objects(), "written": files_in("store/tmp"),
        "bodies": bodies_in_nginx(),
        "spooled": {path for path in files_in("run", "spool")
                    if not path.endswith((".pid", ".sock", ".lock"))},
    }


def bodies_in_nginx():
    """The bodies that nginx holds on disk; it takes their names away."""
    return [d for pid in children(pid_of("nginx")) for d in _descriptors(pid)
            if "/nginx/body/" in d]


def wait_for(what, condition, seconds=30):
    """Tries the condition until it holds, and returns what it gave."""
    until = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError("waited %d s for %s" % (seconds, what))
        time.sleep(0.05)


def wait_for_jobs():
    """Until all is made that follows a post, such as its WebP."""
    wait_for("the jobs", lambda: count("job", "failed_at IS NULL") == 0)


def access_log():
    """nginx's log, as one dictionary a request."""
    with open(os.path.join(STATE, "log", "access.log"),
              encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def pid_of(service):
    with open(os.path.join(STATE, "run", service + ".pid"),
              encoding="ascii") as file:
        return int(file.read())


def workers(pool):
    """The process ids of the workers that listen on a pool's socket."""
    path = os.path.join(STATE, "run", pool + ".sock")
    inodes = set()
    with open("/proc/net/unix", encoding="utf-8") as file:
        for line in file:
            if line.rstrip("\n").endswith(" " + path):
                inodes.add("socket:[%s]" % line.split()[6])
    found = []
    for pid in children(pid_of("web")):
        if _descriptors(pid) & inodes and _knows_database(pid):
            found.append(pid)
    return found


def children(parent):
    with open("/proc/%d/task/%d/children" % (parent, parent),
              encoding="ascii") as file:
        return [int(pid) for pid in file.read().split()]


def _descriptors(pid):
    found = set()
    try:
        for name in os.listdir("/proc/%d/fd" % pid):
            found.add(os.readlink("/proc/%d/fd/%s" % (pid, name)))
    except OSError:
        pass  # it has ended, or closed that one
    return found


def _knows_database(pid):
    """A worker that has come up holds two sockets or more."""
    return sum(d.startswith("socket:") for d in _descriptors(pid)) >= 2


def state_of(pid):
    """The state of a process, as proc(5) has it: T stopped, Z and X dead."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"


class Check:
    """Assertions that several suites share; for unittest.TestCase."""

    def assert_site_page(self, page, status):
        """A whole page of the site's own design, with that status."""
        self.assertEqual(page.status, status, page.text[:300])
        self.assertTrue(page.is_html, page.headers.get("Content-Type"))
        self.assertIn('class="top"', page.html)
        self.assertIn('class="skip"', page.html)
        self.assertIn("site.css", page.html)
        self.assertTrue(page.html.rstrip().endswith("</html>"))
        self.assertTrue(page.reader.heading)
        self.assertNotIn("nginx", page.html.lower())
