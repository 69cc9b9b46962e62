/* A whole site in one process, without a web server: requests go straight to
 * the gate, with a real database, a real store and the real decoder.
 *
 * Criterion runs every test in a process of its own; kit_start makes a site
 * with five people (ann has a post, bob follows her, cat does nothing, meg is
 * a moderator, ada an admin), and
 * kit_stop takes it away.
 */
#ifndef PIXLPIX_TESTS_PAGES_KIT_H
#define PIXLPIX_TESTS_PAGES_KIT_H

#include "../helper/db.h"
#include "pages/gate.h"

enum kit_who {
	STRANGER,
	ANN, /* owner of the post */
	BOB, /* follows ann, has commented */
	CAT,
	MEG, /* a moderator */
	ADA  /* an admin */
};

enum {
	KIT_PEOPLE = ADA + 1
};

struct kit {
	struct test_db *t;
	struct arena *arena; /* of the site */
	struct arena *a;     /* of the requests; lasts for the whole test */
	struct conf conf;
	struct site site;
	struct assets assets;
	struct tpl_set *views;
	struct gate gate;
	char folder[64];
	struct str tokens[KIT_PEOPLE]; /* of each kit_who's session; of STRANGER
	                                * the visitor cookie's */
	int64_t post;
	int64_t comment; /* bob's, on ann's post */
	struct buf body;
	struct response response; /* the last answer */
};

extern struct kit kit;

void kit_start(void);

void kit_stop(void);

/* A GET, with the person's cookie; returns the status. */
int kit_get(enum kit_who who, const char *address);

/* A POST of a urlencoded form with the person's cookie and the right token
 * before it; `form` may be empty. */
int kit_post(enum kit_who who, const char *address, const char *form);

/* A request as it is given: everything may be wrong.  NULL: not sent. */
struct kit_request {
	const char *method;
	const char *address;
	const char *cookie;
	const char *origin;
	const char *content_type;
	const char *accept;
	const char *idempotency_key;
	const char *refused; /* by nginx, which asks for an error page */
	const char *authorization;
	const char *client; /* 127.0.0.1 */
	const char *body;
};

int kit_send(const struct kit_request *request);

/* "session=..." or "visitor=...", and the token that forms carry with it. */
const char *kit_cookie(enum kit_who who);

const char *kit_csrf(enum kit_who who);

/* Who has just what the route needs. */
enum kit_who kit_who_may(const struct route *route);

/* An address of the route, of something that exists; good until the next. */
const char *kit_address(const struct route *route);

/* The value of a header of the last answer, or "". */
const char *kit_header(const char *name);

bool kit_body_has(const char *text);

/* A number that changes whenever any row of any table does. */
int64_t kit_rows(void);

#endif
