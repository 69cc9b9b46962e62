/* What the rules work with: one process's connections and configuration.
 *
 * Made by the mains after the fork, handed down to everybody.
 */
#ifndef PIXLPIX_DOMAIN_SITE_H
#define PIXLPIX_DOMAIN_SITE_H

#include "base/arena.h"
#include "base/conf.h"
#include "store/db.h"
#include "store/object.h"

struct site {
	const struct conf *conf;
	struct db *db;
	struct object_store *store;
	int hash_lock;        /* open file of this process: domain/password.h */
	int decoder_lock;     /* open file of this process: media/derive.h */
	const char *spool;    /* folder for files on their way */
	const char *decoder;  /* path of the decoder program */
	struct str sim_login; /* what the simulator sends behind "Basic ";
	                       * empty: it has no interface */
};

/* Opens the folder or, where `is_s3`, the S3 server that the configuration
 * names.  ERR_STORE, ERR_INPUT, ERR_MEMORY as store/object.h says, and
 * ERR_INPUT where it names none. */
enum err site_store_open(struct arena *a, const struct conf *conf, bool is_s3,
    struct object_store **out);

/* Opens all of it by the configuration, for this process alone; call after
 * the fork.  What it holds lives until site_close; the strings it needs are
 * in `a`.  ERR_IO, ERR_STORE, ERR_INPUT, ERR_LOST, ERR_INTERNAL as its parts;
 * then nothing stays open. */
enum err site_open(struct arena *a, const struct conf *conf, struct site *out);

void site_close(struct site *site);

#endif
