/* A small machine that follows an address through literal text. */
#include "view/tpl_address.h"

#include <string.h>

/* Attributes whose value is an address, or a list of them. */
static const char *const url_attrs[] = {"action", "background", "cite", "data",
    "formaction", "href", "longdesc", "manifest", "ping", "poster", "src",
    "xlink:href"};
static const char *const url_list_attrs[] = {"imagesrcset", "srcset"};

static bool
is_among(const char *const *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(name, str_from(names[i])))
			return true;
	return false;
}

#define IS_AMONG(names, name) \
	is_among((names), sizeof(names) / sizeof((names)[0]), (name))

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

struct tpl_address
tpl_address_begin(struct str name)
{
	struct tpl_address a = {.is_list = IS_AMONG(url_list_attrs, name)};

	a.url = a.is_list || IS_AMONG(url_attrs, name) ? TPL_URL_START
	                                               : TPL_URL_NONE;
	return a;
}

static void
scheme_begin(struct tpl_address *a)
{
	a->url = TPL_URL_SCHEME;
	a->scheme_len = 0;
}

static bool
scheme_is(const struct tpl_address *a, const char *scheme)
{
	return a->scheme_len == strlen(scheme) &&
	       memcmp(a->scheme, scheme, a->scheme_len) == 0;
}

static void
scheme_add(struct tpl_address *a, char c)
{
	if (a->scheme_len < TPL_SCHEME_BYTES)
		a->scheme[a->scheme_len] = lower(c);
	if (a->scheme_len <= TPL_SCHEME_BYTES)
		a->scheme_len++;
}

static const char *
scheme_end(struct tpl_address *a)
{
	if (scheme_is(a, "http") || scheme_is(a, "https"))
		a->url = TPL_URL_HOST_START;
	else if (scheme_is(a, "mailto"))
		a->url = TPL_URL_QUERY;
	else
		return "an address may begin with http:, https:, mailto: or no "
		       "scheme at all";
	return NULL;
}

/* What any character means that neither belongs to a scheme nor ends it. */
static enum tpl_url
url_after(char c)
{
	return c == '?' || c == '#' || c == '=' || c == '&' ? TPL_URL_QUERY
	                                                    : TPL_URL_PATH;
}

static const char *
url_scheme(struct tpl_address *a, char c)
{
	if ((lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '-' || c == '.')
		scheme_add(a, c);
	else if (c == ':')
		return scheme_end(a);
	else if (c == '&')
		return "write the beginning of an address without character "
		       "references";
	else if (c != '\t' && c != '\n' && c != '\r')
		a->url = url_after(c);
	return NULL;
}

static const char *
url_start(struct tpl_address *a, char c)
{
	if ((unsigned char)c <= ' ')
		return NULL;
	if (c == '/' || c == '\\') {
		a->url = TPL_URL_SLASH;
		return NULL;
	}
	scheme_begin(a);
	return url_scheme(a, c);
}

/* One character of an address. */
const char *
tpl_address_step(struct tpl_address *a, char c)
{
	bool is_slash = c == '/' || c == '\\';

	if (a->is_list && c == ',') {
		a->url = TPL_URL_START;
		return NULL;
	}
	if (a->is_list && is_space(c) && a->url != TPL_URL_START) {
		a->url = TPL_URL_REST;
		return NULL;
	}
	switch (a->url) {
	case TPL_URL_NONE:
	case TPL_URL_REST:
	case TPL_URL_QUERY:
		break;
	case TPL_URL_PATH:
		a->url = url_after(c);
		break;
	case TPL_URL_SCHEME:
		return url_scheme(a, c);
	case TPL_URL_SLASH:
		if (is_slash)
			a->url = TPL_URL_HOST_START;
		else if (!is_space(c))
			a->url = url_after(c);
		break;
	case TPL_URL_START:
		return url_start(a, c);
	case TPL_URL_HOST:
		if (is_slash || c == '?' || c == '#')
			a->url = url_after(c);
		break;
	case TPL_URL_HOST_START:
		if (!is_slash && !is_space(c))
			a->url = TPL_URL_HOST;
		break;
	}
	return NULL;
}

const char *
tpl_address_variable(
    struct tpl_address *a, enum shape_kind kind, enum tpl_escape *escape)
{
	bool is_url = kind == SHAPE_URL;

	if (a->is_list && kind == SHAPE_WHEN)
		return "no time in a list of addresses";
	*escape = TPL_ESCAPE_HTML;
	switch (a->url) {
	case TPL_URL_NONE:
		return NULL;
	case TPL_URL_REST:
		return kind == SHAPE_INT ? NULL
		                         : "after an address in a list only an "
		                           "int may stand: "
		                           "a comma would begin another";
	case TPL_URL_QUERY:
		*escape = TPL_ESCAPE_PERCENT;
		return NULL;
	case TPL_URL_SCHEME:
		a->scheme_len = TPL_SCHEME_BYTES + 1;
		/* fallthrough */
	case TPL_URL_PATH:
		if (is_url)
			a->url = TPL_URL_PATH;
		else
			*escape = TPL_ESCAPE_PERCENT;
		return NULL;
	case TPL_URL_SLASH:
		if (is_url)
			return "a url brings its own slash: leave the one "
			       "before it out";
		a->url = TPL_URL_PATH;
		*escape = TPL_ESCAPE_PERCENT;
		return NULL;
	case TPL_URL_START:
		if (!is_url)
			return "an address must begin with a url, or with "
			       "literal text";
		a->url = TPL_URL_PATH;
		return NULL;
	case TPL_URL_HOST:
		if (!is_url)
			return "no variable in the host's name of an address";
		a->url = TPL_URL_PATH;
		return NULL;
	case TPL_URL_HOST_START:
		return "no variable in the host's name of an address";
	}
	return NULL;
}

const char *
tpl_address_join(
    struct tpl_address *a, const struct tpl_address *begin, bool is_list)
{
	if (is_list && a->url != begin->url && a->url >= TPL_URL_SCHEME)
		return "a list may not repeat the beginning of an address";
	if ((a->url == TPL_URL_REST) != (begin->url == TPL_URL_REST))
		return "in a list of addresses a section must begin and end "
		       "both before the size (such as 2x) or both after it";
	if (a->url == TPL_URL_SCHEME && begin->url == TPL_URL_SCHEME &&
	    (a->scheme_len != begin->scheme_len ||
		memcmp(a->scheme, begin->scheme, TPL_SCHEME_BYTES) != 0))
		a->scheme_len = TPL_SCHEME_BYTES + 1;
	if (begin->url > a->url)
		a->url = begin->url;
	return NULL;
}
