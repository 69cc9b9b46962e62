/* The object store that the tests of its contract run on: a folder, or the S3
 * server that tools/with_ceph names in the environment.  Each test has one of
 * its own, which is empty.
 */
#ifndef PIXLPIX_TESTS_OBJECT_PLACE_H
#define PIXLPIX_TESTS_OBJECT_PLACE_H

#include "../helper/kit.h"
#include "store/object.h"

extern struct object_store *place;

/* PIXLPIX_S3_ENDPOINT chooses the server, PIXLPIX_S3_STYLE=host the way in
 * which buckets are named; the log goes into memory. */
void place_start(void);

void place_end(void);

/* Another opening of the same store, for another process. */
struct object_store *place_open(void);

/* Of the server: what `place` was opened with; to be changed by the tests. */
extern struct object_s3_settings place_s3;

/* A file that holds the bytes, open until the process ends. */
int place_file(struct str bytes);

enum err place_put(enum object_space space, struct str key, const char *text);

/* Whether the space holds just that. */
bool place_holds(enum object_space space, struct str key, const char *text);

/* The same of another store. */
enum err place_put_in(struct object_store *store, enum object_space space,
    struct str key, const char *text);
bool place_has(struct object_store *store, enum object_space space,
    struct str key, const char *text);

/* Where the place is a mirror of two folders (PLACE_IS_MIRROR): one of them,
 * opened anew; the caller closes it. */
struct object_store *place_part(int number);

#endif
