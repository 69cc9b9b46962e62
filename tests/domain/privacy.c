/* Private accounts: requests and answers, who sees what, and where the images
 * are. */
#include "domain/privacy.h"

#include "../helper/stage.h"
#include "domain/follow.h"
#include "domain/fsck.h"
#include "domain/image.h"
#include "domain/like.h"
#include "domain/post.h"
#include "domain/reach.h"
#include "domain/viewer.h"
#include "work/jobs.h"

static int64_t ann, bob, eve;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	eve = stage_account("eve");
}

TestSuite(privacy, .init = start, .fini = stage_end);

static enum err
make_private(bool is_private)
{
	return privacy_set(&stage.site, kit_arena, ann, is_private);
}

static enum err
ask(int64_t who)
{
	return follow_add(&stage.site, kit_arena, who, STR("ann"));
}

static enum err
withdraw(int64_t who)
{
	return follow_remove(&stage.site, kit_arena, who, STR("ann"));
}

static enum err
accept(const char *name)
{
	return follow_accept(&stage.site, kit_arena, ann, str_from(name));
}

static int64_t
requests(void)
{
	return stage_count("SELECT count(*) FROM follow_request");
}

/* How many of ann's posts the account sees; 0: a stranger. */
static int64_t
seen_by(int64_t who)
{
	return stage_count("SELECT count(*) FROM (SELECT set_config("
			   "'pixlpix.viewer', nullif('%lld', '0'), false)) s, "
			   "LATERAL (SELECT s, id FROM visible_post WHERE "
			   "account_id = %lld) v",
	    (long long)who, (long long)ann);
}

/* The counters say what the rows say. */
static void
assert_follows(int64_t follows, int64_t waiting)
{
	ASSERT_INT(stage_count("SELECT count(*) FROM follow"), follows);
	ASSERT_INT(requests(), waiting);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account a WHERE followers <> "
			"(SELECT count(*) FROM follow WHERE followed_id = "
			"a.id) OR following <> (SELECT count(*) FROM follow "
			"WHERE follower_id = a.id)"),
	    0);
}

static void
run_jobs(void)
{
	bool is_done = true;

	while (is_done)
		ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE failed_at IS "
			       "NOT NULL OR tries > 0"),
	    0);
}

static int64_t
post_with_image(int64_t account)
{
	struct post_draft draft = {.account = account, .form_key = stage_key()};
	struct post_outcome out;

	draft.images[draft.image_count++].fd = stage_jpeg(60, 40);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

/* ---- asking and answering ---- */

Test(privacy, who_follows_a_private_account_asks)
{
	ASSERT_OK(make_private(true));
	(void)stage_post(ann, "one");
	for (int i = 0; i < 3; i++)
		ASSERT_OK(ask(bob));
	assert_follows(0, 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE account_id = "
			       "%lld",
		       (long long)bob),
	    0);
	ASSERT_INT(seen_by(bob), 0);
}

Test(privacy, a_request_is_accepted_once)
{
	ASSERT_OK(make_private(true));
	(void)stage_post(ann, "one");
	ASSERT_OK(ask(bob));
	ASSERT_OK(accept("BOB"));
	ASSERT_ERR(accept("bob"), ERR_ABSENT);
	assert_follows(1, 0);
	ASSERT_INT(seen_by(bob), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE account_id = "
			       "%lld",
		       (long long)bob),
	    1);
	/* Following again changes nothing, and asks for nothing. */
	ASSERT_OK(ask(bob));
	assert_follows(1, 0);
}

Test(privacy, a_yes_brings_the_newest_hundred_posts_of_that_account_alone)
{
	ASSERT_OK(make_private(true));
	(void)stage_post(eve, "not asked for");
	stage_run("INSERT INTO post (account_id, caption, form_key) "
		  "SELECT %lld, 'x', 'many ' || i FROM generate_series(1, 103) "
		  "i",
	    (long long)ann);
	(void)stage_post(eve, "neither");
	stage_run("UPDATE post SET deleted_at = now() WHERE id = (SELECT "
		  "max(id) FROM post WHERE account_id = %lld)",
	    (long long)ann);
	ASSERT_OK(ask(bob));
	ASSERT_OK(accept("bob"));
	ASSERT_INT(stage_count("SELECT count(*) FROM feed f JOIN post p ON "
			       "p.id = f.post_id WHERE f.account_id = %lld AND "
			       "p.account_id = %lld AND p.deleted_at IS NULL",
		       (long long)bob, (long long)ann),
	    100);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE account_id = "
			       "%lld",
		       (long long)bob),
	    100);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM post p WHERE account_id = %lld "
			"AND deleted_at IS NULL AND id > (SELECT min(post_id) "
			"FROM feed WHERE account_id = %lld)",
		(long long)ann, (long long)bob),
	    99);
}

