/* Published cases of signing; see vectors.c. */
#ifndef PIXLPIX_TESTS_STORE_S3_VECTORS_H
#define PIXLPIX_TESTS_STORE_S3_VECTORS_H

#include "store/sigv4.h"

/* All have the access key AKIDEXAMPLE, the secret
 * wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY, the region us-east-1, the service
 * "service", the time 2015-08-30T12:36:00Z and an hour to expire. */
struct vector {
	const char *name;
	struct str method;
	struct str path;
	struct sigv4_pair query[4];
	struct sigv4_pair headers[6];
	struct str token; /* of a session: a header or a query field */
	struct str payload;
	bool has_body; /* then the header has its hash */
	const char *in_headers;
	const char *in_query;
};

extern const struct vector vectors[];
extern const size_t vector_count;

#endif
