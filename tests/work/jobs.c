/* Background jobs, and what becomes of those that fail. */
#include "work/jobs.h"

#include "../helper/stage.h"
#include "base/metrics.h"
#include "domain/account.h"
#include "domain/post.h"
#include "store/sql.h"
#include "work/trace.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int64_t ann;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
}

TestSuite(jobs, .init = start, .fini = stage_end);

static bool
run_one(void)
{
	bool is_done = false;

	ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	return is_done;
}

static int64_t
jobs(void)
{
	return stage_count("SELECT count(*) FROM job");
}

static void
add_job(const char *kind, int64_t subject)
{
	stage_run("INSERT INTO job (kind, subject) VALUES ('%s', %lld)", kind,
	    (long long)subject);
}

static void
make_due(void)
{
	stage_run("UPDATE job SET run_at = now()");
}

static int64_t
post_with_image(void)
{
	struct post_draft draft = {.account = ann, .form_key = stage_key()};
	struct post_outcome out;

	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

Test(jobs, with_nothing_to_do_nothing_is_done)
{
	cr_assert(!run_one());
}

Test(jobs, what_is_not_due_waits)
{
	add_job("feed_fill", 1);
	stage_run("UPDATE job SET run_at = now() + interval '5 s'");
	cr_assert(!run_one());
	ASSERT_INT(jobs(), 1);
}

Test(jobs, the_oldest_goes_first)
{
	add_job("feed_fill", 1);
	add_job("feed_fill", 2);
	stage_run("UPDATE job SET run_at = now() - interval '1 min' WHERE "
		  "subject = 2");
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT subject FROM job"), 1);
}

Test(jobs, feed_fill_puts_a_post_into_every_followers_home)
{
	int64_t post = stage_post(ann, "x");

	stage_run("INSERT INTO account (name, email, display, password_hash, "
		  "consent_version) SELECT 'f' || n, 'f' || n || '@x.y', 'F', "
		  "'', '' FROM generate_series(1, 5) n; INSERT INTO follow "
		  "SELECT id, %lld FROM account WHERE id <> %lld",
	    (long long)ann, (long long)ann);
	/* Who follows somebody else is no follower of hers. */
	stage_run("INSERT INTO follow SELECT %lld, id FROM account WHERE name "
		  "= 'f1'",
	    (long long)stage_account("zed"));
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE post_id = %lld "
			       "AND author_id = %lld",
		       (long long)post, (long long)ann),
	    6);
	ASSERT_INT(jobs(), 0);
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 6);
}

Test(jobs, feed_fill_goes_on_in_another_job_where_followers_are_many)
{
	int64_t post = stage_post(ann, "x");

	stage_run("INSERT INTO account (name, email, display, password_hash, "
		  "consent_version) SELECT 'f' || n, 'f' || n || '@x.y', 'F', "
		  "'', '' FROM generate_series(1, 1005) n; INSERT INTO follow "
		  "SELECT id, %lld FROM account WHERE id <> %lld; DELETE FROM "
		  "feed",
	    (long long)ann, (long long)ann);
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 1000);
	ASSERT_INT(jobs(), 1);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 1005);
	ASSERT_INT(jobs(), 0);
}

Test(jobs, feed_fill_reaches_nobody_who_unfollows_meanwhile)
{
	int64_t post = stage_post(ann, "x");

	stage_run("INSERT INTO account (name, email, display, password_hash, "
		  "consent_version) SELECT 'f' || n, 'f' || n || '@x.y', 'F', "
		  "'', '' FROM generate_series(1, 1005) n; INSERT INTO follow "
		  "SELECT id, %lld FROM account WHERE id <> %lld; DELETE FROM "
		  "feed",
	    (long long)ann, (long long)ann);
	add_job("feed_fill", post);
	cr_assert(run_one());
	stage_run("DELETE FROM follow; DELETE FROM feed");
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 0);
}

Test(jobs, feed_fill_leaves_a_deleted_post_out)
{
	int64_t post = stage_post(ann, "x");

	stage_run("INSERT INTO account (name, email, display, password_hash, "
		  "consent_version) VALUES ('bob', 'b@x.y', 'B', '', ''); "
		  "INSERT INTO follow SELECT id, %lld FROM account WHERE id "
		  "<> %lld",
	    (long long)ann, (long long)ann);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 0);
}

Test(jobs, object_hide_does_what_the_deletion_could_not)
{
	int64_t post = post_with_image();

	stage_block("hidden", NULL);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	stage_unblock("hidden", NULL);
	make_due();
	cr_assert(run_one());
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	ASSERT_INT(jobs(), 0);
}

