/* pixlpixctl: looks for what tends to be wrong with an installed site, and says
 * what helps.  It changes nothing. */
#include "ctl.h"
#include "ctl_system.h"
#include "domain/site.h"
#include "main.h"
#include "store/http_out.h"
#include "work/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#define NGINX_FOLDER PIXLPIX_SYSCONFDIR "/nginx"
#define SITE_ENABLED "/etc/nginx/sites-enabled/pixlpix"

enum {
	FREE_PERCENT_FEW = 10,
	FREE_PERCENT_NONE = 2,
	FIGURES_MS = 12000, /* the exporter itself gives up before */
	FIGURES_BYTES = 8 * 1024 * 1024
};

enum verdict {
	FINE,
	DOUBTFUL, /* it works, and may not for long */
	BAD
};

static const char *const verdict_names[] = {
    [FINE] = "fine", [DOUBTFUL] = "doubtful", [BAD] = "bad"};

struct doctor {
	struct arena *arena;
	const struct conf *conf;
	bool as_json;
	int count;
	int bad;
};

static void
put_json(const struct doctor *d, enum verdict v, const char *part,
    struct str said, struct str remedy)
{
	struct buf b = {0};

	buf_printf(&b, "%s\n{\"part\":", d->count == 0 ? "[" : ",");
	buf_put_json(&b, str_from(part));
	buf_printf(&b, ",\"verdict\":\"%s\",\"said\":", verdict_names[v]);
	buf_put_json(&b, said);
	if (v != FINE) {
		buf_printf(&b, ",\"remedy\":");
		buf_put_json(&b, remedy);
	}
	buf_put_char(&b, '}');
	if (buf_check(&b) == OK)
		(void)printf("%.*s", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static void
find(struct doctor *d, enum verdict v, const char *part, struct str said,
    struct str remedy)
{
	if (d->as_json)
		put_json(d, v, part, said, remedy);
	else
		(void)printf(
		    "%-8s  %s: %.*s\n", verdict_names[v], part, STR_ARG(said));
	if (!d->as_json && v != FINE)
		(void)printf("          what helps: %.*s\n", STR_ARG(remedy));
	d->count++;
	d->bad += v == BAD;
}

/* One of two sentences. */
static void
find_if(struct doctor *d, bool is_fine, enum verdict otherwise,
    const char *part, const char *fine, const char *said, const char *remedy)
{
	find(d, is_fine ? FINE : otherwise, part,
	    str_from(is_fine ? fine : said), str_from(remedy));
}

static int
open_database(void *given)
{
	const struct doctor *d = given;
	const char *conninfo;
	struct db *db;
	enum err e = conf_conninfo(d->arena, d->conf, &conninfo);

	if (e == OK)
		e = db_open(conninfo, &db);
	if (e == OK)
		db_close(db);
	return (int)e;
}

static void
look_at_database(struct doctor *d)
{
	int e = system_in_service(d->arena, d->conf, true, open_database, d);

	if (e == ERR_LOST || e == ERR_IO)
		find(d, BAD, "database", STR("cannot be reached"),
		    STR("systemctl status postgresql; pixlpixctl migrate says "
			"why; [database] in " MAIN_CONFIG " names it"));
	else
		find_if(d, e == OK, BAD, "database",
		    "reached, and its schema is the programs'",
		    "its schema is not what these programs need",
		    "pixlpixctl migrate");
}

static int
try_store(void *given)
{
	const struct doctor *d = given;
	struct object_store *store;
	enum err e =
	    site_store_open(d->arena, d->conf, conf_is_s3(d->conf), &store);

	if (e == OK) {
		e = object_check(store, d->arena);
		object_close(store);
	}
	return (int)e;
}

/* nginx's workers are somebody else: each folder above the public images must
 * let others through. */
static bool
others_pass(struct doctor *d)
{
	struct str rest = d->conf->store_dir;
	const char *path;
	struct stat st;

	while (rest.len > 1) {
		if (arena_z(d->arena, rest, &path) != OK ||
		    stat(path, &st) != 0 || (st.st_mode & S_IXOTH) == 0)
			return false;
		while (rest.len > 1 && rest.at[rest.len - 1] != '/')
			rest.len--;
		rest.len -= rest.len > 1;
	}
	return true;
}

static void
look_at_store(struct doctor *d)
{
	int e = system_in_service(d->arena, d->conf, true, try_store, d);

	find_if(d, e == OK, BAD, "store",
	    "an object could be put, read, hidden and erased",
	    "an object could not be put, read, hidden and erased",
	    "pixlpixctl store check says why; pixlpixctl setup makes the "
	    "folder, pixlpixctl store prepare the buckets");
	if (!conf_is_s3(d->conf))
		find_if(d, others_pass(d), BAD, "permissions",
		    "nginx can come to the public images",
		    "nginx cannot come to the public images",
		    "chmod o+x on each folder above store.dir, and on it");
}

static void
look_at_disk(struct doctor *d)
{
	struct statvfs disk;
	const char *path;
	struct str said;
	int percent, inodes = 100;

	if (conf_is_s3(d->conf) ||
	    arena_z(d->arena, d->conf->store_dir, &path) != OK)
		return;
	if (statvfs(path, &disk) != 0 || disk.f_blocks == 0) {
		find(d, BAD, "disk", STR("the store's folder is not there"),
		    STR("pixlpixctl setup"));
		return;
	}
	percent = (int)(disk.f_bavail * 100 / disk.f_blocks);
	if (disk.f_files > 0)
		inodes = (int)(disk.f_favail * 100 / disk.f_files);
	percent = inodes < percent ? inodes : percent;
	if (arena_printf(d->arena, &said, "%d %% of the store's disk is free",
		percent) != OK)
		return;
	find(d,
	    percent < FREE_PERCENT_NONE  ? BAD
	    : percent < FREE_PERCENT_FEW ? DOUBTFUL
					 : FINE,
	    "disk", said,
	    STR("make room, or a larger disk: without any, "
		"uploads are refused"));
}

static void
look_at_clock(struct doctor *d)
{
	struct timex t = {0};
	int state = adjtimex(&t);

	find_if(d, state >= 0 && (t.status & STA_UNSYNC) == 0, DOUBTFUL,
	    "clock", "kept by a time server", "nobody keeps it right",
	    "apt install systemd-timesyncd; S3 servers refuse requests of a "
	    "wrong time");
}

static bool
exists_for_others(const char *path, mode_t bits)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & bits) != 0;
}

