/* Unlinked temporary files. */
#include "http/spool.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct spool {
	int fd;
};

static void
close_file(void *what)
{
	spool_drop(what);
}

/* For file systems that have no O_TMPFILE. */
static int
open_named(struct arena *a, const char *folder)
{
	struct str name;
	char *path;
	int fd;

	if (arena_printf(a, &name, "%s/upload.XXXXXX", folder) != OK) {
		errno = ENOMEM;
		return -1;
	}
	path = arena_alloc(a, name.len + 1);
	if (path == NULL) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t i = 0; i < name.len; i++)
		path[i] = name.at[i];
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

enum err
spool_open(struct arena *a, const char *folder, struct spool **out)
{
	struct spool *s = ARENA_NEW(a, struct spool);

	if (s == NULL)
		return ERR_MEMORY;
	s->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		s->fd = open_named(a, folder);
	if (s->fd < 0) {
		log_event(LOG_ERROR, "cannot make a temporary file",
		    LOG_Z("folder", folder), LOG_ERRNO());
		return ERR_IO;
	}
	TRY(arena_on_reset(a, close_file, s));
	*out = s;
	return OK;
}

enum err
spool_write(struct spool *s, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t written = write(s->fd, bytes.at, bytes.len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			bool is_full = errno == ENOSPC || errno == EDQUOT;

			log_event(LOG_ERROR, "cannot write a temporary file",
			    LOG_ERRNO());
			return is_full ? ERR_BUSY : ERR_IO;
		}
		bytes = str_slice(bytes, (size_t)written, bytes.len);
	}
	return OK;
}

enum err
spool_finish(struct spool *s, int *fd)
{
	if (lseek(s->fd, 0, SEEK_SET) != 0) {
		log_event(
		    LOG_ERROR, "cannot rewind a temporary file", LOG_ERRNO());
		return ERR_IO;
	}
	*fd = s->fd;
	return OK;
}

void
spool_drop(struct spool *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}
