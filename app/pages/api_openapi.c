/* The description of the API for programs: OpenAPI 3.1, made from the route
 * table and from the shapes by which answers are written. */
#include "pages/api.h"
#include "pages/handlers.h"

#include <string.h>

static const struct shape *const schemas[] = {&shape_api_author,
    &shape_api_person, &shape_api_request, &shape_api_account, &shape_api_me,
    &shape_api_image, &shape_api_post, &shape_api_comment, &shape_api_tag,
    &shape_api_found, &shape_api_liking, &shape_api_bookmarking,
    &shape_api_notification, &shape_api_unread, &shape_api_fault,
    &shape_api_problem, &shape_api_standing, &shape_api_deed, &shape_api_note,
    &shape_api_incident, &shape_api_comment_sent, &shape_api_me_sent,
    &shape_api_password_sent, &shape_api_reason_sent, &shape_api_incident_sent,
    &shape_api_read_sent};

static const char *
method_name(enum method method)
{
	switch (method) {
	case METHOD_POST:
		return "post";
	case METHOD_PUT:
		return "put";
	case METHOD_PATCH:
		return "patch";
	case METHOD_DELETE:
		return "delete";
	case METHOD_GET:
	case METHOD_HEAD:
	case METHOD_OTHER:
		break;
	}
	return "get";
}

/* "api_post" for shape_api_post. */
static struct str
schema_name(const struct shape *shape)
{
	return str_slice(str_from(shape->name), strlen("shape_"), 1000);
}

static void
put_ref(struct buf *b, const struct shape *shape)
{
	buf_printf(b, "{\"$ref\":\"#/components/schemas/%.*s\"}",
	    STR_ARG(schema_name(shape)));
}

static void
put_list_of(struct buf *b, const struct shape *of)
{
	buf_put(b, STR("{\"type\":\"array\",\"items\":"));
	if (of == NULL)
		buf_put(b, STR("{\"type\":\"string\"}"));
	else
		put_ref(b, of);
	buf_put_char(b, '}');
}

/* Texts that are one of a few words. */
static const struct {
	const struct shape *shape;
	const char *member, *words;
} choices[] = {
    {&shape_api_notification, "kind",
	"[\"like\",\"comment\",\"mention\",\"follow\",\"request\","
	"\"accept\"]"},
    {&shape_api_incident, "severity",
	"[\"maintenance\",\"degraded\",\"outage\"]"},
    {&shape_api_incident_sent, "severity",
	"[\"maintenance\",\"degraded\",\"outage\"]"},
};

static void
put_text(struct buf *b, const struct shape *shape, const struct shape_member *m)
{
	buf_put(b, STR("{\"type\":\"string\""));
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		if (choices[i].shape == shape &&
		    strcmp(choices[i].member, m->name) == 0)
			buf_printf(b, ",\"enum\":%s", choices[i].words);
	buf_put_char(b, '}');
}

/* What may be null; all else is always there. */
static bool
may_lack(const struct shape_member *m)
{
	return strcmp(m->name, "picture") == 0 ||
	       strcmp(m->name, "original") == 0 ||
	       strcmp(m->name, "ended") == 0;
}

static void
put_formatted(struct buf *b, const struct shape_member *m, const char *format)
{
	buf_printf(b, "{\"type\":%s,\"format\":\"%s\"}",
	    may_lack(m) ? "[\"string\",\"null\"]" : "\"string\"", format);
}

static void
put_kind(struct buf *b, const struct shape *shape, const struct shape_member *m)
{
	switch (m->kind) {
	case SHAPE_BOOL:
		buf_put(b, STR("{\"type\":\"boolean\"}"));
		return;
	case SHAPE_INT:
		buf_put(b, STR("{\"type\":\"integer\"}"));
		return;
	case SHAPE_STR:
	case SHAPE_HTML:
		put_text(b, shape, m);
		return;
	case SHAPE_URL:
		put_formatted(b, m, "uri");
		return;
	case SHAPE_WHEN:
		put_formatted(b, m, "date-time");
		return;
	case SHAPE_STRUCT:
		put_ref(b, m->of);
		return;
	case SHAPE_LIST:
		put_list_of(b, m->of);
		return;
	}
}

