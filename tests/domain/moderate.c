/* Roles, suspensions, removals. */
#include "domain/moderate.h"

#include "../helper/stage.h"
#include "domain/account.h"
#include "domain/comment.h"
#include "domain/erase.h"
#include "domain/fsck.h"
#include "domain/like.h"
#include "domain/post.h"
#include "domain/session.h"
#include "domain/token.h"
#include "work/jobs.h"

#include <string.h>

static const struct moderator shell;
static int64_t ann, bob, meg, ada, post;

static void
start(void)
{
	struct post_draft draft = {.form_key = STR("key")};
	struct post_outcome out;

	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	meg = stage_account("meg");
	ada = stage_account("ada");
	stage_run("UPDATE account SET role = 'moderator' WHERE name = 'meg'");
	stage_run("UPDATE account SET role = 'admin' WHERE name = 'ada'");
	draft.account = ann;
	draft.images[draft.image_count++].fd = stage_jpeg(20, 20);
	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	post = out.post;
	stage_run("DELETE FROM job");
}

TestSuite(moderate, .init = start, .fini = stage_end);

static enum err
suspend(int64_t account)
{
	return moderate_suspend(
	    &stage.site, kit_arena, &shell, account, STR("spam"));
}

static enum err
lift(int64_t account)
{
	return moderate_lift(
	    &stage.site, kit_arena, &shell, account, STR("a mistake"));
}

static enum err
comment_by(int64_t account)
{
	return comment_make(&stage.site, kit_arena, account, post,
	    STR("lovely"), (struct list){0}, stage_key());
}

static void
run_jobs(void)
{
	bool is_done = true;

	while (is_done)
		ASSERT_OK(jobs_run_one(&stage.site, -1, kit_arena, &is_done));
	ASSERT_INT(stage_count("SELECT count(*) FROM job"), 0);
}

static enum err
log_in(const char *name)
{
	struct account_login login = {.who = str_from(name),
	    .password = STR(STAGE_PASSWORD),
	    .client = STR("192.0.2.1")};
	struct when since;
	int64_t account;

	return account_log_in(&stage.site, kit_arena, &login, &account, &since);
}

Test(moderate, suspended_account_cannot_log_in_and_is_told_why)
{
	struct str because;

	ASSERT_OK(log_in("ann"));
	ASSERT_OK(suspend(ann));
	ASSERT_ERR(log_in("ann"), ERR_FORBIDDEN);
	ASSERT_OK(
	    moderate_suspension(&stage.site, kit_arena, STR("Ann"), &because));
	ASSERT_STR(because, "spam");
	ASSERT_ERR(
	    moderate_suspension(&stage.site, kit_arena, STR("bob"), &because),
	    ERR_ABSENT);
}

Test(moderate, who_does_not_know_the_password_does_not_learn_of_a_suspension)
{
	struct account_login login = {.who = STR("ann"),
	    .password = STR("something else"),
	    .client = STR("192.0.2.1")};
	struct when since;
	int64_t account;

	ASSERT_OK(suspend(ann));
	ASSERT_ERR(
	    account_log_in(&stage.site, kit_arena, &login, &account, &since),
	    ERR_INPUT);
}

Test(moderate, sessions_and_tokens_end_with_a_suspension)
{
	struct token_draft draft = {.account = ann,
	    .name = STR("x"),
	    .can_read = true,
	    .form_key = STR("k")};
	struct token_complaints complaints;
	struct sql_token_enter_row entered;
	struct sql_viewer_find_row viewer;
	struct str session, token, others;

	ASSERT_OK(session_start(&stage.site, kit_arena, ann, NULL, &session));
	ASSERT_OK(session_start(&stage.site, kit_arena, bob, NULL, &others));
	ASSERT_OK(
	    token_make(&stage.site, kit_arena, &draft, &complaints, &token));
	draft.account = bob;
	ASSERT_OK(
	    token_make(&stage.site, kit_arena, &draft, &complaints, &others));
	ASSERT_OK(suspend(ann));
	ASSERT_OK(
	    session_ask_viewer(&stage.site, kit_arena, session, true, &viewer));
	ASSERT_OK(db_sync(stage.site.db, kit_arena));
	ASSERT_INT(viewer.account, 0);
	ASSERT_ERR(
	    token_enter(&stage.site, kit_arena, token, &entered), ERR_LOGIN);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 1);
	ASSERT_OK(token_enter(&stage.site, kit_arena, others, &entered));
	ASSERT_INT(stage_count("SELECT count(*) FROM token"), 1);
	ASSERT_ERR(session_start(&stage.site, kit_arena, ann, NULL, &session),
	    ERR_ABSENT);
}

Test(moderate, posts_leave_everybodys_sight_and_come_back)
{
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 1);
	ASSERT_OK(suspend(ann));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 0);
	ASSERT_OK(lift(ann));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 1);
}

