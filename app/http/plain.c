/* A request line and header lines (RFC 9112 sections 3 and 5). */
#include "http/plain.h"

#include <string.h>

#define END "\r\n\r\n"

bool
plain_is_whole(struct str bytes)
{
	return bytes.len >= strlen(END) &&
	       memmem(bytes.at, bytes.len, END, strlen(END)) != NULL;
}

/* The next line without its CRLF; ERR_INPUT where it ends otherwise. */
static enum err
take_line(struct str *rest, struct str *line)
{
	size_t end = str_find(*rest, '\r');

	if (end + 1 >= rest->len || rest->at[end + 1] != '\n')
		return ERR_INPUT;
	*line = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 2, rest->len);
	return OK;
}

static bool
is_visible(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len > 0;
}

static enum err
parse_request_line(struct str line, struct plain *out)
{
	struct str method = str_cut(&line, ' ');
	struct str target = str_cut(&line, ' ');

	if (!is_visible(method) || !is_visible(target) || target.at[0] != '/' ||
	    (!str_equal(line, STR("HTTP/1.1")) &&
		!str_equal(line, STR("HTTP/1.0"))))
		return ERR_INPUT;
	out->path = str_cut(&target, '?');
	out->is_head = str_equal(method, STR("HEAD"));
	return out->is_head || str_equal(method, STR("GET")) ? OK : ERR_METHOD;
}

/* A token (RFC 9110 section 5.6.2). */
static bool
is_name(struct str s)
{
	if (!is_visible(s))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (strchr("\"(),/:;<=>?@[\\]{}", s.at[i]) != NULL)
			return false;
	return true;
}

static bool
is_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.at[i] >= 0 && s.at[i] < ' ' && s.at[i] != '\t') ||
		    s.at[i] == 0x7f)
			return false;
	return true;
}

static enum err
parse_header(struct str line, struct plain *out)
{
	size_t colon = str_find(line, ':');
	struct str name = str_slice(line, 0, colon);
	struct str value = str_trim(str_slice(line, colon + 1, line.len));

	if (colon == line.len || !is_name(name) || !is_value(value))
		return ERR_INPUT;
	if (str_equal_nocase(name, STR("Transfer-Encoding")) ||
	    (str_equal_nocase(name, STR("Content-Length")) &&
		!str_equal(value, STR("0"))))
		return ERR_INPUT;
	if (!str_equal_nocase(name, STR("Authorization")))
		return OK;
	if (out->authorization.at != NULL)
		return ERR_INPUT;
	out->authorization = value;
	return OK;
}

enum err
plain_parse(struct str head, struct plain *out)
{
	struct plain parsed = {0};
	struct str line;

	TRY(take_line(&head, &line));
	TRY(parse_request_line(line, &parsed));
	for (;;) {
		TRY(take_line(&head, &line));
		if (line.len == 0)
			break;
		TRY(parse_header(line, &parsed));
	}
	*out = parsed;
	return OK;
}