static void
put_properties(struct buf *b, const struct shape *shape)
{
	buf_put(b, STR("\"properties\":{"));
	for (size_t i = 0; i < shape->count; i++) {
		if (i > 0)
			buf_put_char(b, ',');
		buf_put_json(b, str_from(shape->members[i].name));
		buf_put_char(b, ':');
		put_kind(b, shape, &shape->members[i]);
	}
	buf_put_char(b, '}');
}

/* What must be sent; the rest may be. */
static const struct {
	const struct shape *shape;
	const char *member;
} needed[] = {
    {&shape_api_comment_sent, "text"},
    {&shape_api_password_sent, "current"},
    {&shape_api_password_sent, "password"},
    {&shape_api_reason_sent, "reason"},
    {&shape_api_read_sent, "newest"},
};

static bool
is_needed(const struct shape *shape, const char *member)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (needed[i].shape == shape &&
		    strcmp(needed[i].member, member) == 0)
			return true;
	return false;
}

/* What is answered has all of its members and no others. */
static void
put_schema(struct buf *b, const struct shape *shape)
{
	bool is_sent = str_ends(schema_name(shape), STR("_sent"));
	bool is_first = true;

	buf_put_json(b, schema_name(shape));
	buf_put(b, STR(":{\"type\":\"object\","));
	put_properties(b, shape);
	if (!is_sent)
		buf_put(b, STR(",\"additionalProperties\":false"));
	buf_put(b, STR(",\"required\":["));
	for (size_t i = 0; i < shape->count; i++) {
		if (is_sent && !is_needed(shape, shape->members[i].name))
			continue;
		if (!is_first)
			buf_put_char(b, ',');
		is_first = false;
		buf_put_json(b, str_from(shape->members[i].name));
	}
	buf_put(b, STR("]}"));
}

static void
put_parameter(struct buf *b, bool *is_first, const char *name, const char *in,
    const char *type, const char *about)
{
	if (!*is_first)
		buf_put_char(b, ',');
	*is_first = false;
	buf_printf(b,
	    "{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"schema\":"
	    "{\"type\":\"%s\"},\"description\":",
	    name, in, strcmp(in, "path") == 0 ? "true" : "false", type);
	buf_put_json(b, str_from(about));
	buf_put_char(b, '}');
}

/* What is read has a tag of its content. */
static bool
has_tag(const struct route *route)
{
	return route->method == METHOD_GET;
}

/* What is changed at an address that is read, too. */
static bool
takes_tag(const struct route_table *table, const struct route *route)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].method == METHOD_GET &&
		    strcmp(table->rows[i].pattern, route->pattern) == 0)
			return route->method != METHOD_GET;
	return false;
}

static void
put_parameters(struct buf *b, const struct route_table *table,
    const struct route *route, const struct api_operation *op)
{
	bool is_first = true;

	buf_put(b, STR(",\"parameters\":["));
	if (strstr(route->pattern, "{id}") != NULL)
		put_parameter(b, &is_first, "id", "path", "string", "An id.");
	if (strstr(route->pattern, "{name}") != NULL)
		put_parameter(
		    b, &is_first, "name", "path", "string", "A user name.");
	if (strstr(route->pattern, "{place}") != NULL)
		put_parameter(b, &is_first, "place", "path", "string",
		    "The last part of the image's address.");
	if (strstr(route->pattern, "{tag}") != NULL)
		put_parameter(b, &is_first, "tag", "path", "string",
		    "A hashtag without its #.");
	if (op->has_pages)
		put_parameter(b, &is_first, "before", "query", "string",
		    "An id: only what is older. The Link header has the whole "
		    "address of the next page.");
	if (op->query != NULL)
		put_parameter(b, &is_first, op->query, "query", "string",
		    "What to look for.");
	if (has_tag(route))
		put_parameter(b, &is_first, "If-None-Match", "header", "string",
		    "The ETag of what you have: 304 where it is still so.");
	if (takes_tag(table, route))
		put_parameter(b, &is_first, "If-Match", "header", "string",
		    "The ETag of what you have read here: 412, and nothing is "
		    "changed, where it is not so any more.");
	if (op->takes_key)
		put_parameter(b, &is_first, "Idempotency-Key", "header",
		    "string",
		    "A text of your choice, at most 255 bytes: the same "
		    "content sent again with it, also at the same time, gives "
		    "the first result, and other content with it is refused "
		    "(422). Kept for two days.");
	buf_put_char(b, ']');
}

