/* What people are told, and how much of it they have not read. */
#include "domain/notify.h"

#include "../helper/stage.h"
#include "domain/comment.h"
#include "domain/erase.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/moderate.h"
#include "domain/post.h"
#include "domain/privacy.h"
#include "domain/viewer.h"

static int64_t ann, bob, cat, post;

static void
start(void)
{
	stage_start();
	ann = stage_account("ann");
	bob = stage_account("bob");
	cat = stage_account("cat");
	post = stage_post(ann, "x");
}

TestSuite(notify, .init = start, .fini = stage_end);

/* What `who` is shown, newest first. */
static struct list
list_of(int64_t who)
{
	struct list rows;

	viewer_ask(&stage.site, who);
	ASSERT_OK(sql_notification_list(stage.site.db, kit_arena,
	    &(struct sql_notification_list_in){INT64_MAX}, &rows));
	return rows;
}

static int64_t
unread_of(int64_t who)
{
	return stage_count("SELECT coalesce(max(unread), 0) FROM inbox WHERE "
			   "account_id = %lld",
	    (long long)who);
}

/* So many are shown, and as many were not read; whatever else has happened,
 * every inbox counts what is in it. */
static void
assert_told(int64_t who, int64_t shown, int64_t unread)
{
	ASSERT_INT((long long)list_of(who).count, shown);
	ASSERT_INT(unread_of(who), unread);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM inbox i WHERE unread <> (SELECT "
			"count(*) FROM notification n WHERE n.account_id = "
			"i.account_id AND n.id > i.read_to)"),
	    0);
}

static void
assert_first(int64_t who, const char *kind, const char *actor)
{
	const struct sql_notification_list_row *row = list_of(who).items;

	ASSERT_STR(row[0].kind, kind);
	ASSERT_STR(row[0].name, actor);
	cr_assert_not(row[0].is_read);
}

static void
like(int64_t who)
{
	int64_t likes;

	ASSERT_OK(like_add(&stage.site, kit_arena, who, post, &likes));
}

static void
unlike(int64_t who)
{
	int64_t likes;

	ASSERT_OK(like_remove(&stage.site, kit_arena, who, post, &likes));
}

/* A comment that mentions these; its number. */
static int64_t
say(int64_t who, struct list mentions)
{
	ASSERT_OK(comment_make(&stage.site, kit_arena, who, post, STR("nice"),
	    mentions, stage_key()));
	return stage_count("SELECT max(id) FROM comment");
}

static void
read_all(int64_t who, int64_t expected)
{
	int64_t unread;
	int64_t newest = stage_count("SELECT coalesce(max(id), 0) FROM "
				     "notification WHERE account_id = %lld",
	    (long long)who);

	ASSERT_OK(notify_read(&stage.site, kit_arena, who, newest, &unread));
	ASSERT_INT(unread, expected);
}

static struct list
names(struct str *of, size_t count)
{
	return (struct list){of, count};
}

static int64_t
post_mentioning(int64_t who, struct list mentions)
{
	struct post_draft draft = {
	    .account = who, .form_key = stage_key(), .mentions = mentions};
	struct post_outcome out;

	ASSERT_OK(post_make(&stage.site, kit_arena, &draft, &out));
	return out.post;
}

Test(notify, a_like_is_told_to_the_owner)
{
	like(bob);
	assert_told(ann, 1, 1);
	assert_first(ann, "like", "bob");
	assert_told(bob, 0, 0);
}

Test(notify, nobody_is_told_of_oneself)
{
	struct str self[] = {STR("ann")};

	like(ann);
	(void)say(ann, names(self, 1));
	(void)post_mentioning(ann, names(self, 1));
	ASSERT_INT(stage_count("SELECT count(*) FROM notification"), 0);
}

Test(notify, a_like_that_is_taken_back_is_told_no_more)
{
	like(bob);
	unlike(bob);
	assert_told(ann, 0, 0);
}

Test(notify, liking_again_and_again_is_told_once)
{
	for (int i = 0; i < 3; i++) {
		like(bob);
		like(bob);
		assert_told(ann, 1, 1);
		unlike(bob);
		assert_told(ann, 0, 0);
	}
	like(bob);
	read_all(ann, 0);
	unlike(bob);
	assert_told(ann, 0, 0);
	like(bob);
	assert_told(ann, 1, 0);
}

