/* The description of the API: OpenAPI 3.1, made from the route table and from
 * the shapes by which answers are written, and a page for people.
 */
#include "pages/api.h"
#include "pages/handlers.h"
#include "view/models.h"

#include <assert.h>
#include <string.h>

#define READS(route_, summary_, gives_)                                       \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.status = 200                                                 \
	}
#define LISTS(route_, summary_, gives_)                                       \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.gives_list = true, .has_pages = true, .status = 200          \
	}

#define LISTS_WHOLE(route_, summary_, gives_)                                 \
	{                                                                     \
		.route = (route_), .summary = (summary_), .gives = &(gives_), \
		.gives_list = true, .status = 200                             \
	}
#define REASONED(route_, summary_, gives_, status_)                 \
	{                                                           \
		.route = (route_), .summary = (summary_),           \
		.sends = &shape_api_reason_sent, .gives = (gives_), \
		.status = (status_)                                 \
	}

const struct api_operation api_operations[] = {
    READS("api_me", "Who you are.", shape_api_me),
    {.route = "api_me_edit",
	.summary = "Changes your display name, what you say of yourself, and "
		   "whether your account is private; what is not sent stays.",
	.sends = &shape_api_me_sent,
	.gives = &shape_api_me,
	.status = 200},
    {.route = "api_password",
	.summary = "Changes your password; every login and every token ends "
		   "with it, also the one that this is sent with.",
	.sends = &shape_api_password_sent,
	.status = 204},
    {.route = "api_picture",
	.summary = "Makes an image your profile picture.",
	.file = "picture",
	.gives = &shape_api_me,
	.status = 200},
    READS("api_picture_remove", "Removes your profile picture.", shape_api_me),
    LISTS("api_home", "Your posts and those of whom you follow, newest first.",
	shape_api_post),
    LISTS("api_bookmarks", "The posts that you have saved, saved last first.",
	shape_api_post),
    LISTS("api_notifications",
	"What you are told: who likes your posts, comments on them, mentions "
	"or follows you, asks to, or lets you; newest first.",
	shape_api_notification),
    {.route = "api_notifications_read",
	.summary = "Marks as read what you were told up to the notification "
		   "`newest`; says how many have come since.",
	.sends = &shape_api_read_sent,
	.gives = &shape_api_unread,
	.status = 200},
    LISTS("api_public", "Everybody's posts, newest first.", shape_api_post),
    LISTS("api_tag_posts", "The posts with a hashtag, newest first.",
	shape_api_post),
    READS("api_account", "Somebody's profile.", shape_api_account),
    LISTS(
	"api_account_posts", "Somebody's posts, newest first.", shape_api_post),
    LISTS("api_followers", "Who follows somebody.", shape_api_person),
    LISTS("api_following", "Whom somebody follows.", shape_api_person),
    READS("api_follow",
	"Follows somebody, or asks to where their account is private.",
	shape_api_account),
    READS("api_unfollow", "Stops following somebody, or asking to.",
	shape_api_account),
    {.route = "api_follower_remove",
	.summary = "Ends that somebody follows you.",
	.status = 204},
    LISTS("api_requests", "Who asks to follow you, newest first.",
	shape_api_request),
    {.route = "api_request_accept",
	.summary = "Lets somebody who asks follow you.",
	.status = 204},
    {.route = "api_request_decline",
	.summary = "Declines somebody who asks to follow you.",
	.status = 204},
    {.route = "api_private_image",
	.summary = "One size of an image of a private account's post, by the "
		   "address that the post gives.",
	.is_image = true,
	.status = 200},
    {.route = "api_post_make",
	.summary = "Posts images: the n-th alt text belongs to the n-th image.",
	.sends = &shape_api_post_sent,
	.file = "image",
	.gives = &shape_api_post,
	.takes_key = true,
	.status = 201},
    READS("api_post", "One post.", shape_api_post),
    {.route = "api_post_delete",
	.summary = "Deletes your own post and its images.",
	.status = 204},
    READS("api_like", "Likes a post.", shape_api_liking),
    READS("api_unlike", "Takes a like back.", shape_api_liking),
    READS("api_bookmark",
	"Saves a post among your bookmarks, which only you can see.",
	shape_api_bookmarking),
    READS("api_unbookmark", "Takes a post from your bookmarks.",
	shape_api_bookmarking),
    LISTS("api_comments", "The comments of a post, newest first.",
	shape_api_comment),
    {.route = "api_comment_make",
	.summary = "Comments on a post.",
	.sends = &shape_api_comment_sent,
	.gives = &shape_api_comment,
	.takes_key = true,
	.status = 201},
    {.route = "api_comment_delete",
	.summary = "Deletes your own comment, or one on your post.",
	.status = 204},
    {.route = "api_search",
	.summary = "People and hashtags that begin with what you look for; "
		   "@ann looks for people alone, #sea for hashtags alone.",
	.gives = &shape_api_found,
	.query = "q",
	.status = 200},
    LISTS_WHOLE("api_incidents",
	"What the status page tells about: what goes on, and what was in the "
	"last 90 days.",
	shape_api_incident),
    REASONED("api_post_remove",
	"Removes anybody's post with its images, likes and comments.", NULL,
	204),
    REASONED("api_comment_remove", "Removes anybody's comment.", NULL, 204),
    READS("api_standing", "Whether an account is suspended, and why.",
	shape_api_standing),
    REASONED("api_suspend",
	"Suspends an account: its logins and tokens end, and what it has "
	"posted and written is out of sight. 409 where it is suspended.",
	&shape_api_standing, 200),
    REASONED("api_lift",
	"Lifts a suspension: what was posted and written comes back. 409 "
	"where there is none.",
	&shape_api_standing, 200),
    LISTS("api_moderation",
	"What moderators, admins and the sysadmin have done, newest first; "
	"for admins.",
	shape_api_deed),
    {.route = "api_incident_open",
	.summary = "Tells about an incident, for admins: severity is "
		   "maintenance, degraded or outage; it began now where "
		   "nothing is sent.",
	.sends = &shape_api_incident_sent,
	.gives = &shape_api_incident,
	.takes_key = true,
	.status = 201},
    {.route = "api_incident_change",
	.summary = "Changes an incident, for admins: text is one note more, "
		   "ended ends it, an empty one lets it go on; what is not "
		   "sent stays.",
	.sends = &shape_api_incident_sent,
	.gives = &shape_api_incident,
	.takes_key = true,
	.status = 200},
};

