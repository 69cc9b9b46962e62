/* Files on their way, and the disks that do not take them. */
#include "http/spool.h"
#include "../helper/faults.h"
#include "base/log.h"
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[64];

static void
start(void)
{
	test_arena_start();
	(void)snprintf(folder, sizeof(folder), "/tmp/pixlpix-spool.XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static void
stop(void)
{
	test_arena_end();
	cr_assert_eq(rmdir(folder), 0, "something is left in it");
}

TestSuite(spool, .init = start, .fini = stop);

static int
count_names(void)
{
	DIR *stream = opendir(folder);
	int count = 0;

	cr_assert_not_null(stream);
	for (struct dirent *d; (d = readdir(stream)) != NULL;)
		count += d->d_name[0] != '.';
	(void)closedir(stream);
	return count;
}

static void
check_holds_what_is_written(struct spool *s)
{
	char bytes[16] = "";
	int fd;

	ASSERT_ERR(spool_write(s, STR("one ")), OK);
	ASSERT_ERR(spool_write(s, STR("two")), OK);
	ASSERT_ERR(spool_finish(s, &fd), OK);
	cr_assert_eq(read(fd, bytes, sizeof(bytes)), 7);
	cr_assert_str_eq(bytes, "one two");
	cr_assert_eq(count_names(), 0);
}

Test(spool, a_file_has_no_name_and_ends_with_its_request)
{
	struct spool *s;
	int fd;

	ASSERT_ERR(spool_open(test_arena, folder, &s), OK);
	check_holds_what_is_written(s);
	ASSERT_ERR(spool_finish(s, &fd), OK);
	arena_reset(test_arena);
	cr_assert_eq(fcntl(fd, F_GETFD), -1, "the file is still open");
}

Test(spool, a_file_system_that_knows_no_nameless_files_will_do)
{
	static const int refusals[] = {EOPNOTSUPP, EISDIR};

	for (size_t i = 0; i < 2; i++) {
		struct spool *s;

		faults_arm(FAULT_FILES, 1, refusals[i]);
		ASSERT_ERR(spool_open(test_arena, folder, &s), OK);
		cr_assert(faults_disarm());
		check_holds_what_is_written(s);
	}
}

Test(spool, a_folder_that_is_not_there_is_an_error)
{
	struct spool *s = NULL;

	ASSERT_ERR(spool_open(test_arena, "/nonexistent", &s), ERR_IO);
	cr_assert_null(s);
}

Test(spool, a_full_disk_is_an_error)
{
	struct rlimit limit = {4096, RLIM_INFINITY};
	struct str block = {calloc(1, 8192), 8192};
	struct spool *s;

	(void)signal(SIGXFSZ, SIG_IGN);
	ASSERT_ERR(spool_open(test_arena, folder, &s), OK);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ASSERT_ERR(spool_write(s, block), ERR_IO);
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	free((void *)(uintptr_t)block.at);
}

Test(spool, a_file_that_cannot_be_read_again_is_an_error)
{
	struct spool *s;
	int fd = -1;

	ASSERT_ERR(spool_open(test_arena, folder, &s), OK);
	faults_arm(FAULT_FILES, 1, EIO);
	ASSERT_ERR(spool_finish(s, &fd), ERR_IO);
	cr_assert(faults_disarm());
	cr_assert_eq(fd, -1);
}
