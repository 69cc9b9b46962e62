/* A whole site for one test: a database, a folder with the object store and
 * what workers need, the real decoder, and people to play with.
 *
 *	TestSuite(like, .init = stage_start, .fini = stage_end);
 *
 * Nothing of it is shared with another test.  The log goes into memory.
 */
#ifndef PIXLPIX_TESTS_HELPER_STAGE_H
#define PIXLPIX_TESTS_HELPER_STAGE_H

#include "db.h"
#include "domain/site.h"
#include "kit.h"

/* The password of everybody whom stage_account makes. */
#define STAGE_PASSWORD "three purple owls"

struct stage {
	char folder[64]; /* store/ and run/ are in it */
	struct test_db *db;
	struct conf conf; /* hashes that cost next to nothing */
	struct site site;
};

extern struct stage stage;

void stage_start(void);

void stage_end(void);

/* SQL on a connection of its own. */
__attribute__((format(printf, 1, 2))) void stage_run(const char *format, ...);

__attribute__((format(printf, 1, 2))) int64_t stage_count(
    const char *format, ...);

/* Ends the connections of the site, as a server that restarts does; the next
 * statement that is on its way is lost. */
void stage_break(void);

/* A digest of every row of every table, but for when sessions were seen. */
struct str stage_rows(void);

/* An account with that user name; its number. */
int64_t stage_account(const char *name);

/* A post without images. */
int64_t stage_post(int64_t account, const char *caption);

/* A form key that was not used before. */
struct str stage_key(void);

/* A file without a name that holds a JPEG, or the bytes; it is closed with
 * the arena. */
int stage_jpeg(int width, int height);

int stage_file(struct str bytes);

/* A GIF of two frames. */
struct str stage_animation(void);

/* How many objects are in the store's folder "public" or "hidden". */
size_t stage_objects(const char *space);

/* A plain file where the store wants a folder, so that no object of `prefix`
 * (two letters; NULL: of any) can be written to `space`; and its end. */
void stage_block(const char *space, const char *prefix);

void stage_unblock(const char *space, const char *prefix);

/* Does `work` in `count` (at most 16) processes at the same time, each with a
 * site of its own; errors[i] is what it gave for i.  Whatever it asserts shows
 * as ERR_COUNT_. */
typedef enum err stage_work(struct site *site, struct arena *a, int i);

void stage_at_once(int count, stage_work *work, enum err *errors);

#endif
