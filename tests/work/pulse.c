/* What is noted of two looks at the figures. */
#include "work/pulse.h"

#include "../helper/stage.h"
#include "base/clock.h"
#include "domain/figures.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct pulse pulse;

static void
start(void)
{
	stage_start();
	metrics_use_routes(NULL, 0);
	ASSERT_OK(metrics_share()); /* as pixlpix-jobs' own */
	pulse = (struct pulse){0};
}

static void
end(void)
{
	metrics_drop();
	stage_end();
}

TestSuite(pulse, .init = start, .fini = end);

static bool
keep(void)
{
	bool is_noted;

	ASSERT_OK(pulse_keep(&stage.site, kit_arena, &pulse, &is_noted));
	return is_noted;
}

/* As if a minute had gone by. */
static bool
keep_later(void)
{
	pulse.next_us = 0;
	pulse.last.at_us -= 60000000;
	return keep();
}

/* Moves what was noted into an earlier minute. */
static void
move_back(void)
{
	stage_run("UPDATE pulse SET at = at - interval '1 minute'");
}

static int64_t
noted(const char *what)
{
	return stage_count(
	    "SELECT %s FROM pulse ORDER BY at DESC LIMIT 1", what);
}

/* A pixlpix-web with two routes that has counted so much since it began. */
struct web {
	pid_t pid;
	int go; /* a byte: it counts as much again */
	int done;
};

static void
count_as_web(int64_t n)
{
	metrics_count(METRIC_RESPONSES, AT(2), n);
	metrics_count(METRIC_RESPONSES, AT(5), 1);
	for (int64_t i = 0; i < n; i++)
		metrics_observe(METRIC_LATENCY, AT(1), 400);
	metrics_observe(METRIC_DATABASE, AT(0), 100);
	metrics_set(METRIC_CPU, AT(0), 5000000 + n);
	metrics_set(METRIC_MEMORY, AT(0), 1000);
}

static struct web
begin_web(int64_t n)
{
	static const char *const names[] = {"home", "post"};
	const char *path =
	    kit_text("%.*s/" FIGURES_OF_WEB, STR_ARG(stage.conf.run_dir)).at;
	int go[2], done[2];
	char byte;
	struct web web;

	cr_assert(pipe(go) == 0 && pipe(done) == 0);
	web = (struct web){fork(), go[1], done[0]};
	if (web.pid == 0) {
		(void)close(go[1]);
		metrics_drop();
		metrics_use_routes(names, 2);
		if (metrics_publish(path) != OK)
			_exit(1);
		metrics_set(METRIC_STARTED, AT(0), clock_now().us);
		do {
			count_as_web(n);
			(void)!write(done[1], "", 1);
		} while (read(go[0], &byte, 1) == 1);
		_exit(0);
	}
	(void)close(go[0]);
	(void)close(done[1]);
	cr_assert(read(web.done, &byte, 1) == 1);
	return web;
}

static void
go_on(const struct web *web)
{
	char byte = 0;

	cr_assert(write(web->go, &byte, 1) == 1);
	cr_assert(read(web->done, &byte, 1) == 1);
}

static void
end_web(const struct web *web)
{
	(void)kill(web->pid, SIGKILL);
	cr_assert(waitpid(web->pid, NULL, 0) == web->pid);
	(void)close(web->go);
	(void)close(web->done);
}

Test(pulse, the_first_look_has_nothing_to_tell)
{
	cr_assert_not(keep());
	ASSERT_INT(stage_count("SELECT count(*) FROM pulse"), 0);
	cr_assert_not(keep()); /* nor the next one, before a minute is over */
	cr_assert(keep_later());
	ASSERT_INT(noted("seconds"), 60);
}

Test(pulse, what_has_happened_between_two_looks_is_noted)
{
	struct web web = begin_web(7);

	metrics_observe(METRIC_DATABASE, AT(0), 100);
	cr_assert_not(keep());
	go_on(&web);
	metrics_observe(METRIC_DATABASE, AT(0), 100);
	metrics_observe(METRIC_STORE, AT(0, 0), 300);
	metrics_set(METRIC_CPU, AT(0), 1234);
	cr_assert(keep_later());
	end_web(&web);
	ASSERT_INT(noted("responses[3]"), 7);
	ASSERT_INT(noted("responses[6]"), 1);
	ASSERT_INT(noted("requests[2]"), 7);
	ASSERT_INT(noted("(SELECT sum(n) FROM unnest(requests) n)"), 7);
	/* the programs of both, but what the statements of this test add */
	cr_assert_geq(noted("(SELECT sum(n) FROM unnest(database) n)"), 2);
	ASSERT_INT(noted("store[2]"), 1);
	ASSERT_INT(noted("jobs_cpu_us"), 1234);
	ASSERT_INT(noted("web_bytes"), 1000);
	cr_assert_gt(noted("disk_free"), 0);
}

Test(pulse, a_web_that_was_restarted_has_counted_from_nothing)
{
	struct web web = begin_web(50);

	cr_assert_not(keep());
	end_web(&web);
	web = begin_web(60); /* more than before: the start tells */
	cr_assert(keep_later());
	end_web(&web);
	ASSERT_INT(noted("responses[3]"), 60);
	ASSERT_INT(noted("requests[2]"), 60);
	ASSERT_INT(noted("web_cpu_us"), 5000060);
}

