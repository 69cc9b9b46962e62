/* The stream of a multipart body: where parts begin and end.
 *
 * The body passes through one buffer.  Data of a part is handed on as soon as
 * it cannot be the beginning of a delimiter any more.  What headers mean is in
 * http/disposition.c, files are in http/spool.c.
 */
#include "http/multipart.h"

#include "base/buf.h"
#include "http/disposition.h"
#include "http/spool.h"

#include <string.h>

enum {
	BUFFER_BYTES = 64 * 1024,
	BOUNDARY_BYTES = 70,
	HEADER_BYTES = 8 * 1024,
	PADDING_BYTES = 256
};

struct stream {
	struct body *body;
	char *at;
	size_t start; /* what is in the buffer and not yet used */
	size_t end;
	struct str delimiter; /* CRLF "--" boundary */
};

struct parser {
	struct arena *arena;
	struct form_limits limits;
	struct form_builder fields;
	struct stream stream;
	struct buf text; /* of the part at hand */
	struct upload *uploads;
	size_t upload_count;
	size_t upload_room;
	size_t file_count; /* places that somebody filled */
	size_t dropped_files;
};

/* RFC 2046 section 5.1.1, bchars. */
static bool
is_boundary(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') &&
		    (c == '\0' || strchr("'()+_,-./:=? ", c) == NULL))
			return false;
	}
	return s.len > 0 && s.len <= BOUNDARY_BYTES && s.at[s.len - 1] != ' ';
}

enum err
multipart_boundary(struct arena *a, struct str content_type, struct str *out)
{
	struct str rest = content_type, boundary = {0}, name, value = {0};
	size_t type_len = str_find(content_type, ';');

	if (!str_equal_nocase(str_trim(str_slice(rest, 0, type_len)),
		STR("multipart/form-data")))
		return ERR_MEDIA_TYPE;
	rest = str_slice(rest, type_len, rest.len);
	for (;;) {
		TRY(param_next(a, &rest, &name, &value));
		if (name.len == 0)
			break;
		if (!str_equal_nocase(name, STR("boundary")))
			continue;
		if (boundary.at != NULL)
			return ERR_INPUT;
		boundary = value;
	}
	if (!is_boundary(boundary))
		return ERR_INPUT;
	*out = boundary;
	return OK;
}

static struct str
stream_rest(const struct stream *s)
{
	return (struct str){s->at + s->start, s->end - s->start};
}

/* Reads more behind what is there.  ERR_INPUT at the body's end, for nobody
 * asks for more where the end would do. */
