/* Requests to an S3 server: addressed, signed, tried again, and logged.
 *
 * store/object_s3.c makes an object store of them.  A request is tried again
 * where there was no whole answer or the server was not in the state to give
 * one (5xx, 429), after a random wait that grows, or the one that the server
 * asks for; so all that is sent must be fit to be sent twice.  One request
 * with all its tries takes no longer than `total_s`.
 */
#ifndef PIXLPIX_STORE_S3_H
#define PIXLPIX_STORE_S3_H

#include "store/http_out.h"
#include "store/object.h"
#include "store/sigv4.h"

struct s3;

enum {
	S3_HEADERS_MAX = 8,
	S3_QUERY_MAX = 8
};

struct s3_call {
	const char *step; /* for the log: "put" */
	const char *method;
	enum object_space space;
	struct str key; /* absent: the bucket itself */
	const struct sigv4_pair *query;
	size_t query_count;
	/* All but Host and those of the signature; at most S3_HEADERS_MAX. */
	const struct sigv4_pair *headers;
	size_t header_count;
	bool is_unsigned; /* as a stranger asks */
	/* Of a PUT: `body`, or where there is a file, that. */
	struct str body;
	bool is_file;
	int file;
	int64_t file_bytes;
	struct str file_sha256; /* in hexadecimal */
	/* Where the bytes of a 200 go; `begin` comes before each try. */
	enum err (*begin)(void *user);
	http_out_sink *sink;
	void *user;
};

struct s3_answer {
	int status;
	struct str code; /* of an error: "NoSuchKey" */
	struct str body; /* where there is no sink, or another status */
	int64_t size_bytes;
	int64_t changed_s; /* -1 where it is not said */
};

/* Nothing is sent yet.  ERR_INPUT where the settings cannot be, or the secret
 * is not to be had, with the cause in the log; ERR_MEMORY, ERR_INTERNAL. */
enum err s3_open(const struct object_s3_settings *settings, struct s3 **out);

/* NULL is allowed. */
void s3_close(struct s3 *s3);

/* OK with an answer of status 2xx or 4xx; ERR_STORE where none came within
 * the time, or another, with the cause in the log; the sink's error; ERR_INPUT
 * where the file is shorter than it was; ERR_MEMORY, ERR_INTERNAL.  What the
 * answer points to is good until the next call. */
enum err s3_send(
    struct s3 *s3, const struct s3_call *call, struct s3_answer *out);

/* The target (path and query) of a GET that the server takes from anybody for
 * `expires_s` seconds; the Host header is to be that of the call's bucket.
 * ERR_MEMORY, ERR_INTERNAL. */
enum err s3_presign(struct s3 *s3, const struct s3_call *call,
    int64_t expires_s, struct arena *arena, struct str *target);

/* Logs an answer that the caller did not want; ERR_STORE. */
enum err s3_refused(
    struct s3 *s3, const struct s3_call *call, const struct s3_answer *answer);

/* A header of the last answer, or the absent string; good until the next
 * call. */
struct str s3_header(const struct s3 *s3, const char *name);

/* The name of a space's bucket. */
struct str s3_bucket(const struct s3 *s3, enum object_space space);

#endif
