"""What the benches of pages and of programs share: the site's configuration,
the floor (nginx before a FastCGI worker that does nothing), and wrk.
"""

import atexit
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOOLS = os.path.dirname(os.path.abspath(__file__))
BODY_BYTES = 10240


def conf_value(text, key):
    return re.search(r"^%s\s*=\s*(.*)$" % key, text, re.M).group(1).strip()


def site_conf():
    """(conninfo, workers for pages)"""
    with open(os.environ["PIXLPIX_STATE"] + "/pixlpix.conf",
              encoding="utf-8") as file:
        conf = file.read()
    return (conf_value(conf, "conninfo"),
            int(conf_value(conf, "pages_workers")))


def ask(conninfo, sql):
    return subprocess.run(["psql", "-X", "-A", "-t", "-c", sql, conninfo],
                          check=True, capture_output=True,
                          text=True).stdout.strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


NGINX = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
worker_processes auto;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
	default_type text/html;
	client_body_temp_path {folder}/a;
	fastcgi_temp_path {folder}/b;
	proxy_temp_path {folder}/c;
	scgi_temp_path {folder}/d;
	uwsgi_temp_path {folder}/e;
{inner}
}}
"""

FLOOR = """
	include {snippets}/http.conf;
	access_log {folder}/access.log pixlpix;
	server {{
		listen 127.0.0.1:{port} backlog=4096;
		include {snippets}/fastcgi.conf;
		set $pixlpix_prefix "";
		set $kilobyte "{kilobyte}";
		location = /fixed {{ return 200 "{body}"; }}
		location = /bare {{
			include {snippets}/params.conf;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_pass unix:{folder}/bare.sock;
		}}
	}}
"""


class Nginx:
    """One of our own, in a folder of its own; gone with the program."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="pixlpix-bench.")
        os.chmod(self.folder, 0o711)
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        self.started = []
        atexit.register(self.stop)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def start(self, inner, user=""):
        self.write("nginx.conf", NGINX.format(
            folder=self.folder, inner=inner, user=user))
        self.started.append(subprocess.Popen(
            ["nginx", "-c", self.folder + "/nginx.conf", "-p", self.folder]))
        time.sleep(0.5)

    def stop(self):
        atexit.unregister(self.stop)
        for process in self.started:
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder)


class Installed(Nginx):
    """The site's workers behind what an installed site has besides what
    tools/run starts: nginx keeps the pages of strangers for a second."""

    def __init__(self):
        super().__init__()
        nginx = os.path.join(TOOLS, "..", "nginx")
        limits = os.environ["PIXLPIX_STATE"] + "/nginx/"
        with open(nginx + "/snippets/server.conf", encoding="utf-8") as file:
            self.write("server.conf", file.read().replace(
                "/var/log/nginx/pixlpix.log", self.folder + "/access.log"))
        # The simulator's own address is the site's already.
        with open(limits + "limits.conf", encoding="utf-8") as file:
            self.write("limits.conf", re.sub(
                r"(?m)^listen .*\n", "", file.read()))
        with open(nginx + "/pixlpix.conf.in", encoding="utf-8") as file:
            text = file.read()
        for name, value in (
                ("LISTEN", "listen 127.0.0.1:%d backlog=4096;" % self.port),
                ("COMFORT", "include %s/server.conf;" % self.folder),
                ("CACHE", "fastcgi_cache_path %s/pages levels=1:2 "
                 "keys_zone=pixlpix_strangers:8m max_size=64m inactive=5s "
                 "use_temp_path=off;" % self.folder),
                ("STATIC", os.path.join(TOOLS, "..", "views", "static")),
                ("LIMITS", self.folder + "/limits.conf"),
                ("HTTP", limits + "http.conf"),
                ("IMAGES", limits + "images.conf"),
                ("SNIPPETS", nginx + "/snippets")):
            text = text.replace("@%s@" % name, value)
        self.write("pixlpix.conf", text)
        # The workers' socket is for whom the site runs as.
        owner = pwd.getpwuid(os.stat(os.environ["PIXLPIX_STATE"]).st_uid)
        self.start("include %s/pixlpix.conf;" % self.folder,
                   "" if os.geteuid() != 0 else
                   "user %s;" % owner.pw_name)


class Floor(Nginx):
    """nginx with a fixed body, and before a worker that does nothing."""

    def __init__(self, workers, body_bytes=BODY_BYTES):
        super().__init__()
        self.started.append(subprocess.Popen(
            [os.path.join(os.environ["PIXLPIX_BUILDDIR"],
                          "tools/bench_fcgi"), self.folder + "/bare.sock",
             str(workers), str(body_bytes)]))
        while not os.path.exists(self.folder + "/bare.sock"):
            time.sleep(0.05)
        os.chmod(self.folder + "/bare.sock", 0o666)
        self.start(FLOOR.format(
            folder=self.folder, port=self.port,
            snippets=os.path.join(TOOLS, "..", "nginx", "snippets"),
            kilobyte="x" * 1024, body="$kilobyte" * (BODY_BYTES // 1024)))


def milliseconds(text):
    number, unit = re.match(r"([0-9.]+)(us|ms|s)$", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure(url, connections, seconds, *words):
    """(requests a second, p50 in ms, p99 in ms), with more words for wrk."""
    said = subprocess.run(
        ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d",
         "%ds" % seconds, "--latency", *words, url],
        check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit("bench: this run is invalid: %s\n%s" % (url, said))
    return (float(re.search(r"Requests/sec:\s+([0-9.]+)", said).group(1)),
            milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", said).group(1)),
            milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", said).group(1)))


def tell_load():
    """Before the bench makes a load of its own."""
    load = os.getloadavg()[0]
    if load > 0.5:
        print("NOTE: the machine is busy (load %.1f): these figures tell "
              "little" % load)


def tell_machine(conninfo):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    nginx = subprocess.run(["nginx", "-v"], capture_output=True, text=True,
                           check=True).stderr.strip().rpartition("/")[2]
    print("%s, %d cores, Linux %s, PostgreSQL %s, nginx %s" % (
        model.group(1) if model else os.uname().machine, os.cpu_count(),
        os.uname().release, ask(conninfo, "SHOW server_version").split()[0],
        nginx))
