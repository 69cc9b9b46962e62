/* From nginx's parameters to a request.
 *
 * The path is decoded and normalised here from REQUEST_URI, as nginx does it
 * to choose a location: escapes first, then dot segments and doubled slashes.
 * So both mean the same page.
 */
#include "http/request.h"

#include "base/digest.h"
#include "base/random.h"
#include "http/url.h"

#include <string.h>

/* The parameters that are read, as the strings that they are. */
struct params {
	struct str method, uri, content_type, content_length, https;
	struct str remote_addr, request_id, cookie, origin, referer, host;
	struct str accept, user_agent;
	struct str authorization, if_match, if_none_match;
	struct str idempotency_key, refused;
};

static const struct param {
	struct str name;
	size_t offset;
} known_params[] = {
    {STR("REQUEST_METHOD"), offsetof(struct params, method)},
    {STR("REQUEST_URI"), offsetof(struct params, uri)},
    {STR("CONTENT_TYPE"), offsetof(struct params, content_type)},
    {STR("CONTENT_LENGTH"), offsetof(struct params, content_length)},
    {STR("HTTPS"), offsetof(struct params, https)},
    {STR("REMOTE_ADDR"), offsetof(struct params, remote_addr)},
    {STR("REQUEST_ID"), offsetof(struct params, request_id)},
    {STR("HTTP_COOKIE"), offsetof(struct params, cookie)},
    {STR("HTTP_ORIGIN"), offsetof(struct params, origin)},
    {STR("HTTP_REFERER"), offsetof(struct params, referer)},
    {STR("HTTP_HOST"), offsetof(struct params, host)},
    {STR("HTTP_ACCEPT"), offsetof(struct params, accept)},
    {STR("HTTP_USER_AGENT"), offsetof(struct params, user_agent)},
    {STR("HTTP_AUTHORIZATION"), offsetof(struct params, authorization)},
    {STR("HTTP_IF_MATCH"), offsetof(struct params, if_match)},
    {STR("HTTP_IF_NONE_MATCH"), offsetof(struct params, if_none_match)},
    {STR("HTTP_IDEMPOTENCY_KEY"), offsetof(struct params, idempotency_key)},
    {STR("REFUSED_URI"), offsetof(struct params, refused)},
};

static struct params
params_read(const char *const *env)
{
	struct params out = {0};

	for (; *env != NULL; env++) {
		struct str value = str_from(*env);
		struct str name = str_cut(&value, '=');

		for (size_t i = 0;
		     i < sizeof(known_params) / sizeof(known_params[0]); i++)
			if (str_equal(name, known_params[i].name))
				memcpy((char *)&out + known_params[i].offset,
				    &value, sizeof(value));
	}
	return out;
}

static enum method
method_parse(struct str s)
{
	static const struct {
		struct str name;
		enum method method;
	} known[] = {
	    {STR("GET"), METHOD_GET},
	    {STR("POST"), METHOD_POST},
	    {STR("HEAD"), METHOD_HEAD},
	    {STR("PUT"), METHOD_PUT},
	    {STR("PATCH"), METHOD_PATCH},
	    {STR("DELETE"), METHOD_DELETE},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_equal(s, known[i].name))
			return known[i].method;
	return METHOD_OTHER;
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return true;
	return false;
}

/* Takes "." and ".." and empty segments out, in place.  ERR_INPUT where the
 * path climbs above its root. */
static enum err
remove_dots(char *at, size_t len, size_t *out_len)
{
	struct str rest = {at + 1, len - 1};
	size_t used = 1; /* always ends after a '/' here */
	bool is_last = false;

	while (!is_last) {
		struct str segment;

		is_last = str_find(rest, '/') == rest.len;
		segment = str_cut(&rest, '/');
		if (segment.len == 0 || str_equal(segment, STR(".")))
			continue;
		if (str_equal(segment, STR(".."))) {
			if (used == 1)
				return ERR_INPUT;
			used--;
			while (at[used - 1] != '/')
				used--;
			continue;
		}
		memmove(at + used, segment.at, segment.len);
		used += segment.len;
		if (!is_last)
			at[used++] = '/';
	}
	*out_len = used;
	return OK;
}

