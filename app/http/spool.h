/* Temporary files for what arrives: without a name from their first moment,
 * so that nothing stays behind when the process dies.  http/multipart.c
 * alone uses this. */
#ifndef PIXLPIX_HTTP_SPOOL_H
#define PIXLPIX_HTTP_SPOOL_H

#include "base/arena.h"

struct spool;

/* A new file in the folder, closed at the arena's reset.  ERR_IO, ERR_MEMORY.
 */
enum err spool_open(struct arena *a, const char *folder, struct spool **out);

/* Appends all of it.  ERR_BUSY while the disk is full, ERR_IO. */
enum err spool_write(struct spool *s, struct str bytes);

/* Back to offset 0, for the reader; gives the descriptor. */
enum err spool_finish(struct spool *s, int *fd);

/* Closes it now, which gives the disk space back. */
void spool_drop(struct spool *s);

#endif
