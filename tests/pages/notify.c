/* The page of what one is told, and the count that every page shows. */
#include "kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(notify_page, .init = kit_start, .fini = kit_stop);

static const char *const badge = "<span class=\"badge\"";

static int64_t
newest(void)
{
	return test_db_count(
	    kit.t, "SELECT coalesce(max(id), 0) FROM notification");
}

static int
read_to(enum kit_who who, int64_t newest)
{
	char form[64];

	(void)snprintf(form, sizeof(form), "newest=%lld", (long long)newest);
	return kit_post(who, "/notifications/read", form);
}

Test(notify_page, shows_what_has_happened_to_whom_it_concerns)
{
	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/comment", "text=Look,+@bob!"), 303);
	cr_expect_eq(kit_post(CAT, "/@ann/follow", ""), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("likes your post"));
	cr_expect(kit_body_has("commented on your post"));
	cr_expect(kit_body_has("Look, @bob!"));
	cr_expect(kit_body_has("/p/1#comment-2\""));
	cr_expect(kit_body_has("follows you"));
	cr_assert_eq(kit_get(BOB, "/notifications"), 200);
	cr_expect(kit_body_has("mentioned you in a comment"));
	cr_expect_not(kit_body_has("your post"));
	for (int who = CAT; who <= ADA; who++) {
		cr_assert_eq(kit_get((enum kit_who)who, "/notifications"), 200);
		cr_expect(kit_body_has("All quiet"));
		cr_expect_not(kit_body_has(badge));
	}
}

Test(notify_page, every_page_counts_what_was_not_read)
{
	static const char *const pages[] = {
	    "/", "/public", "/p/1", "/@bob", "/settings", "/nowhere"};

	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	cr_expect_eq(kit_post(BOB, "/p/1/like", ""), 303);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		(void)kit_get(ANN, pages[i]);
		cr_expect(kit_body_has(badge), "%s", pages[i]);
		cr_expect(kit_body_has("Notifications, 2 new</span>"), "%s",
		    pages[i]);
		(void)kit_get(BOB, pages[i]);
		cr_expect_not(kit_body_has(badge), "%s", pages[i]);
		(void)kit_get(STRANGER, pages[i]);
		cr_expect_not(kit_body_has("/notifications"), "%s", pages[i]);
	}
}

Test(notify_page, of_very_many_says_that_they_are_many)
{
	test_db_run(kit.t, "INSERT INTO inbox VALUES (1, 0, 99), (2, 0, 100)");
	cr_assert_eq(kit_get(ANN, "/"), 200);
	cr_expect(kit_body_has("Notifications, 99 new</span>"));
	cr_assert_eq(kit_get(BOB, "/"), 200);
	cr_expect(kit_body_has("Notifications, 99+ new</span>"));
}

Test(notify_page, is_marked_as_read_by_its_button)
{
	char field[64];

	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("class=\"unread\""), "looking changes nothing");
	(void)snprintf(field, sizeof(field), "name=\"newest\" value=\"%lld\"",
	    (long long)newest());
	cr_expect(kit_body_has(field));
	cr_expect_eq(read_to(ANN, newest()), 303);
	cr_expect_str_eq(kit_header("Location"), "/notifications");
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("likes your post"));
	cr_expect_not(kit_body_has("class=\"unread\""));
	cr_expect_not(kit_body_has(badge));
	cr_expect_not(kit_body_has("Mark all as read"));
}

Test(notify_page, what_came_after_it_was_looked_at_stays_new)
{
	int64_t seen;

	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	seen = newest();
	cr_expect_eq(kit_post(BOB, "/p/1/like", ""), 303);
	cr_expect_eq(read_to(ANN, seen), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("Notifications, 1 new</span>"));
	cr_expect(kit_body_has("class=\"unread\""));
}

Test(notify_page, answers_the_script_in_json)
{
	char body[128];

	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	(void)snprintf(body, sizeof(body), "csrf=%s&newest=%lld", kit_csrf(ANN),
	    (long long)newest());
	cr_expect_eq(kit_send(&(struct kit_request){.method = "POST",
			 .address = "/notifications/read",
			 .cookie = kit_cookie(ANN),
			 .accept = "application/json",
			 .content_type = "application/x-www-form-urlencoded",
			 .body = body}),
	    200);
	cr_expect(kit_body_has("{\"unread\":0}"));
}

Test(notify_page, takes_numbers_alone)
{
	static const char *const forms[] = {"", "newest=", "newest=x",
	    "newest=-1", "newest=99999999999999999999"};

	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		cr_expect_eq(kit_post(ANN, "/notifications/read", forms[i]),
		    400, "%s", forms[i]);
	cr_assert_eq(kit_get(ANN, "/"), 200);
	cr_expect(kit_body_has(badge));
}