Test(notify, a_comment_is_told_to_the_owner_until_it_is_deleted)
{
	int64_t where, comment = say(bob, (struct list){0});

	assert_told(ann, 1, 1);
	assert_first(ann, "comment", "bob");
	ASSERT_OK(comment_delete(&stage.site, kit_arena, bob, comment, &where));
	assert_told(ann, 0, 0);
}

Test(notify, a_deleted_comment_takes_nothing_else_with_it)
{
	struct str who[] = {STR("cat")};
	int64_t where, comment = say(bob, names(who, 1));

	like(bob);
	(void)say(bob, names(who, 1));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("cat")));
	ASSERT_OK(comment_delete(&stage.site, kit_arena, bob, comment, &where));
	assert_told(ann, 2, 2);
	assert_told(cat, 2, 2);
}

Test(notify, a_mention_is_told_and_the_owner_is_told_once)
{
	struct str both[] = {STR("cat"), STR("ann"), STR("nobody_here")};

	(void)say(bob, names(both, 3));
	assert_told(ann, 1, 1);
	assert_first(ann, "comment", "bob");
	assert_told(cat, 1, 1);
	assert_first(cat, "mention", "bob");
}

Test(notify, a_mention_in_a_caption_is_told)
{
	struct str who[] = {STR("cat")};

	(void)post_mentioning(bob, names(who, 1));
	assert_told(cat, 1, 1);
	assert_first(cat, "mention", "bob");
}

Test(notify, of_many_mentions_the_first_are_told)
{
	struct str many[NOTIFY_MENTIONS_MAX + 3];
	size_t count = sizeof(many) / sizeof(many[0]);

	for (size_t i = 0; i < count; i++) {
		many[i] = kit_text("person_%zu", i);
		(void)stage_account(many[i].at);
	}
	(void)say(bob, names(many, count));
	(void)post_mentioning(bob, names(many, count));
	ASSERT_INT(stage_count("SELECT count(*) FROM notification WHERE kind "
			       "= 'mention'"),
	    2LL * NOTIFY_MENTIONS_MAX);
}

Test(notify, a_follower_is_told_until_they_go)
{
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 1);
	assert_first(ann, "follow", "bob");
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 0, 0);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	read_all(ann, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 0);
}

/* What was read stays a row: the view alone says whether it still holds. */
Test(notify, a_follower_who_goes_is_not_taken_for_one_of_somebody_else)
{
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("cat")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, cat, STR("ann")));
	read_all(ann, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, cat, STR("ann")));
	assert_told(ann, 0, 0);
	assert_told(cat, 1, 1);
}

Test(notify, a_like_that_is_taken_back_is_not_taken_for_one_of_somebody_else)
{
	int64_t first = post, likes;

	like(bob);
	like(cat);
	post = stage_post(ann, "y");
	like(bob);
	read_all(ann, 0);
	post = first;
	unlike(bob);
	assert_told(ann, 2, 0);
	ASSERT_OK(like_remove(&stage.site, kit_arena, cat, first, &likes));
	assert_told(ann, 1, 0);
}

Test(notify, a_comment_that_is_out_of_sight_is_not_shown)
{
	int64_t comment = say(bob, (struct list){0});

	(void)say(cat, (struct list){0});
	stage_run("UPDATE comment SET deleted_at = now() WHERE id = %lld",
	    (long long)comment);
	ASSERT_INT((long long)list_of(ann).count, 1);
	assert_first(ann, "comment", "cat");
}

Test(notify, accounts_of_the_simulator_are_told_nothing)
{
	struct str who[] = {STR("cat")};

	stage_run("UPDATE account SET is_simulated = true WHERE name <> 'bob'");
	like(bob);
	(void)say(bob, names(who, 1));
	(void)post_mentioning(bob, names(who, 1));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("cat")));
	ASSERT_INT(stage_count("SELECT count(*) FROM notification"), 0);
}

Test(notify, all_about_a_deleted_post_goes)
{
	struct str who[] = {STR("cat")};

	like(bob);
	(void)say(bob, names(who, 1));
	assert_told(ann, 2, 2);
	ASSERT_OK(post_delete(&stage.site, kit_arena, ann, post));
	assert_told(ann, 0, 0);
	assert_told(cat, 0, 0);
}

