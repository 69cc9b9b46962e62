/* Instead of sandbox_enter; see counts.h. */
#include "counts.h"

#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* ld(1): the initialised variables, and the end of all. */
extern char __data_start[];
extern char _end[];

/* Whole pages: the file's first one is variables, too, and nobody's behind
 * the last variable. */
static bool
share_variables(void)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = (uintptr_t)__data_start & ~(page - 1);
	size_t size = ((uintptr_t)_end - first + page - 1) & ~(page - 1);
	char *at = __data_start - ((uintptr_t)__data_start - first);
	void *copy = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (copy == MAP_FAILED)
		return false;
	memcpy(copy, at, size);
	return mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, at) ==
	       at;
}

static void
write_counts_at_end_of(pid_t parent)
{
	int pidfd = pidfd_open(parent, 0);
	if (pidfd >= 0 && dup2(pidfd, 0) == 0 &&
	    close_range(1, UINT32_MAX, 0) == 0 && getppid() == parent)
		(void)poll(&(struct pollfd){.events = POLLIN}, 1, -1);
	__gcov_dump();
}

enum err
__wrap_sandbox_enter(const struct sandbox *s)
{
	pid_t parent = getpid();
	if (!share_variables())
		return ERR_IO;
	counts_left_to_child = true;
	/* Not fork, in whose place gcc puts one that writes the counts. */
	pid_t child = _Fork();
	if (child == 0) {
		write_counts_at_end_of(parent);
		__real__exit(0);
	}
	return child < 0 ? ERR_IO : __real_sandbox_enter(s);
}
