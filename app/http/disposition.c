/* What the header of a part says. */
#include "http/disposition.h"

#include <string.h>

enum {
	FILE_NAME_BYTES = 255,
	HEADER_LINES = 16
};

static struct str
skip_blanks(struct str s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = str_slice(s, 1, s.len);
	return s;
}

/* RFC 9110 section 5.6.2. */
static bool
is_token_char(char c)
{
	return c > ' ' && c <= '~' && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
}

static struct str
cut_token(struct str *rest)
{
	struct str s = *rest;
	size_t i = 0;

	while (i < s.len && is_token_char(s.at[i]))
		i++;
	*rest = str_slice(s, i, s.len);
	return str_slice(s, 0, i);
}

/* *rest begins after the opening quote. */
static enum err
cut_quoted(struct arena *a, struct str *rest, struct str *out)
{
	struct str s = *rest;
	char *at = arena_alloc(a, s.len);
	size_t used = 0, i = 0;

	if (at == NULL)
		return ERR_MEMORY;
	for (; i < s.len && s.at[i] != '"'; i++) {
		struct str after = str_slice(s, i + 2, s.len);

		if (s.at[i] == '\\' && i + 1 < s.len && s.at[i + 1] == '"' &&
		    str_find(after, '"') < after.len)
			i++;
		at[used++] = s.at[i];
	}
	if (i == s.len)
		return ERR_INPUT;
	*rest = str_slice(s, i + 1, s.len);
	*out = (struct str){at, used};
	return OK;
}

enum err
param_next(
    struct arena *a, struct str *rest, struct str *name, struct str *value)
{
	struct str s = skip_blanks(*rest), found;

	*name = (struct str){0};
	if (s.len > 0 && s.at[0] != ';')
		return ERR_INPUT;
	while (s.len > 0 && s.at[0] == ';')
		s = skip_blanks(str_slice(s, 1, s.len));
	*rest = s;
	if (s.len == 0)
		return OK;
	found = cut_token(&s);
	if (found.len == 0 || s.len == 0 || s.at[0] != '=')
		return ERR_INPUT;
	s = str_slice(s, 1, s.len);
	if (s.len > 0 && s.at[0] == '"') {
		s = str_slice(s, 1, s.len);
		TRY(cut_quoted(a, &s, value));
	} else {
		*value = cut_token(&s);
	}
	*name = found;
	*rest = s;
	return OK;
}

/* Takes a parameter that may come once. */
static enum err
take_once(struct str value, bool *is_set, struct str *out)
{
	if (*is_set)
		return ERR_INPUT;
	*is_set = true;
	*out = value;
	return OK;
}

static enum err
disposition_parse(struct arena *a, struct str s, struct part *out)
{
	struct str name, value = {0};
	bool has_name = false;

	if (!str_equal_nocase(cut_token(&s), STR("form-data")))
		return ERR_INPUT;
	for (;;) {
		TRY(param_next(a, &s, &name, &value));
		if (name.len == 0)
			break;
		if (str_equal_nocase(name, STR("name")))
			TRY(take_once(value, &has_name, &out->name));
		else if (str_equal_nocase(name, STR("filename")))
			TRY(take_once(value, &out->is_file, &out->file_name));
	}
	return has_name ? OK : ERR_INPUT;
}

static bool
is_identity(struct str encoding)
{
	return str_equal_nocase(encoding, STR("binary")) ||
	       str_equal_nocase(encoding, STR("8bit")) ||
	       str_equal_nocase(encoding, STR("7bit"));
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') ||
		    s.at[i] == 0x7f)
			return true;
	return false;
}

/* Cuts a line off; they are separated by CRLF. */
static struct str
cut_line(struct str *rest)
{
	struct str s = *rest, line = *rest;
	const char *end = s.len > 0 ? memmem(s.at, s.len, "\r\n", 2) : NULL;

	if (end != NULL)
		line.len = (size_t)(end - s.at);
	*rest = str_slice(s, line.len + 2, s.len);
	return line;
}

static enum err
header_parse(
    struct arena *a, struct str line, bool *has_disposition, struct part *part)
{
	struct str value = line;
	struct str name = cut_token(&value);

	if (name.len == 0 || value.len == 0 || value.at[0] != ':' ||
	    has_control(value))
		return ERR_INPUT;
	value = str_trim(str_slice(value, 1, value.len));
	if (str_equal_nocase(name, STR("Content-Disposition"))) {
		if (*has_disposition)
			return ERR_INPUT;
		*has_disposition = true;
		return disposition_parse(a, value, part);
	}
	if (str_equal_nocase(name, STR("Content-Transfer-Encoding")) &&
	    !is_identity(value))
		return ERR_INPUT;
	return OK;
}

enum err
part_parse(struct arena *a, struct str headers, struct part *out)
{
	struct part part = {0};
	bool has_disposition = false;

	for (int lines = 0; headers.len > 0; lines++) {
		if (lines == HEADER_LINES)
			return ERR_INPUT;
		TRY(header_parse(
		    a, cut_line(&headers), &has_disposition, &part));
	}
	if (!has_disposition)
		return ERR_INPUT;
	*out = part;
	return OK;
}

struct str
file_name_clean(struct str s)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.at[i - 1] == '/' || s.at[i - 1] == '\\') {
			s = str_slice(s, i, s.len);
			break;
		}
	if (!str_is_text(s) || has_control(s) || str_find(s, '\t') < s.len)
		return STR("file");
	if (s.len > FILE_NAME_BYTES) {
		s.len = FILE_NAME_BYTES;
		while (!str_is_text(s))
			s.len--;
	}
	return s;
}