Test(notify, what_a_moderator_removes_goes)
{
	struct moderator shell = {0};
	struct str who[] = {STR("cat")};
	int64_t where, comment = say(bob, names(who, 1));

	ASSERT_OK(moderate_comment(
	    &stage.site, kit_arena, &shell, comment, STR("rude"), &where));
	assert_told(ann, 0, 0);
	assert_told(cat, 0, 0);
	like(bob);
	ASSERT_OK(
	    moderate_post(&stage.site, kit_arena, &shell, post, STR("rude")));
	assert_told(ann, 0, 0);
}

Test(notify, of_a_suspended_account_nothing_is_shown_until_it_is_back)
{
	struct moderator shell = {0};

	like(bob);
	read_all(ann, 0);
	(void)say(bob, (struct list){0});
	like(cat);
	assert_told(ann, 3, 2);
	ASSERT_OK(
	    moderate_suspend(&stage.site, kit_arena, &shell, bob, STR("rude")));
	assert_told(ann, 1, 1);
	ASSERT_OK(
	    moderate_lift(&stage.site, kit_arena, &shell, bob, STR("sorry")));
	assert_told(ann, 2, 1);
}

Test(notify, of_the_posts_of_a_suspended_account_nothing_is_shown)
{
	struct moderator shell = {0};
	struct str who[] = {STR("cat")};

	(void)say(bob, names(who, 1));
	assert_told(cat, 1, 1);
	ASSERT_OK(
	    moderate_suspend(&stage.site, kit_arena, &shell, ann, STR("rude")));
	assert_told(cat, 0, 0);
}

Test(notify, an_erased_account_leaves_nothing)
{
	struct erase_report report;
	struct str who[] = {STR("cat"), STR("ann")};

	like(bob);
	(void)say(bob, names(who, 2));
	post = stage_post(bob, "y");
	like(ann);
	like(cat);
	(void)say(cat, names(who, 2));
	assert_told(ann, 3, 3);
	assert_told(bob, 3, 3);
	ASSERT_OK(erase_account(&stage.site, kit_arena, STR("bob"), &report));
	ASSERT_INT(stage_count("SELECT count(*) FROM notification"), 0);
	assert_told(ann, 0, 0);
	assert_told(cat, 0, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM inbox WHERE account_id = "
			       "%lld",
		       (long long)bob),
	    0);
}

Test(notify, an_erased_account_takes_nothing_of_the_others_along)
{
	struct erase_report report;

	like(cat);
	(void)say(bob, (struct list){0});
	ASSERT_OK(follow_add(&stage.site, kit_arena, ann, STR("cat")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, ann, STR("bob")));
	(void)stage_post(bob, "y");
	ASSERT_OK(erase_account(&stage.site, kit_arena, STR("bob"), &report));
	assert_told(ann, 1, 1);
	assert_first(ann, "like", "cat");
	assert_told(cat, 1, 1);
	ASSERT_INT(stage_count("SELECT count(*) FROM follow"), 1);
}

Test(notify, is_read_as_far_as_was_seen)
{
	int64_t unread, newest;

	like(bob);
	newest = stage_count("SELECT max(id) FROM notification");
	like(cat);
	ASSERT_OK(notify_read(&stage.site, kit_arena, ann, newest, &unread));
	ASSERT_INT(unread, 1);
	assert_told(ann, 2, 1);
	ASSERT_OK(notify_read(&stage.site, kit_arena, ann, 1, &unread));
	ASSERT_INT(unread, 1);
	read_all(ann, 0);
	read_all(ann, 0);
	assert_told(ann, 2, 0);
}

/* Nobody has read what has not happened yet. */
Test(notify, cannot_be_read_in_advance)
{
	int64_t unread;

	ASSERT_OK(notify_read(&stage.site, kit_arena, ann, INT64_MAX, &unread));
	ASSERT_INT(unread, 0);
	like(bob);
	ASSERT_OK(notify_read(&stage.site, kit_arena, ann, INT64_MAX, &unread));
	like(cat);
	assert_told(ann, 2, 1);
}

Test(notify, one_reads_ones_own_alone)
{
	int64_t unread;

	like(bob);
	ASSERT_OK(notify_read(&stage.site, kit_arena, cat, INT64_MAX, &unread));
	assert_told(ann, 1, 1);
}

