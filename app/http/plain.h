/* The head of an HTTP request that comes straight from the network, for the
 * one small listener of ours that has no nginx before it (app/exporter.c).
 *
 * Strict: what RFC 9112 does not allow is refused, and so is everything that
 * this listener does not need (bodies, other methods, absolute addresses).
 */
#ifndef PIXLPIX_HTTP_PLAIN_H
#define PIXLPIX_HTTP_PLAIN_H

#include "base/str.h"

enum {
	PLAIN_HEAD_BYTES = 8192 /* most, with the empty line */
};

struct plain {
	struct str path; /* as sent, without the query; begins with '/' */
	struct str authorization; /* the header's value, or absent */
	bool is_head;             /* HEAD, else GET */
};

/* Whether the bytes that have come so far hold the empty line that ends a
 * head. */
bool plain_is_whole(struct str bytes);

/* Parses a head, its empty line included.  The views point into it.
 * ERR_INPUT: it is malformed, or has a body; ERR_METHOD: neither GET nor
 * HEAD. */
enum err plain_parse(struct str head, struct plain *out);

#endif
