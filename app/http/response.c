/* The header block, and what may stand in it. */
#include "http/response.h"

#include "http/url.h"

#include <string.h>

/* Sent with every answer.  Nothing inline, nothing from elsewhere, no frames;
 * img-src has blob: and data: for previews of what is about to be uploaded. */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'none'; img-src 'self' blob: data:; "
    "style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; connect-src 'self'; "
    "manifest-src 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), display-capture=(), geolocation=(), "
    "microphone=(), payment=(), usb=()\r\n";

/* Names that response_head writes, or that are nginx's to write. */
static const char *const own_names[] = {
    "Cache-Control",
    "Connection",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Status",
    "Transfer-Encoding",
    "X-Content-Type-Options",
};

struct response
response_start(struct buf *body)
{
	buf_reset(body);
	return (struct response){
	    .status = 200,
	    .content_type = STR("text/html; charset=utf-8"),
	    .cache_control = STR("no-store"),
	    .body = body,
	};
}

/* RFC 9110 section 5.6.2. */
static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~' ||
		    strchr("\"(),/:;<=>?@[\\]{}", s.at[i]) != NULL)
			return false;
	return s.len > 0;
}

static bool
is_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return false;
	return true;
}

static bool
is_own_name(struct str name)
{
	for (size_t i = 0; i < sizeof(own_names) / sizeof(own_names[0]); i++)
		if (str_equal_nocase(name, str_from(own_names[i])))
			return true;
	return false;
}

enum err
response_header(struct response *r, struct str name, struct str value)
{
	if (!is_token(name) || !is_value(value))
		return ERR_INPUT;
	if (is_own_name(name) || r->header_count == RESPONSE_HEADERS)
		return ERR_INTERNAL;
	r->headers[r->header_count++] = (struct response_header){name, value};
	return OK;
}

enum err
response_redirect(struct response *r, struct url to)
{
	if (!url_is_local(to.text))
		return ERR_INPUT;
	TRY(response_header(r, STR("Location"), to.text));
	r->status = 303;
	buf_reset(r->body);
	return OK;
}

static void
put_header(struct buf *out, struct str name, struct str value)
{
	buf_put(out, name);
	buf_put(out, STR(": "));
	buf_put(out, value);
	buf_put(out, STR("\r\n"));
}

static bool
is_bodiless(int status)
{
	return status == 204 || status == 304;
}

enum err
response_head(const struct response *r, struct buf *out)
{
	if (!is_value(r->content_type) || !is_value(r->cache_control))
		return ERR_INTERNAL;
	buf_put(out, STR("Status: "));
	buf_put_int(out, r->status);
	buf_put_char(out, ' ');
	buf_put(out, str_from(response_reason(r->status)));
	buf_put(out, STR("\r\n"));
	if (!is_bodiless(r->status)) {
		if (r->body->len > 0)
			put_header(out, STR("Content-Type"), r->content_type);
		buf_put(out, STR("Content-Length: "));
		buf_put_int(out, (int64_t)r->body->len);
		buf_put(out, STR("\r\n"));
	}
	put_header(out, STR("Cache-Control"), r->cache_control);
	for (size_t i = 0; i < r->header_count; i++)
		put_header(out, r->headers[i].name, r->headers[i].value);
	buf_put(
	    out, (struct str){security_headers, sizeof(security_headers) - 1});
	buf_put(out, STR("\r\n"));
	return OK;
}

bool
response_has_body(const struct response *r, enum method method)
{
	return method != METHOD_HEAD && !is_bodiless(r->status);
}

const char *
response_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
	    {200, "OK"},
	    {201, "Created"},
	    {204, "No Content"},
	    {303, "See Other"},
	    {304, "Not Modified"},
	    {400, "Bad Request"},
	    {401, "Unauthorized"},
	    {403, "Forbidden"},
	    {404, "Not Found"},
	    {405, "Method Not Allowed"},
	    {409, "Conflict"},
	    {412, "Precondition Failed"},
	    {413, "Content Too Large"},
	    {415, "Unsupported Media Type"},
	    {422, "Unprocessable Content"},
	    {429, "Too Many Requests"},
	    {500, "Internal Server Error"},
	    {503, "Service Unavailable"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Unknown";
}
