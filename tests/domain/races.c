/* Two who do what does not go together, in either order, and many who do the
 * same: what is counted is what is there, and nothing outlives its end.
 *
 * The order is certain.  A lock of the test's own holds the first up in the
 * middle of its work; only when the server says that it waits does the second
 * begin, and only when both wait the lock is let go.
 */
#include "domain/account.h"
#include "domain/comment.h"
#include "domain/erase.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/moderate.h"
#include "domain/post.h"
#include "domain/session.h"

#include "../helper/stage.h"

#include <unistd.h>

static int64_t ann, bob, mod, post, other;
static struct moderator moderator;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	mod = stage_account("mod");
	stage_run("UPDATE account SET role = 'moderator' WHERE name = 'mod'");
	moderator = (struct moderator){mod, false};
	post = stage_post(bob, "of bob");
	other = stage_post(bob, "another");
}

TestSuite(races, .init = start, .fini = stage_end, .timeout = 120);

/* ---- the gate ---- */

enum {
	STEP_US = 5000,
	PATIENCE = 2000, /* steps: ten seconds */
	LIMIT_S = 30
};

static struct {
	stage_work *first;
	stage_work *second;
	int begin[2]; /* a byte: the second may begin */
} race;

/* How many sessions of this database wait for somebody's lock. */
static void
wait_until_waiting(int64_t wanted)
{
	for (int i = 0; i < PATIENCE; i++) {
		/* Within a transaction it would be what it was at first. */
		stage_run("SELECT pg_stat_clear_snapshot()");
		if (stage_count("SELECT count(*) FROM pg_stat_activity WHERE "
				"datname = current_database() AND "
				"wait_event_type = 'Lock'") >= wanted)
			return;
		(void)usleep(STEP_US);
	}
	_exit(ERR_COUNT_);
}

/* 0 opens the gate, on the connection of the test's process, which does
 * nothing meanwhile. */
static enum err
run_in_order(struct site *site, struct arena *a, int i)
{
	char byte = 0;

	(void)alarm(LIMIT_S);
	if (i == 1)
		return race.first(site, a, i);
	if (i == 2) {
		if (read(race.begin[0], &byte, 1) != 1)
			return ERR_COUNT_;
		return race.second(site, a, i);
	}
	wait_until_waiting(1);
	if (write(race.begin[1], &byte, 1) != 1)
		return ERR_COUNT_;
	wait_until_waiting(2);
	stage_run("COMMIT");
	return OK;
}

/* The first gets to the rows that `gate` locks, then the second gets to them
 * or to what the first holds; then both go on. */
static void
race_at(
    const char *gate, stage_work *first, stage_work *second, enum err *errors)
{
	enum err all[3];

	race.first = first;
	race.second = second;
	cr_assert(pipe(race.begin) == 0);
	stage_run("BEGIN");
	stage_run("%s", gate);
	stage_at_once(3, run_in_order, all);
	(void)close(race.begin[0]);
	(void)close(race.begin[1]);
	ASSERT_OK(all[0]);
	errors[0] = all[1];
	errors[1] = all[2];
}

#define GATE_POSTS "SELECT id FROM post FOR UPDATE"
#define GATE_ANN "SELECT id FROM account WHERE name = 'ann' FOR UPDATE"

/* Every counter is what there is to count. */
static void
assert_counted(void)
{
	ASSERT_INT(
	    stage_count(
		"SELECT count(*) FROM post p WHERE deleted_at IS NULL "
		"AND comments <> (SELECT count(*) FROM visible_comment c "
		"WHERE c.post_id = p.id)"),
	    0);
	ASSERT_INT(stage_count("SELECT count(*) FROM post p WHERE likes <> "
			       "(SELECT count(*) FROM liking l WHERE "
			       "l.post_id = p.id)"),
	    0);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM account a WHERE followers <> "
			"(SELECT count(*) FROM follow f WHERE f.followed_id = "
			"a.id) OR following <> (SELECT count(*) FROM follow f "
			"WHERE f.follower_id = a.id)"),
	    0);
}

/* ---- comments and suspensions ---- */

static enum err
suspend_ann(struct site *site, struct arena *a, int i)
{
	(void)i;
	return moderate_suspend(site, a, &moderator, ann, STR("pills"));
}

