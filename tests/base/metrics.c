/* Figures: counting them, sharing them, telling them. */
#include "base/metrics.h"

#include "../helper/kit.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/usage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct buf text;
static char folder[] = "/tmp/pixlpix-metrics.XXXXXX";

static void
start(void)
{
	static const char *const names[] = {"home", "post", "none"};

	kit_start();
	metrics_use_routes(names, 3);
	ASSERT_OK(metrics_share());
	cr_assert(mkdtemp(folder) != NULL);
}

static void
end(void)
{
	char command[64];

	metrics_drop();
	buf_free(&text);
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	cr_assert(system(command) == 0);
	kit_end();
}

TestSuite(metrics, .init = start, .fini = end);

static const char *
path(void)
{
	return kit_text("%s/jobs", folder).at;
}

static struct str
told(const char *from, bool *is_alive)
{
	buf_reset(&text);
	ASSERT_OK(metrics_put(&text, kit_arena, from, is_alive));
	ASSERT_OK(buf_check(&text));
	return buf_str(&text);
}

/* All that is told of this program. */
static struct str
all(void)
{
	bool is_alive;
	struct str s = told(NULL, &is_alive);

	cr_assert(!is_alive);
	return s;
}

Test(metrics, a_counter_is_told_with_help_and_type)
{
	metrics_count(METRIC_UPLOADS, AT(0), 2);
	metrics_count(METRIC_UPLOADS, AT(0), 1);
	ASSERT_HAS(all(), "# HELP pixlpix_uploads_total Images that were "
			  "taken.\n# TYPE pixlpix_uploads_total counter\n"
			  "pixlpix_uploads_total 3\n");
	ASSERT_INT(metrics_read(METRIC_UPLOADS, AT(0)), 3);
}

Test(metrics, each_place_of_the_labels_has_a_cell_of_its_own)
{
	metrics_count(METRIC_REQUESTS, AT(1, 1, metrics_status(200)), 5);
	metrics_count(METRIC_REQUESTS, AT(2, 6, metrics_status(504)), 7);
	metrics_count(METRIC_REQUESTS, AT(0, 0, metrics_status(299)), 9);
	ASSERT_HAS(all(), "pixlpix_http_requests_total{route=\"post\",method="
			  "\"GET\",status=\"200\"} 5\n");
	ASSERT_HAS(all(), "{route=\"none\",method=\"DELETE\",status=\"504\"} "
			  "7\n");
	ASSERT_HAS(all(), "{route=\"home\",method=\"other\",status=\"other\"} "
			  "9\n");
	ASSERT_INT(
	    (long long)kit_count(all(), "pixlpix_http_requests_total{"), 3);
}

Test(metrics, what_is_past_the_labels_is_ignored)
{
	metrics_count(METRIC_REQUESTS, AT(3, 0, 0), 1);
	metrics_count(METRIC_REQUESTS, AT(0, 7, 0), 1);
	metrics_count(METRIC_JOBS, AT(METRICS_JOB_COUNT_), 1);
	metrics_count(METRIC_UPLOADS, AT(0), -4);
	ASSERT_LACKS(all(), "pixlpix_http_requests_total{");
	ASSERT_HAS(all(), "pixlpix_uploads_total 0\n");
}

Test(metrics, a_histogram_counts_what_is_at_most_its_bound)
{
	metrics_observe(METRIC_HASH, AT(0), 250);
	metrics_observe(METRIC_HASH, AT(0), 251);
	metrics_observe(METRIC_HASH, AT(0), 40000000);
	ASSERT_HAS(all(), "pixlpix_hash_seconds_bucket{le=\"0.00025\"} 1\n"
			  "pixlpix_hash_seconds_bucket{le=\"0.0005\"} 2\n");
	ASSERT_HAS(all(), "pixlpix_hash_seconds_bucket{le=\"30\"} 2\n"
			  "pixlpix_hash_seconds_bucket{le=\"+Inf\"} 3\n"
			  "pixlpix_hash_seconds_sum 40.000501\n"
			  "pixlpix_hash_seconds_count 3\n");
	ASSERT_INT(metrics_read(METRIC_HASH, AT(0)), 3);
}

Test(metrics, a_time_goes_into_its_histogram)
{
	metrics_time(METRIC_LATENCY, AT(1), clock_monotonic_us() - 3000);
	ASSERT_HAS(all(), "_bucket{route=\"post\",le=\"0.0025\"} 0\n");
	ASSERT_HAS(all(), "_seconds_count{route=\"post\"} 1\n");
	ASSERT_LACKS(all(), "_count{route=\"home\"}");
}

