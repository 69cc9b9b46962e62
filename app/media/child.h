/* Starting the decoder child, watching it, and reaping it. */
#ifndef PIXLPIX_MEDIA_CHILD_H
#define PIXLPIX_MEDIA_CHILD_H

#include "base/str.h"

enum {
	CHILD_FDS_MAX = 16
};

struct child {
	const char *path;
	const char *const *arguments; /* NULL at the end, the name first */
	/* Descriptor i of the caller becomes number i of the child; -1 gives
	 * it /dev/null.  Number 1 is the report and not given here. */
	int fds[CHILD_FDS_MAX];
	int fd_count;
	int64_t wall_ms;
	void *report; /* filled with what the child wrote, at most 4096 bytes */
	size_t report_bytes;
};

enum child_end {
	CHILD_EXITED,   /* code: the exit status */
	CHILD_KILLED,   /* code: the signal, not ours */
	CHILD_TOO_SLOW, /* killed by us at wall_ms */
};

struct child_outcome {
	enum child_end end;
	int code;
	size_t reported_bytes; /* of the report that came */
	int64_t cpu_us;
	int64_t wall_us;
	int64_t peak_bytes;
};

/* Runs the program with an empty environment, default signals and no other
 * descriptors, and waits for its end.  ERR_INTERNAL: it cannot be started;
 * ERR_IO: a system call failed.  Both are logged, no child is left. */
enum err child_run(const struct child *c, struct child_outcome *out);

#endif