static enum err
lift_ann(struct site *site, struct arena *a, int i)
{
	(void)i;
	return moderate_lift(site, a, &moderator, ann, STR("a mistake"));
}

static int64_t target; /* ann's first comment */

static enum err
delete_comment(struct site *site, struct arena *a, int i)
{
	int64_t where;

	(void)i;
	return comment_delete(site, a, ann, target, &where);
}

static enum err
remove_comment(struct site *site, struct arena *a, int i)
{
	int64_t where;

	(void)i;
	return moderate_comment(
	    site, a, &moderator, target, STR("spam"), &where);
}

static enum err
make_comment(struct site *site, struct arena *a, int i)
{
	(void)i;
	return comment_make(site, a, ann, post, STR("just now"),
	    (struct list){0}, STR("a-key-of-the-comment"));
}

/* Two of ann's and one of bob's, so that one too many shows. */
static void
have_comments(void)
{
	ASSERT_OK(comment_make(&stage.site, kit_arena, ann, post, STR("one"),
	    (struct list){0}, stage_key()));
	ASSERT_OK(comment_make(&stage.site, kit_arena, ann, post, STR("two"),
	    (struct list){0}, stage_key()));
	ASSERT_OK(comment_make(&stage.site, kit_arena, bob, post, STR("mine"),
	    (struct list){0}, stage_key()));
	target = stage_count("SELECT min(id) FROM comment");
}

static void
lift_and_count(int64_t comments)
{
	assert_counted();
	ASSERT_OK(lift_ann(&stage.site, kit_arena, 0));
	assert_counted();
	ASSERT_INT(stage_count("SELECT comments FROM post WHERE id = %lld",
		       (long long)post),
	    comments);
}

Test(races, a_comment_is_deleted_and_then_its_author_suspended)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, delete_comment, suspend_ann, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	ASSERT_INT(stage_count("SELECT comments FROM post WHERE id = %lld",
		       (long long)post),
	    1);
	lift_and_count(2);
}

Test(races, an_author_is_suspended_and_then_a_comment_deleted)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, suspend_ann, delete_comment, errors);
	ASSERT_OK(errors[0]);
	ASSERT_ERR(errors[1], ERR_ABSENT); /* there was none to be seen */
	lift_and_count(3);
}

Test(races, a_comment_is_removed_and_then_its_author_suspended)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, remove_comment, suspend_ann, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	lift_and_count(2);
}

Test(races, an_author_is_suspended_and_then_a_comment_removed)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, suspend_ann, remove_comment, errors);
	ASSERT_OK(errors[0]);
	ASSERT_ERR(errors[1], ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM moderation WHERE what = "
			       "'comment'"),
	    0);
	lift_and_count(3);
}

Test(races, a_comment_is_written_and_then_its_author_suspended)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, make_comment, suspend_ann, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	lift_and_count(4);
}

Test(races, an_author_is_suspended_and_then_writes_a_comment)
{
	enum err errors[2];

	have_comments();
	race_at(GATE_POSTS, suspend_ann, make_comment, errors);
	ASSERT_OK(errors[0]);
	cr_assert(errors[1] != OK);
	lift_and_count(3);
}

/* ---- passwords ---- */

static struct when password_of;

static enum err
begin_session(struct site *site, struct arena *a, int i)
{
	struct str token;

	(void)i;
	return session_start(site, a, ann, &password_of, &token);
}

static enum err
change_password(struct site *site, struct arena *a, int i)
{
	struct account_password_complaints said;
	struct account_password_change c = {.current = STR(STAGE_PASSWORD),
	    .password = STR("seven green cats"),
	    .again = STR("seven green cats")};

	(void)i;
	return account_change_password(site, a, ann, &c, &said);
}

/* As who has just typed the right password. */
static void
check_password(void)
{
	struct account_login login = {.who = STR("ann"),
	    .password = STR(STAGE_PASSWORD),
	    .client = STR("192.0.2.1")};
	int64_t account;

	ASSERT_OK(account_log_in(
	    &stage.site, kit_arena, &login, &account, &password_of));
	ASSERT_INT(account, ann);
}

Test(races, a_login_and_then_a_new_password_leave_no_session)
{
	enum err errors[2];

	check_password();
	race_at(GATE_ANN, begin_session, change_password, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 0);
}

