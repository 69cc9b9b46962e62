/* See faults.h. */
#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	enum fault_kind kind;
	int left; /* calls to the one that fails, itself too; 0: not armed */
	int error;
	bool has_struck;
	const char *name;
} armed;

void
faults_arm(enum fault_kind kind, int n, int error)
{
	armed.kind = kind;
	armed.left = n;
	armed.error = error;
	armed.has_struck = false;
}

bool
faults_disarm(void)
{
	armed.left = 0;
	return armed.has_struck;
}

const char *
faults_struck(void)
{
	return armed.name;
}

static bool
strikes(enum fault_kind kind, const char *name)
{
	if (armed.left == 0 || kind != armed.kind || --armed.left > 0)
		return false;
	if (armed.error == FAULT_DEATH)
		(void)raise(SIGKILL);
	armed.has_struck = true;
	armed.name = name;
	errno = armed.error;
	return true;
}

/* The C library's own.  A function's address in an object pointer is what
 * dlsym(3) has, and C only by way of a union.
 * NOLINTBEGIN(bugprone-macro-parentheses): a type and a list. */
#define FAULTY(kind_, type, name, params, args)               \
	type name params                                      \
	{                                                     \
		static union {                                \
			void *found;                          \
			type(*call) params;                   \
		} real;                                       \
		if (strikes(kind_, #name))                    \
			return -1;                            \
		if (real.found == NULL)                       \
			real.found = dlsym(RTLD_NEXT, #name); \
		return real.call args;                        \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

FAULTY(FAULT_FILES, int, mkdirat, (int dir, const char *path, mode_t mode),
    (dir, path, mode))
FAULTY(FAULT_FILES, int, fstat, (int fd, struct stat *to), (fd, to))
FAULTY(FAULT_FILES, int, fstatat,
    (int dir, const char *restrict path, struct stat *restrict to, int flags),
    (dir, path, to, flags))
FAULTY(FAULT_FILES, int, fchmod, (int fd, mode_t mode), (fd, mode))
FAULTY(FAULT_FILES, int, fsync, (int fd), (fd))
FAULTY(FAULT_FILES, ssize_t, sendfile,
    (int to, int from, off_t *at, size_t size), (to, from, at, size))
FAULTY(FAULT_FILES, int, renameat,
    (int from_dir, const char *from, int to_dir, const char *to),
    (from_dir, from, to_dir, to))
FAULTY(FAULT_FILES, int, renameat2,
    (int from_dir, const char *from, int to_dir, const char *to,
	unsigned flags),
    (from_dir, from, to_dir, to, flags))
FAULTY(FAULT_FILES, int, linkat,
    (int from_dir, const char *from, int to_dir, const char *to, int flags),
    (from_dir, from, to_dir, to, flags))
FAULTY(FAULT_FILES, int, unlinkat, (int dir, const char *path, int flags),
    (dir, path, flags))
FAULTY(FAULT_FILES, int, faccessat,
    (int dir, const char *path, int mode, int flags), (dir, path, mode, flags))
FAULTY(FAULT_FILES, int, mkostemp, (char *path, int flags), (path, flags))
FAULTY(FAULT_FILES, off_t, lseek, (int fd, off_t at, int from), (fd, at, from))
FAULTY(FAULT_FILES, ssize_t, pwrite,
    (int fd, const void *at, size_t size, off_t offset), (fd, at, size, offset))
FAULTY(FAULT_NET, int, socket, (int domain, int type, int protocol),
    (domain, type, protocol))
FAULTY(FAULT_NET, int, connect,
    (int fd, const struct sockaddr *to, socklen_t size), (fd, to, size))
/* A connection that fails in one direction is gone in both. */
static bool
breaks(const char *name, int fd)
{
	int error;

	if (!strikes(FAULT_NET, name))
		return false;
	error = errno;
	(void)shutdown(fd, SHUT_RDWR);
	errno = error;
	return true;
}

ssize_t
send(int fd, const void *at, size_t size, int flags)
{
	static union {
		void *found;
		ssize_t (*call)(int fd, const void *at, size_t size, int flags);
	} real;

	if (breaks("send", fd))
		return -1;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "send");
	return real.call(fd, at, size, flags);
}

ssize_t
recv(int fd, void *at, size_t size, int flags)
{
	static union {
		void *found;
		ssize_t (*call)(int fd, void *at, size_t size, int flags);
	} real;

	if (breaks("recv", fd))
		return -1;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "recv");
	return real.call(fd, at, size, flags);
}

static mode_t
mode_in(int flags, va_list *rest)
{
	bool has_mode =
	    (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;

	return has_mode ? va_arg(*rest, mode_t) : 0;
}

int
openat(int dir, const char *path, int flags, ...)
{
	static union {
		void *found;
		int (*call)(int dir, const char *path, int flags, ...);
	} real;
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_in(flags, &rest);
	va_end(rest);
	if (strikes(FAULT_FILES, "openat"))
		return -1;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "openat");
	return real.call(dir, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	static union {
		void *found;
		int (*call)(const char *path, int flags, ...);
	} real;
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_in(flags, &rest);
	va_end(rest);
	if (strikes(FAULT_FILES, "open"))
		return -1;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "open");
	return real.call(path, flags, mode);
}

int
close(int fd)
{
	static union {
		void *found;
		int (*call)(int fd);
	} real;
	bool fails = strikes(FAULT_FILES, "close");
	int error = errno;
	int closed;

	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "close");
	closed = real.call(fd);
	if (fails)
		errno = error;
	return fails ? -1 : closed;
}

DIR *
fdopendir(int fd)
{
	static union {
		void *found;
		DIR *(*call)(int fd);
	} real;

	if (strikes(FAULT_FILES, "fdopendir"))
		return NULL;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "fdopendir");
	return real.call(fd);
}

struct dirent *
readdir(DIR *stream)
{
	static union {
		void *found;
		struct dirent *(*call)(DIR *stream);
	} real;

	if (strikes(FAULT_FILES, "readdir"))
		return NULL;
	if (real.found == NULL)
		real.found = dlsym(RTLD_NEXT, "readdir");
	return real.call(stream);
}
