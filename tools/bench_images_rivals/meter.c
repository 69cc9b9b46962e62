/* What one command uses.
 *
 *	meter RESULT COMMAND [ARGUMENT...]
 *
 * Runs the command with our descriptors and writes microseconds of CPU and of
 * wall clock and peak bytes to the file RESULT.  A small program of its own,
 * because Linux counts the memory of whoever starts a process into its peak.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long long
timeval_us(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	int status;
	struct rusage used;
	long long start = now_us();
	pid_t pid = fork();
	if (pid == 0) {
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid || status != 0)
		return 1;
	FILE *out = fopen(argv[1], "we");
	if (out == NULL)
		return 1;
	(void)fprintf(out, "%lld %lld %lld\n",
	    timeval_us(used.ru_utime) + timeval_us(used.ru_stime),
	    now_us() - start, used.ru_maxrss * 1024LL);
	return fclose(out) == 0 ? 0 : 1;
}
