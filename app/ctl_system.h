/* What pixlpixctl does to the machine: other programs, the account that the
 * site runs as, files of the system's.  For the commands that root gives. */
#ifndef PIXLPIX_CTL_SYSTEM_H
#define PIXLPIX_CTL_SYSTEM_H

#include "base/conf.h"

#include <sys/types.h>

/* Runs a program that is found by PATH, with nothing on its standard input,
 * and waits for it.  `words` begins with its name and ends with NULL; what it
 * says is dropped where `is_quiet`.  Its exit status, or 127 where it could
 * not be run. */
int system_run(bool is_quiet, const char *const words[]);

/* Starts a program that reads `in` and writes `out`; -1 is /dev/null.  The
 * caller keeps both and waits for it with system_end.  -1 where it could not
 * be run. */
pid_t system_start(const char *const words[], int in, int out);

/* The exit status of what was started, or 127. */
int system_end(pid_t pid);

/* Root becomes the account that the site runs as, for good: the owner of
 * web.run_dir.  Nothing happens to others, and where the owner is root or the
 * folder is not there.  ERR_IO. */
enum err system_become_service(struct arena *a, const struct conf *conf);

/* Calls `work` in a process of its own, as that account; what it returns.
 * Where `is_quiet`, what it says and logs is dropped. */
int system_in_service(struct arena *a, const struct conf *conf, bool is_quiet,
    int (*work)(void *), void *given);

/* Puts a file in the place of another, readable by all, in one step.  ERR_IO
 * with errno. */
enum err system_write(struct arena *a, const char *path, struct str content);

/* The content of a file of at most 1 MiB.  ERR_IO with errno. */
enum err system_read(struct arena *a, const char *path, struct str *out);

/* Asks for a password for the account at a terminal, without echo and until it
 * is typed twice the same, three times at most; else it is the first line of
 * the standard input.  ERR_INPUT where there is none. */
enum err system_read_password(
    struct arena *a, struct str account, struct str *out);

#endif
