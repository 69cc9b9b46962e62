#!/usr/bin/env python3
"""Scenarios in the simulator's format: commands as the public simulator sends
them (register, tweet, follow, unfollow, each with its number), and what the
site has to know after them.

Called as a program it writes the file that the public simulator reads,
minitwit_scenario.csv, with as many people, messages and follows as the public
one has:

	python3 tests/site/scenario.py >minitwit_scenario.csv
"""

import base64
import http.client
import json
import random
import sys
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
        self.count = self.last = count
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


class PublicSize(Scenario):
    """Of each kind as many as the public scenario has: 200 people, 11,306
    messages and 25,922 commands, after which 6,265 follows are left.  How many
    of the others are unfollows is not known; some change nothing."""

    USERS, MESSAGES, FOLLOWS, COMMANDS = 200, 11306, 6265, 25922
    NOTHING = 351
    FAMILIES = ("Histand", "O'Neill", "Stieff", "Ünal", "de la Cruz",
                "Ng", "Østergård-Lund", "Łukasiewicz", "ten Have", "Muro")
    GIVEN = ("Roger", "Geoffrey", "Ayşe", "Jacqualine", "Nathan", "MARIA",
             "José", "Mellie", "x", "Zoë", "Quintin", "李", "Anna-Lena",
             "Wendell", "Rhea", "lowell", "Octavio", "Luanna", "Bo", "Kym")

    def __init__(self, seed=1):
        changes = self.COMMANDS - self.USERS - self.MESSAGES - self.NOTHING
        gone = (changes - self.FOLLOWS) // 2
        self._left = {"register": self.USERS, "tweet": self.MESSAGES,
                      "follow": self.FOLLOWS + gone, "unfollow": gone,
                      "nothing": self.NOTHING}
        self._pairs = []
        super().__init__(self.COMMANDS, seed)
        # The public one counts from 0.
        for command in self.commands:
            command["latest"] -= 1
        self.last = self.count - 1

    def _next(self, n):
        if len(self.users) < 2:
            return self._take("register")
        while True:
            kind, = self._random.choices(*zip(*(
                (kind, left * (3 if kind == "register" else 1))
                for kind, left in self._left.items())))
            command = self._take(kind)
            if command:
                return command

    def _take(self, kind):
        """A command of that kind, or None where there cannot be one yet."""
        command = getattr(self, "_" + kind)()
        if command:
            self._left[kind] -= 1
        return command

    def _register(self):
        n = len(self.users)
        user = "%s %s" % (self.GIVEN[n % len(self.GIVEN)],
                          self.FAMILIES[n // len(self.GIVEN)])
        self.users.append(user)
        self.messages[user], self.follows[user] = [], set()
        signs = [chr(c) for c in range(ord("!"), ord("~") + 1)]
        return {"post_type": "register", "username": user,
                "email": user.replace(" ", "+") + "@itu.dk",
                "pwd": "".join(self._random.choices(
                    signs, k=self._random.randint(5, 10)))}

    def _follow(self):
        user, other = self._random.sample(self.users, 2)
        if other in self.follows[user]:
            return None
        self.follows[user].add(other)
        self._pairs.append((user, other))
        return {"post_type": "follow", "username": user, "follow": other}

    def _unfollow(self):
        if not self._pairs:
            return None
        user, other = self._pairs.pop(
            self._random.randrange(len(self._pairs)))
        self.follows[user].discard(other)
        return {"post_type": "unfollow", "username": user, "unfollow": other}

    def _nothing(self):
        user, other = self._random.sample(self.users, 2)
        kind = "follow" if other in self.follows[user] else "unfollow"
        return {"post_type": kind, "username": user, kind: other}


def lines(scenario, pause_s=0.002, seed=1):
    """The lines of minitwit_scenario.csv: number, pause, time, command, user,
    and what the command needs, with tabs between and nothing quoted.  The
    simulator waits for the pause: so many hundred thousandths of a
    millisecond."""
    chance, now_ms = random.Random(seed), 1582246860738
    for command in scenario.commands:
        pause = int(chance.expovariate(1 / pause_s) * 100000000)
        now_ms += pause
        kind = command["post_type"]
        rest = {"register": ("email", "pwd"), "tweet": ("content",)}.get(
            kind, (kind,))
        yield "\t".join([str(command["latest"]), str(pause), str(now_ms), kind,
                         command["username"]] + [command[r] for r in rest])


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
            (200, {"latest": scenario.last}))
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


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in lines(PublicSize()):
        print(line)
