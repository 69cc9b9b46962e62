/* See s3.h. */
#include "store/s3.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "store/s3_xml.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	ARENA_BYTES = 8 * 1024 * 1024,
	ANSWER_MAX_BYTES = 4 * 1024 * 1024, /* a list of 1,000 keys: 400 KB */
	TRIES_MAX = 4,
	FIRST_WAIT_MS = 100,
	AWAY_S = 5,     /* so long a store that is away gets one try */
	SKEW_S = 5 * 60 /* a clock that far off is worth a word */
};

struct s3 {
	struct http_out *client;
	struct arena *kept; /* of the store's life */
	struct arena *arena;
	struct sigv4_keys keys;
	char secret[SIGV4_SECRET_MAX_BYTES];
	struct str scheme; /* "http://" */
	struct str host;   /* without the scheme's own port */
	struct str buckets[OBJECT_HIDDEN + 1];
	bool is_host_style;
	int64_t connect_ms;
	int64_t stall_s;
	int64_t total_s;
	int64_t away_until_us;
	struct http_out_reply reply;
	int tries; /* of the last call */
	int64_t began_us;
};

/* ---- opening ---- */

static enum err
settings_refused(const char *why, struct str value)
{
	log_event(LOG_ERROR, "object store cannot be opened", LOG_Z("why", why),
	    LOG_STR("value", value));
	return ERR_INPUT;
}

/* The file holds the secret and nothing else. */
static enum err
read_secret(struct s3 *s3, int fd, struct str path)
{
	char room[SIGV4_SECRET_MAX_BYTES + 2];
	struct str secret;
	struct stat st;
	enum err e = OK;
	ssize_t n;

	if (fstat(fd, &st) != 0 || (st.st_mode & S_IRWXO) != 0)
		return settings_refused(
		    "the secret's file is open to everybody: chmod o= it",
		    path);
	n = read(fd, room, sizeof(room));
	secret = str_trim((struct str){room, n > 0 ? (size_t)n : 0});
	if (secret.len == 0 || secret.len > SIGV4_SECRET_MAX_BYTES)
		e = settings_refused(
		    "the secret's file does not hold a secret", path);
	else
		memcpy(s3->secret, secret.at, secret.len);
	s3->keys.secret = (struct str){s3->secret, secret.len};
	digest_wipe(room, sizeof(room));
	return e;
}

static enum err
open_secret(struct s3 *s3, struct str path)
{
	const char *name;
	enum err e;
	int fd;

	TRY(arena_z(s3->arena, path, &name));
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_event(LOG_ERROR, "object store cannot be opened",
		    LOG_Z("why", "the secret's file cannot be read"),
		    LOG_STR("value", path), LOG_ERRNO());
		return ERR_INPUT;
	}
	e = read_secret(s3, fd, path);
	(void)close(fd);
	return e;
}

static enum err
set_endpoint(struct s3 *s3, struct str endpoint)
{
	bool is_tls = str_starts(endpoint, STR("https://"));
	struct str own_port = is_tls ? STR(":443") : STR(":80");
	struct str host;

	s3->scheme = is_tls ? STR("https://") : STR("http://");
	if (!str_starts(endpoint, s3->scheme))
		return settings_refused(
		    "an endpoint begins with http:// or https://", endpoint);
	host = str_slice(endpoint, s3->scheme.len, endpoint.len);
	if (str_ends(host, own_port))
		host = str_slice(host, 0, host.len - own_port.len);
	if (host.len == 0 || str_find(host, '/') < host.len)
		return settings_refused(
		    "an endpoint is a host and perhaps a port", endpoint);
	return arena_copy(s3->kept, host, &s3->host);
}

/* Names that hold in addresses as they are, without dots: a dot would break
 * the certificate of the host style. */
static bool
is_bucket(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!(name.at[i] >= 'a' && name.at[i] <= 'z') &&
		    !(name.at[i] >= '0' && name.at[i] <= '9') &&
		    (name.at[i] != '-' || i == 0))
			return false;
	return name.len >= 3 && name.len <= 63;
}

static enum err
set_bucket(struct s3 *s3, enum object_space space, struct str name)
{
	if (!is_bucket(name))
		return settings_refused(
		    "a bucket's name is 3 to 63 of a-z, 0-9 and -", name);
	return arena_copy(s3->kept, name, &s3->buckets[space]);
}