static enum err
stream_fill(struct stream *s)
{
	size_t got = 0;

	if (s->start > 0) {
		memmove(s->at, s->at + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	if (s->end == BUFFER_BYTES)
		return ERR_INPUT;
	TRY(body_read(s->body, s->at + s->end, BUFFER_BYTES - s->end, &got));
	if (got == 0)
		return ERR_INPUT;
	s->end += got;
	return OK;
}

static enum err
stream_need(struct stream *s, size_t bytes)
{
	while (s->end - s->start < bytes)
		TRY(stream_fill(s));
	return OK;
}

/* The index of the delimiter, or of the first byte that might be the
 * beginning of one that is cut off by the end of `s`. */
static size_t
find_delimiter(struct str s, struct str delimiter, bool *is_found)
{
	size_t i = 0;

	*is_found = false;
	while (i < s.len) {
		struct str here;
		const char *cr = memchr(s.at + i, '\r', s.len - i);

		if (cr == NULL)
			return s.len;
		i = (size_t)(cr - s.at);
		here = str_slice(s, i, delimiter.len);
		if (memcmp(here.at, delimiter.at, here.len) == 0) {
			*is_found = here.len == delimiter.len;
			return i;
		}
		i++;
	}
	return s.len;
}

/* The next bytes of the part, a view until the next call; *is_last when the
 * delimiter follows, which is taken then. */
static enum err
stream_data(struct stream *s, struct str *out, bool *is_last)
{
	for (;;) {
		struct str rest = stream_rest(s);
		size_t len = find_delimiter(rest, s->delimiter, is_last);

		if (len > 0 || *is_last) {
			*out = str_slice(rest, 0, len);
			s->start += len + (*is_last ? s->delimiter.len : 0);
			return OK;
		}
		TRY(stream_fill(s));
	}
}

/* What follows a delimiter: "--" after the last part, else blanks and CRLF,
 * of which the CRLF is left. */
static enum err
stream_after_delimiter(struct stream *s, bool *is_end)
{
	TRY(stream_need(s, 2));
	*is_end = memcmp(s->at + s->start, "--", 2) == 0;
	if (*is_end)
		return OK;
	for (int i = 0; i < PADDING_BYTES; i++) {
		char c = s->at[s->start];

		if (c != ' ' && c != '\t')
			break;
		s->start++;
		TRY(stream_need(s, 2));
	}
	return memcmp(s->at + s->start, "\r\n", 2) == 0 ? OK : ERR_INPUT;
}

/* The header lines of a part.  The search begins at the CRLF that ends the
 * delimiter's line, so that a part without headers is found too. */
static enum err
stream_headers(struct stream *s, struct str *out)
{
	for (;;) {
		struct str rest = stream_rest(s);
		const char *end = memmem(rest.at, rest.len, "\r\n\r\n", 4);

		if (end != NULL) {
			size_t len = (size_t)(end - rest.at);

			if (len > HEADER_BYTES)
				return ERR_INPUT;
			*out = str_slice(rest, 2, len > 2 ? len - 2 : 0);
			s->start += len + 4;
			return OK;
		}
		if (rest.len > HEADER_BYTES)
			return ERR_INPUT;
		TRY(stream_fill(s));
	}
}

static enum err
stream_drain(struct stream *s)
{
	size_t got = 1;

	while (got > 0)
		TRY(body_read(s->body, s->at, BUFFER_BYTES, &got));
	return OK;
}

/* A text part becomes a field. */
static enum err
read_text(struct parser *p, struct str name)
{
	bool is_last = false;
	struct str data;
	char *value;

	buf_reset(&p->text);
	p->text.max_bytes = p->limits.text_bytes;
	while (!is_last) {
		TRY(stream_data(&p->stream, &data, &is_last));
		buf_put(&p->text, data);
		TRY(buf_check(&p->text));
	}
	value = arena_alloc(p->arena, p->text.len);
	if (value == NULL)
		return ERR_MEMORY;
	if (p->text.len > 0)
		memcpy(value, p->text.at, p->text.len);
	return form_builder_add(&p->fields, name, value, p->text.len);
}

static enum err
add_upload(struct parser *p, const struct upload *upload)
{
	size_t room = p->upload_room > 0 ? p->upload_room * 2 : 16;
	struct upload *uploads = p->uploads;

	if (p->upload_count == p->upload_room) {
		uploads = arena_array(p->arena, room, sizeof(*uploads));
		if (uploads == NULL)
			return ERR_MEMORY;
		if (p->upload_count > 0)
			memcpy(uploads, p->uploads,
			    p->upload_count * sizeof(*uploads));
		p->uploads = uploads;
		p->upload_room = room;
	}
	uploads[p->upload_count++] = *upload;
	return OK;
}

/* Takes more of a file: writes it, unless it is not wanted or too big. */
static enum err
take_data(struct parser *p, struct upload *upload, struct spool **file,
    struct str data)
{
	bool is_wanted = p->file_count < p->limits.files;

	upload->size_bytes += (int64_t)data.len;
	if (upload->size_bytes > p->limits.file_bytes) {
		upload->is_too_big = true;
		if (*file != NULL)
			spool_drop(*file);
	}
	if (!is_wanted || upload->is_too_big)
		return OK;
	if (*file == NULL)
		TRY(spool_open(p->arena, p->limits.spool, file));
	return spool_write(*file, data);
}

static enum err
read_file(struct parser *p, const struct part *part)
{
	struct upload upload = {.field = part->name, .fd = -1};
	struct spool *file = NULL;
	bool is_last = false;
	struct str data;

	upload.file_name = file_name_clean(part->file_name);
	while (!is_last) {
		TRY(stream_data(&p->stream, &data, &is_last));
		if (data.len > 0 || upload.file_name.len > 0)
			TRY(take_data(p, &upload, &file, data));
	}
	if (p->upload_count + p->dropped_files == p->limits.fields)
		return ERR_TOO_BIG;
	if (upload.size_bytes == 0 && upload.file_name.len == 0)
		return add_upload(p, &upload);
	if (p->file_count == p->limits.files) {
		p->dropped_files++;
		return OK;
	}
	p->file_count++;
	if (!upload.is_too_big)
		TRY(spool_finish(file, &upload.fd));
	return add_upload(p, &upload);
}

static enum err
read_part(struct parser *p)
{
	struct part part;
	struct str headers;

	TRY(stream_headers(&p->stream, &headers));
	TRY(part_parse(p->arena, headers, &part));
	if (!str_is_text(part.name))
		return ERR_INPUT;
	/* views of the buffer must not outlive it */
	TRY(arena_copy(p->arena, part.name, &part.name));
	TRY(arena_copy(p->arena, part.file_name, &part.file_name));
	return part.is_file ? read_file(p, &part) : read_text(p, part.name);
}

static enum err
read_parts(struct parser *p)
{
	struct stream *s = &p->stream;
	bool is_end = false, is_last = false;
	struct str preamble;

	while (!is_last)
		TRY(stream_data(s, &preamble, &is_last));
	TRY(stream_after_delimiter(s, &is_end));
	while (!is_end) {
		TRY(read_part(p));
		TRY(stream_after_delimiter(s, &is_end));
	}
	return stream_drain(s);
}

/* The first delimiter may stand at the very beginning, without its CRLF: the
 * buffer starts with one. */
static enum err
stream_start(
    struct arena *a, struct body *body, struct str boundary, struct stream *out)
{
	struct stream s = {.body = body, .end = 2};

	TRY(arena_printf(
	    a, &s.delimiter, "\r\n--%.*s", (int)boundary.len, boundary.at));
	s.at = arena_alloc(a, BUFFER_BYTES);
	if (s.at == NULL)
		return ERR_MEMORY;
	memcpy(s.at, "\r\n", 2);
	*out = s;
	return OK;
}

enum err
multipart_read(struct arena *a, struct body *body, struct str boundary,
    const struct form_limits *limits, struct form *out)
{
	struct parser p = {.arena = a};
	enum err e;

	p.fields = form_builder_start(a, limits);
	p.limits = p.fields.limits;
	TRY(stream_start(a, body, boundary, &p.stream));
	e = read_parts(&p);
	buf_free(&p.text);
	if (e != OK)
		return e;
	*out = (struct form){
	    .fields = {p.fields.fields, p.fields.count},
	    .uploads = {p.uploads, p.upload_count},
	    .dropped_files = p.dropped_files,
	};
	return OK;
}