static void
look_at_permissions(struct doctor *d)
{
	find_if(d, !exists_for_others(MAIN_CONFIG, S_IWGRP | S_IWOTH), BAD,
	    "permissions", "the configuration is root's to write",
	    "others may write " MAIN_CONFIG, "chmod 644 " MAIN_CONFIG);
	find_if(d,
	    !exists_for_others(
		PIXLPIX_SYSCONFDIR "/secrets", S_IRWXO | S_IWGRP),
	    BAD, "permissions", "secrets are closed to others",
	    "others may read " PIXLPIX_SYSCONFDIR "/secrets",
	    "chmod 750 " PIXLPIX_SYSCONFDIR "/secrets, and chgrp pixlpix");
}

/* Does nginx have what the configuration now says? */
static bool
nginx_agrees(struct doctor *d, enum conf_nginx part, const char *path)
{
	struct buf wanted = {0};
	struct str present;
	bool is_same = false;

	conf_put_nginx(&wanted, d->conf, part);
	if (buf_check(&wanted) == OK &&
	    system_read(d->arena, path, &present) == OK)
		is_same = str_equal(present, buf_str(&wanted));
	buf_free(&wanted);
	return is_same;
}

static void
look_at_nginx(struct doctor *d)
{
	static const char *const test[] = {"nginx", "-t", "-q", NULL};
	bool agrees =
	    nginx_agrees(d, CONF_NGINX_SERVER, NGINX_FOLDER "/limits.conf") &&
	    nginx_agrees(d, CONF_NGINX_HTTP, NGINX_FOLDER "/http.conf") &&
	    nginx_agrees(d, CONF_NGINX_IMAGES, NGINX_FOLDER "/images.conf") &&
	    nginx_agrees(d, CONF_NGINX_LISTEN, NGINX_FOLDER "/listen.conf");

	find_if(d, agrees, BAD, "nginx",
	    "it keeps the limits of the configuration",
	    "it does not have what the configuration says now",
	    "pixlpixctl setup");
	find_if(d, access(SITE_ENABLED, R_OK) == 0, BAD, "nginx",
	    "the site is enabled", "the site is not enabled",
	    "pixlpixctl setup");
	if (geteuid() == 0)
		find_if(d, system_run(true, test) == 0, BAD, "nginx",
		    "it takes its configuration",
		    "it refuses its configuration", "nginx -t says why");
}