Test(moderate, images_leave_public_reach_and_come_back)
{
	size_t before = stage_objects("public");

	ASSERT_INT((long long)before, 3);
	ASSERT_OK(suspend(ann));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
	ASSERT_OK(lift(ann));
	run_jobs();
	cr_assert_geq(stage_objects("public"), before);
	ASSERT_INT(
	    (long long)(stage_objects("public") + stage_objects("hidden")),
	    (long long)before + 1 +
		stage_count("SELECT count(*) FROM "
			    "object_sum WHERE object LIKE "
			    "'%%.webp'"));
}

Test(moderate, profile_picture_goes_with_the_rest)
{
	struct str complaint;

	ASSERT_OK(account_set_picture(
	    &stage.site, kit_arena, bob, stage_jpeg(40, 40), &complaint));
	ASSERT_INT((long long)stage_objects("public"), 5);
	ASSERT_OK(suspend(bob));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 3);
	ASSERT_OK(lift(bob));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 5);
}

Test(moderate, images_of_a_deleted_post_do_not_come_back)
{
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	ASSERT_OK(suspend(ann));
	run_jobs();
	ASSERT_OK(lift(ann));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT((long long)stage_objects("hidden"), 4);
}

Test(moderate, no_webp_of_a_suspended_account_is_published)
{
	stage_run("INSERT INTO job (kind, subject, detail) "
		  "SELECT 'image_webp', post_id, key FROM image");
	ASSERT_OK(suspend(ann));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(moderate, many_images_are_moved_in_batches)
{
	stage_run("INSERT INTO image (post_id, place, key, width, height, "
		  "m_width, colour) SELECT %lld, n, 'zz' || "
		  "rpad(translate(n::text, '0123456789', 'abcdefghij'), 24, "
		  "'x'), 1, 1, 1, 0 FROM generate_series(10, 130) n",
	    (long long)post);
	ASSERT_OK(suspend(ann));
	run_jobs();
	ASSERT_INT((long long)stage_objects("public"), 0);
}

Test(moderate, fsck_agrees_with_a_suspension)
{
	struct fsck_options options = {.grace_s = FSCK_GRACE_S};
	struct fsck_report report;
	FILE *out = tmpfile();

	ASSERT_OK(suspend(ann));
	ASSERT_OK(fsck_run(&stage.site, &options, out, &report));
	ASSERT_INT(report.misplaced, 1);
	run_jobs();
	ASSERT_OK(fsck_run(&stage.site, &options, out, &report));
	ASSERT_INT(report.misplaced, 0);
	ASSERT_INT(report.missing, 0);
	(void)fclose(out);
}

Test(moderate, comments_do_not_count_while_their_author_is_suspended)
{
	ASSERT_OK(comment_by(bob));
	ASSERT_OK(comment_by(bob));
	ASSERT_OK(comment_by(meg));
	ASSERT_OK(suspend(bob));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_comment"), 1);
	ASSERT_INT(stage_count("SELECT comments FROM post"), 1);
	ASSERT_OK(lift(bob));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_comment"), 3);
	ASSERT_INT(stage_count("SELECT comments FROM post"), 3);
}

Test(moderate, erasing_a_suspended_account_counts_its_comments_once)
{
	struct erase_report report;

	ASSERT_OK(comment_by(bob));
	ASSERT_OK(comment_by(meg));
	ASSERT_OK(suspend(bob));
	ASSERT_OK(erase_account(&stage.site, kit_arena, STR("bob"), &report));
	ASSERT_INT(stage_count("SELECT comments FROM post"), 1);
}

Test(moderate, suspended_account_posts_and_comments_nothing)
{
	struct post_draft draft = {.account = bob, .form_key = STR("k")};
	struct post_outcome out;

	ASSERT_OK(suspend(bob));
	ASSERT_ERR(post_make(&stage.site, kit_arena, &draft, &out), ERR_ABSENT);
	ASSERT_ERR(comment_by(bob), ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM comment"), 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM post"), 1);
	ASSERT_INT(stage_count("SELECT posts FROM account WHERE id = %lld",
		       (long long)bob),
	    0);
}

Test(moderate, suspension_is_done_once)
{
	ASSERT_ERR(lift(ann), ERR_CONFLICT);
	ASSERT_OK(suspend(ann));
	ASSERT_ERR(suspend(ann), ERR_CONFLICT);
	ASSERT_INT(stage_count("SELECT count(*) FROM moderation"), 1);
}

static enum err
suspend_as(int64_t actor, bool is_admin, int64_t account)
{
	return moderate_suspend(&stage.site, kit_arena,
	    &(struct moderator){actor, is_admin}, account, STR("x"));
}

Test(moderate, nobody_suspends_an_equal_or_oneself)
{
	int64_t ben = stage_account("ben");
	struct str before;

	stage_run("UPDATE account SET role = 'moderator' WHERE name = 'ben'");
	before = stage_rows();
	ASSERT_ERR(suspend_as(meg, false, meg), ERR_FORBIDDEN);
	ASSERT_ERR(suspend_as(meg, false, ben), ERR_FORBIDDEN);
	ASSERT_ERR(suspend_as(meg, false, ada), ERR_FORBIDDEN);
	ASSERT_ERR(suspend_as(ada, true, ada), ERR_FORBIDDEN);
	ASSERT_ERR(suspend_as(meg, false, 999), ERR_ABSENT);
	cr_assert(str_equal(before, stage_rows()));
	ASSERT_OK(suspend_as(ada, true, ben));
	ASSERT_OK(suspend_as(meg, false, ann));
	ASSERT_OK(suspend(ada));
}