Test(metrics, a_gauge_is_what_was_set_last)
{
	metrics_set(METRIC_WORKERS, AT(METRICS_POOL_SLOW), 7);
	metrics_set(METRIC_WORKERS, AT(METRICS_POOL_SLOW), 4);
	metrics_set(METRIC_STARTED, AT(0), 1500000);
	ASSERT_HAS(all(), "# TYPE pixlpix_workers gauge\n");
	ASSERT_HAS(all(), "pixlpix_workers{pool=\"slow\"} 4\n");
	ASSERT_HAS(
	    all(), "process_start_time_seconds{program=\"web\"} 1.500000\n");
}

Test(metrics, a_failure_that_is_none_is_not_told)
{
	metrics_count(METRIC_DATABASE_FAIL, AT(ERR_BUSY), 1);
	ASSERT_HAS(all(), "_failures_total{failure=\"busy\",program=\"web\"} "
			  "1\n");
	ASSERT_LACKS(all(), "failure=\"ok\"");
}

Test(metrics, a_failing_store_is_told_before_it_fails)
{
	/* A rate wants the 0 that a counter begins with. */
	ASSERT_HAS(all(), "pixlpix_store_failures_total{store=\"s3\",operation="
			  "\"put\",failure=\"store\",program=\"web\"} 0\n");
	ASSERT_LACKS(all(), "operation=\"put\",failure=\"absent\"");
}

Test(metrics, what_workers_count_at_the_same_time_is_all_there)
{
	enum {
		WORKERS = 8,
		TIMES = 20000
	};

	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			for (int k = 0; k < TIMES; k++) {
				metrics_count(METRIC_UPLOADS, AT(0), 1);
				metrics_observe(METRIC_HASH, AT(0), k);
			}
			_exit(0);
		}
	for (int i = 0; i < WORKERS; i++)
		cr_assert(wait(NULL) > 0);
	ASSERT_INT(metrics_read(METRIC_UPLOADS, AT(0)), WORKERS * TIMES);
	ASSERT_INT(metrics_read(METRIC_HASH, AT(0)), WORKERS * TIMES);
}

Test(metrics, a_worker_that_is_killed_leaves_what_it_counted)
{
	pid_t pid = fork();

	if (pid == 0) {
		metrics_count(METRIC_UPLOADS, AT(0), 3);
		(void)kill(getpid(), SIGKILL);
	}
	cr_assert(waitpid(pid, NULL, 0) == pid);
	ASSERT_INT(metrics_read(METRIC_UPLOADS, AT(0)), 3);
}

Test(metrics, nothing_is_counted_where_nobody_shares)
{
	metrics_drop();
	metrics_count(METRIC_UPLOADS, AT(0), 3);
	metrics_observe(METRIC_HASH, AT(0), 3);
	metrics_set(METRIC_WORKERS, AT(0), 3);
	ASSERT_INT(metrics_read(METRIC_UPLOADS, AT(0)), 0);
	ASSERT_LACKS(all(), "pixlpix_uploads_total 0");
}

