/* What processes use of the machine, from /proc (proc(5)). */
#ifndef PIXLPIX_BASE_USAGE_H
#define PIXLPIX_BASE_USAGE_H

#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

struct usage {
	int64_t cpu_us;       /* its own, and of children it has waited for */
	int64_t memory_bytes; /* what is shared by n processes counts 1/n */
};

/* Of a process of the same user.  ERR_ABSENT where there is none, or /proc
 * does not show it. */
enum err usage_find(pid_t pid, struct usage *out);

/* Of this process and of all children that it has waited for, to the
 * microsecond. */
int64_t usage_own_cpu_us(void);

#endif