const size_t api_operations_count =
    sizeof(api_operations) / sizeof(api_operations[0]);

static const struct shape *const schemas[] = {&shape_api_author,
    &shape_api_person, &shape_api_request, &shape_api_account, &shape_api_me,
    &shape_api_image, &shape_api_post, &shape_api_comment, &shape_api_tag,
    &shape_api_found, &shape_api_liking, &shape_api_bookmarking,
    &shape_api_notification, &shape_api_unread, &shape_api_fault,
    &shape_api_problem, &shape_api_standing, &shape_api_deed, &shape_api_note,
    &shape_api_incident, &shape_api_comment_sent, &shape_api_me_sent,
    &shape_api_password_sent, &shape_api_reason_sent, &shape_api_incident_sent,
    &shape_api_read_sent};

static const struct api_operation *
operation_of(const struct route *route)
{
	for (size_t i = 0; i < api_operations_count; i++)
		if (strcmp(api_operations[i].route, route->name) == 0)
			return &api_operations[i];
	return NULL;
}

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

static void
put_kind(struct buf *b, const struct shape_member *m)
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
		buf_put(b, STR("{\"type\":\"string\"}"));
		return;
	case SHAPE_URL:
		buf_put(b,
		    STR("{\"type\":[\"string\",\"null\"],\"format\":\"uri\"}"));
		return;
	case SHAPE_WHEN:
		buf_put(b, STR("{\"type\":[\"string\",\"null\"],"
			       "\"format\":\"date-time\"}"));
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
		put_kind(b, &shape->members[i]);
	}
	buf_put_char(b, '}');
}

/* What is answered has all of its members and no others. */
static void
put_schema(struct buf *b, const struct shape *shape)
{
	bool is_sent = str_ends(schema_name(shape), STR("_sent"));

	buf_put_json(b, schema_name(shape));
	buf_put(b, STR(":{\"type\":\"object\","));
	put_properties(b, shape);
	if (!is_sent) {
		buf_put(b, STR(",\"additionalProperties\":false,"
			       "\"required\":["));
		for (size_t i = 0; i < shape->count; i++) {
			if (i > 0)
				buf_put_char(b, ',');
			buf_put_json(b, str_from(shape->members[i].name));
		}
		buf_put_char(b, ']');
	}
	buf_put_char(b, '}');
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

static void
put_parameters(
    struct buf *b, const struct route *route, const struct api_operation *op)
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
		    "Only what is older; the Link header has the next page.");
	if (op->query != NULL)
		put_parameter(b, &is_first, op->query, "query", "string",
		    "What to look for.");
	if (has_tag(route))
		put_parameter(b, &is_first, "If-None-Match", "header", "string",
		    "The ETag of what you have: 304 where it is still so.");
	if (op->takes_key)
		put_parameter(b, &is_first, "Idempotency-Key", "header",
		    "string",
		    "A text of your choice, at most 255 bytes: the same "
		    "content sent again with it gives the first result, and "
		    "other content with it is refused (422).");
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
		put_kind(b, &op->sends->members[i]);
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
    {"Location", "The address of what was made."},
    {"Retry-After", "Seconds to wait, with 429 and 503."},
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

