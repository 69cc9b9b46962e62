/* Following: rows, counters and home timelines. */
#include "domain/follow.h"

#include "../helper/stage.h"
#include "domain/post.h"

#include <unistd.h>

static int64_t ann, bob, eve;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	eve = stage_account("eve");
}

TestSuite(follow, .init = start, .fini = stage_end);

static enum err
add(int64_t who, const char *whom)
{
	return follow_add(&stage.site, kit_arena, who, str_from(whom));
}

static enum err
take_back(int64_t who, const char *whom)
{
	return follow_remove(&stage.site, kit_arena, who, str_from(whom));
}

static int64_t
feed_of(int64_t who)
{
	return stage_count("SELECT count(*) FROM feed WHERE account_id = %lld",
	    (long long)who);
}

/* All counters say what the rows say. */
static void
assert_counters(int64_t follows)
{
	ASSERT_INT(stage_count("SELECT count(*) FROM follow"), follows);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account a WHERE followers <> "
			"(SELECT count(*) FROM follow WHERE followed_id = "
			"a.id) OR following <> (SELECT count(*) FROM follow "
			"WHERE follower_id = a.id)"),
	    0);
}

Test(follow, is_counted_on_both_sides)
{
	ASSERT_OK(add(bob, "ann"));
	ASSERT_OK(add(eve, "ANN"));
	ASSERT_OK(add(ann, "eve"));
	assert_counters(3);
}

Test(follow, twice_is_once)
{
	ASSERT_OK(add(bob, "ann"));
	ASSERT_OK(add(bob, "ann"));
	assert_counters(1);
}

Test(follow, taken_back_twice_changes_nothing_more)
{
	ASSERT_OK(add(bob, "ann"));
	ASSERT_OK(add(eve, "ann"));
	ASSERT_OK(take_back(bob, "Ann"));
	ASSERT_OK(take_back(bob, "ann"));
	assert_counters(1);
}

Test(follow, nobody_follows_oneself)
{
	ASSERT_ERR(add(ann, "ann"), ERR_INPUT);
	assert_counters(0);
}

Test(follow, needs_somebody)
{
	ASSERT_ERR(add(ann, "nobody_here"), ERR_ABSENT);
	ASSERT_ERR(take_back(ann, "nobody_here"), ERR_ABSENT);
	ASSERT_ERR(add(ann, ""), ERR_ABSENT);
	assert_counters(0);
}

Test(follow, a_suspended_account_has_no_new_followers)
{
	stage_run("UPDATE account SET suspended_at = now() WHERE name = 'ann'");
	ASSERT_ERR(add(bob, "ann"), ERR_ABSENT);
	assert_counters(0);
	stage_run("UPDATE account SET is_private = true WHERE name = 'ann'");
	ASSERT_ERR(add(bob, "ann"), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM follow_request"), 0);
}

Test(follow, brings_the_posts_into_ones_home)
{
	int64_t gone;

	(void)stage_post(ann, "one");
	gone = stage_post(ann, "two");
	(void)stage_post(eve, "three");
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, gone));
	ASSERT_OK(add(bob, "ann"));
	ASSERT_INT(feed_of(bob), 1);
	(void)stage_post(ann, "four");
	ASSERT_INT(feed_of(bob), 2);
}

Test(follow, brings_the_newest_hundred)
{
	stage_run("INSERT INTO post (account_id) SELECT %lld FROM "
		  "generate_series(1, 120)",
	    (long long)ann);
	ASSERT_OK(add(bob, "ann"));
	ASSERT_INT(feed_of(bob), 100);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE post_id = "
			       "(SELECT max(id) FROM post)"),
	    1);
}

Test(follow, taken_back_takes_those_posts_and_no_others)
{
	(void)stage_post(ann, "one");
	(void)stage_post(eve, "two");
	(void)stage_post(bob, "own");
	ASSERT_OK(add(bob, "ann"));
	ASSERT_OK(add(bob, "eve"));
	ASSERT_OK(add(eve, "ann"));
	ASSERT_OK(take_back(bob, "ann"));
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE account_id = "
			       "%lld AND author_id = %lld",
		       (long long)bob, (long long)ann),
	    0);
	ASSERT_INT(feed_of(bob), 2);
	ASSERT_INT(feed_of(eve), 2);
	ASSERT_INT(feed_of(ann), 1);
}

static enum err
each_other(struct site *site, struct arena *a, int i)
{
	int64_t who = i % 2 == 0 ? ann : bob;
	struct str whom = i % 2 == 0 ? STR("bob") : STR("ann");

	for (int k = 0; k < 10; k++) {
		TRY(follow_add(site, a, who, whom));
		TRY(follow_remove(site, a, who, whom));
		TRY(follow_add(site, a, who, whom));
	}
	return OK;
}

Test(follow, two_who_follow_each_other_at_once_are_counted_right)
{
	enum err errors[4];

	stage_at_once(4, each_other, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	assert_counters(stage_count("SELECT count(*) FROM follow"));
}

/* 0 follows and takes its time, 1 posts meanwhile. */
static enum err
follow_or_post(struct site *site, struct arena *a, int i)
{
	struct post_draft draft = {.caption = STR("x"), .account = ann};
	struct post_outcome made;

	draft.form_key = STR("abcdefghijklmnopqrstuv");
	if (i == 1) {
		(void)usleep(200 * 1000);
		return post_make(site, a, &draft, &made);
	}
	db_begin(site->db);
	TRY(follow_add(site, a, bob, STR("ann")));
	(void)usleep(600 * 1000);
	return db_commit(site->db, a);
}

Test(follow, misses_no_post_that_is_made_at_the_same_time)
{
	enum err errors[2];

	stage_at_once(2, follow_or_post, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed "
			       "WHERE account_id = %lld",
		       (long long)bob),
	    1);
}
