/* The JSON API: what a person can do on the pages, a program with a token.
 *
 * The gate hands every address below /api/v1 to api_run.  A handler of a GET
 * asks its statements, calls page_load once, and shows:
 *
 *	sql_post_show_ask(p->site->db, &in, &row);
 *	TRY(page_load(p));
 *	return api_show(p, &shape_api_post, &post);
 *
 * All others have the viewer and the body (JSON or a form, in p->form) already.
 * Errors are problem documents (RFC 9457).
 */
#ifndef PIXLPIX_PAGES_API_H
#define PIXLPIX_PAGES_API_H

#include "pages/routes.h"
#include "view/api.h"

/* What the document of the API says of a route. */
struct api_operation {
	const char *route;   /* its name */
	const char *summary; /* one sentence */
	const struct shape *sends;
	const char *file; /* the field of the files, where it takes some */
	const struct shape *gives; /* NULL: 204 */
	const char *file_type;     /* of the file that is given instead */
	const char *query;         /* a parameter, or NULL */
	int status;
	bool gives_list;
	bool has_pages; /* takes `before` */
	bool takes_key; /* an Idempotency-Key */
	bool may_clash; /* 409 where it is so already */
};

extern const struct api_operation api_operations[];
extern const size_t api_operations_count;

/* What the document says of it, or NULL. */
const struct api_operation *api_operation_of(const struct route *route);

/* "read", "write", "upload", "moderate", or "" where no token is needed. */
const char *api_scope(enum page_need need);

bool api_is(struct str path);

/* Lets one call in and answers it; what fails is for api_show_error. */
enum err api_run(struct page *p);

/* The problem document of a failure; `allowed` is for ERR_METHOD. */
enum err api_show_error(struct page *p, enum err e, struct str allowed);

/* The problem document of what nginx has refused. */
enum err api_show_status(struct page *p, int status);

/* 200 with the struct; with p->status set, that. */
enum err api_show(struct page *p, const struct shape *shape, const void *at);

/* 200 with the list; with `last` not 0, the Link of the next page (RFC 8288),
 * which begins after that id. */
enum err api_show_list(
    struct page *p, const struct shape *shape, struct list list, int64_t last);

/* 204. */
enum err api_done(struct page *p);

/* 422 with what is wrong with the fields: `count` of struct api_fault. */
enum err api_refuse(
    struct page *p, const struct api_fault *faults, size_t count);

/* The whole address of a path of the site; absent stays absent. */
enum err api_address(struct page *p, struct url path, struct url *out);

/* As page_before; ERR_INPUT where it is no id. */
enum err api_before(struct page *p, int64_t *before);

enum err api_id(struct page *p, int64_t id, struct str *out);

/* What stands for the form's key: of the Idempotency-Key, or random. */
enum err api_form_key(struct page *p, struct str *out);

/* Before something is made: whether the Idempotency-Key has come with another
 * request before, which is then refused.  `request` is what is sent, or a
 * digest of it. */
enum err api_claim_key(struct page *p, struct str request, bool *is_refused);

/* After it is made: the key is not freed any more, as it is where the call is
 * refused (draft-ietf-httpapi-idempotency-key-header, section 2.6: a retry
 * gets the first result; nothing is said of a key whose request failed, and
 * what was not done may be asked for again, better). */
void api_keep_key(struct page *p);

/* A call that is refused has made nothing: its key may come with something
 * else.  One whose end nobody knows keeps its key. */
enum err api_free_key(struct page *p);

/* api_tag.c.  What is read has a tag of its content, and need not be sent to
 * who has it: 304 (RFC 9110 section 8.8.3). */
enum err api_add_tag(struct page *p);

/* Before a change: If-Match (RFC 9110 section 13.1.1), against what the address
 * gives when it is read.  *is_refused: something else is there by now, or it
 * cannot be read, and 412 is answered.  Errors as of reading it. */
enum err api_check_match(struct page *p, bool *is_refused);

/* api_read.c: from rows to what is answered. */
enum err api_fill_author(struct page *p, struct str name, struct str display,
    struct str picture, struct api_author *out);
enum err api_fill_comment(
    struct page *p, const struct sql_comment_row *row, struct api_comment *out);
enum err api_show_post(struct page *p, int64_t post);
enum err api_show_me(struct page *p);

#endif