Test(notify_page, tells_likes_of_a_post_in_one_line)
{
	cr_expect_eq(kit_post(BOB, "/p/1/like", ""), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has(
	    "<b dir=\"auto\">Cat</b> and <b dir=\"auto\">Bob</b> like your "
	    "post"));
	cr_expect_eq(kit_post(MEG, "/p/1/like", ""), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has(
	    "<b dir=\"auto\">Meg</b> and 2 others like your post"));
	cr_expect_eq(kit_post(BOB, "/p/1/comment", "text=and+more"), 303);
	cr_expect_eq(kit_post(ADA, "/p/1/like", ""), 303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("<b dir=\"auto\">Ada</b> likes your post"));
	cr_expect(kit_body_has(
	    "<b dir=\"auto\">Meg</b> and 2 others like your post"));
}

Test(notify_page, tells_who_asks_to_follow_and_who_lets_one)
{
	test_db_run(
	    kit.t, "UPDATE account SET is_private = true WHERE name = 'cat'");
	cr_expect_eq(kit_post(BOB, "/@cat/follow", ""), 303);
	cr_assert_eq(kit_get(CAT, "/notifications"), 200);
	cr_expect(kit_body_has("<b dir=\"auto\">Bob</b> asks to follow you"));
	cr_expect(kit_body_has("class=\"notice-link\" href=\"/requests\""));
	cr_expect_eq(kit_post(MEG, "/@cat/follow", ""), 303);
	cr_assert_eq(kit_get(CAT, "/notifications"), 200);
	cr_expect(kit_body_has(
	    "<b dir=\"auto\">Meg</b> and <b dir=\"auto\">Bob</b> ask to follow "
	    "you"));
	test_db_run(kit.t,
	    "WITH yes AS (DELETE FROM follow_request WHERE follower_id = 2) "
	    "INSERT INTO follow (follower_id, followed_id) VALUES (2, 3);"
	    "INSERT INTO notification (account_id, kind, actor_id) "
	    "VALUES (2, 'accept', 3)");
	cr_assert_eq(kit_get(BOB, "/notifications"), 200);
	cr_expect(kit_body_has("<b dir=\"auto\">Cat</b> lets you follow"));
	cr_expect(kit_body_has("class=\"notice-link\" href=\"/@cat\""));
	cr_assert_eq(kit_get(CAT, "/notifications"), 200);
	cr_expect(kit_body_has("<b dir=\"auto\">Meg</b> asks to follow you"));
}

Test(notify_page, has_what_is_older_on_another_page)
{
	char next[64];

	test_db_run(kit.t,
	    "INSERT INTO comment (post_id, account_id, body) SELECT 1, 2, "
	    "'words ' || n || '.' FROM generate_series(1, 42) n;"
	    "INSERT INTO notification (account_id, kind, actor_id, post_id, "
	    "comment_id) SELECT 1, 'comment', 2, 1, id FROM comment "
	    "WHERE id > 1 ORDER BY id");
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect(kit_body_has("words 42."));
	cr_expect(kit_body_has("words 3."));
	cr_expect_not(kit_body_has("words 2."));
	(void)snprintf(next, sizeof(next), "/notifications?before=%lld",
	    (long long)test_db_count(kit.t,
		"SELECT id FROM notification ORDER BY id OFFSET 2 LIMIT 1"));
	cr_expect(kit_body_has(next));
	cr_assert_eq(kit_get(ANN, next), 200);
	cr_expect(kit_body_has("words 2."));
	cr_expect(kit_body_has("words 1."));
	cr_expect_not(kit_body_has("words 3."));
	cr_expect_eq(kit_get(ANN, "/notifications?before=x"), 404);
	cr_expect_eq(kit_get(ANN, "/notifications?before=1"), 200);
	cr_expect(kit_body_has("That was all"));
}

Test(notify_page, escapes_what_people_write)
{
	cr_expect_eq(kit_post(CAT, "/p/1/comment",
			 "text=%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
	    303);
	cr_assert_eq(kit_get(ANN, "/notifications"), 200);
	cr_expect_not(kit_body_has("<script>alert"));
	cr_expect(kit_body_has("&lt;script&gt;"));
}

Test(notify_page, tells_who_is_mentioned_in_a_caption_of_a_form)
{
	char body[400];

	/* A post needs an image; what it mentions is the program's to find. */
	(void)snprintf(body, sizeof(body), "text=%s",
	    "@BOB+@bob+and+mail@cat.example+and+@cat%21");
	cr_expect_eq(kit_post(ANN, "/p/1/comment", body), 303);
	cr_expect_eq(test_db_count(kit.t, "SELECT count(*) FROM notification "
					  "WHERE kind = 'mention'"),
	    2);
}
