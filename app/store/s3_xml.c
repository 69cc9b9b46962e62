/* A reader that follows the names of open elements and hands out the text of
 * those without children. */
#include "store/s3_xml.h"

#include "base/buf.h"

#include <expat.h>
#include <string.h>
#include <time.h>

enum {
	DEPTH_MAX = 16,
	NAME_MAX_BYTES = 64,
	TEXT_MAX_BYTES = 4096
};

struct reader {
	XML_Parser parser;
	char names[DEPTH_MAX][NAME_MAX_BYTES];
	size_t depth;
	struct buf text; /* since the last tag */
	enum err failure;
	void (*on_text)(struct reader *r, struct str text);
	void (*on_end)(struct reader *r);
	void *user;
};

static void
fail(struct reader *r, enum err e)
{
	if (r->failure == OK)
		r->failure = e;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void
open_element(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = user;
	size_t length = strlen(name);

	(void)attributes;
	if (r->depth == DEPTH_MAX || length >= NAME_MAX_BYTES) {
		fail(r, ERR_INPUT);
		return;
	}
	memcpy(r->names[r->depth++], name, length + 1);
	buf_reset(&r->text);
}

static void
close_element(void *user, const XML_Char *name)
{
	struct reader *r = user;
	enum err e = buf_check(&r->text);

	(void)name;
	if (e != OK)
		fail(r, e == ERR_TOO_BIG ? ERR_INPUT : e);
	else if (r->on_text != NULL)
		r->on_text(r, buf_str(&r->text));
	if (r->on_end != NULL)
		r->on_end(r);
	if (r->depth > 0)
		r->depth--;
	buf_reset(&r->text);
}

static void
take_text(void *user, const XML_Char *at, int length)
{
	struct reader *r = user;

	buf_put(&r->text, (struct str){at, (size_t)length});
}

static void
refuse_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	fail(user, ERR_INPUT);
}

/* Whether the open elements are these, outermost first; NULL ends them. */
static bool
is_at(const struct reader *r, const char *first, const char *second,
    const char *third)
{
	const char *const path[] = {first, second, third};
	size_t depth = third != NULL ? 3 : second != NULL ? 2 : 1;

	if (r->depth != depth)
		return false;
	for (size_t i = 0; i < depth; i++)
		if (strcmp(r->names[i], path[i]) != 0)
			return false;
	return true;
}

static enum err
read_all(struct reader *r, struct str xml)
{
	enum XML_Status status;

	if (xml.len > INT32_MAX)
		return ERR_INPUT;
	r->parser = XML_ParserCreate(NULL);
	if (r->parser == NULL)
		return ERR_MEMORY;
	r->text.max_bytes = TEXT_MAX_BYTES;
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, open_element, close_element);
	XML_SetCharacterDataHandler(r->parser, take_text);
	XML_SetStartDoctypeDeclHandler(r->parser, refuse_doctype);
	status = XML_Parse(
	    r->parser, xml.len > 0 ? xml.at : "", (int)xml.len, XML_TRUE);
	if (status != XML_STATUS_OK && r->failure == OK)
		r->failure = XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY
		                 ? ERR_MEMORY
		                 : ERR_INPUT;
	XML_ParserFree(r->parser);
	buf_free(&r->text);
	return r->failure;
}

/* ---- an error ---- */

struct error_reading {
	struct arena *arena;
	struct str code;
};

static void
take_code(struct reader *r, struct str text)
{
	struct error_reading *reading = r->user;
	enum err e;

	if (!is_at(r, "Error", "Code", NULL))
		return;
	e = arena_copy(reading->arena, text, &reading->code);
	if (e != OK)
		fail(r, e);
}

enum err
s3_xml_error(struct arena *a, struct str xml, struct str *code)
{
	struct error_reading reading = {.arena = a};
	struct reader r = {.on_text = take_code, .user = &reading};
	enum err e = read_all(&r, xml);

	if (e != OK && e != ERR_INPUT)
		return e;
	*code = e == OK ? reading.code : (struct str){0};
	return OK;
}