Test(races, a_new_password_and_then_a_login_leave_no_session)
{
	enum err errors[2];

	check_password();
	race_at(GATE_ANN, change_password, begin_session, errors);
	ASSERT_OK(errors[0]);
	ASSERT_ERR(errors[1], ERR_ABSENT);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 0);
}

Test(races, a_login_and_then_a_suspension_leave_no_session)
{
	enum err errors[2];

	check_password();
	race_at(GATE_ANN, begin_session, suspend_ann, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	ASSERT_INT(stage_count("SELECT count(*) FROM session"), 0);
}

/* ---- an account that is erased ---- */

static enum err
erase_ann(struct site *site, struct arena *a, int i)
{
	struct erase_report report;

	(void)i;
	return erase_account(site, a, STR("ann"), &report);
}

static enum err
post_as_ann(struct site *site, struct arena *a, int i)
{
	struct post_draft draft = {.account = ann,
	    .caption = STR("#last words"),
	    .form_key = STR("a-key-of-the-last-post")};
	struct post_outcome out;

	(void)i;
	kit_arena = a; /* the child's own; the file is closed with it */
	draft.images[draft.image_count++].fd = stage_jpeg(30, 20);
	return post_make(site, a, &draft, &out);
}

static void
assert_erased(void)
{
	ASSERT_INT(stage_count("SELECT count(*) FROM account WHERE name = "
			       "'ann'"),
	    0);
	ASSERT_INT(stage_count("SELECT count(*) FROM post WHERE account_id <> "
			       "%lld",
		       (long long)bob),
	    0);
	ASSERT_INT(stage_count("SELECT (SELECT count(*) FROM image) + (SELECT "
			       "count(*) FROM object_sum)"),
	    0);
	ASSERT_INT((long long)stage_objects(""), 0);
	assert_counted();
}

Test(races, a_post_and_then_the_end_of_its_author_leave_nothing)
{
	enum err errors[2];

	race_at(GATE_ANN, post_as_ann, erase_ann, errors);
	ASSERT_OK(errors[0]);
	ASSERT_OK(errors[1]);
	assert_erased();
}

Test(races, the_end_of_an_author_and_then_a_post_leave_nothing)
{
	enum err errors[2];

	race_at(GATE_ANN, erase_ann, post_as_ann, errors);
	ASSERT_OK(errors[0]);
	cr_assert(errors[1] != OK);
	assert_erased();
}

/* ---- storms ---- */

/* People like, follow and comment, and take it back, across each other. */
static enum err
be_restless(struct site *site, struct arena *a, int i)
{
	const int64_t people[] = {ann, bob, mod};
	const struct str names[] = {STR("bob"), STR("mod"), STR("ann")};
	int64_t who = people[i % 3], count;

	for (int k = 0; k < 12; k++) {
		int64_t what = (i + k) % 2 == 0 ? post : other;
		struct str key;

		TRY(arena_printf(a, &key, "key-of-%d-and-%d-now", i, k));
		TRY(like_add(site, a, who, what, &count));
		TRY(comment_make(
		    site, a, who, what, STR("so"), (struct list){0}, key));
		TRY(follow_add(site, a, who, names[i % 3]));
		if (k % 2 == 0)
			TRY(like_remove(site, a, who, what, &count));
		if (k % 3 == 0)
			TRY(follow_remove(site, a, who, names[i % 3]));
	}
	return OK;
}

static enum err
suspend_and_lift(struct site *site, struct arena *a, int i)
{
	if (i > 0)
		return be_restless(site, a, i);
	for (int k = 0; k < 6; k++) {
		TRY(suspend_ann(site, a, 0));
		TRY(lift_ann(site, a, 0));
	}
	return OK;
}

Test(races, many_who_change_their_minds_are_counted_right)
{
	enum err errors[6];

	stage_at_once(6, be_restless, errors);
	for (int i = 0; i < 6; i++)
		ASSERT_OK(errors[i]);
	assert_counted();
}

Test(races, a_suspension_in_the_middle_of_it_loses_no_count)
{
	enum err errors[6];

	stage_at_once(6, suspend_and_lift, errors);
	ASSERT_OK(errors[0]);
	assert_counted();
}