Test(moderate, post_is_removed_with_its_images_and_the_reason_is_kept)
{
	ASSERT_OK(moderate_post(&stage.site, kit_arena,
	    &(struct moderator){meg, false}, post, STR("not allowed")));
	ASSERT_INT(stage_count("SELECT count(*) FROM visible_post"), 0);
	ASSERT_INT((long long)stage_objects("public"), 0);
	ASSERT_INT(stage_count("SELECT posts FROM account WHERE id = %lld",
		       (long long)ann),
	    0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM moderation WHERE what = 'post' "
			"AND actor_id = %lld AND account_id = %lld AND "
			"post_id = %lld AND reason = 'not allowed'",
		(long long)meg, (long long)ann, (long long)post),
	    1);
	ASSERT_ERR(moderate_post(&stage.site, kit_arena,
		       &(struct moderator){meg, false}, post, STR("again")),
	    ERR_ABSENT);
}

Test(moderate, comment_is_removed_and_the_reason_is_kept)
{
	int64_t comment, on = 0;

	ASSERT_OK(comment_by(bob));
	comment = stage_count("SELECT id FROM comment");
	ASSERT_OK(moderate_comment(&stage.site, kit_arena,
	    &(struct moderator){meg, false}, comment, STR("rude"), &on));
	ASSERT_INT(on, post);
	ASSERT_INT(stage_count("SELECT comments FROM post"), 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM moderation WHERE what = "
			       "'comment' AND comment_id = %lld",
		       (long long)comment),
	    1);
	ASSERT_ERR(
	    moderate_comment(&stage.site, kit_arena,
		&(struct moderator){meg, false}, comment, STR("again"), &on),
	    ERR_ABSENT);
}

Test(moderate, removing_a_comment_counts_at_its_post_alone)
{
	int64_t where, other = stage_post(bob, "y"), comment;

	ASSERT_OK(comment_by(bob));
	comment = stage_count("SELECT max(id) FROM comment");
	ASSERT_OK(comment_make(&stage.site, kit_arena, ann, other, STR("nice"),
	    (struct list){0}, stage_key()));
	ASSERT_OK(moderate_comment(
	    &stage.site, kit_arena, &shell, comment, STR("rude"), &where));
	ASSERT_INT(where, post);
	ASSERT_INT(stage_count("SELECT count(*) FROM post p WHERE comments <> "
			       "(SELECT count(*) FROM comment c WHERE "
			       "c.post_id = p.id AND c.deleted_at IS NULL)"),
	    0);
}

static struct str
roles(void)
{
	struct sql_account_line_row row;
	struct str out = STR("");
	static const char *const names[] = {"ann", "bob", "meg", "ada"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ASSERT_OK(moderate_find(
		    &stage.site, kit_arena, str_from(names[i]), &row));
		out = kit_text("%.*s %.*s", STR_ARG(out), STR_ARG(row.role));
	}
	return out;
}

Test(moderate, a_role_is_given_to_one_and_noted_once)
{
	struct str before;

	for (int i = 0; i < 2; i++) {
		ASSERT_OK(moderate_role(
		    &stage.site, kit_arena, bob, STR("moderator"), &before));
		ASSERT_STR(before, i == 0 ? "member" : "moderator");
		ASSERT_STR(roles(), " member moderator moderator admin");
	}
	ASSERT_INT(stage_count("SELECT count(*) FROM moderation WHERE what = "
			       "'role'"),
	    1);
}

Test(moderate, site_gets_one_first_admin)
{
	bool is_made = true;

	ASSERT_OK(moderate_first_admin(&stage.site, kit_arena, ann, &is_made));
	cr_assert_not(is_made);
	stage_run("UPDATE account SET role = 'member'");
	ASSERT_OK(moderate_first_admin(&stage.site, kit_arena, ann, &is_made));
	cr_assert(is_made);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account WHERE role = 'admin'"),
	    1);
}

Test(moderate, reset_gives_a_new_password_and_ends_every_session)
{
	struct sql_account_line_row row;
	struct str session, complaint;

	ASSERT_OK(session_start(&stage.site, kit_arena, ann, NULL, &session));
	ASSERT_OK(moderate_find(
	    &stage.site, kit_arena, STR("ann@example.org"), &row));
	ASSERT_INT(row.id, ann);
	ASSERT_ERR(moderate_reset(
		       &stage.site, kit_arena, &row, STR("short"), &complaint),
	    ERR_INPUT);
	cr_assert_gt(complaint.len, 0);
	ASSERT_OK(log_in("ann"));
	ASSERT_OK(moderate_reset(&stage.site, kit_arena, &row,
	    STR("nine green apples"), &complaint));
	ASSERT_ERR(log_in("ann"), ERR_INPUT);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 0);
}
