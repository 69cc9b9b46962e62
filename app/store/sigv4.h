/* Signing of requests for S3: AWS Signature Version 4.
 *
 * The signer is given the request in plain (nothing percent-encoded) and hands
 * back the target as it must be sent, so that what is sent is what was signed.
 * Paths are taken as they are, as S3 wants it: dots and double slashes stay,
 * and nothing is encoded twice.
 *
 * Source: "AWS Signature Version 4 for API requests" in the IAM user guide,
 * and "Authenticating requests" in the Amazon S3 API reference.
 */
#ifndef PIXLPIX_STORE_SIGV4_H
#define PIXLPIX_STORE_SIGV4_H

#include "base/arena.h"

enum {
	SIGV4_SECRET_MAX_BYTES = 256,
	SIGV4_PAIRS_MAX = 24, /* headers or query fields of a request */
	SIGV4_EXPIRES_MAX_S = 7 * 24 * 60 * 60
};

/* Of the empty payload. */
#define SIGV4_EMPTY                                                           \
	STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85" \
	    "5")

/* Where the payload is not part of what is signed (presigned queries). */
#define SIGV4_UNSIGNED STR("UNSIGNED-PAYLOAD")

struct sigv4_keys {
	struct str access_key;
	struct str secret; /* at most SIGV4_SECRET_MAX_BYTES */
	struct str region;
	struct str service; /* "s3" */
};

/* A header or a query field.  A header's name may have any case; all that are
 * given are signed, and must be sent. */
struct sigv4_pair {
	struct str name;
	struct str value;
};

struct sigv4_request {
	struct str method;
	struct str path; /* begins with a slash */
	const struct sigv4_pair *query;
	size_t query_count;
	const struct sigv4_pair *headers; /* Host among them */
	size_t header_count;
	struct str payload; /* its SHA-256 in hexadecimal, or the above */
};

struct sigv4_signed {
	struct str target;        /* path and query, encoded */
	struct str date;          /* value of the header x-amz-date */
	struct str authorization; /* value of the header Authorization */
};

/* Signs in headers.  Besides those of the request x-amz-date is signed and
 * has to be sent; S3 wants x-amz-content-sha256 among the request's, with the
 * value of `payload`.  ERR_INPUT past the limits above; ERR_MEMORY,
 * ERR_INTERNAL. */
enum err sigv4_sign(struct arena *a, const struct sigv4_keys *keys,
    const struct sigv4_request *request, struct when now,
    struct sigv4_signed *out);

/* Signs in the query: *target may be fetched for `expires_s` seconds (1 to
 * SIGV4_EXPIRES_MAX_S) by whoever sends the same headers.  Errors as above. */
enum err sigv4_presign(struct arena *a, const struct sigv4_keys *keys,
    const struct sigv4_request *request, struct when now, int64_t expires_s,
    struct str *target);

#endif