static enum err
take_settings(struct s3 *s3, const struct object_s3_settings *settings)
{
	s3->is_host_style = settings->is_host_style;
	s3->connect_ms = settings->connect_ms;
	s3->stall_s = settings->stall_s;
	s3->total_s = settings->total_s;
	s3->keys.service = STR("s3");
	TRY(set_endpoint(s3, settings->endpoint));
	TRY(set_bucket(s3, OBJECT_PUBLIC, settings->public_bucket));
	TRY(set_bucket(s3, OBJECT_HIDDEN, settings->hidden_bucket));
	if (str_equal(settings->public_bucket, settings->hidden_bucket))
		return settings_refused("public and hidden objects need a "
					"bucket each",
		    settings->public_bucket);
	if (settings->access_key.len == 0)
		return settings_refused(
		    "the access key is missing", settings->access_key);
	TRY(arena_copy(s3->kept, settings->region, &s3->keys.region));
	TRY(arena_copy(s3->kept, settings->access_key, &s3->keys.access_key));
	return open_secret(s3, settings->secret_file);
}

enum err
s3_open(const struct object_s3_settings *settings, struct s3 **out)
{
	struct s3 *s3 = calloc(1, sizeof(*s3));
	const char *ca_file = NULL;
	enum err e = ERR_MEMORY;

	if (s3 == NULL)
		return ERR_MEMORY;
	s3->reply.body.max_bytes = ANSWER_MAX_BYTES;
	s3->kept = arena_make(64 * 1024);
	s3->arena = arena_make(ARENA_BYTES);
	if (s3->kept != NULL && s3->arena != NULL)
		e = take_settings(s3, settings);
	if (e == OK && settings->ca_file.len > 0)
		e = arena_z(s3->kept, settings->ca_file, &ca_file);
	if (e == OK)
		e = http_out_open(ca_file, &s3->client);
	if (e != OK) {
		s3_close(s3);
		return e;
	}
	*out = s3;
	return OK;
}

void
s3_close(struct s3 *s3)
{
	if (s3 == NULL)
		return;
	http_out_close(s3->client);
	buf_free(&s3->reply.body);
	arena_free(s3->arena);
	arena_free(s3->kept);
	digest_wipe(s3->secret, sizeof(s3->secret));
	free(s3);
}

/* ---- one try ---- */

/* What a try needs in the shape that the lower layers want. */
struct wire {
	struct sigv4_pair signed_headers[S3_HEADERS_MAX + 2];
	const char *lines[S3_HEADERS_MAX + 4];
	size_t line_count;
	const char *url;
};

static enum err
add_line(struct s3 *s3, struct wire *w, struct str name, struct str value)
{
	struct str line;

	TRY(arena_printf(
	    s3->arena, &line, "%.*s: %.*s", STR_ARG(name), STR_ARG(value)));
	w->lines[w->line_count++] = line.at;
	return OK;
}

static enum err
payload_of(struct s3 *s3, const struct s3_call *call, struct str *out)
{
	unsigned char digest[DIGEST_BYTES];

	if (call->is_file) {
		*out = call->file_sha256;
		return OK;
	}
	if (call->body.len == 0) {
		*out = SIGV4_EMPTY;
		return OK;
	}
	TRY(digest_sha256(call->body, digest));
	return digest_hex(
	    s3->arena, (struct str){(const char *)digest, DIGEST_BYTES}, out);
}

/* Host and path of what the call is about. */
static enum err
place(struct s3 *s3, const struct s3_call *call, struct str *host,
    struct str *path)
{
	struct str bucket = s3->buckets[call->space];

	if (s3->is_host_style) {
		TRY(arena_printf(s3->arena, host, "%.*s.%.*s", STR_ARG(bucket),
		    STR_ARG(s3->host)));
		return arena_printf(
		    s3->arena, path, "/%.*s", STR_ARG(call->key));
	}
	*host = s3->host;
	return arena_printf(s3->arena, path, "/%.*s%s%.*s", STR_ARG(bucket),
	    call->key.len > 0 ? "/" : "", STR_ARG(call->key));
}

