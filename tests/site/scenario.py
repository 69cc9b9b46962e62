"""Scenarios in the simulator's format: commands as the public simulator sends
them (register, tweet, follow, unfollow, each with its number), and what the
site has to know after them.
"""

import base64
import http.client
import json
import random
import time
import urllib.parse

LOGIN = "Basic " + base64.b64encode(b"simulator:super_safe!").decode()
WORDS = ("light harbour 0123 tide “quoted” walk ‘so’ #sea evening "
         "\ufefffirst <b> & naïve coffee snow? 100% bridge 🌊 it's").split(" ")


class Scenario:
    """`count` commands, the same ones for the same seed.  Each is a dictionary
    with "latest", "post_type", "username" and what its type needs; .users,
    .messages and .follows are what has come of them."""

    def __init__(self, count, seed=1):
        self._random = random.Random(seed)
        self.count = count
        self.users = []
        self.messages = {}   # by user, oldest first
        self.all = []        # (user, content), oldest first
        self.follows = {}    # by user, a set
        self.commands = [dict(self._next(n), latest=n)
                         for n in range(1, count + 1)]

    def _next(self, n):
        users = max(2, self.count // 60)
        if len(self.users) < 2 or (
                len(self.users) < users and
                self._random.random() < 3 * users / self.count):
            return self._register()
        kind = self._random.random()
        if kind < 0.64:
            return self._tweet()
        return self._follow() if kind < 0.92 else self._unfollow()

    def _register(self):
        n = len(self.users) + 1
        user = self._random.choice((
            "User %d", "Ünal O'Neill %d", "a%d", "MiXeD.%d",
            "per%%cent %d?", "x & <y> #%d")) % n
        self.users.append(user)
        self.messages[user], self.follows[user] = [], set()
        return {"post_type": "register", "username": user,
                "email": "test%d@test" % (n % 50), "pwd": "p"}

    def _tweet(self):
        user = self._random.choice(self.users)
        content = " ".join(self._random.choices(
            WORDS, k=self._random.randint(1, 30)))
        if self.all and self._random.random() < 0.02:
            user, content = self.all[-1]  # an exact duplicate
        self.messages[user].append(content)
        self.all.append((user, content))
        return {"post_type": "tweet", "username": user, "content": content}

    def _follow(self):
        user, other = self._random.sample(self.users, 2)
        self.follows[user].add(other)
        return {"post_type": "follow", "username": user, "follow": other}

    def _unfollow(self):
        user, other = self._random.sample(self.users, 2)
        self.follows[user].discard(other)
        return {"post_type": "unfollow", "username": user, "unfollow": other}


def segment(user):
    return urllib.parse.quote(user, safe="")


def request_of(command):
    """The (path, body) of a command."""
    kind, user = command["post_type"], segment(command["username"])
    if kind == "register":
        path = "/register"
        body = {name: command[name] for name in ("username", "email", "pwd")}
    elif kind == "tweet":
        path, body = "/msgs/" + user, {"content": command["content"]}
    else:
        path, body = "/fllws/" + user, {kind: command[kind]}
    return "%s?latest=%d" % (path, command["latest"]), body


class Client:
    """Sends one request a connection, or all on one that is kept."""

    def __init__(self, host, port, prefix="/sim", keeps=False, timeout=10):
        self.where, self.prefix = (host, port), prefix
        self.keeps, self.timeout = keeps, timeout
        self.connection = None

    def send(self, method, path, body=None, login=LOGIN):
        """(status, what the JSON says or None)."""
        headers = {"Content-Type": "application/json"}
        if login:
            headers["Authorization"] = login
        if not self.keeps:
            headers["Connection"] = "close"
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                *self.where, timeout=self.timeout)
        self.connection.request(
            method, self.prefix + path,
            None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if not self.keeps:
            self.connection.close()
            self.connection = None
        return answer.status, json.loads(content) if content else None

    def command(self, command):
        path, body = request_of(command)
        return self.send("POST", path, body)


def run(client, commands):
    """The complaints, and the seconds that each command took."""
    complaints, seconds = [], []
    for command in commands:
        begun = time.monotonic()
        status, said = client.command(command)
        seconds.append(time.monotonic() - begun)
        if status != 204:
            complaints.append((command, status, said))
    return complaints, seconds


def differences(client, scenario):
    """What the site knows otherwise than it should: a list of sentences."""
    found = []

    def compare(what, got, wanted):
        if got != wanted:
            found.append("%s: %.200r, not %.200r" % (what, got, wanted))

    compare("latest", client.send("GET", "/latest", login=None),
            (200, {"latest": scenario.count}))
    status, said = client.send("GET", "/msgs?no=-1")
    compare("all messages", (status, [(m["user"], m["content"])
                                      for m in said]),
            (200, scenario.all[::-1]))
    for user in scenario.users:
        path = segment(user) + "?no=-1"
        status, said = client.send("GET", "/msgs/" + path)
        compare("messages of " + user, (status, [
            m["content"] for m in said]),
            (200, scenario.messages[user][::-1]))
        status, said = client.send("GET", "/fllws/" + path)
        compare("follows of " + user, (status, sorted(said["follows"])),
                (200, sorted(scenario.follows[user])))
    return found
