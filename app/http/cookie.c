/* The Cookie header taken apart, and Set-Cookie put together. */
#include "http/cookie.h"

#include "base/buf.h"

static struct str
prefix_for(bool is_secure)
{
	return is_secure ? STR("__Host-") : STR("");
}

/* RFC 6265 section 4.1.1, cookie-octet. */
static bool
is_cookie_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c <= ' ' || c > '~' || c == '"' || c == ',' || c == ';' ||
		    c == '\\')
			return false;
	}
	return true;
}

static struct str
without_quotes(struct str s)
{
	if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"')
		return str_slice(s, 1, s.len - 2);
	return s;
}

/* Whether `s` is the two parts one after the other. */
static bool
is_joined(struct str s, struct str first, struct str second)
{
	return str_starts(s, first) &&
	       str_equal(str_slice(s, first.len, s.len), second);
}

struct str
cookie_find(struct str header, struct str name, bool is_secure)
{
	while (header.len > 0) {
		struct str value = str_cut(&header, ';');
		struct str found = str_trim(str_cut(&value, '='));

		if (!is_joined(found, prefix_for(is_secure), name))
			continue;
		value = without_quotes(str_trim(value));
		return is_cookie_value(value) ? value : (struct str){0};
	}
	return (struct str){0};
}

enum err
cookie_make(struct arena *a, struct str name, struct str value,
    int64_t max_age_s, bool is_secure, struct str *out)
{
	struct buf b = {0};
	enum err e;

	if (!is_cookie_value(value))
		return ERR_INPUT;
	buf_put(&b, prefix_for(is_secure));
	buf_put(&b, name);
	buf_put_char(&b, '=');
	buf_put(&b, value);
	buf_put(&b, STR("; Path=/"));
	if (max_age_s >= 0) {
		buf_put(&b, STR("; Max-Age="));
		buf_put_int(&b, max_age_s);
	}
	if (is_secure)
		buf_put(&b, STR("; Secure"));
	buf_put(&b, STR("; HttpOnly; SameSite=Lax"));
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(a, buf_str(&b), out);
	buf_free(&b);
	return e;
}