static enum err
sign_call(struct s3 *s3, const struct s3_call *call, struct wire *w)
{
	struct sigv4_request r = {.method = str_from(call->method),
	    .query = call->query,
	    .query_count = call->query_count,
	    .headers = w->signed_headers,
	    .header_count = call->header_count + 2};
	struct sigv4_signed made;
	struct str host, url;

	assert(call->header_count <= S3_HEADERS_MAX);
	TRY(place(s3, call, &host, &r.path));
	TRY(payload_of(s3, call, &r.payload));
	w->signed_headers[0] = (struct sigv4_pair){STR("Host"), host};
	w->signed_headers[1] =
	    (struct sigv4_pair){STR("x-amz-content-sha256"), r.payload};
	for (size_t i = 0; i < call->header_count; i++)
		w->signed_headers[2 + i] = call->headers[i];
	TRY(sigv4_sign(s3->arena, &s3->keys, &r, clock_now(), &made));
	TRY(arena_printf(s3->arena, &url, "%.*s%.*s%.*s", STR_ARG(s3->scheme),
	    STR_ARG(host), STR_ARG(made.target)));
	w->url = url.at;
	if (call->is_unsigned)
		return add_line(s3, w, STR("Host"), host);
	for (size_t i = 0; i < r.header_count; i++)
		TRY(add_line(s3, w, r.headers[i].name, r.headers[i].value));
	TRY(add_line(s3, w, STR("x-amz-date"), made.date));
	return add_line(s3, w, STR("Authorization"), made.authorization);
}

enum err
s3_presign(struct s3 *s3, const struct s3_call *call, int64_t expires_s,
    struct arena *arena, struct str *target)
{
	struct sigv4_pair host = {STR("Host"), {0}};
	struct sigv4_request r = {.method = str_from(call->method),
	    .headers = &host,
	    .header_count = 1,
	    .payload = SIGV4_UNSIGNED};

	arena_reset(s3->arena);
	TRY(place(s3, call, &host.value, &r.path));
	return sigv4_presign(
	    arena, &s3->keys, &r, clock_now(), expires_s, target);
}

/* A signature carries its time, so that every try is signed anew. */
static enum err
try_once(struct s3 *s3, const struct s3_call *call, int64_t timeout_ms)
{
	struct wire w = {0};
	struct http_out_request r = {.method = call->method,
	    .headers = w.lines,
	    .body_fd = call->is_file ? call->file : -1,
	    .body_bytes = call->file_bytes,
	    .body = call->body,
	    .sink = call->sink,
	    .user = call->user,
	    .connect_ms = s3->connect_ms,
	    .stall_s = s3->stall_s,
	    .timeout_ms = timeout_ms};

	TRY(sign_call(s3, call, &w));
	if (call->begin != NULL)
		TRY(call->begin(call->user));
	r.header_count = w.line_count;
	r.url = w.url;
	return http_out_send(s3->client, &r, &s3->reply);
}

/* ---- trying again ---- */

static bool
is_worth_another(enum err e, int status)
{
	if (e == ERR_LOST)
		return true;
	return e == OK && (status == 429 || status >= 500);
}

/* How long to wait before the next try, in ms: the server's wish, or random
 * in a range that doubles. */
static int64_t
wait_of(const struct s3 *s3)
{
	int64_t range_ms = (int64_t)FIRST_WAIT_MS << s3->tries;
	uint32_t dice = 0;

	if (random_bytes(&dice, sizeof(dice)) != OK)
		dice = 0;
	return s3->reply.retry_after_s * 1000 + range_ms / 2 +
	       (int64_t)(dice % (uint32_t)(range_ms / 2));
}

static int64_t
left_ms(const struct s3 *s3)
{
	return s3->total_s * 1000 -
	       (clock_monotonic_us() - s3->began_us) / 1000;
}