/* Another program that publishes, and lives until it is told to end. */
static pid_t
begin_jobs(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	cr_assert(pipe(ready) == 0);
	pid = fork();
	if (pid == 0) {
		metrics_drop();
		metrics_use_routes(NULL, 0);
		if (metrics_publish(path()) != OK)
			_exit(1);
		metrics_count(METRIC_JOBS, AT(METRICS_JOB_DONE), 42);
		metrics_count(METRIC_STATEMENTS, AT(0), 9);
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	(void)close(ready[1]);
	cr_assert(read(ready[0], &byte, 1) == 1);
	(void)close(ready[0]);
	return pid;
}

static void
end_jobs(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	cr_assert(waitpid(pid, NULL, 0) == pid);
}

Test(metrics, what_another_program_publishes_is_told_beside_ours)
{
	pid_t pid = begin_jobs();
	bool is_alive;
	struct str s;

	metrics_count(METRIC_STATEMENTS, AT(0), 1);
	s = told(path(), &is_alive);
	end_jobs(pid);
	cr_assert(is_alive);
	ASSERT_HAS(s, "pixlpix_job_runs_total{result=\"done\"} 42\n");
	ASSERT_HAS(s, "pixlpix_database_statements_total{program=\"web\"} 1\n"
		      "pixlpix_database_statements_total{program=\"jobs\"} "
		      "9\n");
}

Test(metrics, a_program_that_was_killed_is_known_to_be_gone)
{
	bool is_alive = true;

	end_jobs(begin_jobs());
	ASSERT_LACKS(told(path(), &is_alive), "result=\"done\"");
	cr_assert(!is_alive);
}

Test(metrics, one_that_begins_anew_replaces_what_was_published)
{
	pid_t pid;
	bool is_alive = false;

	end_jobs(begin_jobs());
	pid = begin_jobs();
	ASSERT_HAS(told(path(), &is_alive), "result=\"done\"} 42\n");
	end_jobs(pid);
	cr_assert(is_alive);
}

Test(metrics, what_was_never_published_is_not_alive)
{
	bool is_alive = true;

	(void)told(path(), &is_alive);
	cr_assert(!is_alive);
}

Test(metrics, a_file_of_another_version_is_left_out)
{
	pid_t pid = begin_jobs();
	FILE *file = fopen(path(), "r+");
	bool is_alive = true;

	cr_assert(file != NULL && fputc('x', file) == 'x');
	(void)fclose(file);
	ASSERT_LACKS(told(path(), &is_alive), "result=\"done\"");
	end_jobs(pid);
	cr_assert(!is_alive);
}

/* As pixlpix-web does: with routes, and a child that counts, too. */
static pid_t
begin_web(void)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	int ready[2];
	char byte;
	pid_t pid;

	cr_assert(pipe(ready) == 0);
	pid = fork();
	if (pid == 0) {
		metrics_drop();
		metrics_use_routes(names, 4);
		if (metrics_publish(path()) != OK)
			_exit(1);
		if (fork() == 0) {
			metrics_observe(METRIC_LATENCY, AT(3), 400);
			metrics_observe(METRIC_LATENCY, AT(0), 9000);
			metrics_count(METRIC_RESPONSES, AT(2), 2);
			_exit(0);
		}
		(void)wait(NULL);
		metrics_count(METRIC_REQUESTS, AT(3, 6, 1), 8);
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	(void)close(ready[1]);
	cr_assert(read(ready[0], &byte, 1) == 1);
	(void)close(ready[0]);
	return pid;
}

Test(metrics, a_program_with_other_routes_is_read_as_it_counts)
{
	pid_t pid = begin_web();
	const struct metrics_copy *copy;
	struct metrics_spread s;
	enum err e = metrics_copy(kit_arena, path(), &copy);

	end_jobs(pid);
	ASSERT_OK(e);
	metrics_copy_spread(copy, METRIC_LATENCY, &s);
	ASSERT_INT(s.count, 2);
	ASSERT_INT(s.told[1], 1);
	ASSERT_INT(s.told[5], 1);
	ASSERT_INT(metrics_copy_read(copy, METRIC_LATENCY, AT(3)), 1);
	ASSERT_INT(metrics_copy_read(copy, METRIC_RESPONSES, AT(2)), 2);
	ASSERT_INT(metrics_copy_read(copy, METRIC_REQUESTS, AT(3, 6, 1)), 8);
	ASSERT_INT(metrics_copy_read(copy, METRIC_REQUESTS, AT(4, 0, 0)), 0);
	metrics_copy_spread(copy, METRIC_RESPONSES, &s);
	ASSERT_INT(s.count, 0);
}

Test(metrics, nothing_is_copied_of_a_program_that_is_gone)
{
	const struct metrics_copy *copy;

	ASSERT_ERR(metrics_copy(kit_arena, path(), &copy), ERR_ABSENT);
	end_jobs(begin_web());
	ASSERT_ERR(metrics_copy(kit_arena, path(), &copy), ERR_ABSENT);
}

Test(metrics, a_quantile_lies_between_the_edges_of_its_bucket)
{
	struct metrics_spread s = {.count = 100};

	s.told[3] = 50; /* from 1 to 2.5 ms */
	s.told[4] = 50; /* to 5 ms */
	ASSERT_INT(metrics_quantile_us(&s, 25), 1750);
	ASSERT_INT(metrics_quantile_us(&s, 50), 2500);
	ASSERT_INT(metrics_quantile_us(&s, 99), 4950);
	ASSERT_INT(metrics_quantile_us(&s, 100), 5000);
	s = (struct metrics_spread){.count = 1, .told = {[0] = 1}};
	ASSERT_INT(metrics_quantile_us(&s, 50), 125);
	s = (struct metrics_spread){
	    .count = 1, .told = {[METRICS_BUCKETS - 1] = 1}};
	ASSERT_INT(metrics_quantile_us(&s, 50), 30000000);
	ASSERT_INT(metrics_quantile_us(&(struct metrics_spread){0}, 50), 0);
}

Test(metrics, a_place_that_cannot_be_written_is_an_error_that_is_logged)
{
	kit_log_capture();
	metrics_drop();
	ASSERT_ERR(metrics_publish("/nowhere/at/all"), ERR_IO);
	ASSERT_HAS(kit_log(), "\"path\":\"/nowhere/at/all\"");
	ASSERT_HAS(kit_log(), "No such file");
}

Test(metrics, lines_of_the_log_are_counted_by_their_level)
{
	kit_log_capture();
	log_event(LOG_WARN, "one");
	log_event(LOG_WARN, "two");
	log_event(LOG_DEBUG, "not written");
	ASSERT_INT(metrics_read(METRIC_LINES, AT(LOG_WARN)), 2);
	ASSERT_INT(metrics_read(METRIC_LINES, AT(LOG_DEBUG)), 0);
}

Test(metrics, a_sample_of_a_family_has_its_labels_in_braces)
{
	struct buf b = {0};

	metrics_put_family(&b, "x", "gauge", "An x.");
	metrics_put_sample(&b, "x", STR("of=\"y\""), -4);
	metrics_put_gauge(&b, "z", "A z.", 5);
	metrics_put_seconds(&b, "t", STR(""), 1000001);
	ASSERT_STR(buf_str(&b),
	    "# HELP x An x.\n# TYPE x gauge\nx{of=\"y\"} -4\n"
	    "# HELP z A z.\n# TYPE z gauge\nz 5\nt 1.000001\n");
	buf_free(&b);
}

/* Runs until it has used that much, as the kernel sees it. */
static void
burn(int64_t cpu_us)
{
	while (usage_own_cpu_us() < cpu_us)
		continue;
}

Test(metrics, usage_is_that_of_the_process)
{
	struct usage used;

	burn(40000);
	ASSERT_OK(usage_find(getpid(), &used));
	cr_assert(used.cpu_us >= 30000 && used.cpu_us < 20000000);
	cr_assert(used.memory_bytes > 50000 &&
		  used.memory_bytes < INT64_C(4000000000));
}

Test(metrics, usage_of_a_process_that_is_gone_is_absent)
{
	struct usage used;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	cr_assert(waitpid(pid, NULL, 0) == pid);
	ASSERT_ERR(usage_find(pid, &used), ERR_ABSENT);
}

Test(metrics, time_of_a_child_is_ours_when_it_was_waited_for)
{
	int64_t before = usage_own_cpu_us();
	pid_t pid = fork();

	if (pid == 0) {
		burn(60000);
		_exit(0);
	}
	cr_assert(waitpid(pid, NULL, 0) == pid);
	cr_assert(usage_own_cpu_us() >= before + 55000);
}

Test(metrics, spread_of_a_histogram_has_all_its_series)
{
	struct metrics_spread s;

	metrics_spread(METRIC_LATENCY, &s);
	ASSERT_INT(s.count, 0);
	ASSERT_INT(metrics_within_us(&s, 50), 0);
	for (int i = 0; i < 98; i++)
		metrics_observe(METRIC_LATENCY, AT((size_t)(i % 2)), 900);
	metrics_observe(METRIC_LATENCY, AT(0), 40000);
	metrics_observe(METRIC_LATENCY, AT(1), 99000000);
	metrics_spread(METRIC_LATENCY, &s);
	ASSERT_INT(s.count, 100);
	ASSERT_INT(s.told[2], 98);
	ASSERT_INT(s.told[METRICS_BUCKETS - 1], 1);
	ASSERT_INT(metrics_within_us(&s, 50), 1000);
	ASSERT_INT(metrics_within_us(&s, 98), 1000);
	ASSERT_INT(metrics_within_us(&s, 99), 50000);
	ASSERT_INT(metrics_within_us(&s, 100), INT64_MAX);
	metrics_drop();
	metrics_spread(METRIC_LATENCY, &s);
	ASSERT_INT(s.count, 0);
}
