/* Percent-decoding, making addresses, and what an origin is. */
#include "http/url.h"

#include "base/buf.h"

#include <assert.h>
#include <string.h>

enum {
	LOCAL_BYTES = 2048,
	HOST_BYTES = 255
};

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum err
url_decode_into(struct str s, bool is_form, char *out, size_t *len)
{
	size_t used = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '%') {
			int high, low;

			if (s.len - i < 3)
				return ERR_INPUT;
			high = hex_value(s.at[i + 1]);
			low = hex_value(s.at[i + 2]);
			if (high < 0 || low < 0)
				return ERR_INPUT;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && is_form) {
			c = ' ';
		}
		out[used++] = c;
	}
	*len = used;
	return OK;
}

enum err
url_decode(struct arena *a, struct str s, bool is_form, struct str *out)
{
	char *at = arena_alloc(a, s.len);
	struct str decoded = {at, 0};

	if (at == NULL)
		return ERR_MEMORY;
	TRY(url_decode_into(s, is_form, at, &decoded.len));
	if (!str_is_text(decoded))
		return ERR_INPUT;
	*out = decoded;
	return OK;
}

static void
put_value(struct buf *b, const struct url_value *value)
{
	if (value->is_number)
		buf_put_int(b, value->number);
	else
		buf_put_percent(b, value->text);
}

/* The finished text of a buffer as an address in the arena. */
static enum err
finish(struct arena *a, struct buf *b, struct url *out)
{
	enum err e = buf_check(b);

	if (e == OK)
		e = arena_copy(a, buf_str(b), &out->text);
	buf_free(b);
	return e;
}

enum err
url_make_from(struct arena *a, struct url *out, struct str pattern,
    const struct url_value *values)
{
	struct buf b = {0};

	assert(pattern.len > 0 && pattern.at[0] == '/');
	for (size_t i = 0; i < pattern.len; i++) {
		if (!str_starts(
			str_slice(pattern, i, pattern.len), STR("{}"))) {
			buf_put_char(&b, pattern.at[i]);
			continue;
		}
		if (!values->is_used) {
			buf_free(&b);
			return ERR_INTERNAL;
		}
		put_value(&b, values++);
		i++;
	}
	if (values->is_used) {
		buf_free(&b);
		return ERR_INTERNAL;
	}
	return finish(a, &b, out);
}

enum err
url_absolute(
    struct arena *a, struct str site_url, struct url path, struct url *out)
{
	struct buf b = {0};

	if (str_ends(site_url, STR("/")))
		site_url.len--;
	buf_put(&b, site_url);
	buf_put(&b, path.text);
	return finish(a, &b, out);
}

bool
url_is_local(struct str s)
{
	if (s.len == 0 || s.len > LOCAL_BYTES || s.at[0] != '/')
		return false;
	if (s.len > 1 && s.at[1] == '/')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~' ||
		    strchr("\\\"<>", s.at[i]) != NULL)
			return false;
	return true;
}

struct url
url_local(struct str s, struct url fallback)
{
	struct url local = {s};

	return url_is_local(s) ? local : fallback;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/* A name or IPv4 address, or an IPv6 address in brackets. */
static bool
is_host(struct str s)
{
	bool is_v6 = s.len > 2 && s.at[0] == '[' && s.at[s.len - 1] == ']';

	if (s.len == 0 || s.len > HOST_BYTES)
		return false;
	if (is_v6)
		s = str_slice(s, 1, s.len - 2);
	for (size_t i = 0; i < s.len; i++)
		if (!is_host_char(s.at[i]) && !(is_v6 && s.at[i] == ':'))
			return false;
	return true;
}

/* Where the authority of `s` ends. */
static size_t
authority_length(struct str s)
{
	size_t i = 0;

	while (i < s.len && s.at[i] != '/' && s.at[i] != '?' && s.at[i] != '#')
		i++;
	return i;
}

enum err
url_origin(struct str s, struct url_origin *out)
{
	struct url_origin origin = {0};
	struct str authority;
	size_t colon;

	origin.scheme = str_slice(s, 0, str_find(s, ':'));
	if (str_equal_nocase(origin.scheme, STR("https")))
		origin.port = 443;
	else if (str_equal_nocase(origin.scheme, STR("http")))
		origin.port = 80;
	else
		return ERR_INPUT;
	s = str_slice(s, origin.scheme.len, s.len);
	if (!str_starts(s, STR("://")))
		return ERR_INPUT;
	s = str_slice(s, 3, s.len);
	authority = str_slice(s, 0, authority_length(s));
	colon = authority.len;
	while (colon > 0 && authority.at[colon - 1] >= '0' &&
	       authority.at[colon - 1] <= '9')
		colon--;
	if (colon > 0 && authority.at[colon - 1] == ':') {
		struct str port = str_slice(authority, colon, authority.len);

		if (port.len > 0)
			TRY(str_parse_int(port, 1, 65535, &origin.port));
		authority.len = colon - 1;
	}
	if (!is_host(authority))
		return ERR_INPUT;
	origin.host = authority;
	*out = origin;
	return OK;
}

bool
url_origin_equal(struct url_origin a, struct url_origin b)
{
	return str_equal_nocase(a.scheme, b.scheme) &&
	       str_equal_nocase(a.host, b.host) && a.port == b.port;
}