static void
look_at_certificate(struct doctor *d)
{
	static const char renew[] =
	    "certbot renew; systemctl reload nginx (and systemctl enable --now "
	    "certbot.timer)";
	struct str path = d->conf->certificate;
	const char *path_z;

	if (!conf_nginx_speaks_tls(d->conf))
		return;
	if (path.len == 0 && arena_printf(d->arena, &path,
				 "/etc/letsencrypt/live/%.*s/fullchain.pem",
				 STR_ARG(conf_host(d->conf))) != OK)
		return;
	if (arena_z(d->arena, path, &path_z) != OK)
		return;
	if (access(path_z, R_OK) != 0) {
		find(d, BAD, "certificate", STR("cannot be read"),
		    STR("as root: certbot certonly --webroot -w /var/www/html "
			"-d HOST, or name yours in [nginx]"));
		return;
	}
	{
		const char *const now[] = {"openssl", "x509", "-noout",
		    "-checkend", "0", "-in", path_z, NULL};
		const char *const soon[] = {"openssl", "x509", "-noout",
		    "-checkend", "1209600", "-in", path_z, NULL};

		if (system_run(true, now) != 0)
			find(d, BAD, "certificate", STR("has run out"),
			    str_from(renew));
		else
			find_if(d, system_run(true, soon) == 0, DOUBTFUL,
			    "certificate", "good for two weeks and more",
			    "runs out within two weeks", renew);
	}
}

static void
look_at_units(struct doctor *d)
{
	static const char *const units[] = {"pixlpix-web-pages.socket",
	    "pixlpix-web-slow.socket", "pixlpix-web.service",
	    "pixlpix-jobs.service", "pixlpix-cleanup.timer", "nginx.service"};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *const ask[] = {
		    "systemctl", "is-active", units[i], NULL};
		struct str remedy;

		if (arena_printf(d->arena, &remedy,
			"systemctl enable --now %s; journalctl -u %s says why "
			"it does not run",
			str_starts(str_from(units[i]), STR("pixlpix"))
			    ? "pixlpix.target"
			    : units[i],
			units[i]) != OK)
			return;
		find_if(d, system_run(true, ask) == 0, BAD, units[i], "runs",
		    "does not run", remedy.at);
	}
}

static int
ask_mail(void *given)
{
	const struct doctor *d = given;
	struct str why;
	enum err e = mail_check(d->conf, d->arena, &why);

	if (e != OK)
		(void)fprintf(stderr, "mail: %.*s\n", STR_ARG(why));
	return (int)e;
}

static void
look_at_mail(struct doctor *d)
{
	if (!mail_is_on(d->conf)) {
		find(d, DOUBTFUL, "mail",
		    STR("none is sent when a backup fails or work is given "
			"up"),
		    STR("name a server in [mail] of " MAIN_CONFIG ", then "
			"pixlpixctl mail test"));
		return;
	}
	find_if(d,
	    system_in_service(d->arena, d->conf, false, ask_mail, d) == OK, BAD,
	    "mail", "the server would take one for the admin",
	    "the server would not take one (its words are above)",
	    "mend [mail] in " MAIN_CONFIG "; pixlpixctl mail test sends one");
}

/* What is answered to who asks for the figures with that header, or without
 * one; 0 where nobody answers. */
static int
ask_figures(struct doctor *d, const char *authorization)
{
	const char *const headers[] = {authorization};
	struct http_out_reply reply = {.body = {.max_bytes = FIGURES_BYTES}};
	struct http_out_request request = {.method = "GET",
	    .headers = headers,
	    .header_count = authorization != NULL ? 1 : 0,
	    .body_fd = -1,
	    .connect_ms = FIGURES_MS,
	    .stall_s = FIGURES_MS / 1000,
	    .timeout_ms = FIGURES_MS};
	struct http_out *client;
	struct str url;
	int status = 0;

	if (arena_printf(d->arena, &url, "http://%.*s/metrics",
		STR_ARG(d->conf->metrics_listen)) != OK ||
	    http_out_open(NULL, &client) != OK)
		return 0;
	request.url = url.at;
	if (http_out_send(client, &request, &reply) == OK)
		status = reply.status;
	http_out_close(client);
	buf_free(&reply.body);
	return status;
}

/* A listener that is a file, for this machine alone. */
static bool
file_listens(struct str path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens;

	if (fd < 0 || path.len >= sizeof(address.sun_path)) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	memcpy(address.sun_path, path.at, path.len);
	listens =
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	(void)close(fd);
	return listens;
}