Test(privacy, a_request_is_declined_and_may_be_made_again)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_OK(follow_decline(&stage.site, kit_arena, ann, STR("bob")));
	ASSERT_ERR(follow_decline(&stage.site, kit_arena, ann, STR("bob")),
	    ERR_ABSENT);
	assert_follows(0, 0);
	ASSERT_OK(ask(bob));
	assert_follows(0, 1);
}

Test(privacy, who_asks_is_no_follower_to_be_removed)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_OK(
	    follow_remove_follower(&stage.site, kit_arena, ann, STR("bob")));
	assert_follows(0, 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM notification WHERE kind = "
			       "'request'"),
	    1);
}

Test(privacy, a_request_is_taken_back)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_OK(withdraw(bob));
	ASSERT_OK(withdraw(bob));
	assert_follows(0, 0);
	ASSERT_ERR(accept("bob"), ERR_ABSENT);
	assert_follows(0, 0);
}

Test(privacy, nobody_asks_oneself)
{
	ASSERT_OK(make_private(true));
	ASSERT_ERR(ask(ann), ERR_INPUT);
	assert_follows(0, 0);
}

Test(privacy, only_the_one_who_is_asked_answers)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_ERR(
	    follow_accept(&stage.site, kit_arena, eve, STR("bob")), ERR_ABSENT);
	ASSERT_ERR(
	    follow_accept(&stage.site, kit_arena, bob, STR("bob")), ERR_ABSENT);
	ASSERT_ERR(follow_decline(&stage.site, kit_arena, eve, STR("bob")),
	    ERR_ABSENT);
	assert_follows(0, 1);
}

Test(privacy, a_suspended_one_is_not_let_in)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	stage_run("UPDATE account SET suspended_at = now() WHERE name = 'bob'");
	ASSERT_ERR(accept("bob"), ERR_ABSENT);
	assert_follows(0, 1);
}

Test(privacy, a_follower_is_removed)
{
	ASSERT_OK(ask(bob));
	ASSERT_OK(ask(eve));
	ASSERT_OK(make_private(true));
	(void)stage_post(ann, "one");
	for (int i = 0; i < 2; i++)
		ASSERT_OK(follow_remove_follower(
		    &stage.site, kit_arena, ann, STR("bob")));
	ASSERT_ERR(follow_remove_follower(
		       &stage.site, kit_arena, ann, STR("nobody_here")),
	    ERR_ABSENT);
	assert_follows(1, 0);
	ASSERT_INT(seen_by(bob), 0);
	ASSERT_INT(seen_by(eve), 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed WHERE account_id = "
			       "%lld",
		       (long long)bob),
	    0);
}

Test(privacy, becoming_public_lets_all_in_who_wait)
{
	char name[16];

	ASSERT_OK(make_private(true));
	(void)stage_post(ann, "one");
	for (int i = 0; i < 7; i++) {
		(void)snprintf(name, sizeof(name), "fan%d", i);
		ASSERT_OK(ask(stage_account(name)));
	}
	assert_follows(0, 7);
	ASSERT_OK(make_private(false));
	run_jobs();
	assert_follows(7, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM feed"), 8);
}

Test(privacy, who_follows_in_between_has_nothing_to_wait_for)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_OK(make_private(false));
	ASSERT_OK(ask(bob));
	assert_follows(1, 0);
	run_jobs();
	assert_follows(1, 0);
}

Test(privacy, who_waits_when_it_is_private_again_still_waits)
{
	ASSERT_OK(make_private(true));
	ASSERT_OK(ask(bob));
	ASSERT_OK(make_private(false));
	ASSERT_OK(make_private(true));
	run_jobs();
	assert_follows(0, 1);
}

Test(privacy, simulated_accounts_stay_public)
{
	stage_run("UPDATE account SET is_simulated = true WHERE name = 'ann'");
	ASSERT_ERR(make_private(true), ERR_FORBIDDEN);
	ASSERT_OK(make_private(false));
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_private"), 0);
}

Test(privacy, changes_so_often_in_an_hour)
{
	enum err e = OK;

	for (int i = 0; i < 21 && e == OK; i++)
		e = make_private(i % 2 == 0);
	ASSERT_ERR(e, ERR_TOO_MANY);
	/* What is so already costs nothing. */
	ASSERT_OK(make_private(false));
}

/* ---- who sees ---- */

Test(privacy, posts_are_seen_by_their_author_and_followers_alone)
{
	ASSERT_OK(ask(bob));
	(void)stage_post(ann, "one");
	ASSERT_INT(seen_by(0), 1);
	ASSERT_OK(make_private(true));
	ASSERT_INT(seen_by(0), 0);
	ASSERT_INT(seen_by(ann), 1);
	ASSERT_INT(seen_by(bob), 1);
	ASSERT_INT(seen_by(eve), 0);
	stage_run("UPDATE account SET role = 'admin' WHERE name = 'eve'");
	ASSERT_INT(seen_by(eve), 0);
	ASSERT_OK(make_private(false));
	ASSERT_INT(seen_by(eve), 1);
}

