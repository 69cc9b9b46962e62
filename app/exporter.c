/* Accept, read a head, look at the token, put figures. */
#include "exporter.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "domain/figures.h"
#include "http/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum {
	ARENA_BYTES = 16 * 1024 * 1024,
	KEPT_BYTES = 1024 * 1024,
	BODY_BYTES = 8 * 1024 * 1024,
	VISITOR_MS = 5000, /* for the question, and again for the answer */
	FINISH_MS = 500,   /* for the visitor to hang up */
	AGAIN_MS = 30000,  /* until the address is tried again */
	TOKEN_LEAST = 16,
	/* What hangs must not keep the figures for longer than Prometheus
	 * waits (10 s). */
	DATABASE_MS = 3000,
	STORE_STALL_S = 2,
	STORE_TOTAL_S = 4
};

static volatile sig_atomic_t is_ending;

struct exporter {
	struct conf conf;
	struct site site;
	bool has_site;
	struct arena *kept; /* of the site */
	struct arena *arena;
	struct buf body;
};

static void
note_end(int number)
{
	(void)number;
	is_ending = 1;
}

static bool
wait_until(int fd, short events, int64_t deadline_us)
{
	for (;;) {
		int64_t left_us = deadline_us - clock_monotonic_us();
		struct pollfd p = {.fd = fd, .events = events};
		int n =
		    left_us <= 0 ? 0 : poll(&p, 1, (int)(left_us / 1000 + 1));

		if (n >= 0 || errno != EINTR)
			return n > 0;
	}
}

/* ERR_INPUT: no whole head in PLAIN_HEAD_BYTES; ERR_IO: it did not come. */
static enum err
read_head(int fd, char *room, struct str *out)
{
	int64_t deadline_us = clock_monotonic_us() + VISITOR_MS * 1000;

	*out = (struct str){room, 0};
	while (!plain_is_whole(*out)) {
		ssize_t n;

		if (out->len == PLAIN_HEAD_BYTES)
			return ERR_INPUT;
		if (!wait_until(fd, POLLIN, deadline_us))
			return ERR_IO;
		n = read(fd, room + out->len, PLAIN_HEAD_BYTES - out->len);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return ERR_IO;
		if (n > 0)
			out->len += (size_t)n;
	}
	return OK;
}

static void
write_all(int fd, struct str s)
{
	int64_t deadline_us = clock_monotonic_us() + VISITOR_MS * 1000;

	while (s.len > 0 && wait_until(fd, POLLOUT, deadline_us)) {
		ssize_t n = write(fd, s.at, s.len);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0)
			s = str_slice(s, (size_t)n, s.len);
	}
}

static struct str
bearer(struct str authorization)
{
	struct str scheme = STR("Bearer ");

	if (!str_equal_nocase(str_slice(authorization, 0, scheme.len), scheme))
		return (struct str){0};
	return str_trim(
	    str_slice(authorization, scheme.len, authorization.len));
}

/* What has come and was not read would throw the answer away. */
static void
finish(int fd)
{
	int64_t deadline_us = clock_monotonic_us() + FINISH_MS * 1000;
	char ignored[1024];

	(void)shutdown(fd, SHUT_WR);
	while (wait_until(fd, POLLIN, deadline_us) &&
	       read(fd, ignored, sizeof(ignored)) > 0)
		continue;
	(void)close(fd);
}

/* The file is read each time: a new token needs no reload, unless systemd has
 * copied it at the start. */
static enum err
check_token(struct exporter *x, struct str authorization)
{
	struct str token;

	if (x->conf.token_file.len == 0)
		return OK;
	TRY(conf_secret(
	    x->arena, x->conf.token_file, "the token of the metrics", &token));
	if (token.len < TOKEN_LEAST) {
		log_event(LOG_ERROR, "the token of the metrics is too short",
		    LOG_INT("least", TOKEN_LEAST));
		return ERR_FORBIDDEN;
	}
	return digest_equal(bearer(authorization), token) ? OK : ERR_LOGIN;
}

/* The database may have been away until now. */
static void
open_site(struct exporter *x)
{
	if (x->has_site)
		return;
	arena_reset(x->kept);
	x->has_site = site_open(x->kept, &x->conf, &x->site) == OK;
	if (x->has_site)
		db_set_patience(x->site.db, DATABASE_MS);
}

static enum err
fill(struct exporter *x, struct str head, struct plain *request)
{
	TRY(plain_parse(head, request));
	if (!str_equal(request->path, STR("/metrics")))
		return ERR_ABSENT;
	TRY(check_token(x, request->authorization));
	open_site(x);
	return figures_put(
	    &x->conf, x->has_site ? &x->site : NULL, x->arena, &x->body);
}

static const char *
status_line(enum err e)
{
	switch ((int)e) {
	case OK:
		return "200 OK";
	case ERR_INPUT:
		return "400 Bad Request";
	case ERR_LOGIN:
		return "401 Unauthorized\r\nWWW-Authenticate: Bearer";
	case ERR_ABSENT:
		return "404 Not Found";
	case ERR_METHOD:
		return "405 Method Not Allowed\r\nAllow: GET, HEAD";
	default:
		return "500 Internal Server Error";
	}
}

static void
answer(struct exporter *x, int fd)
{
	struct plain request = {0};
	char room[PLAIN_HEAD_BYTES];
	struct str head, line;
	enum err e = read_head(fd, room, &head);

	if (e == ERR_IO)
		return;
	buf_reset(&x->body);
	if (e == OK)
		e = fill(x, head, &request);
	if (e != OK) {
		buf_reset(&x->body);
		buf_printf(&x->body, "%s\n", err_name(e));
	}
	if (arena_printf(x->arena, &line,
		"HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; "
		"charset=utf-8\r\nContent-Length: %zu\r\n"
		"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
		"Connection: close\r\n\r\n",
		status_line(e), buf_str(&x->body).len) != OK)
		return;
	write_all(fd, line);
	if (!request.is_head)
		write_all(fd, buf_str(&x->body));
}

static void
serve(struct exporter *x, int listener, struct worker_state *state)
{
	while (!is_ending) {
		int fd =
		    accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			return;
		state->busy_since_us = clock_monotonic_us();
		answer(x, fd);
		finish(fd);
		if (x->has_site)
			db_rest(x->site.db);
		arena_reset(x->arena);
		state->busy_since_us = 0;
	}
}

enum worker_end
exporter_run(const struct conf *conf, struct worker_state *state)
{
	struct exporter x = {.conf = *conf,
	    .kept = arena_make(KEPT_BYTES),
	    .arena = arena_make(ARENA_BYTES),
	    .body = {.max_bytes = BODY_BYTES}};
	const char *where;
	int listener;

	if (x.kept == NULL || x.arena == NULL ||
	    arena_z(x.arena, conf->metrics_listen, &where) != OK)
		return WORKER_FAILED;
	if (x.conf.s3_stall_s > STORE_STALL_S)
		x.conf.s3_stall_s = STORE_STALL_S;
	if (x.conf.s3_total_s > STORE_TOTAL_S)
		x.conf.s3_total_s = STORE_TOTAL_S;
	(void)sigaction(
	    SIGTERM, &(struct sigaction){.sa_handler = note_end}, NULL);
	while (service_listen(where, &listener) != OK)
		if (poll(NULL, 0, AGAIN_MS) < 0)
			return WORKER_ENDED;
	state->has_begun = true;
	serve(&x, listener, state);
	if (!is_ending)
		log_event(LOG_ERROR, "figures cannot be told", LOG_ERRNO());
	return is_ending ? WORKER_ENDED : WORKER_FAILED;
}
