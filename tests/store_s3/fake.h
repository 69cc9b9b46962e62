/* A server that speaks just enough HTTP to break in ways that a real S3 server
 * will not on demand.  It answers each request by the next of its steps, and
 * the last one for ever.  It checks nothing: what works is tested beside a
 * real gateway (tests/object).
 */
#ifndef PIXLPIX_TESTS_STORE_S3_FAKE_H
#define PIXLPIX_TESTS_STORE_S3_FAKE_H

#include "../helper/kit.h"

enum fake_act {
	FAKE_ANSWER,      /* the whole request is read, the answer sent */
	FAKE_HANG,        /* read, and never answered */
	FAKE_DRIP,        /* answered with a byte each tenth of a second */
	FAKE_CUT_REQUEST, /* the connection ends in the midst of its body */
	FAKE_CUT_ANSWER   /* and in the midst of ours */
};

struct fake_step {
	enum fake_act act;
	int status;
	const char *headers; /* lines that end with \r\n; or NULL */
	const char *body;    /* or NULL */
	bool echoes_word;    /* adds x-amz-meta-put as the last PUT had it */
};

/* What came in, as the server's process counts it. */
struct fake_seen {
	int connections;
	int requests;
	int64_t body_bytes; /* of the last request */
	char methods[64];   /* their first letters, in order */
	char word[64];      /* the last PUT's x-amz-meta-put */
	char body[512];     /* the last request's, cut */
	char type[64];      /* the last request's Content-Type */
	char lines[4096];   /* "METHOD TARGET\n" of each, cut; with a '-' before
	                     * it where the request is not signed */
};

extern const struct fake_seen *fake_seen;

/* Starts it; http://127.0.0.1:port.  The steps must outlive it. */
const char *fake_start(const struct fake_step *steps, size_t count);

void fake_end(void);

#endif