Test(privacy, a_suspended_one_is_seen_by_nobody)
{
	ASSERT_OK(ask(bob));
	(void)stage_post(ann, "one");
	ASSERT_OK(make_private(true));
	stage_run("UPDATE account SET suspended_at = now() WHERE name = 'ann'");
	ASSERT_INT(seen_by(ann), 0);
	ASSERT_INT(seen_by(bob), 0);
}

Test(privacy, nothing_is_done_to_a_post_that_one_does_not_see)
{
	int64_t post = stage_post(ann, "one"), likes;

	ASSERT_OK(make_private(true));
	ASSERT_ERR(
	    like_add(&stage.site, kit_arena, eve, post, &likes), ERR_ABSENT);
	ASSERT_OK(like_add(&stage.site, kit_arena, ann, post, &likes));
}

/* ---- images ---- */

static int64_t
objects(const char *space)
{
	return (int64_t)stage_objects(space);
}

/* KEY-l, m and s.jpg of so many images. */
static void
assert_objects(int64_t in_public, int64_t originals)
{
	int64_t images = stage_count("SELECT count(*) FROM image");

	ASSERT_INT(objects("public"), in_public * 3);
	ASSERT_INT(objects("hidden"), (images - in_public) * 3 + originals);
}

Test(privacy, images_of_a_private_account_are_never_in_public_space)
{
	ASSERT_OK(make_private(true));
	run_jobs();
	(void)post_with_image(ann);
	assert_objects(0, 1);
	/* Nor is the WebP that is made later. */
	run_jobs();
	ASSERT_INT(objects("public"), 0);
	(void)post_with_image(bob);
	ASSERT_INT(objects("public"), 3);
}

Test(privacy, webp_goes_where_the_image_is)
{
	struct post_draft draft = {.account = ann, .form_key = stage_key()};
	struct post_outcome out;

	draft.images[draft.image_count++].fd = stage_jpeg(1800, 1200);
	ASSERT_OK(make_private(true));
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	run_jobs();
	cr_assert_gt(stage_count("SELECT webp FROM image"), 0);
	ASSERT_INT(objects("public"), 0);
	ASSERT_OK(make_private(false));
	run_jobs();
	cr_assert_gt(objects("public"), 3);
	ASSERT_INT(objects("hidden"), 1);
}

Test(privacy, images_move_with_the_account_and_back)
{
	for (int i = 0; i < 3; i++)
		(void)post_with_image(ann);
	(void)post_with_image(bob);
	assert_objects(4, 4);
	ASSERT_OK(make_private(true));
	/* At once, and nothing is left for a job. */
	assert_objects(1, 4);
	ASSERT_INT(stage_count("SELECT count(*) FROM job WHERE kind = "
			       "'account_reach'"),
	    0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 0);
	ASSERT_OK(make_private(false));
	assert_objects(4, 4);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 0);
}

Test(privacy, a_store_that_is_away_leaves_it_to_the_job)
{
	(void)post_with_image(ann);
	stage_run("DELETE FROM job");
	stage_block("hidden", NULL);
	ASSERT_OK(make_private(true));
	ASSERT_INT(objects("public"), 3);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 1);
	ASSERT_INT(seen_by(0), 0);
	stage_unblock("hidden", NULL);
	run_jobs();
	ASSERT_INT(objects("public"), 0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 0);
}

/* What moves for an earlier change does not say that the later has arrived. */
Test(privacy, images_have_arrived_when_no_other_job_is_to_move_them)
{
	bool is_done;

	stage_block("hidden", NULL);
	(void)stage_post(ann, "of words");
	stage_unblock("hidden", NULL);
	stage_run("UPDATE account SET is_private = true, is_moving = true "
		  "WHERE id = %lld; INSERT INTO job (kind, subject) SELECT "
		  "'account_reach', %lld FROM generate_series(1, 2)",
	    (long long)ann, (long long)ann);
	ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 1);
	ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 0);
}

Test(privacy, an_image_that_is_on_its_way_is_found_in_either_space)
{
	struct str key, address;
	struct list keys;

	(void)post_with_image(ann);
	ASSERT_OK(sql_erase_keys(
	    stage.site.db, kit_arena, &(struct sql_erase_keys_in){ann}, &keys));
	key = ((const struct sql_erase_keys_row *)keys.items)->key;
	ASSERT_OK(image_inner_address(
	    &stage.site, kit_arena, key, STR("m.jpg"), true, &address));
	cr_assert(str_starts(address, STR("/shown/")));
	ASSERT_OK(image_hide(&stage.site, IMAGE_POST, key));
	ASSERT_OK(image_inner_address(
	    &stage.site, kit_arena, key, STR("m.jpg"), true, &address));
	cr_assert(str_starts(address, STR("/hidden/")));
}

