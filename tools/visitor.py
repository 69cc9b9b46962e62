"""A visitor of a site, for tools and tests: fetches pages, keeps cookies, and
fills in forms as a browser without JavaScript does.

    v = Visitor("http://localhost:8080")
    page = v.get("/login")
    page = v.submit(page.form("/login"), who="ann", password="...")

Standard library alone.  Addresses of other sites are never fetched.
"""

import http.client
import mimetypes
import os
import secrets
import urllib.parse
from html.parser import HTMLParser

VOID = {"input", "img", "br", "link", "meta", "hr"}


class Form:
    """A form: action, method, and fields as (name, value) in page order."""

    def __init__(self, attributes):
        self.action = urllib.parse.urldefrag(
            attributes.get("action") or "")[0]
        self.id = attributes.get("id")
        self.method = (attributes.get("method") or "get").lower()
        self.is_multipart = attributes.get("enctype") == "multipart/form-data"
        self.fields = []
        self.files = []

    def value(self, name):
        """The value of the first field of that name, or None."""
        for field, value in self.fields:
            if field == name:
                return value
        return None


class Reader(HTMLParser):
    """Gathers what a visitor may do with a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.links, self.images, self.assets = [], [], [], []
        self.ids, self.words = set(), []
        self.downloads, self.sources = [], []
        self.title = ""
        self.heading = None
        self._buttons = []
        self._form = None
        self._open = []
        self._textarea = None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if "id" in a:
            self.ids.add(a["id"])
        if tag == "a" and a.get("href") is not None:
            (self.downloads if "download" in a else self.links).append(
                a["href"])
        elif tag == "img":
            self.images.append(a.get("src") or "")
            for candidate in (a.get("srcset") or "").split(","):
                if candidate.strip():
                    self.images.append(candidate.split()[0])
        elif tag == "source":
            for candidate in (a.get("srcset") or "").split(","):
                if candidate.strip():
                    self.sources.append(candidate.split()[0])
        elif tag == "link" and a.get("href"):
            self.assets.append(a["href"])
        elif tag == "script" and a.get("src"):
            self.assets.append(a["src"])
        elif tag == "form":
            self._form = Form(a)
            self.forms.append(self._form)
        elif tag == "button" and a.get("form") and "formaction" in a:
            self._buttons.append(a)
        elif self._form is not None:
            self._field(tag, a)

    def close(self):
        """The end of the page: buttons that send the fields of a form
        elsewhere become forms, too."""
        super().close()
        for a in self._buttons:
            form = next((f for f in self.forms if f.id == a["form"]), None)
            if form is None:
                raise LookupError("a button belongs to no form: %r" % a)
            sent = Form(dict(method=form.method, action=a["formaction"]))
            sent.fields = list(form.fields)
            if a.get("name"):
                sent.fields.append((a["name"], a.get("value") or ""))
            self.forms.append(sent)

    def _field(self, tag, a):
        name, kind = a.get("name"), (a.get("type") or "text").lower()
        if not name:
            return
        if tag == "textarea":
            self._textarea = [name, ""]
        elif tag == "input" and kind == "file":
            self._form.files.append(name)
            self._form.fields.append((name, None))
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in a:
                self._form.fields.append((name, a.get("value") or "on"))
        elif tag == "input" and kind not in ("submit", "button"):
            self._form.fields.append((name, a.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea and self._form:
            # The first newline belongs to the markup.
            name, text = self._textarea
            self._form.fields.append((name, text.removeprefix("\n")))
            self._textarea = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if self._textarea:
            self._textarea[1] += data
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif "h1" in self._open:
            self.heading = (self.heading or "") + data
        if "script" not in self._open:
            self.words.append(data)


class Page:
    """An answer of the site."""

    def __init__(self, url, status, headers, body):
        self.url, self.status, self.headers = url, status, headers
        self.body = body
        self.is_html = (headers.get("Content-Type") or "").startswith(
            "text/html")
        self.reader = Reader()
        if self.is_html:
            self.html = body.decode("utf-8")
            self.reader.feed(self.html)
            self.reader.close()
        self.forms, self.links = self.reader.forms, self.reader.links
        self.images = self.reader.images

    @property
    def title(self):
        return self.reader.title

    @property
    def heading(self):
        return " ".join((self.reader.heading or "").split())

    @property
    def path(self):
        return urllib.parse.urlsplit(self.url).path

    @property
    def text(self):
        """What can be read on the page, with single spaces."""
        return " ".join(" ".join(self.reader.words).split())

    def form(self, action):
        """The first form whose action is, or ends with, that."""
        for form in self.forms:
            if form.action == action or form.action.endswith(action):
                return form
        raise LookupError("%s has no form to %s" % (self.url, action))


class Visitor:
    """One browser: its cookies, and a connection that is kept."""

    def __init__(self, site, agent="PixlPix-visitor"):
        self.site = site.rstrip("/")
        self.host = urllib.parse.urlsplit(self.site).netloc
        self.cookies = {}
        self.agent = agent
        self._connection = None
        self._source = None

    def connect_from(self, address):
        """From now on, one of the addresses of this machine."""
        self.close()
        self._source = (address, 0)

    def get(self, address, follow=True):
        return self._go("GET", address, None, {}, follow)

    def head(self, address):
        return self._go("HEAD", address, None, {}, False)

    def post(self, address, body, content_type, follow=True, headers=()):
        """Sends a body as it is; for what a form cannot say."""
        return self._go("POST", address, body, {
            "Content-Type": content_type, "Origin": self.site,
            **dict(headers)}, follow)

    def submit(self, form, follow=True, files=(), **values):
        """Sends a form with what it holds, and these values instead.  A list
        gives the fields of one name their values in order; None leaves a
        field out.  `files` is [(field, path)]."""
        fields = self._filled(form, files, values)
        if form.method == "get":
            query = urllib.parse.urlencode(
                [(n, v) for n, v in fields if isinstance(v, str)])
            return self.get(form.action + "?" + query, follow)
        if form.is_multipart:
            body, content_type = multipart(fields)
        else:
            body = urllib.parse.urlencode(
                [(n, v) for n, v in fields if isinstance(v, str)]).encode()
            content_type = "application/x-www-form-urlencoded"
        return self.post(form.action, body, content_type, follow)

    @staticmethod
    def _filled(form, files, values):
        left = {n: list(v) if isinstance(v, (list, tuple)) else v
                for n, v in values.items()}
        paths = {}
        for name, path in files:
            paths.setdefault(name, []).append(path)
        fields, seen = [], set()
        for name, value in form.fields:
            seen.add(name)
            if name in form.files:
                queue = paths.get(name)
                fields.append((name, File(queue.pop(0) if queue else None)))
            elif name not in left:
                fields.append((name, value))
            elif isinstance(left[name], list):
                fields.append((name, left[name].pop(0) if left[name] else ""))
            elif left[name] is not None:
                fields.append((name, left[name]))
        for name, value in left.items():
            if name not in seen and isinstance(value, str):
                fields.append((name, value))
        if any(paths.values()):
            raise ValueError("more files than the form has places for")
        return fields

    def _go(self, method, address, body, headers, follow):
        for _ in range(10):
            url = urllib.parse.urljoin(self.site + "/", address)
            if urllib.parse.urlsplit(url).netloc != self.host:
                raise ValueError("%s is not of this site" % url)
            page = self._once(method, url, body, headers)
            if not follow or page.status not in (301, 302, 303, 307, 308):
                return page
            address = urllib.parse.urljoin(url, page.headers["Location"])
            if page.status not in (307, 308):
                method, body, headers = "GET", None, {}
        raise RuntimeError("too many redirects from " + address)

    def _connect(self):
        return http.client.HTTPConnection(self.host, timeout=60,
                                          source_address=self._source)

    def _once(self, method, url, body, headers):
        parts = urllib.parse.urlsplit(url)
        target = parts.path or "/"
        if parts.query:
            target += "?" + parts.query
        target = urllib.parse.quote(target, safe="/?&=%:@!$'()*+,;~-._")
        sent = {"User-Agent": self.agent, "Accept": "text/html,*/*",
                **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(
                "%s=%s" % pair for pair in self.cookies.items())
        for is_last in (False, True):
            try:
                if self._connection is None:
                    self._connection = self._connect()
                self._connection.request(method, target, body, sent)
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError,
                    ConnectionResetError):
                # A kept connection may have been closed meanwhile.
                self._connection = None
                if is_last:
                    raise
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._take_cookie(line)
        return Page(url, answer.status, answer.headers, content)

    def _take_cookie(self, line):
        pair, _, attributes = line.partition(";")
        name, _, value = pair.strip().partition("=")
        if not value or "max-age=0" in attributes.lower().replace(" ", ""):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class File:
    """A file field: a path, or None where nothing was chosen."""

    def __init__(self, path):
        self.path = path


def multipart(fields):
    """The fields as multipart/form-data: (body, content type)."""
    boundary = "----visitor" + secrets.token_hex(16)
    parts = []
    for name, value in fields:
        head = '--%s\r\nContent-Disposition: form-data; name="%s"' % (
            boundary, name)
        if isinstance(value, File):
            content = b""
            kind = "application/octet-stream"
            if value.path is not None:
                with open(value.path, "rb") as file:
                    content = file.read()
                kind = mimetypes.guess_type(value.path)[0] or kind
            head += '; filename="%s"\r\nContent-Type: %s' % (
                os.path.basename(value.path or ""), kind)
        else:
            content = value.encode()
        parts.append(head.encode() + b"\r\n\r\n" + content + b"\r\n")
    parts.append(("--%s--\r\n" % boundary).encode())
    return b"".join(parts), "multipart/form-data; boundary=" + boundary


def register(site, name, display, password, email=None):
    """A new visitor with an account, logged in."""
    visitor = Visitor(site)
    page = visitor.submit(
        visitor.get("/register").form("/register"), username=name,
        display=display, email=email or name + "@example.org",
        password=password, again=password, consent="yes")
    if page.status != 200 or page.path == "/register":
        raise RuntimeError("%s could not register: %d %s" % (
            name, page.status, page.text[:300]))
    return visitor


def log_in(site, who, password):
    visitor = Visitor(site)
    page = visitor.submit(visitor.get("/login").form("/login"), who=who,
                          password=password)
    if page.status != 200 or page.path == "/login":
        raise RuntimeError("%s could not log in: %d %s" % (
            who, page.status, page.text[:300]))
    return visitor