static void
sleep_ms(int64_t ms)
{
	struct timespec rest = {
	    (time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		;
}

static bool
is_away(const struct s3 *s3)
{
	return clock_monotonic_us() < s3->away_until_us;
}

/* Clearing away what a failed upload has left must not wait as long again
 * as that did. */
static int64_t
limit_ms(const struct s3 *s3, const struct s3_call *call)
{
	int64_t left = left_ms(s3);
	bool has_bytes = call->is_file || call->sink != NULL;

	if (is_away(s3) && !has_bytes && left > 2 * s3->connect_ms)
		return 2 * s3->connect_ms;
	return left;
}

/* Until there is an answer, or no time for another try. */
static enum err
try_until(struct s3 *s3, const struct s3_call *call)
{
	int max = is_away(s3) ? 1 : TRIES_MAX;

	for (;;) {
		enum err e = try_once(s3, call, limit_ms(s3, call));
		int64_t wait_ms;

		s3->tries++;
		if (!is_worth_another(e, s3->reply.status) || s3->tries >= max)
			return e;
		wait_ms = wait_of(s3);
		/* A try that has no time is none. */
		if (wait_ms + 100 > left_ms(s3))
			return e;
		sleep_ms(wait_ms);
	}
}

/* ---- what came of it ---- */

static const char *
why_of(const struct s3 *s3, struct str code)
{
	static const char *const hints[][2] = {
	    {"RequestTimeTooSkewed", "the clocks differ; mend ours or theirs"},
	    {"SignatureDoesNotMatch", "the secret is another"},
	    {"InvalidAccessKeyId", "the access key is not known there"},
	    {"AccessDenied", "this access key may not do that"},
	    {"NoSuchBucket",
		"there is no such bucket: pixlpixctl store prepare makes it"},
	    {"QuotaExceeded", "the store is full for us"},
	    {"XAmzContentSHA256Mismatch", "the bytes changed on their way"},
	    {"PermanentRedirect", "the bucket is at another endpoint"},
	};

	if (s3->reply.why != NULL)
		return s3->reply.why;
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (str_equal(code, str_from(hints[i][0])))
			return hints[i][1];
	return s3->reply.status >= 500   ? "the server failed"
	       : s3->reply.status >= 400 ? "the server refused it"
	                                 : "an answer that was not expected";
}

static enum err
log_failure(struct s3 *s3, const struct s3_call *call, struct str code)
{
	struct log_field fields[12];
	int64_t off = s3->reply.clock_off_s;
	size_t n = 0;

	fields[n++] = LOG_Z("step", call->step);
	fields[n++] = LOG_STR("bucket", s3->buckets[call->space]);
	if (call->key.len > 0)
		fields[n++] = LOG_STR("key", call->key);
	fields[n++] = LOG_Z("why", why_of(s3, code));
	if (s3->reply.status != 0)
		fields[n++] = LOG_INT("status", s3->reply.status);
	if (code.len > 0)
		fields[n++] = LOG_STR("code", code);
	if (off > SKEW_S || off < -SKEW_S)
		fields[n++] = LOG_INT("clock_off_s", off);
	fields[n++] = LOG_INT("tries", s3->tries);
	fields[n++] =
	    LOG_INT("ms", (clock_monotonic_us() - s3->began_us) / 1000);
	fields[n] = (struct log_field){0};
	log_write(LOG_ERROR, "object store failed", fields);
	return ERR_STORE;
}

enum err
s3_refused(
    struct s3 *s3, const struct s3_call *call, const struct s3_answer *answer)
{
	return log_failure(s3, call, answer->code);
}

static bool
is_final(int status)
{
	return (status >= 200 && status < 300) ||
	       (status >= 400 && status < 500 && status != 429);
}

static enum err
take_answer(struct s3 *s3, const struct s3_call *call, struct s3_answer *out)
{
	const struct http_out_reply *reply = &s3->reply;
	struct s3_answer answer = {.status = reply->status,
	    .body = buf_str(&reply->body),
	    .size_bytes = reply->size_bytes,
	    .changed_s = reply->changed_s};

	if (answer.status >= 300)
		TRY(s3_xml_error(s3->arena, answer.body, &answer.code));
	if (!is_final(answer.status)) {
		if (answer.status >= 500)
			s3->away_until_us =
			    clock_monotonic_us() + AWAY_S * 1000000;
		return log_failure(s3, call, answer.code);
	}
	s3->away_until_us = 0;
	*out = answer;
	return OK;
}

enum err
s3_send(struct s3 *s3, const struct s3_call *call, struct s3_answer *out)
{
	enum err e;

	arena_reset(s3->arena);
	s3->began_us = clock_monotonic_us();
	s3->tries = 0;
	e = try_until(s3, call);
	if (e == ERR_LOST) {
		s3->away_until_us = clock_monotonic_us() + AWAY_S * 1000000;
		return log_failure(s3, call, (struct str){0});
	}
	if (e == ERR_TOO_BIG) {
		s3->reply.why = "the answer is too long";
		return log_failure(s3, call, (struct str){0});
	}
	if (e == ERR_INPUT || e == ERR_IO) {
		s3->reply.why = "the file changed while it was sent";
		(void)log_failure(s3, call, (struct str){0});
		return e == ERR_INPUT ? e : ERR_STORE;
	}
	TRY(e);
	return take_answer(s3, call, out);
}

struct str
s3_header(const struct s3 *s3, const char *name)
{
	return http_out_header(s3->client, name);
}

struct str
s3_bucket(const struct s3 *s3, enum object_space space)
{
	return s3->buckets[space];
}