Test(privacy, a_deleted_post_stays_hidden_when_its_account_is_public_again)
{
	int64_t post = post_with_image(ann);

	ASSERT_OK(make_private(true));
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_OK(make_private(false));
	run_jobs();
	ASSERT_INT(objects("public"), 0);
}

Test(privacy, fsck_finds_and_hides_what_should_not_be_public)
{
	struct fsck_options options = {.repairs = true};
	struct fsck_report report;
	FILE *out = tmpfile();

	(void)post_with_image(ann);
	stage_run("UPDATE account SET is_private = true WHERE name = 'ann'");
	ASSERT_OK(fsck_run(&stage.site, &options, out, &report));
	ASSERT_INT(report.misplaced, 1);
	ASSERT_INT(report.mended, 1);
	ASSERT_INT(objects("public"), 0);
	ASSERT_OK(fsck_run(&stage.site, &options, out, &report));
	ASSERT_INT(report.misplaced + report.orphans + report.missing, 0);
	(void)fclose(out);
}

/* ---- at the same time ---- */

static enum err
accept_or_withdraw(struct site *site, struct arena *a, int i)
{
	for (int k = 0; k < 10; k++) {
		enum err e;

		if (i % 2 == 0) {
			TRY(follow_add(site, a, bob, STR("ann")));
			TRY(follow_remove(site, a, bob, STR("ann")));
			continue;
		}
		e = follow_accept(site, a, ann, STR("bob"));
		if (e != OK && e != ERR_ABSENT)
			return e;
	}
	return OK;
}

Test(privacy, accepting_what_is_withdrawn_at_once_is_counted_right)
{
	enum err errors[4];

	ASSERT_OK(make_private(true));
	stage_at_once(4, accept_or_withdraw, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	ASSERT_OK(withdraw(bob));
	assert_follows(0, 0);
}

static enum err
switch_or_follow(struct site *site, struct arena *a, int i)
{
	for (int k = 0; k < 8; k++) {
		if (i == 0) {
			TRY(privacy_set(site, a, ann, k % 2 == 0));
			continue;
		}
		TRY(follow_add(site, a, i == 1 ? bob : eve, STR("ann")));
		if (k < 7)
			TRY(follow_remove(
			    site, a, i == 1 ? bob : eve, STR("ann")));
	}
	return OK;
}

Test(privacy, following_while_it_switches_is_one_or_the_other)
{
	enum err errors[3];

	stage_at_once(3, switch_or_follow, errors);
	for (int i = 0; i < 3; i++)
		ASSERT_OK(errors[i]);
	/* It has ended as public: who had to ask is let in by the job. */
	run_jobs();
	assert_follows(2, 0);
}

static enum err
switch_or_post(struct site *site, struct arena *a, int i)
{
	for (int k = 0; k < 6; k++) {
		struct post_draft draft = {.account = ann};
		struct post_outcome made;

		if (i == 0) {
			TRY(privacy_set(site, a, ann, k % 2 == 0));
			continue;
		}
		TRY(arena_printf(a, &draft.form_key, "key-%d-%d", i, k));
		draft.images[draft.image_count++].fd = stage_jpeg(60, 40);
		TRY(post_make(site, a, &draft, &made));
	}
	return i == 0 ? privacy_set(site, a, ann, true) : OK;
}

Test(privacy, what_is_posted_while_it_switches_is_where_it_belongs)
{
	enum err errors[3];
	bool is_done = true;

	stage_at_once(3, switch_or_post, errors);
	for (int i = 0; i < 3; i++)
		ASSERT_OK(errors[i]);
	while (is_done)
		ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	ASSERT_INT(stage_count("SELECT count(*) FROM image"), 12);
	ASSERT_INT(objects("public"), 0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE is_moving"), 0);
}

/* The account becomes private after the images were made, before the row. */
Test(privacy, a_post_that_was_begun_before_the_switch_hides_its_images)
{
	stage_run("CREATE EXTENSION dblink; CREATE FUNCTION switch() RETURNS "
		  "trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM dblink_exec("
		  "'%s', 'UPDATE account SET is_private = true WHERE id = "
		  "%lld'); RETURN NULL; END $$; CREATE TRIGGER switch AFTER "
		  "INSERT ON object_sum FOR EACH STATEMENT EXECUTE FUNCTION "
		  "switch()",
	    stage.db->conninfo, (long long)ann);
	(void)post_with_image(ann);
	ASSERT_INT(objects("public"), 0);
	ASSERT_INT(
	    stage_count("SELECT posts FROM account WHERE name = 'ann'"), 1);
}
