"""An S3 server that fails in a way of one's choice: what a real one will not
do on demand.  It keeps nothing and lets everybody in; whatever should work is
tested on the real one.
"""

import email.utils
import socket
import struct
import threading
import time

ERROR = b"<Error><Code>%s</Code></Error>"


class Fake:
    """Takes the port of 127.0.0.1 while it is entered.

    hang         takes requests and never answers
    500          answers each with that
    503          so, and asks for two seconds
    cut-request  hangs up in the midst of a request's body
    cut-answer   hangs up in the midst of its own answer
    checksum     says that the bytes are not those that were signed
    skew         lives an hour ago, and refuses whoever does not
    """

    def __init__(self, port, mode):
        self.port, self.mode = port, mode
        self.requests = []
        self._open = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._talk, args=[connection],
                             daemon=True).start()

    def _talk(self, connection):
        try:
            file = connection.makefile("rb")
            while self._answer(connection, file):
                pass
        except (OSError, ValueError):
            pass
        self._hang_up(connection)

    @staticmethod
    def _hang_up(connection):
        """At once, as when a cable is cut."""
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            connection.close()
        except OSError:
            pass

    def _answer(self, connection, file):
        """One request; whether the connection goes on."""
        first = file.readline().decode("latin-1")
        if not first:
            return False
        self.requests.append(first.split(" ")[0])
        length = 0
        while True:
            line = file.readline().decode("latin-1").strip().lower()
            if not line:
                break
            if line.startswith("content-length:"):
                length = int(line.split(":")[1])
        if self.mode == "cut-request":
            file.read(length // 2)
            return False
        file.read(length)
        if self.mode == "hang":
            connection.recv(1)
            return False
        connection.sendall(self._words())
        return self.mode != "cut-answer"

    def _words(self):
        now = time.time()
        status, more, body = {
            "500": ("500 Broken", "", ERROR % b"InternalError"),
            "503": ("503 Busy", "Retry-After: 2\r\n", ERROR % b"SlowDown"),
            "cut-answer": ("200 OK", "", b"the first half of"),
            "checksum": ("400 Bad", "",
                         ERROR % b"XAmzContentSHA256Mismatch"),
            "skew": ("403 No", "", ERROR % b"RequestTimeTooSkewed"),
        }[self.mode]
        if self.mode == "skew":
            now -= 3600
        promised = len(body) * (2 if self.mode == "cut-answer" else 1)
        return ("HTTP/1.1 %s\r\nDate: %s\r\nContent-Length: %d\r\n%s\r\n" % (
            status, email.utils.formatdate(now, usegmt=True), promised,
            more)).encode() + body
