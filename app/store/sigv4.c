/* The canonical request, the string to sign, the key, and the signature. */
#include "store/sigv4.h"

#include "base/buf.h"
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DATE_BYTES = 16, /* 20150830T123600Z */
	DAY_BYTES = 8
};

#define ALGORITHM "AWS4-HMAC-SHA256"

/* What one signature needs besides the request. */
struct signing {
	struct arena *arena;
	const struct sigv4_keys *keys;
	char date[DATE_BYTES + 1];
	struct str scope;   /* day/region/service/aws4_request */
	struct str headers; /* the names that are signed: a;b;c */
	struct str query;   /* canonical, without the signature */
};

/* What a buffer holds, as the arena's; the buffer is freed. */
static enum err
settle(struct arena *a, struct buf *b, struct str *out)
{
	enum err e = buf_check(b);

	if (e == OK)
		e = arena_copy(a, buf_str(b), out);
	buf_free(b);
	return e;
}

static enum err
begin(struct signing *s, struct when now)
{
	time_t seconds = (time_t)(now.us / 1000000);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(s->date, sizeof(s->date), "%Y%m%dT%H%M%SZ", &tm) !=
		DATE_BYTES)
		return ERR_INPUT;
	return arena_printf(s->arena, &s->scope, "%.*s/%.*s/%.*s/aws4_request",
	    DAY_BYTES, s->date, STR_ARG(s->keys->region),
	    STR_ARG(s->keys->service));
}

static struct str
date_of(const struct signing *s)
{
	return (struct str){s->date, DATE_BYTES};
}

/* ---- sorting ---- */

static int
compare_str(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.at, b.at, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* By name, then by value where `by_value`; otherwise equals stay in order.
 * There are a few of them. */
static void
sort_pairs(struct sigv4_pair *pairs, size_t count, bool by_value)
{
	for (size_t i = 1; i < count; i++) {
		struct sigv4_pair moving = pairs[i];
		size_t to = i;

		for (; to > 0; to--) {
			int order =
			    compare_str(pairs[to - 1].name, moving.name);

			if (order == 0 && by_value)
				order = compare_str(
				    pairs[to - 1].value, moving.value);
			if (order <= 0)
				break;
			pairs[to] = pairs[to - 1];
		}
		pairs[to] = moving;
	}
}

/* ---- the canonical query ---- */

static enum err
encode(struct arena *a, struct str s, struct str *out)
{
	struct buf b = {0};

	buf_put_percent(&b, s);
	return settle(a, &b, out);
}

/* The fields encoded, then in order of their encoded bytes. */
static enum err
canonical_query(struct arena *a, const struct sigv4_pair *query, size_t count,
    struct str *out)
{
	struct sigv4_pair fields[SIGV4_PAIRS_MAX];
	struct buf b = {0};

	if (count > SIGV4_PAIRS_MAX)
		return ERR_INPUT;
	for (size_t i = 0; i < count; i++) {
		TRY(encode(a, query[i].name, &fields[i].name));
		TRY(encode(a, query[i].value, &fields[i].value));
	}
	sort_pairs(fields, count, true);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_put_char(&b, '&');
		buf_put(&b, fields[i].name);
		buf_put_char(&b, '=');
		buf_put(&b, fields[i].value);
	}
	return settle(a, &b, out);
}

static void
put_path(struct buf *b, struct str path)
{
	struct str rest = path;

	while (rest.len > 0) {
		size_t slash = str_find(rest, '/');

		buf_put_percent(b, str_slice(rest, 0, slash));
		if (slash < rest.len)
			buf_put_char(b, '/');
		rest = str_slice(rest,
		    slash + 1 < rest.len ? slash + 1 : rest.len, rest.len);
	}
}

/* ---- the canonical headers ---- */

