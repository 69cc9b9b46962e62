/* Counting what there is. */
#include "work/measure.h"

#include "../helper/stage.h"
#include "domain/comment.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/post.h"
#include "store/sql.h"

TestSuite(measure, .init = stage_start, .fini = stage_end);

static bool
keep(struct measure *m)
{
	bool is_done;

	ASSERT_OK(measure_keep(&stage.site, kit_arena, m, &is_done));
	return is_done;
}

static void
make_old(void)
{
	stage_run("UPDATE measure SET counted_at = counted_at - interval '2 "
		  "min'");
}

static int64_t
counted(const char *column)
{
	return stage_count(
	    "SELECT %s FROM measure ORDER BY hour DESC LIMIT 1", column);
}

Test(measure, an_empty_site_is_counted_as_that)
{
	cr_assert(keep(&(struct measure){0}));
	ASSERT_INT(counted("accounts + posts + images + comments + likes + "
			   "follows + sessions + tokens + active_day + bytes"),
	    0);
}

Test(measure, everything_is_in_its_column)
{
	int64_t ann = stage_account("ann"), bob = stage_account("bob");
	int64_t post = stage_post(ann, "x"), gone = stage_post(ann, "y");

	stage_account("cleo");
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, gone));
	stage_run("INSERT INTO image (post_id, place, key, width, height, "
		  "m_width, colour) VALUES (%lld, 1, 'k', 1, 1, 1, 1), (%lld, "
		  "2, 'l', 1, 1, 1, 1)",
	    (long long)post, (long long)post);
	stage_run("INSERT INTO comment (post_id, account_id, body, deleted_at) "
		  "VALUES (%lld, %lld, 'a', NULL), (%lld, %lld, 'b', NULL), "
		  "(%lld, %lld, 'c', NULL), (%lld, %lld, 'd', now())",
	    (long long)post, (long long)ann, (long long)post, (long long)bob,
	    (long long)post, (long long)bob, (long long)post, (long long)bob);
	stage_run("INSERT INTO liking (post_id, account_id) VALUES (%lld, "
		  "%lld), (%lld, %lld)",
	    (long long)post, (long long)ann, (long long)post, (long long)bob);
	stage_run("INSERT INTO follow (follower_id, followed_id) VALUES (%lld, "
		  "%lld)",
	    (long long)bob, (long long)ann);
	stage_run("INSERT INTO object_sum VALUES ('a', 700, repeat('0', 64)), "
		  "('b', 77, repeat('0', 64))");
	cr_assert(keep(&(struct measure){0}));
	ASSERT_INT(counted("accounts"), 3);
	ASSERT_INT(counted("posts"), 1);
	ASSERT_INT(counted("images"), 2);
	ASSERT_INT(counted("comments"), 3);
	ASSERT_INT(counted("likes"), 2);
	ASSERT_INT(counted("follows"), 1);
	ASSERT_INT(counted("bytes"), 777);
}

Test(measure, what_was_counted_by_a_clock_that_was_ahead_stops_nothing)
{
	struct sql_measure_last_row last;
	bool is_found;

	cr_assert(keep(&(struct measure){0}));
	stage_run("UPDATE measure SET hour = hour + interval '1 year', "
		  "counted_at = counted_at + interval '1 year'");
	stage_account("ann");
	cr_assert(keep(&(struct measure){0}));
	ASSERT_OK(sql_measure_last(stage.site.db, kit_arena, &last, &is_found));
	cr_assert(is_found);
	ASSERT_INT(last.accounts, 1);
}

Test(measure, a_person_with_two_logins_is_active_once)
{
	int64_t ann = stage_account("ann"), bob = stage_account("bob");
	int64_t cy = stage_account("cleo");

	stage_run(
	    "INSERT INTO session (token_hash, account_id, seen_at) VALUES "
	    "('a', %lld, now()), ('b', %lld, now()), ('c', %lld, now() - "
	    "interval '3 days'), ('d', %lld, now() - interval '60 days')",
	    (long long)ann, (long long)ann, (long long)bob, (long long)cy);
	stage_run(
	    "INSERT INTO token (account_id, name, token_hash, can_read, "
	    "can_write, can_upload, form_key, used_at) VALUES (%lld, 't', "
	    "'e', true, false, false, 'f', now())",
	    (long long)ann);
	cr_assert(keep(&(struct measure){0}));
	ASSERT_INT(counted("sessions"), 3);
	ASSERT_INT(counted("tokens"), 1);
	ASSERT_INT(counted("active_day"), 1);
	ASSERT_INT(counted("active_week"), 2);
}

Test(measure, a_table_of_millions_is_estimated)
{
	stage_account("ann");
	stage_run("UPDATE pg_class SET reltuples = 5000000 WHERE oid IN "
		  "('account'::regclass, 'object_sum'::regclass)");
	cr_assert(keep(&(struct measure){0}));
	ASSERT_INT(counted("accounts"), 5000000);
	ASSERT_INT(counted("bytes"), 0);
}

Test(measure, one_row_is_kept_for_each_hour)
{
	cr_assert(keep(&(struct measure){0}));
	stage_run("UPDATE measure SET hour = hour - interval '1 hour'");
	make_old();
	stage_account("ann");
	cr_assert(keep(&(struct measure){0}));
	make_old();
	stage_account("bob");
	cr_assert(keep(&(struct measure){0}));
	ASSERT_INT(stage_count("SELECT count(*) FROM measure"), 2);
	ASSERT_INT(counted("accounts"), 2);
}

Test(measure, what_was_counted_just_now_is_not_counted_again)
{
	struct measure m = {0};

	cr_assert(keep(&m));
	make_old();
	cr_assert(!keep(&m)); /* by our own clock */
	stage_run("UPDATE measure SET counted_at = now()");
	cr_assert(!keep(&(struct measure){0})); /* by somebody else's row */
}

Test(measure, a_database_that_is_away_is_tried_again_later)
{
	struct measure m = {0};
	bool is_done = true;

	stage_run("ALTER TABLE measure RENAME TO elsewhere");
	cr_assert(measure_keep(&stage.site, kit_arena, &m, &is_done) != OK);
	cr_assert(!is_done && m.next_us > 0);
	stage_run("ALTER TABLE elsewhere RENAME TO measure");
}
