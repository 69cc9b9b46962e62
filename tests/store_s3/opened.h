/* A store on a server of fake.h, and what its tests say again and again. */
#ifndef PIXLPIX_TESTS_STORE_S3_OPENED_H
#define PIXLPIX_TESTS_STORE_S3_OPENED_H

#include "fake.h"
#include "store/object.h"

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")
#define NONE ((struct str){0})
#define BODY "bytes of an image"

extern struct object_store *store;

/* Good ones but for the endpoint, after opened_start; a test may change them
 * before it opens the store. */
extern struct object_s3_settings settings;

/* Around each test: the log in memory, in which the secret must never be. */
void opened_start(void);

void opened_end(void);

/* Opens `store` at the endpoint. */
void opened_at(const char *endpoint);

/* The same at a server with these steps (struct fake_step). */
#define OPENED(...)                                                          \
	do {                                                                 \
		static const struct fake_step steps_[] = {__VA_ARGS__};      \
		opened_at(                                                   \
		    fake_start(steps_, sizeof(steps_) / sizeof(steps_[0]))); \
	} while (0)

/* Puts bytes that are said to have that checksum into public space. */
enum err opened_put(struct str key, struct str bytes, struct str sha256);

/* The methods of all requests by their first letters. */
void seen_as(const char *methods);

#endif