static enum err
lower(struct arena *a, struct str s, struct str *out)
{
	char *at = arena_alloc(a, s.len);

	if (at == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < s.len; i++)
		at[i] = (char)(s.at[i] >= 'A' && s.at[i] <= 'Z'
				   ? s.at[i] + ('a' - 'A')
				   : s.at[i]);
	*out = (struct str){at, s.len};
	return OK;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, and white space within as one space each. */
static void
put_value(struct buf *b, struct str value)
{
	struct str s = str_trim(value);

	for (size_t i = 0; i < s.len; i++)
		if (!is_space(s.at[i]))
			buf_put_char(b, s.at[i]);
		else if (!is_space(s.at[i - 1]))
			buf_put_char(b, ' ');
}

/* Sorted, with lower-case names, and the date where it is among them. */
static enum err
canonical_headers(struct signing *s, const struct sigv4_request *r,
    bool with_date, struct str *out)
{
	struct sigv4_pair headers[SIGV4_PAIRS_MAX + 1];
	struct buf lines = {0}, names = {0};
	size_t count = r->header_count;
	enum err e;

	if (count > SIGV4_PAIRS_MAX)
		return ERR_INPUT;
	for (size_t i = 0; i < count; i++) {
		headers[i].value = r->headers[i].value;
		TRY(lower(s->arena, r->headers[i].name, &headers[i].name));
	}
	if (with_date)
		headers[count++] =
		    (struct sigv4_pair){STR("x-amz-date"), date_of(s)};
	sort_pairs(headers, count, false);
	for (size_t i = 0; i < count; i++) {
		bool is_more =
		    i > 0 && str_equal(headers[i].name, headers[i - 1].name);

		if (!is_more) {
			buf_put(&lines, i > 0 ? STR("\n") : STR(""));
			buf_put(&lines, headers[i].name);
			buf_put(&names, i > 0 ? STR(";") : STR(""));
			buf_put(&names, headers[i].name);
		}
		buf_put_char(&lines, is_more ? ',' : ':');
		put_value(&lines, headers[i].value);
	}
	buf_put_char(&lines, '\n');
	e = settle(s->arena, &names, &s->headers);
	if (e != OK) {
		buf_free(&lines);
		return e;
	}
	return settle(s->arena, &lines, out);
}

/* ---- the signature ---- */

static struct str
bytes_of(const unsigned char *at)
{
	return (struct str){(const char *)at, DIGEST_BYTES};
}

static enum err
hash_request(struct signing *s, const struct sigv4_request *r,
    struct str headers, struct str *out)
{
	unsigned char digest[DIGEST_BYTES];
	struct buf b = {0};
	enum err e;

	buf_put(&b, r->method);
	buf_put_char(&b, '\n');
	put_path(&b, r->path);
	buf_put_char(&b, '\n');
	buf_put(&b, s->query);
	buf_put_char(&b, '\n');
	buf_put(&b, headers);
	buf_put_char(&b, '\n');
	buf_put(&b, s->headers);
	buf_put_char(&b, '\n');
	buf_put(&b, r->payload);
	e = buf_check(&b);
	if (e == OK)
		e = digest_sha256(buf_str(&b), digest);
	buf_free(&b);
	TRY(e);
	return digest_hex(s->arena, bytes_of(digest), out);
}

/* The key of the day: an HMAC of each part of the scope, one keyed with the
 * other. */
static enum err
derive_key(const struct signing *s, unsigned char key[DIGEST_BYTES])
{
	char first[4 + SIGV4_SECRET_MAX_BYTES] = "AWS4";
	const struct str parts[] = {{s->date, DAY_BYTES}, s->keys->region,
	    s->keys->service, STR("aws4_request")};
	struct str secret = s->keys->secret;
	struct str with = {first, 4 + secret.len};
	enum err e = OK;

	if (secret.len == 0 || secret.len > SIGV4_SECRET_MAX_BYTES)
		return ERR_INPUT;
	memcpy(first + 4, secret.at, secret.len);
	for (size_t i = 0; i < 4 && e == OK; i++) {
		unsigned char next[DIGEST_BYTES];

		e = digest_hmac(with, parts[i], next);
		memcpy(key, next, DIGEST_BYTES);
		digest_wipe(next, sizeof(next));
		with = bytes_of(key);
	}
	digest_wipe(first, sizeof(first));
	return e;
}

static enum err
sign(struct signing *s, const struct sigv4_request *r, struct str headers,
    struct str *out)
{
	unsigned char key[DIGEST_BYTES] = {0}, signature[DIGEST_BYTES];
	struct str hash, text;
	enum err e;

	TRY(hash_request(s, r, headers, &hash));
	TRY(arena_printf(s->arena, &text, ALGORITHM "\n%s\n%.*s\n%.*s", s->date,
	    STR_ARG(s->scope), STR_ARG(hash)));
	e = derive_key(s, key);
	if (e == OK)
		e = digest_hmac(bytes_of(key), text, signature);
	digest_wipe(key, sizeof(key));
	TRY(e);
	return digest_hex(s->arena, bytes_of(signature), out);
}

static enum err
make_target(struct arena *a, struct str path, struct str query, struct str *out)
{
	struct buf b = {0};

	put_path(&b, path);
	if (query.len > 0)
		buf_put_char(&b, '?');
	buf_put(&b, query);
	return settle(a, &b, out);
}

enum err
sigv4_sign(struct arena *a, const struct sigv4_keys *keys,
    const struct sigv4_request *r, struct when now, struct sigv4_signed *out)
{
	struct signing s = {.arena = a, .keys = keys};
	struct str headers, signature;
	struct sigv4_signed made;

	TRY(begin(&s, now));
	TRY(canonical_query(a, r->query, r->query_count, &s.query));
	TRY(canonical_headers(&s, r, true, &headers));
	TRY(sign(&s, r, headers, &signature));
	TRY(make_target(a, r->path, s.query, &made.target));
	TRY(arena_copy(a, date_of(&s), &made.date));
	TRY(arena_printf(a, &made.authorization,
	    ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=%.*s, "
		      "Signature=%.*s",
	    STR_ARG(keys->access_key), STR_ARG(s.scope), STR_ARG(s.headers),
	    STR_ARG(signature)));
	*out = made;
	return OK;
}

enum err
sigv4_presign(struct arena *a, const struct sigv4_keys *keys,
    const struct sigv4_request *r, struct when now, int64_t expires_s,
    struct str *target)
{
	struct signing s = {.arena = a, .keys = keys};
	struct sigv4_pair query[SIGV4_PAIRS_MAX];
	struct str headers, credential, expires, signature, signed_query;
	size_t count = r->query_count;

	if (count + 5 > SIGV4_PAIRS_MAX || expires_s < 1 ||
	    expires_s > SIGV4_EXPIRES_MAX_S)
		return ERR_INPUT;
	TRY(begin(&s, now));
	TRY(canonical_headers(&s, r, false, &headers));
	TRY(arena_printf(a, &credential, "%.*s/%.*s", STR_ARG(keys->access_key),
	    STR_ARG(s.scope)));
	TRY(arena_printf(a, &expires, "%lld", (long long)expires_s));
	if (count > 0)
		memcpy(query, r->query, count * sizeof(*query));
	query[count++] =
	    (struct sigv4_pair){STR("X-Amz-Algorithm"), STR(ALGORITHM)};
	query[count++] =
	    (struct sigv4_pair){STR("X-Amz-Credential"), credential};
	query[count++] = (struct sigv4_pair){STR("X-Amz-Date"), date_of(&s)};
	query[count++] = (struct sigv4_pair){STR("X-Amz-Expires"), expires};
	query[count++] =
	    (struct sigv4_pair){STR("X-Amz-SignedHeaders"), s.headers};
	TRY(canonical_query(a, query, count, &s.query));
	TRY(sign(&s, r, headers, &signature));
	TRY(arena_printf(a, &signed_query, "%.*s&X-Amz-Signature=%.*s",
	    STR_ARG(s.query), STR_ARG(signature)));
	return make_target(a, r->path, signed_query, target);
}