/* The files, and the texts beside them, as multipart/form-data. */
static void
put_files(struct buf *b, const struct api_operation *op)
{
	buf_put(b, STR("\"multipart/form-data\":{\"schema\":"
		       "{\"type\":\"object\",\"properties\":{"));
	buf_printf(b, "\"%s\":{\"type\":\"array\",\"items\":{}}", op->file);
	for (size_t i = 0; op->sends != NULL && i < op->sends->count; i++) {
		buf_put_char(b, ',');
		buf_put_json(b, str_from(op->sends->members[i].name));
		buf_put_char(b, ':');
		put_kind(b, op->sends, &op->sends->members[i]);
	}
	buf_printf(b, "},\"required\":[\"%s\"]}}", op->file);
}

static void
put_body(struct buf *b, const struct api_operation *op)
{
	if (op->sends == NULL && op->file == NULL)
		return;
	buf_put(b, STR(",\"requestBody\":{\"required\":true,\"content\":{"));
	if (op->file != NULL) {
		put_files(b, op);
	} else {
		buf_put(b, STR("\"application/json\":{\"schema\":"));
		put_ref(b, op->sends);
		buf_put_char(b, '}');
	}
	buf_put(b, STR("}}"));
}

static const struct {
	const char *name, *about;
} headers[] = {
    {"RateLimit-Limit", "How often the token may be used in a minute."},
    {"RateLimit-Remaining", "How often still in this one."},
    {"RateLimit-Reset", "Seconds until the next one."},
    {"ETag", "What If-None-Match takes."},
    {"Link", "The next page, as rel=next (RFC 8288); without one, this is the "
	     "last."},
    {"Location", "The address of what was made, or is elsewhere."},
    {"Retry-After", "Seconds to wait, with 429 and 503."},
    {"WWW-Authenticate", "Which token is wanted (RFC 6750)."},
};

enum {
	HEADERS = sizeof(headers) / sizeof(headers[0]),
	RATE_HEADERS = 3 /* of a call with a token; the first ones */
};

static void
put_header(struct buf *b, const char *name)
{
	buf_printf(
	    b, ",\"%s\":{\"$ref\":\"#/components/headers/%s\"}", name, name);
}

/* Those of all answers; others follow, and a brace. */
static void
put_rate_headers(struct buf *b)
{
	buf_put(b, STR(",\"headers\":{"));
	for (size_t i = 0; i < RATE_HEADERS; i++)
		buf_printf(b, "%s\"%s\":{\"$ref\":\"#/components/headers/%s\"}",
		    i > 0 ? "," : "", headers[i].name, headers[i].name);
}

static void
put_headers(struct buf *b)
{
	buf_put(b, STR("\"headers\":{"));
	for (size_t i = 0; i < HEADERS; i++) {
		if (i > 0)
			buf_put_char(b, ',');
		buf_put_json(b, str_from(headers[i].name));
		buf_put(b, STR(":{\"description\":"));
		buf_put_json(b, str_from(headers[i].about));
		buf_put(b, STR(",\"schema\":{\"type\":\"string\"}}"));
	}
	buf_put(b, STR("},"));
}

