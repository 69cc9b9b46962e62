/* setrlimit(2), prctl(2), and a seccomp filter made by libseccomp. */
#include "media/sandbox.h"

#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* AddressSanitizer keeps terabytes of address space and needs more calls;
 * such a build is for tests alone. */
#if defined __SANITIZE_ADDRESS__
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

static bool
limit(__rlimit_resource_t what, int64_t soft, int64_t hard)
{
	struct rlimit l = {(rlim_t)soft, (rlim_t)hard};
	return setrlimit(what, &l) == 0;
}

static bool
set_limits(const struct sandbox *s)
{
	if (!IS_SANITIZED &&
	    !limit(RLIMIT_AS, s->address_space_bytes, s->address_space_bytes))
		return false;
	return limit(RLIMIT_CPU, s->cpu_s, s->cpu_s + 1) &&
	       limit(RLIMIT_FSIZE, s->file_bytes, s->file_bytes) &&
	       limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NOFILE, 0, 0) &&
	       limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0) &&
	       limit(RLIMIT_MSGQUEUE, 0, 0);
}

/* Calls that need no look at their arguments. */
static const int free_calls[] = {
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#if defined __SANITIZE_ADDRESS__
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(mprotect),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
#endif
};

static bool
allow_free_calls(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof free_calls / sizeof free_calls[0]; i++)
		if (seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, free_calls[i], 0) != 0)
			return false;
	return true;
}

/* Memory: no file behind it, and no code in it. */
static bool
allow_memory(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		   SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) ==
	       0;
}

static bool
allow_write(scmp_filter_ctx filter, int fd)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		   SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)fd)) == 0;
}

static bool
load_filter(const struct sandbox *s)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return false;
	bool ok = allow_free_calls(filter) && allow_memory(filter) &&
	          allow_write(filter, STDOUT_FILENO) &&
	          (!IS_SANITIZED || allow_write(filter, STDERR_FILENO));
	for (int fd = s->write_first; ok && fd <= s->write_last; fd++)
		ok = allow_write(filter, fd);
	ok = ok && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

static int
compare_nothing(const void *a, const void *b)
{
	(void)a;
	(void)b;
	return 0;
}

/* What the C library asks the system for once, and then remembers: for lcms2,
 * which wants the date, /etc/localtime; for libwebp, which sorts the colours of
 * what is transparent, the size of memory. */
static void
ask_now(void)
{
	static char much[4096];
	tzset();
	qsort(much, sizeof much, 1, compare_nothing);
}

enum err
sandbox_enter(const struct sandbox *s)
{
	ask_now();
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || !set_limits(s) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !load_filter(s))
		return ERR_IO;
	return OK;
}
