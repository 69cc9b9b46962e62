/* The pages by which one saves posts and finds them again. */
#include "kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(bookmark_page, .init = kit_start, .fini = kit_stop);

static const char *const pressed = "formaction=\"/p/1/unbookmark\"";

Test(bookmark_page, shows_what_one_has_saved_and_nobody_elses)
{
	cr_expect_eq(kit_post(CAT, "/p/1/bookmark", "back=%2Fbookmarks"), 303);
	cr_expect_str_eq(kit_header("Location"), "/bookmarks");
	cr_expect_eq(kit_post(CAT, "/p/1/bookmark", ""), 303);
	cr_expect_str_eq(kit_header("Location"), "/p/1");
	cr_assert_eq(kit_get(CAT, "/bookmarks"), 200);
	cr_expect(kit_body_has("href=\"/p/1\""));
	cr_assert_eq(kit_get(CAT, "/p/1"), 200);
	cr_expect(kit_body_has(pressed));
	for (int who = STRANGER; who <= ADA; who++) {
		if (who == CAT)
			continue;
		cr_assert_eq(kit_get((enum kit_who)who, "/p/1"), 200);
		cr_expect_not(kit_body_has(pressed), "%d", who);
		if (who == STRANGER)
			continue;
		cr_assert_eq(kit_get((enum kit_who)who, "/bookmarks"), 200);
		cr_expect(kit_body_has("Nothing saved yet"), "%d", who);
		cr_expect_not(kit_body_has("href=\"/p/1\""), "%d", who);
	}
}

Test(bookmark_page, lets_go_of_what_is_taken_back)
{
	cr_expect_eq(kit_post(CAT, "/p/1/bookmark", ""), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/unbookmark", ""), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/unbookmark", ""), 303);
	cr_assert_eq(kit_get(CAT, "/bookmarks"), 200);
	cr_expect_not(kit_body_has("href=\"/p/1\""));
	cr_assert_eq(kit_get(CAT, "/p/1"), 200);
	cr_expect_not(kit_body_has(pressed));
}

Test(bookmark_page, leads_to_no_other_site)
{
	cr_expect_eq(
	    kit_post(CAT, "/p/1/bookmark", "back=%2F%2Fevil.test"), 303);
	cr_expect_str_eq(kit_header("Location"), "/p/1");
}

Test(bookmark_page, answers_the_script_in_json)
{
	static const char *const cases[][2] = {
	    {"/p/1/bookmark", "{\"saved\":true}"},
	    {"/p/1/unbookmark", "{\"saved\":false}"}};
	char body[128];

	(void)snprintf(body, sizeof(body), "csrf=%s", kit_csrf(CAT));
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(
		    kit_send(&(struct kit_request){.method = "POST",
			.address = cases[i][0],
			.cookie = kit_cookie(CAT),
			.accept = "application/json",
			.content_type = "application/x-www-form-urlencoded",
			.body = body}),
		    200);
		cr_expect(kit_body_has(cases[i][1]));
	}
}

Test(bookmark_page, has_what_is_older_on_another_page)
{
	char next[64];

	test_db_run(kit.t,
	    "INSERT INTO post (account_id, caption) SELECT 1, 'words ' || n "
	    "FROM generate_series(1, 32) n;"
	    "INSERT INTO bookmark (account_id, post_id) SELECT 3, id FROM post "
	    "WHERE id > 1 ORDER BY id DESC");
	cr_assert_eq(kit_get(CAT, "/bookmarks"), 200);
	cr_expect(kit_body_has("words 1</span>"), "saved last");
	cr_expect(kit_body_has("words 30</span>"));
	cr_expect_not(kit_body_has("words 31</span>"));
	(void)snprintf(next, sizeof(next), "/bookmarks?before=%lld",
	    (long long)test_db_count(
		kit.t, "SELECT id FROM bookmark ORDER BY id OFFSET 2 LIMIT 1"));
	cr_expect(kit_body_has(next));
	cr_assert_eq(kit_get(CAT, next), 200);
	cr_expect(kit_body_has("words 31</span>"));
	cr_expect(kit_body_has("words 32</span>"));
	cr_expect_not(kit_body_has("words 30</span>"));
	cr_expect_not(kit_body_has("rel=\"next\""));
	cr_expect_eq(kit_get(CAT, "/bookmarks?before=x"), 404);
	cr_expect_eq(kit_get(CAT, "/bookmarks?before=1"), 200);
	cr_expect(kit_body_has("That was all"));
}

Test(bookmark_page, of_what_is_out_of_sight_does_nothing)
{
	test_db_run(kit.t, "UPDATE post SET deleted_at = now()");
	cr_expect_eq(kit_post(CAT, "/p/1/bookmark", ""), 404);
	cr_expect_eq(kit_post(CAT, "/p/1/unbookmark", ""), 404);
	cr_expect_eq(kit_post(CAT, "/p/99/bookmark", ""), 404);
	cr_expect_eq(test_db_count(kit.t, "SELECT count(*) FROM bookmark"), 0);
}
