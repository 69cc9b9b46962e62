/* The generator is a Python program with tests of its own. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

Test(generator, passes_its_own_tests, .timeout = 120)
{
	const char *top = getenv("PIXLPIX_SRCDIR");
	char path[1024];
	int status = -1;
	pid_t child;

	(void)snprintf(path, sizeof(path), "%s/tests/store/test_gen_sql.py",
	    top != NULL ? top : ".");
	child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		(void)execlp("python3", "python3", "-B", path, (char *)NULL);
		_exit(127);
	}
	cr_assert(waitpid(child, &status, 0) == child);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
