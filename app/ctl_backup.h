/* What making a backup and bringing one back have in common.
 *
 * A backup is a folder of its own: database.dump (pg_dump's custom format),
 * public/ab/KEY and hidden/ab/KEY as in a store that is a folder, and
 * "manifest", the SHA-256 of every file as sha256sum(1) prints and checks it.
 * Where it is encrypted, each file but the manifest is one of age's
 * (age-encryption.org/v1) with ".age" behind its name, and "recipients" has the
 * public keys.  The manifest is of the encrypted files, so that whoever keeps
 * a backup can check it without being able to read it.
 */
#ifndef PIXLPIX_CTL_BACKUP_H
#define PIXLPIX_CTL_BACKUP_H

#include "ctl.h"
#include "domain/site.h"

#include <stdio.h>
#include <sys/types.h>

#define BACKUP_DUMP "database.dump"
#define BACKUP_MANIFEST "manifest"
#define BACKUP_RECIPIENTS "recipients"
#define BACKUP_SECRET ".age" /* behind the name of what is encrypted */

enum {
	BACKUP_LINE_BYTES = 256 /* of the manifest */
};

/* How many are kept; or a number. */
enum {
	BACKUP_KEEP_ALL = -1,
	BACKUP_KEEP_BY_POLICY = -2 /* [backup] in the configuration */
};

struct backup {
	struct arena *kept;
	struct arena *arena; /* of one batch */
	const struct conf *conf;
	struct site site;
	int folder;                   /* that is being made, or restored */
	const char *recipients;       /* path: it is to be encrypted; or NULL */
	const char *identity;         /* path of the key to read it; or NULL */
	const char *passfile;         /* of libpq, that we wrote; or NULL */
	const char *newest;           /* path of the backup before, or NULL */
	FILE *old_manifest;           /* of that */
	char line[BACKUP_LINE_BYTES]; /* that was read last; or empty */
	FILE *manifest;
	int64_t objects;
	int64_t linked;
	int64_t bytes;
	const char *made; /* path of the new one, once it is whole; or NULL */
	const char *dump; /* restore: the name of the database's file */
	int64_t record;   /* its row in backup_run */
	int cause;        /* errno of an ERR_IO, or 0 */
};

/* pixlpixctl restore, as a command of the table. */
int ctl_restore(const struct ctl *ctl, int count, char **words);

/* "public" and "hidden". */
extern const char *const backup_spaces[];

/* ERR_MEMORY, and what site_open says. */
enum err backup_open(struct backup *b, const struct ctl *ctl);

void backup_close(struct backup *b);

/* The paths (struct str) of the backups in the folder, the oldest first.
 * ERR_IO, with errno; ERR_MEMORY. */
enum err backup_list(struct backup *b, const char *dir, struct list *out);

/* The path of one that is made now and has a second of its own. */
enum err backup_make_name(struct backup *b, const char *dir, struct str *out);

/* A folder with all that is in it; OK where there is none.  ERR_IO, with
 * errno. */
enum err backup_remove(const char *path);

/* Removes what a backup that was broken off has left; nobody else may be at
 * work in the folder. */
enum err backup_clear_unfinished(struct backup *b, const char *dir);

/* Removes old ones, never b->made. */
enum err backup_thin(struct backup *b, const char *dir, int64_t keep);

/* From now on libpq's programs find the database's password, where there is
 * one, in a file that backup_password_end takes away.  ERR_IO, ERR_MEMORY. */
enum err backup_password_begin(struct backup *b);

void backup_password_end(struct backup *b);

/* The bytes of `in`, encrypted for the recipients, go to `out`; either may be
 * a pipe.  A process that system_end waits for; -1 where there is none. */
pid_t backup_encrypt(const struct backup *b, int in, int out);

/* The way back, with the identity; an `out` of -1 tries it out alone. */
pid_t backup_decrypt(const struct backup *b, int in, int out);

#endif