Test(jobs, picture_hide_does_what_the_change_could_not)
{
	struct str complaint;

	ASSERT_OK(account_set_picture(
	    &stage.site, kit_arena, ann, stage_jpeg(20, 20), &complaint));
	stage_block("hidden", NULL);
	ASSERT_OK(account_set_picture(
	    &stage.site, kit_arena, ann, stage_jpeg(20, 20), &complaint));
	stage_unblock("hidden", NULL);
	ASSERT_INT((long long)stage_objects("public"), 4);
	make_due();
	cr_assert(run_one());
	ASSERT_INT((long long)stage_objects("public"), 2);
	ASSERT_INT((long long)stage_objects("hidden"), 2);
	ASSERT_INT(jobs(), 0);
}

Test(jobs, what_becomes_of_jobs_is_counted)
{
	int64_t post = post_with_image();

	ASSERT_OK(metrics_share());
	stage_run("DELETE FROM job");
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(metrics_read(METRIC_JOBS, AT(METRICS_JOB_DONE)), 1);
	add_job("no_such_kind", 1);
	cr_assert(run_one());
	ASSERT_INT(metrics_read(METRIC_JOBS, AT(METRICS_JOB_FAILED)), 1);
	stage_run("UPDATE job SET tries = %d", JOBS_TRIES - 1);
	make_due();
	cr_assert(run_one());
	ASSERT_INT(metrics_read(METRIC_JOBS, AT(METRICS_JOB_GIVEN_UP)), 1);
	ASSERT_INT(metrics_read(METRIC_JOB_TIME, AT(0)), 3);
}

Test(jobs, a_job_that_fails_waits_twice_as_long_each_time)
{
	int64_t wait_s = 30, post = post_with_image();

	stage_block("hidden", NULL);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	for (int tries = 1; tries <= 4; tries++, wait_s *= 2) {
		make_due();
		cr_assert(run_one());
		ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE tries = "
				       "%d AND last_error = 'store' AND "
				       "failed_at IS NULL AND run_at BETWEEN "
				       "now() + interval '%lld s' - interval "
				       "'20 s' AND now() + interval '%lld s'",
			       tries, (long long)wait_s, (long long)wait_s),
		    1);
		cr_assert(!run_one());
	}
	ASSERT_HAS(kit_log(), "job failed");
}

Test(jobs, a_job_that_failed_is_done_once_the_cause_is_mended)
{
	int64_t post = post_with_image();

	stage_block("hidden", NULL);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	make_due();
	cr_assert(run_one());
	stage_unblock("hidden", NULL);
	make_due();
	cr_assert(run_one());
	ASSERT_INT(jobs(), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(jobs, a_job_is_given_up_after_its_last_try_and_stays_to_be_seen)
{
	add_job("nonsense", 7);
	stage_run("UPDATE job SET tries = %d", JOBS_TRIES - 2);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE failed_at IS "
			       "NULL"),
	    1);
	make_due();
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE failed_at IS "
			       "NOT NULL AND tries = %d AND last_error <> ''",
		       JOBS_TRIES),
	    1);
	ASSERT_HAS(kit_log(), "job given up");
	make_due();
	cr_assert(!run_one());
}

Test(jobs, a_job_of_an_unknown_kind_fails_loudly)
{
	add_job("nonsense", 7);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE tries = 1 AND "
			       "last_error = 'internal'"),
	    1);
	ASSERT_HAS(kit_log(), "\"kind\":\"nonsense\",\"subject\":7");
}

Test(jobs, one_that_fails_does_not_stop_the_others)
{
	add_job("nonsense", 1);
	add_job("feed_fill", 2);
	cr_assert(run_one());
	cr_assert(run_one());
	cr_assert(!run_one());
	ASSERT_INT(jobs(), 1);
}

Test(jobs, one_that_another_process_does_is_left_to_it)
{
	struct db *other;
	struct sql_job_take_row job;
	bool is_found = false;

	add_job("feed_fill", 1);
	ASSERT_OK(db_open(stage.db->conninfo, &other));
	db_begin(other);
	ASSERT_OK(sql_job_take(other, kit_arena, &job, &is_found));
	cr_assert(is_found);
	cr_assert(!run_one());
	db_rollback(other);
	cr_assert(run_one());
	db_close(other);
}