/* "/a/b" as "a" and "b".  Of raw text they are decoded. */
static enum err
split(struct arena *a, struct str path, bool is_raw, struct list *out)
{
	struct str rest = str_slice(path, 1, path.len);
	size_t count = str_count(path, '/');
	struct str *segments = arena_array(a, count, sizeof(*segments));

	if (segments == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		segments[i] = str_cut(&rest, '/');
		if (is_raw)
			TRY(url_decode(a, segments[i], false, &segments[i]));
	}
	*out = (struct list){segments, count};
	return OK;
}

/* `len` is of the path before dot and empty segments were taken out. */
static enum err
find_segments(struct arena *a, struct str raw, struct str path, size_t len,
    struct list *out)
{
	/* What is between them is as it was sent but for the escapes. */
	bool is_plain = path.len == len;

	return split(a, is_plain ? raw : path, is_plain, out);
}

static enum err
path_parse(struct arena *a, struct str raw, struct request *out)
{
	struct str path;
	size_t len;
	char *at;

	if (raw.len == 0 || raw.len > REQUEST_PATH_BYTES || raw.at[0] != '/')
		return ERR_INPUT;
	at = arena_alloc(a, raw.len);
	if (at == NULL)
		return ERR_MEMORY;
	TRY(url_decode_into(raw, false, at, &path.len));
	path.at = at;
	if (!str_is_text(path))
		return ERR_INPUT;
	len = path.len;
	TRY(remove_dots(at, path.len, &path.len));
	TRY(find_segments(a, raw, path, len, &out->segments));
	out->path = path;
	return OK;
}

static enum err
parse(struct arena *a, const struct params *p, struct request *r)
{
	struct str query = p->uri;
	enum err e;

	r->raw_path = str_cut(&query, '?');
	if (p->content_length.len > 0)
		TRY(str_parse_int(
		    p->content_length, 0, INT64_MAX, &r->content_length));
	if (query.len > REQUEST_QUERY_BYTES || has_control(query))
		return ERR_INPUT;
	if (has_control(p->content_type) || has_control(p->origin) ||
	    has_control(p->referer) || has_control(p->host))
		return ERR_INPUT;
	r->query = query;
	e = path_parse(a, r->raw_path, r);
	r->is_path_fault = e == ERR_INPUT;
	return e;
}

static bool
is_request_id(struct str s)
{
	if (s.len != REQUEST_ID_CHARS)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!(s.at[i] >= '0' && s.at[i] <= '9') &&
		    !(s.at[i] >= 'a' && s.at[i] <= 'f'))
			return false;
	return true;
}

static enum err
request_id_make(struct arena *a, struct str given, struct str *out)
{
	char bytes[REQUEST_ID_CHARS / 2];

	if (is_request_id(given)) {
		*out = given;
		return OK;
	}
	TRY(random_bytes(bytes, sizeof(bytes)));
	return digest_hex(a, (struct str){bytes, sizeof(bytes)}, out);
}

enum err
request_make(struct arena *a, const char *const *params, struct body *body,
    struct request *out)
{
	struct params p = params_read(params);
	struct request r = {
	    .method = method_parse(p.method),
	    .path = STR("/"),
	    .query = STR(""),
	    .content_type = p.content_type,
	    .cookies = p.cookie,
	    .origin = p.origin,
	    .referer = p.referer,
	    .host = p.host,
	    .accept = p.accept,
	    .user_agent = p.user_agent,
	    .authorization = p.authorization,
	    .if_match = p.if_match,
	    .if_none_match = p.if_none_match,
	    .idempotency_key = p.idempotency_key,
	    .remote_addr = p.remote_addr,
	    .refused = str_cut(&p.refused, '?'),
	    .is_https = str_equal(p.https, STR("on")),
	    .body = body,
	};

	TRY(request_id_make(a, p.request_id, &r.request_id));
	r.fault = parse(a, &p, &r);
	if (r.fault == ERR_MEMORY)
		return ERR_MEMORY;
	if (r.method == METHOD_GET || r.method == METHOD_HEAD ||
	    (r.fault != OK && !r.is_path_fault))
		r.content_length = 0;
	body->left_bytes = r.content_length;
	*out = r;
	return OK;
}

/* Whether the address lies on the site. */
static bool
is_at(struct str address, struct str site_url)
{
	struct url_origin there, here;

	return url_origin(address, &there) == OK &&
	       url_origin(site_url, &here) == OK &&
	       url_origin_equal(there, here);
}

bool
request_is_same_site(const struct request *r, struct str site_url)
{
	if (r->origin.at != NULL)
		return is_at(r->origin, site_url);
	if (r->referer.len > 0)
		return is_at(r->referer, site_url);
	return true;
}