/* Why a call may be refused; 0 is for all other reasons. */
static const struct problem {
	int status;
	const char *about;
} problems[] = {
    {400, "A parameter, a header or the body cannot be understood."},
    {401, "There is no token, or it is nobody's."},
    {403, "It needs another scope, or it is not yours to do."},
    {404, "There is no such thing, or you may not see it."},
    {409, "It is so already."},
    {412, "What is there is not what If-Match names."},
    {413, "It is more than the site takes at once."},
    {415, "It is neither application/json nor, with files, "
	  "multipart/form-data."},
    {422, "Something that was sent is not as it should be: errors says what."},
    {429, "The token has been used too often in this minute, or you have done "
	  "this too often in this hour."},
    {0, "The site is busy (503), or something went wrong."},
};

enum {
	PROBLEMS = sizeof(problems) / sizeof(problems[0])
};

static bool
may_give(const struct route_table *table, const struct route *route,
    const struct api_operation *op, int status)
{
	bool has_body = op->sends != NULL || op->file != NULL;

	switch (status) {
	case 400:
		return has_body || op->has_pages || op->query != NULL;
	case 404:
		return strchr(route->pattern, '{') != NULL;
	case 409:
		return op->may_clash;
	case 412:
		return takes_tag(table, route);
	case 413:
	case 415:
	case 422:
		return has_body;
	default:
		return true;
	}
}

static void
put_problem_name(struct buf *b, const struct problem *problem)
{
	if (problem->status == 0)
		buf_put(b, STR("\"default\""));
	else
		buf_printf(b, "\"%d\"", problem->status);
}

static void
put_problem(struct buf *b, const struct problem *problem)
{
	int status = problem->status;

	put_problem_name(b, problem);
	buf_put(b, STR(":{\"description\":"));
	buf_put_json(b, str_from(problem->about));
	if (status != 401) {
		put_rate_headers(b);
		if (status == 403)
			put_header(b, "WWW-Authenticate");
		if (status == 429 || status == 0)
			put_header(b, "Retry-After");
	} else {
		buf_put(b, STR(",\"headers\":{\"WWW-Authenticate\":{\"$ref\":"
			       "\"#/components/headers/WWW-Authenticate\"}"));
	}
	buf_put(b, STR("},\"content\":{\"application/problem+json\":"
		       "{\"schema\":"));
	put_ref(b, &shape_api_problem);
	buf_put(b, STR("}}}"));
}

static void
put_problems(struct buf *b)
{
	buf_put(b, STR("\"responses\":{"));
	for (size_t i = 0; i < PROBLEMS; i++) {
		if (i > 0)
			buf_put_char(b, ',');
		put_problem(b, &problems[i]);
	}
	buf_put(b, STR("},"));
}

/* What is given when all is well. */
static void
put_gift(struct buf *b, const struct api_operation *op)
{
	if (op->file_type != NULL)
		buf_printf(b, ",\"content\":{\"%s\":{}}", op->file_type);
	if (op->gives == NULL)
		return;
	buf_put(b, STR(",\"content\":{\"application/json\":{\"schema\":"));
	if (op->gives_list)
		put_list_of(b, op->gives);
	else
		put_ref(b, op->gives);
	buf_put(b, STR("}}"));
}

static void
put_answers(struct buf *b, const struct route_table *table,
    const struct route *route, const struct api_operation *op)
{
	buf_printf(
	    b, ",\"responses\":{\"%d\":{\"description\":\"Done.\"", op->status);
	put_rate_headers(b);
	if (has_tag(route))
		put_header(b, "ETag");
	if (op->has_pages)
		put_header(b, "Link");
	if (route->need == NEED_UPLOAD && op->status == 201)
		put_header(b, "Location");
	buf_put_char(b, '}');
	put_gift(b, op);
	buf_put_char(b, '}');
	if (has_tag(route)) {
		buf_put(b,
		    STR(",\"304\":{\"description\":\"You have it already.\""));
		put_rate_headers(b);
		put_header(b, "ETag");
		buf_put(b, STR("}}"));
	}
	if (route->handler == api_private_image) {
		buf_put(b, STR(",\"303\":{\"description\":\"The account is "
			       "public by now, and so is the image.\""));
		put_rate_headers(b);
		put_header(b, "Location");
		buf_put(b, STR("}}"));
	}
	for (size_t i = 0; i < PROBLEMS; i++) {
		if (!may_give(table, route, op, problems[i].status))
			continue;
		buf_put_char(b, ',');
		put_problem_name(b, &problems[i]);
		buf_put(b, STR(":{\"$ref\":\"#/components/responses/"));
		if (problems[i].status == 0)
			buf_put(b, STR("default"));
		else
			buf_put_int(b, problems[i].status);
		buf_put(b, STR("\"}"));
	}
	buf_put_char(b, '}');
}