/* ---- the outermost element ---- */

struct root_reading {
	const char *name;
	bool is_it;
};

static void
see_root(struct reader *r)
{
	struct root_reading *reading = r->user;

	if (r->depth == 1)
		reading->is_it = strcmp(r->names[0], reading->name) == 0;
}

bool
s3_xml_is(struct str xml, const char *name)
{
	struct root_reading reading = {.name = name};
	struct reader r = {.on_end = see_root, .user = &reading};

	return read_all(&r, xml) == OK && reading.is_it;
}

/* ---- a list ---- */

struct list_reading {
	struct arena *arena;
	struct object_entry *entries;
	size_t count;
	size_t room;
	struct object_entry entry; /* being read */
	bool is_list;
	bool is_more;
	struct str token;
};

/* "2026-11-21T09:05:07.250Z"; 0 where it is something else. */
static int64_t
time_of(struct str text)
{
	char room[32] = {0};
	struct tm tm = {0};
	int64_t fraction = 0;
	const char *rest;

	if (text.len == 0 || text.len >= sizeof(room))
		return 0;
	memcpy(room, text.at, text.len);
	rest = strptime(room, "%Y-%m-%dT%H:%M:%S", &tm);
	if (rest == NULL)
		return 0;
	if (*rest == '.')
		for (int64_t unit = 100000; *++rest >= '0' && *rest <= '9';
		     unit /= 10)
			fraction += (*rest - '0') * unit;
	return (int64_t)timegm(&tm) * 1000000 + fraction;
}

static void
take_list_text(struct reader *r, struct str text)
{
	struct list_reading *l = r->user;
	struct object_entry *entry = &l->entry;
	enum err e = OK;

	if (is_at(r, "ListBucketResult", "Contents", "Key"))
		e = arena_copy(l->arena, text, &entry->key);
	else if (is_at(r, "ListBucketResult", "Contents", "Size"))
		e = str_parse_int(text, 0, INT64_MAX, &entry->size_bytes);
	else if (is_at(r, "ListBucketResult", "Contents", "LastModified"))
		entry->changed.us = time_of(text);
	else if (is_at(r, "ListBucketResult", "IsTruncated", NULL))
		l->is_more = str_equal(text, STR("true"));
	else if (is_at(r, "ListBucketResult", "NextContinuationToken", NULL))
		e = arena_copy(l->arena, text, &l->token);
	if (e != OK)
		fail(r, e);
}

static enum err
add_entry(struct list_reading *l)
{
	if (l->count == l->room) {
		size_t room = l->room > 0 ? l->room * 2 : 64;
		struct object_entry *more =
		    arena_array(l->arena, room, sizeof(*more));

		if (more == NULL)
			return ERR_MEMORY;
		if (l->count > 0)
			memcpy(more, l->entries, l->count * sizeof(*more));
		l->entries = more;
		l->room = room;
	}
	l->entries[l->count++] = l->entry;
	return OK;
}

static void
end_list_element(struct reader *r)
{
	struct list_reading *l = r->user;

	if (is_at(r, "ListBucketResult", NULL, NULL))
		l->is_list = true;
	if (!is_at(r, "ListBucketResult", "Contents", NULL))
		return;
	if (object_is_key(l->entry.key)) {
		enum err e = add_entry(l);

		if (e != OK)
			fail(r, e);
	}
	l->entry = (struct object_entry){0};
}

enum err
s3_xml_list(struct arena *a, struct str xml, struct s3_xml_page *out)
{
	struct list_reading l = {.arena = a};
	struct reader r = {
	    .on_text = take_list_text, .on_end = end_list_element, .user = &l};

	TRY(read_all(&r, xml));
	if (!l.is_list || (l.is_more && l.token.len == 0))
		return ERR_INPUT;
	*out = (struct s3_xml_page){
	    .entries = {l.entries, l.count},
	    .is_more = l.is_more,
	    .token = l.token,
	};
	return OK;
}
