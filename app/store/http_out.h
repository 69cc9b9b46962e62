/* HTTP requests of ours to other servers.
 *
 * The one file of the object store that knows libcurl.  A client keeps its
 * connection from request to request; redirects are never followed, no proxy,
 * netrc or cookie of the environment is taken up, and nothing but http and
 * https is spoken.  store/s3.c calls this and decides what to try again.
 */
#ifndef PIXLPIX_STORE_HTTP_OUT_H
#define PIXLPIX_STORE_HTTP_OUT_H

#include "base/buf.h"

struct http_out;

/* Takes the bytes of a body as they come. */
typedef enum err http_out_sink(void *user, struct str bytes);

struct http_out_request {
	const char *method; /* GET, HEAD, PUT or DELETE */
	const char *url;
	const char *const *headers; /* "Name: value"; Host among them */
	size_t header_count;
	/* What a PUT sends: `body_bytes` bytes from the beginning of the file
	 * `body_fd`, or where that is -1, `body`. */
	int body_fd;
	int64_t body_bytes;
	struct str body;
	/* Where the body of a 200 goes; NULL: into the reply. */
	http_out_sink *sink;
	void *user;
	int64_t connect_ms;
	int64_t stall_s;    /* so long without a byte ends it */
	int64_t timeout_ms; /* all of it */
};

enum http_out_end {
	HTTP_OUT_ANSWERED,
	HTTP_OUT_UNREACHED, /* no connection: the server has seen nothing */
	HTTP_OUT_BROKEN     /* nobody knows what the server has done */
};

struct http_out_reply {
	enum http_out_end end;
	int status;            /* 0 where none came */
	const char *why;       /* libcurl's words where it was not answered */
	struct buf body;       /* the caller's to free */
	int64_t size_bytes;    /* Content-Length; -1 without one */
	int64_t changed_s;     /* Last-Modified; -1 without one */
	int64_t retry_after_s; /* Retry-After; 0 without one */
	int64_t clock_off_s;   /* the server's clock less ours */
};

/* ca_file: certificates that vouch for servers, or NULL for the system's; a
 * copy is kept.  ERR_MEMORY, ERR_INTERNAL. */
enum err http_out_open(const char *ca_file, struct http_out **out);

/* NULL is allowed. */
void http_out_close(struct http_out *client);

/* Sends it and waits.  OK with a whole answer of any status; ERR_LOST without
 * one: reply->end and reply->why tell; ERR_TOO_BIG where a body for the reply
 * is over its max_bytes; the sink's error where that failed; ERR_MEMORY.  The
 * reply's body is emptied before, and freed by the caller in any case. */
enum err http_out_send(struct http_out *client,
    const struct http_out_request *request, struct http_out_reply *reply);

/* A header of the last answer, or the absent string; good until the next
 * request. */
struct str http_out_header(const struct http_out *client, const char *name);

#endif
