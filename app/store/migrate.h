/* Brings a database to the schema that the program was built for.
 *
 * The schema is a folder of files NNNN_name.sql, numbered from 0001 without a
 * gap.  Each is applied once, in order, in a transaction of its own together
 * with its record in the table schema_migration (number, name, sha256,
 * applied_at).  What was applied is never edited: another step gets another
 * file.  A file must not begin or end transactions itself.
 */
#ifndef PIXLPIX_STORE_MIGRATE_H
#define PIXLPIX_STORE_MIGRATE_H

#include "base/err.h"

#include <stdint.h>

struct migrate_report {
	int64_t present; /* had been applied before */
	int64_t applied; /* by this call */
	int64_t later;   /* present ones that have no file */
};

/* Applies what is missing.  Two at once wait for each other; the second finds
 * nothing to do.  A migration that fails leaves no trace, those before it
 * stay.  One for whose tables others are in the way waits for them some
 * minutes, in which nobody waits for it longer than two seconds at a time;
 * then ERR_BUSY.
 *
 * ERR_CONFLICT, and nothing is done, where the database and the folder
 * disagree: the file of a recorded number has another name or other bytes, or a
 * number is missing in the record.  Steps behind the last file are those of a
 * later release: nothing is done about them, since the programs before run on
 * them (expand, then contract), and the log has a warning.  ERR_INPUT: the
 * folder has a gap, a number twice or a file name that is none.  ERR_IO: it
 * cannot be read.  Otherwise as db_sync.  The log says which and why.  The
 * report is filled as far as it went, also on an error. */
enum err migrate_apply(
    const char *conninfo, const char *folder, struct migrate_report *report);

#endif
