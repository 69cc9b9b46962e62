/* The walls of the decoder child.
 *
 * Entered after everything is open and mapped and before one byte of the
 * upload is looked at.  What is left: memory without a file behind it,
 * writing to the descriptors that were named, and the end.  Anything else
 * kills the process with SIGSYS.
 */
#ifndef PIXLPIX_MEDIA_SANDBOX_H
#define PIXLPIX_MEDIA_SANDBOX_H

#include "base/str.h"

struct sandbox {
	int64_t address_space_bytes;
	int64_t cpu_s;      /* SIGXCPU then, SIGKILL a second later */
	int64_t file_bytes; /* of each file written; SIGXFSZ beyond */
	int write_first;    /* write(2) is left for fd 1 and for these */
	int write_last;
};

/* Sets the limits, no_new_privs and the filter of system calls.  ERR_IO: not
 * all of it stands, and the process must not go on. */
enum err sandbox_enter(const struct sandbox *s);

#endif