Test(pulse, a_web_that_does_not_run_is_unknown_and_not_nothing)
{
	struct web web = begin_web(5);

	cr_assert_not(keep());
	end_web(&web);
	cr_assert(keep_later());
	ASSERT_INT(noted("(responses IS NULL AND requests IS NULL AND "
			 "web_cpu_us IS NULL AND web_bytes IS NULL)::int"),
	    1);
	ASSERT_INT(noted("(database IS NOT NULL)::int"), 1);
	move_back();
	web = begin_web(9);
	cr_assert(keep_later());
	end_web(&web);
	ASSERT_INT(noted("responses[3]"), 9);
}

Test(pulse, what_the_database_did_not_take_is_told_the_next_time)
{
	struct web web = begin_web(3);
	bool is_noted;

	cr_assert_not(keep());
	stage_run("ALTER TABLE pulse RENAME TO elsewhere");
	go_on(&web);
	pulse.next_us = 0;
	pulse.last.at_us -= 60000000;
	cr_assert(pulse_keep(&stage.site, kit_arena, &pulse, &is_noted) != OK);
	cr_assert(!is_noted && pulse.next_us > 0);
	stage_run("ALTER TABLE elsewhere RENAME TO pulse");
	go_on(&web);
	cr_assert(keep_later());
	end_web(&web);
	ASSERT_INT(noted("seconds"), 120);
	ASSERT_INT(noted("responses[3]"), 6);
}

Test(pulse, each_look_is_a_row_and_none_is_lost_as_it_grows_old)
{
	cr_assert_not(keep());
	for (int i = 0; i < 3; i++)
		cr_assert(keep_later());
	ASSERT_INT(stage_count("SELECT count(*) FROM pulse WHERE at BETWEEN "
			       "now() - interval '90 s' AND now() - interval "
			       "'60 s'"),
	    3);
	stage_run("UPDATE pulse SET at = at - interval '2 years'");
	pulse.thin_us = 0;
	cr_assert(keep_later());
	ASSERT_INT(stage_count("SELECT sum(seconds) FROM pulse WHERE grain = "
			       "86400"),
	    180);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM pulse WHERE grain = 60"), 1);
}

/* A row of that grain that begins then; the two are SQL. */
static void
have(const char *host, int64_t grain, const char *at, const char *responses)
{
	stage_run("INSERT INTO pulse VALUES (%lld, date_bin('1 minute', %s, "
		  "'epoch'), '%s', %lld, %s, '{1,2,3}', '{1}', NULL, NULL, "
		  "NULL, 10, 20, 5000, 7, 100, 900)",
	    (long long)grain, at, host, (long long)grain, responses);
}

Test(pulse, what_is_old_becomes_coarser_and_loses_no_count)
{
	have("a", 60, "'2020-01-01 10:00Z'::timestamptz", "'{0,0,5,0,0,0}'");
	have("a", 60, "'2020-01-01 10:09Z'::timestamptz", "'{0,0,6,0,0,1}'");
	have("a", 60, "'2020-01-01 23:59Z'::timestamptz", "NULL");
	have("b", 60, "'2020-01-01 10:09Z'::timestamptz", "NULL");
	have("a", 60, "now()", "'{0,0,1,0,0,0}'");
	cr_assert_not(keep()); /* thins with its first look */
	ASSERT_INT(stage_count("SELECT count(*) FROM pulse"), 3);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM pulse WHERE grain = 60"), 1);
	ASSERT_INT(
	    stage_count("SELECT responses[3] * 100 + responses[6] FROM "
			"pulse WHERE grain = 86400 AND host = 'a' AND at "
			"= '2020-01-01 00:00Z'"),
	    1101);
	ASSERT_INT(stage_count("SELECT seconds + requests[3] + web_cpu_us FROM "
			       "pulse WHERE grain = 86400 AND host = 'a'"),
	    180 + 9 + 30);
	ASSERT_INT(stage_count("SELECT count(*) FROM pulse WHERE grain = 86400 "
			       "AND host = 'b' AND responses IS NULL"),
	    1);
}

Test(pulse, a_row_that_comes_late_is_added_to_the_coarse_one)
{
	have("a", 86400, "'2020-01-01 00:00Z'::timestamptz", "NULL");
	have("a", 3600, "'2020-01-01 05:00Z'::timestamptz", "'{0,0,5,0,0,0}'");
	cr_assert_not(keep());
	ASSERT_INT(stage_count("SELECT count(*) FROM pulse"), 1);
	ASSERT_INT(stage_count("SELECT responses[3] + seconds FROM pulse"),
	    5 + 86400 + 3600);
}

Test(pulse, thinning_again_changes_nothing)
{
	have("a", 60, "'2020-01-01 10:00Z'::timestamptz", "'{0,0,5,0,0,0}'");
	cr_assert_not(keep());
	pulse.thin_us = 0;
	stage_run("DELETE FROM pulse WHERE grain = 60");
	cr_assert(keep_later());
	ASSERT_INT(stage_count("SELECT seconds + responses[3] FROM pulse WHERE "
			       "grain = 86400"),
	    65);
}