static void
look_at_token(struct doctor *d)
{
	struct str token, header;
	bool is_had = conf_secret(d->arena, d->conf->token_file,
			  "the token of the metrics", &token) == OK &&
	              arena_printf(d->arena, &header,
			  "Authorization: Bearer %.*s", STR_ARG(token)) == OK;

	find_if(d, is_had && ask_figures(d, header.at) == 200, BAD, "metrics",
	    "figures are told to who has the token",
	    "the token of metrics.token_file does not bring figures",
	    "16 letters or more in that file, then systemctl restart "
	    "pixlpix-web; journalctl -u pixlpix-web says more");
}

static void
look_at_metrics(struct doctor *d)
{
	static const char away[] =
	    "systemctl restart pixlpix-web; journalctl -u pixlpix-web says why "
	    "nobody listens, ss -ltnp who else has the port";
	struct str where = d->conf->metrics_listen;
	bool has_token = d->conf->token_file.len > 0;
	int status;

	if (where.len == 0) {
		find(d, DOUBTFUL, "metrics", STR("figures are told to nobody"),
		    STR("[metrics] listen in " MAIN_CONFIG " says where; the "
			"run-book has the alerts"));
		return;
	}
	if (where.at[0] == '/') {
		find_if(d, file_listens(where), BAD, "metrics",
		    "somebody tells figures to this machine",
		    "nobody tells figures at metrics.listen", away);
		return;
	}
	status = ask_figures(d, NULL);
	if (status == 0)
		find(d, BAD, "metrics",
		    STR("nobody tells figures at metrics.listen"),
		    str_from(away));
	else if (has_token && status == 401)
		look_at_token(d);
	else
		find_if(d, !has_token && status == 200, BAD, "metrics",
		    "figures are told to this machine alone",
		    "at metrics.listen another one answers than the "
		    "configuration says",
		    away);
}

/* Whether age takes the keys for which backups are to be encrypted. */
static void
look_at_recipients(struct doctor *d)
{
	struct str path;
	bool is_good;

	if (d->conf->backup_recipients.len == 0)
		return;
	is_good =
	    conf_secret_path(d->arena, d->conf->backup_recipients, &path) == OK;
	if (is_good) {
		const char *const words[] = {
		    "age", "--encrypt", "--recipients-file", path.at, NULL};

		is_good = system_run(true, words) == 0;
	}
	find_if(d, is_good, BAD, "backup", "it can be encrypted",
	    "it cannot be encrypted: age is missing, or the keys in "
	    "backup.recipients are none",
	    "apt install age; the file has one public key (age1...) a line");
}

static void
look_at_backups(struct doctor *d)
{
	static const char *const is_enabled[] = {
	    "systemctl", "is-active", "pixlpix-backup.timer", NULL};
	static const char *const has_failed[] = {
	    "systemctl", "is-failed", "pixlpix-backup.service", NULL};

	find_if(d, system_run(true, is_enabled) == 0, DOUBTFUL, "backup",
	    "one is made every night", "nobody makes one",
	    "systemctl enable --now pixlpix-backup.timer, and copy "
	    "/var/backups/pixlpix to another machine");
	find_if(d, system_run(true, has_failed) != 0, BAD, "backup",
	    "the last one did not fail", "the last one failed",
	    "journalctl -u pixlpix-backup.service says why");
}

static int
doctor(const struct ctl *ctl, int count, char **words)
{
	struct doctor d = {.arena = ctl->arena, .conf = ctl->conf};

	d.as_json = count == 1 && strcmp(words[0], "--json") == 0;
	if (count != 0 && !d.as_json)
		return CTL_USAGE;
	/* A fault in the configuration has ended us before. */
	find(&d, FINE, "configuration", STR("without fault"), (struct str){0});
	look_at_permissions(&d);
	look_at_database(&d);
	look_at_store(&d);
	look_at_disk(&d);
	look_at_clock(&d);
	look_at_nginx(&d);
	look_at_certificate(&d);
	look_at_units(&d);
	look_at_metrics(&d);
	look_at_mail(&d);
	look_at_backups(&d);
	look_at_recipients(&d);
	if (d.as_json)
		(void)printf("\n]\n");
	else
		(void)printf("%d looked at, %d bad\n", d.count, d.bad);
	return d.bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct ctl_command ctl_doctor_commands[] = {
    {.words = {"doctor"},
	.arguments = "[--json]",
	.help = "look for what tends to be wrong, and say what helps",
	.stays_root = true,
	.run = doctor},
    {.run = NULL},
};