static void
put_answers(
    struct buf *b, const struct route *route, const struct api_operation *op)
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
	if (op->is_image)
		buf_put(b, STR(",\"content\":{\"image/jpeg\":{}}"));
	if (op->gives != NULL) {
		buf_put(
		    b, STR(",\"content\":{\"application/json\":{\"schema\":"));
		if (op->gives_list)
			put_list_of(b, op->gives);
		else
			put_ref(b, op->gives);
		buf_put(b, STR("}}"));
	}
	buf_put_char(b, '}');
	if (has_tag(route)) {
		buf_put(b,
		    STR(",\"304\":{\"description\":\"You have it already.\""));
		put_rate_headers(b);
		put_header(b, "ETag");
		buf_put(b, STR("}}"));
	}
	buf_put(b, STR(",\"default\":{\"description\":\"Why not.\""));
	put_rate_headers(b);
	put_header(b, "Retry-After");
	buf_put(b, STR("},\"content\":{\"application/problem+json\":"
		       "{\"schema\":"));
	put_ref(b, &shape_api_problem);
	buf_put(b, STR("}}}}"));
}

static void
put_operation(
    struct buf *b, const struct route *route, const struct api_operation *op)
{
	buf_printf(b, "\"%s\":{\"operationId\":\"%s\",\"summary\":",
	    method_name(route->method), route->name);
	buf_put_json(b, str_from(op->summary));
	buf_printf(b, ",\"x-scope\":\"%s\"", api_scope(route->need));
	put_parameters(b, route, op);
	put_body(b, op);
	put_answers(b, route, op);
	buf_put_char(b, '}');
}

static bool
is_described(const struct route_table *table, size_t i)
{
	return operation_of(&table->rows[i]) != NULL;
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
			put_operation(b, row, operation_of(row));
		}
		buf_put_char(b, '}');
	}
}

enum err
api_openapi(struct page *p)
{
	struct buf *b = p->response->body;

	p->response->content_type = STR("application/json");
	p->response->cache_control = STR("no-cache");
	buf_put(b, STR("{\"openapi\":\"3.1.0\",\"info\":{\"title\":"));
	buf_put_json(b, p->site->conf->site_name);
	buf_put(b, STR(",\"version\":\"1\"},\"servers\":[{\"url\":"));
	buf_put_json(b, p->site->conf->site_url);
	buf_put(b, STR("}],\"security\":[{\"token\":[]}],\"paths\":{"));
	put_paths(b, p->api);
	buf_put(b, STR("},\"components\":{"));
	put_headers(b);
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

/* "display, bio" */
static enum err
name_members(struct page *p, const struct api_operation *op, struct str *out)
{
	struct str all = STR("");

	if (op->file != NULL)
		all = str_from(op->file);
	for (size_t i = 0; op->sends != NULL && i < op->sends->count; i++)
		TRY(arena_printf(p->arena, &all, "%.*s%s%s", STR_ARG(all),
		    all.len > 0 ? ", " : "", op->sends->members[i].name));
	*out = all;
	return OK;
}

static enum err
fill_call(struct page *p, const struct route *route,
    const struct api_operation *op, struct api_call *out)
{
	static const struct {
		enum method method;
		const char *name;
	} names[] = {{METHOD_GET, "GET"}, {METHOD_POST, "POST"},
	    {METHOD_PUT, "PUT"}, {METHOD_PATCH, "PATCH"},
	    {METHOD_DELETE, "DELETE"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].method == route->method)
			out->method = str_from(names[i].name);
	out->pattern = str_from(route->pattern);
	out->scope = str_from(api_scope(route->need));
	out->summary = str_from(op->summary);
	return name_members(p, op, &out->sends);
}

enum err
page_api(struct page *p)
{
	struct api_view *view = ARENA_NEW(p->arena, struct api_view);
	struct api_call *calls =
	    arena_array(p->arena, p->api->count, sizeof(*calls));
	size_t count = 0;

	if (view == NULL || calls == NULL)
		return ERR_MEMORY;
	TRY(page_load(p));
	for (size_t i = 0; i < p->api->count; i++) {
		const struct route *route = &p->api->rows[i];
		const struct api_operation *op = operation_of(route);

		if (op != NULL)
			TRY(fill_call(p, route, op, &calls[count++]));
	}
	view->calls = (struct list){calls, count};
	view->most = p->site->conf->api_calls;
	view->url = p->site->conf->site_url;
	return page_show(p, "api", STR("For programs"), &view->frame);
}
