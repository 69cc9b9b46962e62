/* What a handler works with: one request, and the page that answers it.
 *
 * A handler of a GET asks its statements, calls page_load once, and shows:
 *
 *	sql_post_show_ask(p->site->db, &(struct sql_post_show_in){id}, &row);
 *	TRY(page_load(p));
 *	TRY(fill_card(p->arena, &row, &view->post));
 *	return page_show(p, "post_show", title, &view->frame);
 *
 * The statement that finds the viewer has been queued before, so all of it is
 * one round trip in one read-only transaction.  For a POST the gate has loaded
 * the viewer and checked the form's token already; the handler calls into
 * domain/ and redirects, or shows the form again with its complaints.
 *
 * A handler returns the class of what went wrong, and the gate makes the error
 * page of it; nothing has been sent until then.
 */
#ifndef PIXLPIX_PAGES_PAGE_H
#define PIXLPIX_PAGES_PAGE_H

#include "domain/site.h"
#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "http/url.h"
#include "pages/assets.h"
#include "store/sql.h"
#include "view/models.h"

struct page;
struct route_table;

typedef enum err page_handler(struct page *p);

/* Who may come in.  There is no value 0, so a row without one is refused. */
enum page_need {
	NEED_NOTHING = 1, /* anyone */
	NEED_MEMBER,      /* who is logged in; others are sent to the login */
	NEED_MODERATOR,   /* a moderator or admin; to others it is not there */
	NEED_ADMIN,       /* an admin; the same */
	/* In the API: a token with that scope. */
	NEED_READ,
	NEED_WRITE,
	NEED_UPLOAD,
	NEED_MODERATE,       /* of a moderator or admin */
	NEED_MODERATE_ADMIN, /* the same scope, of an admin */
	NEED_SIMULATOR       /* its name and password */
};

enum page_form {
	FORM_NONE = 1, /* GET */
	FORM_TEXT,     /* POST without files */
	FORM_FILES     /* POST with files */
};

/* One row of a route table.  A pattern's {id} takes a positive number,
 * {name}, {tag} and {place} any segment; "/@{name}" a segment that begins with
 * @. */
struct route {
	const char *name;
	enum method method;
	const char *pattern;
	enum page_need need;
	enum page_form form;
	page_handler *handler;
};

struct page {
	const struct site *site;
	struct arena *arena;
	const struct request *request;
	struct response *response;
	const struct tpl_set *views;
	const struct assets *assets;
	const struct route *route;
	const struct route_table *routes; /* of the pages */
	const struct route_table *api;    /* of the API, for its description */
	int64_t id;                       /* of the address's {id} */
	struct str text; /* of the address's {name}, {tag}, {place} */
	struct when now;
	struct str token;   /* of the session cookie; absent: no cookie */
	struct str visitor; /* of the strangers' cookie, for their forms */
	struct sql_viewer_find_row viewer; /* account 0: a stranger */
	bool is_loaded;
	struct form form;  /* of a POST */
	bool is_form_read; /* or has been tried to */
	struct str csrf;   /* what the forms of the page carry */
	int status;        /* of what page_show shows; 200 at the start */
	bool is_file;      /* nginx sends one in place of a body */
	/* Of a call of the API (pages/api.h). */
	bool has_entered;       /* the token is somebody's */
	bool is_past_calls;     /* one more than the token may in a minute */
	bool lacks_scope;       /* the token may not do this */
	int64_t calls_left;     /* in this minute */
	int64_t calls_reset_s;  /* until the next */
	struct str claimed_key; /* to be freed if the call is refused */
	struct str why;         /* of a failure, where that is known better */
};

/* Whether strangers are sent to the login. */
bool page_needs_login(enum page_need need);

/* Runs what was asked.  ERR_LOGIN where the route needs a member and the
 * viewer is none, ERR_ABSENT where the viewer's role is too small; else as
 * db_sync. */
enum err page_load(struct page *p);

/* Before asking statements that look at what the viewer may see, in the
 * handler of a POST; in a GET nothing is to be done. */
void page_ask(struct page *p);

/* Renders the template with the struct whose first member is *frame, which
 * is filled here but for the at_ members; the answer has p->status. */
enum err page_show(struct page *p, const char *template, struct str title,
    struct frame *frame);

/* 303 to an address of the site. */
enum err page_redirect(struct page *p, struct url to);

/* The same with a notice (see page.c) that the next page shows. */
enum err page_redirect_saying(struct page *p, struct url to, const char *what);

/* To the form's `back`, where that is an address of this site. */
enum err page_redirect_back(struct page *p, struct url otherwise);

/* The query parameter `before`, or the largest id where there is none.
 * ERR_ABSENT where it is not an id. */
enum err page_before(struct page *p, int64_t *before);

/* The cookie of a fresh session, and the end of the strangers' cookie. */
enum err page_set_session(struct page *p, struct str token);

enum err page_clear_session(struct page *p);

/* A one-time key for a form that creates something. */
enum err page_form_key(struct page *p, struct str *out);

/* `typed` where it looks like such a key, else a fresh one. */
enum err page_keep_form_key(struct page *p, struct str typed, struct str *out);

/* Shows the error page for the failure of a handler. */
enum err page_show_error(struct page *p, enum err e);

/* The HTTP status of a class of failure. */
int page_status_of(enum err e);

/* Shows the error page of a status that nginx has found (413, 502, ...). */
enum err page_show_status(struct page *p, int status);

#endif