Test(notify, what_is_old_goes)
{
	bool is_more;

	like(bob);
	like(cat);
	stage_run("UPDATE notification SET created_at = now() - interval '91 "
		  "days' WHERE id = (SELECT min(id) FROM notification)");
	ASSERT_OK(notify_thin(&stage.site, kit_arena, &is_more));
	cr_assert_not(is_more);
	assert_told(ann, 1, 1);
	assert_first(ann, "like", "cat");
}

/* Private accounts. */

static void
set_private(int64_t who, bool is_private)
{
	stage_run("UPDATE account SET is_private = %s WHERE id = %lld",
	    is_private ? "true" : "false", (long long)who);
}

Test(notify, who_asks_to_follow_is_told_of_until_it_is_answered)
{
	set_private(ann, true);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 1);
	assert_first(ann, "request", "bob");
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 0, 0);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_decline(&stage.site, kit_arena, ann, STR("bob")));
	assert_told(ann, 0, 0);
	assert_told(bob, 0, 0);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_accept(&stage.site, kit_arena, ann, STR("bob")));
	assert_told(ann, 0, 0);
	assert_told(bob, 1, 1);
	assert_first(bob, "accept", "ann");
	ASSERT_OK(
	    follow_remove_follower(&stage.site, kit_arena, ann, STR("bob")));
	assert_told(bob, 0, 0);
}

Test(notify, who_asks_no_more_is_not_taken_for_somebody_else_who_asks)
{
	set_private(ann, true);
	set_private(cat, true);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("cat")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, cat, STR("ann")));
	read_all(ann, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, cat, STR("ann")));
	assert_told(ann, 0, 0);
	assert_told(cat, 1, 1);
}

Test(notify, a_yes_that_no_longer_holds_is_not_taken_for_another)
{
	set_private(ann, true);
	set_private(cat, true);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("cat")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, cat, STR("ann")));
	ASSERT_OK(follow_accept(&stage.site, kit_arena, ann, STR("bob")));
	ASSERT_OK(follow_accept(&stage.site, kit_arena, cat, STR("bob")));
	ASSERT_OK(follow_accept(&stage.site, kit_arena, ann, STR("cat")));
	read_all(bob, 0);
	assert_told(bob, 2, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(bob, 1, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("cat")));
	assert_told(bob, 0, 0);
}

Test(notify, who_asked_and_then_follows_is_told_of_as_a_follower)
{
	set_private(ann, true);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	set_private(ann, false);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(ann, 1, 1);
	assert_first(ann, "follow", "bob");
}

Test(notify, a_mention_is_told_to_whom_the_post_is_for)
{
	struct str who[] = {STR("bob"), STR("cat")};

	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	read_all(ann, 0);
	ASSERT_OK(privacy_set(&stage.site, kit_arena, ann, true));
	(void)post_mentioning(ann, names(who, 2));
	assert_told(bob, 1, 1);
	assert_told(cat, 0, 0);
	(void)say(bob, names(who, 2));
	assert_told(cat, 0, 0);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(bob, 0, 0);
}

