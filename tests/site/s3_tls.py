#!/usr/bin/env python3
"""The S3 server by https, with a certificate of an authority of one's own, and
each bucket with a host of its own.  For tools/with_site --store s3.

In front of the site's Ceph stands an nginx that speaks TLS.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import cases
import pictures
import stack
import test_move as move
import test_reach as reach

FRONT = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
	access_log {folder}/access.log combined;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	log_format hosts '$host $ssl_server_name $ssl_protocol';
	access_log {folder}/hosts.log hosts;
	client_max_body_size 0;
	server {{
		listen 127.0.0.1:{port} ssl;
		ssl_certificate {folder}/server.pem;
		ssl_certificate_key {folder}/server.key;
		location / {{
			proxy_pass {behind};
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection "";
			proxy_request_buffering off;
		}}
	}}
}}
"""

KEYS = ("s3_endpoint", "s3_addressing", "s3_ca_file")


def openssl(*words):
    subprocess.run(["openssl", *words], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Front:
    """The nginx that speaks TLS."""

    def __init__(self, behind):
        self.folder = tempfile.mkdtemp(prefix="pixlpix-tls.")
        os.chmod(self.folder, 0o755)
        self.certify()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        with open(self.path("nginx.conf"), "w", encoding="ascii") as file:
            file.write(FRONT.format(
                folder=self.folder, port=self.port, behind=behind))
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            ["nginx", "-c", self.path("nginx.conf"), "-e",
             self.path("error.log")], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        stack.wait_for("the front", self.answers)

    def path(self, name):
        return os.path.join(self.folder, name)

    def answers(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def certify(self):
        for name in ("ca", "other"):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
                    "2", "-subj", "/CN=Own authority " + name, "-keyout",
                    self.path(name + ".key"), "-out", self.path(name + ".pem"))
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj",
                "/CN=localhost", "-keyout", self.path("server.key"), "-out",
                self.path("server.csr"))
        with open(self.path("names"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:localhost," + ",".join(
                "DNS:%s.localhost" % stack.conf().get(
                    "store", "s3_%s_bucket" % space)
                for space in ("public", "hidden")))
        openssl("x509", "-req", "-in", self.path("server.csr"), "-CA",
                self.path("ca.pem"), "-CAkey", self.path("ca.key"),
                "-CAcreateserial", "-days", "2", "-extfile",
                self.path("names"), "-out", self.path("server.pem"))

    def hosts(self):
        with open(self.path("hosts.log"), encoding="ascii") as file:
            return [line.split() for line in file]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder)


class Tls(unittest.TestCase, stack.Check):
    @classmethod
    def setUpClass(cls):
        before = {key: stack.conf().get("store", key) for key in KEYS}
        cls.front = Front(before["s3_endpoint"])
        cls.addClassCleanup(cls.front.end)
        cls.addClassCleanup(move.set_store, **before)
        cls.values = {"s3_endpoint": "https://localhost:%d" % cls.front.port,
                      "s3_addressing": "virtual",
                      "s3_ca_file": cls.front.path("ca.pem")}
        move.set_store(**cls.values)
        cls.author = stack.register()

    def test_images_are_put_and_served_by_https_to_each_buckets_host(self):
        path, addresses = reach.post_of(self.author)
        for address in addresses:
            status, headers, body = stack.raw("GET", address)
            is_webp = address.endswith(".webp")
            self.assertEqual((status, headers["Content-Type"]), (
                200, "image/webp" if is_webp else "image/jpeg"))
            self.assertEqual(body[:3], b"RIF" if is_webp else b"\xff\xd8\xff")
        bucket = stack.conf().get("store", "s3_public_bucket") + ".localhost"
        seen = self.front.hosts()
        self.assertIn(bucket, {host for host, _, _ in seen})
        for host, name, protocol in seen:
            self.assertTrue(host.endswith(".localhost"), host)
            self.assertTrue(name.endswith(".localhost"), name)
            self.assertIn(protocol, ("TLSv1.2", "TLSv1.3"))
        self.assertIn("bytes", stack.raw(
            "GET", addresses[0], [("Range", "bytes=0-9")])[1].get(
                "Content-Range", ""))
        reach.delete(self.author, path)
        for address in addresses:
            self.assertEqual(stack.raw("GET", address)[0], 404)

    def test_original_comes_from_the_hidden_bucket_by_https(self):
        page = stack.post(self.author, [pictures.camera_photo(6)])
        original = self.author.get(page.path + "/original/1")
        self.assertEqual(original.status, 200)
        self.assertEqual(original.body[:3], b"\xff\xd8\xff")

    def test_every_operation_works(self):
        self.assertIn("works", stack.ctl("store", "check"))

    def test_certificate_of_another_authority_serves_and_takes_nothing(self):
        _, addresses = reach.post_of(self.author)

        def is_refused():
            """An nginx that is on its way out may still answer once more,
            and keep what it has fetched."""
            for address in addresses:
                if os.path.exists(reach.cached(address)):
                    os.unlink(reach.cached(address))
            return stack.raw("GET", addresses[0])[0] in (502, 503, 504)

        move.set_store(s3_ca_file=self.front.path("other.pem"))
        try:
            stack.wait_for("nginx to refuse the store", is_refused)
            page = self.author.submit(
                self.author.get("/new").form("/new"), follow=False,
                caption="Kept words",
                files=[("image", stack.file_of(pictures.png(50, 90)))])
            self.assertIn(page.status, (502, 503))
            self.assertIn("Kept words", page.html)
        finally:
            move.set_store(s3_ca_file=self.values["s3_ca_file"])
        until = time.monotonic() + 30
        while stack.raw("GET", addresses[0])[0] != 200:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.2)


if __name__ == "__main__":
    cases.main()