static void
put_operation(struct buf *b, const struct route_table *table,
    const struct route *route, const struct api_operation *op)
{
	buf_printf(b, "\"%s\":{\"operationId\":\"%s\",\"summary\":",
	    method_name(route->method), route->name);
	buf_put_json(b, str_from(op->summary));
	buf_printf(
	    b, ",\"security\":[{\"token\":[\"%s\"]}]", api_scope(route->need));
	put_parameters(b, table, route, op);
	put_body(b, op);
	put_answers(b, table, route, op);
	buf_put_char(b, '}');
}

static bool
is_described(const struct route_table *table, size_t i)
{
	return api_operation_of(&table->rows[i]) != NULL;
}

/* All methods of an address together; the first row of it writes them. */
static void
put_paths(struct buf *b, const struct route_table *table)
{
	bool is_first = true;

	for (size_t i = 0; i < table->count; i++) {
		const char *pattern = table->rows[i].pattern;
		size_t first = 0;
		bool has_one = false;

		while (strcmp(table->rows[first].pattern, pattern) != 0)
			first++;
		if (first != i || !is_described(table, i))
			continue;
		if (!is_first)
			buf_put_char(b, ',');
		is_first = false;
		buf_put_json(b, str_from(pattern));
		buf_put(b, STR(":{"));
		for (size_t k = i; k < table->count; k++) {
			const struct route *row = &table->rows[k];

			if (strcmp(row->pattern, pattern) != 0)
				continue;
			if (has_one)
				buf_put_char(b, ',');
			has_one = true;
			put_operation(b, table, row, api_operation_of(row));
		}
		buf_put_char(b, '}');
	}
}

static const struct str about =
    STR("What a person can do on the site's pages, a program can do with a "
	"token, which is made in the settings and sent with every call: "
	"`Authorization: Bearer pix_...`. A token may do what its scopes say. "
	"Lists come in pages: the Link header has the address of the next. "
	"What is read has an ETag. Errors are problem documents (RFC 9457). "
	"What has the name v1 stays as it is here.");

enum err
api_openapi(struct page *p)
{
	struct buf *b = p->response->body;

	p->response->content_type = STR("application/json");
	p->response->cache_control = STR("no-cache");
	buf_put(b, STR("{\"openapi\":\"3.1.0\",\"info\":{\"title\":"));
	buf_put_json(b, p->site->conf->site_name);
	buf_put(b, STR(",\"version\":\"1\",\"description\":"));
	buf_put_json(b, about);
	buf_put(b, STR("},\"servers\":[{\"url\":"));
	buf_put_json(b, p->site->conf->site_url);
	buf_put(b, STR("}],\"security\":[{\"token\":[]}],\"paths\":{"));
	put_paths(b, p->api);
	buf_put(b, STR("},\"components\":{"));
	put_headers(b);
	put_problems(b);
	buf_put(b, STR("\"securitySchemes\":{\"token\":"
		       "{\"type\":\"http\",\"scheme\":\"bearer\"}},"
		       "\"schemas\":{"));
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		if (i > 0)
			buf_put_char(b, ',');
		put_schema(b, schemas[i]);
	}
	buf_put(b, STR("}}}\n"));
	return buf_check(b);
}