/* To follow somebody is not to follow the owner. */
Test(notify, a_comment_calls_nobody_to_a_private_post_who_follows_others)
{
	struct str who[] = {STR("cat")};

	ASSERT_OK(follow_add(&stage.site, kit_arena, cat, STR("bob")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	set_private(ann, true);
	(void)say(bob, names(who, 1));
	assert_told(cat, 0, 0);
	ASSERT_INT(stage_count("SELECT count(*) FROM notification WHERE "
			       "account_id = %lld",
		       (long long)cat),
	    0);
}

Test(notify, a_no_to_one_is_no_answer_to_another)
{
	set_private(ann, true);
	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	ASSERT_OK(follow_add(&stage.site, kit_arena, cat, STR("ann")));
	ASSERT_OK(follow_decline(&stage.site, kit_arena, ann, STR("bob")));
	assert_told(ann, 1, 1);
	assert_first(ann, "request", "cat");
	ASSERT_OK(follow_accept(&stage.site, kit_arena, ann, STR("cat")));
	assert_told(ann, 0, 0);
}

Test(notify, who_leaves_a_private_account_is_still_told_of_the_others)
{
	struct str who[] = {STR("bob")};

	ASSERT_OK(follow_add(&stage.site, kit_arena, bob, STR("ann")));
	set_private(ann, true);
	(void)post_mentioning(ann, names(who, 1));
	(void)post_mentioning(cat, names(who, 1));
	assert_told(bob, 2, 2);
	ASSERT_OK(follow_remove(&stage.site, kit_arena, bob, STR("ann")));
	assert_told(bob, 1, 1);
	assert_first(bob, "mention", "cat");
}

Test(notify, nobody_is_called_to_what_has_become_private)
{
	struct str who[] = {STR("cat")};

	(void)say(bob, names(who, 1));
	(void)post_mentioning(ann, names(who, 1));
	assert_told(cat, 2, 2);
	ASSERT_OK(privacy_set(&stage.site, kit_arena, ann, true));
	assert_told(cat, 0, 0);
	assert_told(ann, 1, 1);
}

/* At once. */

static enum err
waver(struct site *site, struct arena *a, int i)
{
	int64_t likes, unread;

	for (int k = 0; k < 12; k++) {
		if (i == 3)
			TRY(notify_read(site, a, ann, INT64_MAX, &unread));
		else if ((i + k) % 2 == 0)
			TRY(like_add(site, a, bob, post, &likes));
		else
			TRY(like_remove(site, a, bob, post, &likes));
	}
	return OK;
}

Test(notify, liking_unliking_and_reading_at_once_are_counted_right)
{
	enum err errors[4];

	stage_at_once(4, waver, errors);
	for (int i = 0; i < 4; i++)
		ASSERT_OK(errors[i]);
	assert_told(
	    ann, stage_count("SELECT count(*) FROM liking"), unread_of(ann));
	unlike(bob);
	like(bob);
	read_all(ann, 0);
	assert_told(ann, 1, 0);
}

static enum err
act_or_delete(struct site *site, struct arena *a, int i)
{
	int64_t likes;
	enum err e;

	if (i == 0)
		return post_delete(site, a, ann, post);
	if (i % 2 == 0)
		e = like_add(site, a, i == 2 ? bob : cat, post, &likes);
	else
		e = comment_make(site, a, i == 1 ? bob : cat, post, STR("nice"),
		    (struct list){0}, STR("key"));
	return e == ERR_ABSENT ? OK : e;
}

Test(notify, nobody_is_called_to_a_post_that_is_just_deleted)
{
	for (int round = 0; round < 6; round++) {
		enum err errors[5];

		post = stage_post(ann, "z");
		stage_at_once(5, act_or_delete, errors);
		for (int i = 0; i < 5; i++)
			ASSERT_OK(errors[i]);
		assert_told(ann, 0, 0);
	}
}

/* Who mentions two people writes to both of their inboxes. */
static enum err
mention_each_other(struct site *site, struct arena *a, int i)
{
	struct str there[] = {STR("ann"), STR("bob"), STR("cat")};
	struct str back[] = {STR("cat"), STR("bob"), STR("ann")};
	int64_t who[] = {ann, bob, cat};

	for (int k = 0; k < 8; k++) {
		struct str key;

		TRY(arena_printf(a, &key, "key %d %d", i, k));
		TRY(comment_make(site, a, who[(i + k) % 3], post, STR("nice"),
		    names(i % 2 == 0 ? there : back, 3), key));
	}
	return OK;
}

Test(notify, people_who_mention_each_other_do_not_block_each_other)
{
	enum err errors[6];

	stage_at_once(6, mention_each_other, errors);
	for (int i = 0; i < 6; i++)
		ASSERT_OK(errors[i]);
	ASSERT_INT(
	    stage_count("SELECT count(*) FROM notification"), 6LL * 8 * 2);
	ASSERT_INT(
	    stage_count("SELECT sum(unread)::bigint FROM inbox"), 6LL * 8 * 2);
}

static enum err
follow_or_erase(struct site *site, struct arena *a, int i)
{
	struct erase_report report;
	enum err e;

	if (i == 0) {
		/* It may give way to who holds what it needs. */
		do
			e = erase_account(site, a, STR("bob"), &report);
		while (e == ERR_BUSY);
		return e;
	}
	for (int k = 0; k < 6; k++) {
		e = k % 2 == 0 ? follow_add(site, a, bob, STR("ann"))
		               : follow_remove(site, a, bob, STR("ann"));
		if (e != OK)
			return OK; /* bob is gone */
	}
	return OK;
}

Test(notify, an_account_that_follows_while_it_is_erased_leaves_nothing)
{
	enum err errors[3];

	stage_at_once(3, follow_or_erase, errors);
	ASSERT_OK(errors[0]);
	assert_told(ann, 0, 0);
}