Test(jobs, a_connection_lost_on_the_way_is_a_failed_try)
{
	int64_t post = stage_post(ann, "x");

	stage_run("DELETE FROM feed; INSERT INTO account (name, email, "
		  "display, password_hash, consent_version) VALUES ('bob', "
		  "'b@x.y', 'B', '', ''); INSERT INTO follow SELECT id, %lld "
		  "FROM account WHERE id <> %lld; CREATE FUNCTION cut() "
		  "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
		  "pg_terminate_backend(pg_backend_pid()); RETURN new; END "
		  "$$; CREATE TRIGGER cut BEFORE INSERT ON feed FOR EACH ROW "
		  "EXECUTE FUNCTION cut()",
	    (long long)ann, (long long)ann);
	add_job("feed_fill", post);
	cr_assert(run_one());
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE tries = 1 AND "
			       "last_error = 'lost'"),
	    1);
	stage_run("DROP TRIGGER cut ON feed");
	make_due();
	cr_assert(run_one());
	ASSERT_INT(jobs(), 0);
	cr_assert(stage_count("SELECT count(*) FROM feed") > 0);
}

/* As a fault of ours, or the end of memory, would: the decoder kills who has
 * started it, at making the WebP of an image. */
static enum err
die_at_a_job(struct site *site, struct arena *a, int i)
{
	static const char script[] = "#!/bin/sh\nkill -KILL $PPID\n";
	struct site killed = *site;
	struct str path;
	int64_t job;
	int trace, fd;
	bool is_done;

	(void)i;
	cr_assert_eq(arena_printf(a, &path, "%s/killer", stage.folder), OK);
	fd = open(path.at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	cr_assert(write(fd, script, strlen(script)) == (ssize_t)strlen(script));
	cr_assert(close(fd) == 0);
	killed.decoder = path.at;
	cr_assert_eq(trace_open(&killed, a, &trace, &job), OK);
	return jobs_run_one(&killed, trace, a, &is_done);
}

Test(jobs, one_that_ends_its_process_is_a_failed_try)
{
	enum err error;
	int64_t job;
	int trace;

	post_with_image();
	stage_at_once(1, die_at_a_job, &error);
	ASSERT_INT(error, ERR_COUNT_);
	ASSERT_INT(stage_count("SELECT tries FROM job"), 0);
	ASSERT_OK(trace_open(&stage.site, kit_arena, &trace, &job));
	ASSERT_INT(job, stage_count("SELECT id FROM job"));
	ASSERT_OK(jobs_note_death(&stage.site, kit_arena, job));
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE tries = 1 AND "
			       "last_error = 'its process died' AND "
			       "failed_at IS NULL AND run_at > now()"),
	    1);
	cr_assert(!run_one(), "it would be taken again at once");
	(void)close(trace);
}

Test(jobs, one_that_ended_its_process_and_was_done_since_is_no_failure)
{
	add_job("feed_fill", 1);
	ASSERT_OK(jobs_note_death(
	    &stage.site, kit_arena, stage_count("SELECT id FROM job") + 1));
	ASSERT_INT(stage_count("SELECT tries FROM job"), 0);
}

Test(jobs, a_job_that_has_come_to_an_end_leaves_no_trace)
{
	int64_t job;
	int trace, next;
	bool is_done;

	ASSERT_OK(trace_open(&stage.site, kit_arena, &trace, &job));
	ASSERT_INT(job, 0);
	for (int i = 0; i < 2; i++) {
		add_job(i == 0 ? "feed_fill" : "nonsense", 1);
		ASSERT_OK(
		    jobs_run_one(&stage.site, trace, kit_arena, &is_done));
		cr_assert(is_done);
	}
	/* While one process has it, another has one of its own. */
	trace_note(trace, 7);
	ASSERT_OK(trace_open(&stage.site, kit_arena, &next, &job));
	ASSERT_INT(job, 0);
	trace_note(trace, 0);
	(void)close(trace);
	(void)close(next);
	ASSERT_OK(trace_open(&stage.site, kit_arena, &trace, &job));
	ASSERT_INT(job, 0);
	(void)close(trace);
}

Test(jobs, a_database_that_refuses_leaves_the_job_as_it_was)
{
	bool is_done = true;

	add_job("feed_fill", 1);
	stage_run("ALTER TABLE job RENAME COLUMN kind TO sort");
	ASSERT_ERR(
	    jobs_run_one(&stage.site, -1, kit_arena, &is_done), ERR_DATABASE);
	cr_assert(!is_done);
	ASSERT_INT(stage_count("SELECT tries FROM job"), 0);
}
