/* System calls that fail on demand, for what a disk or a network will not do
 * when it is asked to.
 *
 * faults.c holds functions of the names of the C library's, which the program
 * under test then calls instead; they go on to the C library's unless they are
 * armed.  A test lets the first call of an operation fail, then the second,
 * and so on until the operation comes through without a fault.
 */
#ifndef PIXLPIX_TESTS_HELPER_FAULTS_H
#define PIXLPIX_TESTS_HELPER_FAULTS_H

#include <stdbool.h>

enum fault_kind {
	/* open openat mkdirat fstat fstatat fchmod fsync sendfile renameat
	 * renameat2 linkat unlinkat faccessat close fdopendir readdir
	 * mkostemp lseek pwrite */
	FAULT_FILES,
	FAULT_NET /* socket connect send recv, as libpq uses them */
};

enum {
	FAULT_DEATH = 0
};

/* The n-th call, from 1, of that kind from now on fails with `error` (an
 * errno), and nothing has happened but that a close has closed, and that the
 * connection of a send or recv is broken; or the process dies of SIGKILL in
 * its place, for FAULT_DEATH. */
void faults_arm(enum fault_kind kind, int n, int error);

/* No call fails any more; true where one has. */
bool faults_disarm(void);

/* The name of the call that failed last. */
const char *faults_struck(void);

#endif
