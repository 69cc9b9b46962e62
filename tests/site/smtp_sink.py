#!/usr/bin/python3
"""An SMTP server (Debian's python3-aiosmtpd) that writes what it takes to a
file, a line of JSON a mail.

    smtp_sink.py FILE [--tls CERTIFICATE KEY] [--login NAME PASSWORD]
        [--refuse ADDRESS]

Its first line of output is its port.
"""

import argparse
import asyncio
import email
import email.policy
import json
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    def __init__(self, words):
        self.words = words

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.words.refuse:
            return "550 5.1.1 nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.original_content, policy=email.policy.default)
        with open(self.words.file, "a", encoding="utf-8") as file:
            file.write(json.dumps({
                "from": envelope.mail_from, "to": envelope.rcpt_tos,
                "hello": session.host_name, "tls": session.ssl is not None,
                "login": (session.auth_data.login.decode()
                          if session.auth_data else None),
                "headers": {k: str(v) for k, v in message.items()},
                "lines": envelope.original_content.decode().splitlines(),
                "type": message.get_body().get_content_type(),
                "charset": message.get_body().get_content_charset(),
                "text": message.get_body().get_content()}) + "\n")
        return "250 OK"


def authenticate(words):
    def check(server, session, envelope, mechanism, data):
        is_right = (data.login.decode(), data.password.decode()) == tuple(
            words.login)
        return AuthResult(success=is_right, auth_data=data)
    return check


async def serve(words):
    options = {}
    if words.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*words.tls)
        options.update(tls_context=context, require_starttls=True)
    if words.login:
        options.update(authenticator=authenticate(words), auth_required=True)
    sink = Sink(words)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="localhost", **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    over = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("file")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--login", nargs=2)
    parser.add_argument("--refuse")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
