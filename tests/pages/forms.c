/* What the forms of the site do, and what they say when they refuse. */
#include "kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(forms, .init = kit_start, .fini = kit_stop);

#define REGISTER                                                    \
	"username=Dora&display=Dora+D.&email=dora%40example.org&"   \
	"password=four+odd+words&again=four+odd+words&consent=yes&" \
	"terms=2026-11-21&key=abcdefghijklmnopqrstuv"

static int64_t
count(const char *sql)
{
	return test_db_count(kit.t, sql);
}

Test(forms, joining_makes_an_account_and_logs_it_in)
{
	cr_expect_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	cr_expect_str_eq(kit_header("Location"), "/?done=welcome");
	cr_expect_not_null(strstr(kit_header("Set-Cookie"), "session="));
	cr_expect_eq(count("SELECT count(*) FROM account WHERE name = 'dora' "
			   "AND consent_version = '2026-11-21' AND "
			   "consent_at > now() - interval '1 minute'"),
	    1);
}

Test(forms, the_same_joining_twice_makes_one_account)
{
	cr_expect_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	cr_expect_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	cr_expect_eq(count("SELECT count(*) FROM account"), 6);
}

Test(forms, joining_without_consent_makes_no_account)
{
	cr_expect_eq(kit_post(STRANGER, "/register",
			 "username=dora&display=Dora&"
			 "email=dora%40example.org&password=four+odd+words&"
			 "again=four+odd+words&terms=2026-11-21"),
	    400);
	cr_expect(kit_body_has("Without your consent"));
	cr_expect(kit_body_has("value=\"dora@example.org\""),
	    "what was typed is kept");
	cr_expect_not(kit_body_has("four odd words"));
	cr_expect_eq(count("SELECT count(*) FROM account"), 5);
}

Test(forms, a_taken_name_is_told_whatever_its_case)
{
	cr_expect_eq(kit_post(STRANGER, "/register",
			 "username=ANN&display=A&email=a%40b.org&"
			 "password=four+odd+words&again=four+odd+words&"
			 "consent=yes&terms=2026-11-21"),
	    400);
	cr_expect(kit_body_has("This username is taken"));
}

Test(forms, a_login_that_fails_keeps_the_name_and_where_to_go)
{
	cr_expect_eq(kit_post(STRANGER, "/login",
			 "who=nadia&password=wrong+one&next=%2Fp%2F1"),
	    400);
	cr_expect(kit_body_has("do not belong together"));
	cr_expect(kit_body_has("value=\"nadia\""));
	cr_expect(kit_body_has("value=\"/p/1\""));
}

Test(forms, a_login_gives_a_new_token_and_goes_where_it_was_meant_to)
{
	cr_assert_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	cr_expect_eq(kit_post(STRANGER, "/login",
			 "who=dora&password=four+odd+words&next=%2Fp%2F1"),
	    303);
	cr_expect_str_eq(kit_header("Location"), "/p/1");
	cr_expect_eq(count("SELECT count(*) FROM session WHERE "
			   "account_id = (SELECT id FROM account "
			   "WHERE name = 'dora')"),
	    2);
}

Test(forms, who_wants_to_leave_is_told_whom_to_ask)
{
	kit.conf.contact = STR("help@example.org");
	cr_expect_eq(kit_get(ANN, "/settings"), 200);
	cr_expect(kit_body_has("Write to help@example.org to have your"));
}

Test(forms, a_login_leads_to_no_other_site)
{
	cr_assert_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	cr_assert_eq(kit_post(STRANGER, "/login",
			 "who=dora&password=four+odd+words&"
			 "next=%2F%2Fevil.test%2F"),
	    303);
	cr_expect_str_eq(kit_header("Location"), "/");
}

Test(forms, logging_out_ends_the_session_on_the_server)
{
	cr_expect_eq(kit_post(ANN, "/logout", ""), 303);
	cr_expect_eq(
	    count("SELECT count(*) FROM session WHERE account_id = 1"), 0);
	cr_expect_eq(kit_get(ANN, "/settings"), 303);
}

Test(forms, a_comment_is_made_once_however_often_it_is_sent)
{
	const char *form = "text=so+calm&key=abcdefghijklmnopqrstuv";

	cr_expect_eq(kit_post(CAT, "/p/1/comment", form), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/comment", form), 303);
	cr_expect_eq(count("SELECT count(*) FROM comment"), 2);
	cr_expect_eq(count("SELECT comments FROM post"), 2);
}

Test(forms, an_empty_comment_is_refused_on_the_post)
{
	cr_expect_eq(kit_post(CAT, "/p/1/comment", "text=+%0A+"), 400);
	cr_expect(kit_body_has("Write something first."));
	cr_expect(kit_body_has("lovely"), "the post is still shown");
}

Test(forms, a_comment_too_many_is_kept_in_the_form)
{
	test_db_run(kit.t, "INSERT INTO action_count SELECT id, 'comment', "
			   "date_trunc('hour', now()), 120 FROM account");
	cr_expect_eq(kit_post(CAT, "/p/1/comment", "text=patient+words"), 429);
	cr_expect(kit_body_has("You have written 120 comments in this hour"));
	cr_expect(kit_body_has("patient words</textarea>"));
	cr_expect_str_neq(kit_header("Retry-After"), "");
	cr_expect_eq(count("SELECT count(*) FROM comment"), 1);
}

Test(forms, a_like_too_many_is_a_page_that_says_so)
{
	test_db_run(kit.t, "INSERT INTO action_count SELECT id, 'like', "
			   "date_trunc('hour', now()), 1000 FROM account");
	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 429);
	cr_expect(kit_body_has("Too many tries"));
	cr_expect_eq(count("SELECT likes FROM post"), 0);
}

Test(forms, a_comment_that_is_too_long_is_kept_in_the_form)
{
	char form[2100];

	(void)snprintf(form, sizeof(form), "text=%01100d", 0);
	cr_expect_eq(kit_post(CAT, "/p/1/comment", form), 400);
	cr_expect(kit_body_has("please shorten it to 1000"));
	cr_expect(kit_body_has("0000000000</textarea>"));
}

Test(forms, a_comment_on_nothing_is_not_found)
{
	cr_expect_eq(kit_post(CAT, "/p/99/comment", "text=hello"), 404);
}

Test(forms, markup_in_a_comment_is_text)
{
	cr_assert_eq(kit_post(CAT, "/p/1/comment",
			 "text=%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
	    303);
	cr_assert_eq(kit_get(STRANGER, "/p/1"), 200);
	cr_expect_not(kit_body_has("<script>alert"));
	cr_expect(kit_body_has("&lt;script&gt;"));
}

Test(forms, a_comment_is_deleted_by_its_author)
{
	cr_expect_eq(kit_post(BOB, "/comment/1/delete", ""), 303);
	cr_expect_eq(count("SELECT comments FROM post"), 0);
	cr_assert_eq(kit_get(STRANGER, "/p/1"), 200);
	cr_expect_not(kit_body_has("lovely"));
}

Test(forms, a_comment_is_deleted_by_the_owner_of_the_post)
{
	cr_expect_eq(kit_post(ANN, "/comment/1/delete", ""), 303);
	cr_expect_eq(count("SELECT comments FROM post"), 0);
}

Test(forms, a_comment_is_deleted_by_nobody_else)
{
	cr_expect_eq(kit_post(CAT, "/comment/1/delete", ""), 403);
	cr_expect_eq(count("SELECT comments FROM post"), 1);
}

Test(forms, a_like_counts_once)
{
	cr_expect_eq(kit_post(CAT, "/p/1/like", "back=%2F"), 303);
	cr_expect_str_eq(kit_header("Location"), "/");
	cr_expect_eq(kit_post(CAT, "/p/1/like", ""), 303);
	cr_expect_eq(count("SELECT likes FROM post"), 1);
	cr_expect_eq(kit_post(CAT, "/p/1/unlike", ""), 303);
	cr_expect_eq(kit_post(CAT, "/p/1/unlike", ""), 303);
	cr_expect_eq(count("SELECT likes FROM post"), 0);
}

Test(forms, a_like_by_script_is_answered_with_its_count)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "csrf=%s", kit_csrf(CAT));
	cr_expect_eq(kit_send(&(struct kit_request){.method = "POST",
			 .address = "/p/1/like",
			 .cookie = kit_cookie(CAT),
			 .accept = "application/json",
			 .content_type = "application/x-www-form-urlencoded",
			 .body = body}),
	    200);
	cr_expect(kit_body_has("{\"liked\":true,\"likes\":1}"));
}

Test(forms, a_like_leads_to_no_other_site)
{
	cr_expect_eq(
	    kit_post(CAT, "/p/1/like", "back=http%3A%2F%2Fevil.test"), 303);
	cr_expect_str_eq(kit_header("Location"), "/p/1");
}

Test(forms, following_brings_posts_home_and_unfollowing_takes_them)
{
	cr_expect_eq(kit_post(CAT, "/@ann/follow", ""), 303);
	cr_expect_eq(kit_get(CAT, "/"), 200);
	cr_expect(kit_body_has("the <a"));
	cr_expect_eq(kit_post(CAT, "/@ann/unfollow", ""), 303);
	cr_expect_eq(kit_get(CAT, "/"), 200);
	cr_expect_not(kit_body_has("the <a"));
}

Test(forms, nobody_follows_oneself)
{
	cr_expect_eq(kit_post(ANN, "/@ann/follow", ""), 400);
	cr_expect_eq(count("SELECT count(*) FROM follow"), 1);
}

Test(forms, a_post_is_deleted_by_its_owner_alone)
{
	cr_expect_eq(kit_get(BOB, "/p/1/delete"), 403);
	cr_expect_eq(kit_post(BOB, "/p/1/delete", ""), 404);
	cr_expect_eq(kit_get(ANN, "/p/1/delete"), 200);
	cr_expect_eq(kit_post(ANN, "/p/1/delete", ""), 303);
	cr_expect_str_eq(kit_header("Location"), "/@ann?done=deleted");
	cr_expect_eq(kit_get(ANN, "/p/1"), 404);
	cr_expect_eq(kit_get(BOB, "/"), 200);
	cr_expect_not(kit_body_has("/p/1\""));
	cr_expect_eq(kit_get(STRANGER, "/tag/sea"), 200);
	cr_expect_not(kit_body_has("/p/1\""));
}

Test(forms, a_profile_is_edited)
{
	cr_expect_eq(kit_post(ANN, "/settings",
			 "display=Ann+of+the+Sea&bio=Salt+%26+wind"),
	    303);
	cr_assert_eq(kit_get(STRANGER, "/@ann"), 200);
	cr_expect(kit_body_has("Ann of the Sea"));
	cr_expect(kit_body_has("Salt &amp; wind"));
}

/* Redirects keep the part of the page that a form was sent to, where a
 * complaint would be; success is said at the top. */
Test(forms, a_change_of_the_settings_is_said_at_the_top)
{
	cr_expect_eq(kit_get(ANN, "/settings"), 200);
	cr_expect(
	    kit_body_has("action=\"/settings/password#password-heading\""));
	cr_expect(kit_body_has("action=\"/settings/picture#picture-heading\""));
	cr_expect_eq(kit_post(ANN, "/settings", "display=Ann&bio=Hello"), 303);
	cr_expect_str_eq(kit_header("Location"), "/settings?done=saved#top");
}

Test(forms, a_profile_without_a_name_is_refused_and_kept)
{
	cr_expect_eq(
	    kit_post(ANN, "/settings", "display=++&bio=still+here"), 400);
	cr_expect(kit_body_has("Enter the name that people shall see."));
	cr_expect(kit_body_has("still here"));
}

Test(forms, a_picture_is_removed_by_who_has_one)
{
	const char *const button = "formaction=\"/settings/picture/remove\"";

	cr_assert_eq(kit_get(ANN, "/settings"), 200);
	cr_expect_not(kit_body_has(button));
	test_db_run(kit.t, "UPDATE account SET picture_key = "
			   "'abcdefghijklmnopqrstuvwxyz' WHERE id = 1");
	cr_assert_eq(kit_get(ANN, "/settings"), 200);
	cr_expect(kit_body_has(button));
	cr_expect_eq(kit_post(ANN, "/settings/picture/remove", ""), 303);
	cr_expect_str_eq(
	    kit_header("Location"), "/settings?done=no_picture#top");
	cr_expect_eq(count("SELECT count(picture_key) FROM account"), 0);
	cr_expect_eq(kit_get(ANN, "/settings?done=no_picture"), 200);
	cr_expect(kit_body_has("Your picture is removed."));
}

Test(forms, a_password_is_changed_by_who_knows_it)
{
	int64_t id;

	cr_assert_eq(kit_post(STRANGER, "/register", REGISTER), 303);
	id = count("SELECT id FROM account WHERE name = 'dora'");
	test_db_run(
	    kit.t, "UPDATE session SET account_id = 6 WHERE account_id = 3");
	cr_assert_eq(id, 6);
	cr_expect_eq(kit_post(CAT, "/settings/password",
			 "current=not+this+one&password=five+other+words&"
			 "again=five+other+words"),
	    400);
	cr_expect(kit_body_has("That is not your current password"));
	cr_expect_eq(kit_post(CAT, "/settings/password",
			 "current=four+odd+words&password=five+other+words&"
			 "again=five+other+words"),
	    303);
	cr_expect_eq(count("SELECT count(*) FROM session WHERE account_id = 4"),
	    1, "the other sessions have ended");
	cr_expect_eq(
	    kit_get(CAT, "/settings"), 303, "and this one has a new token");
}

Test(forms, searching_finds_people_and_tags)
{
	cr_assert_eq(kit_get(STRANGER, "/search?q=an"), 200);
	cr_expect(kit_body_has("@ann"));
	cr_assert_eq(kit_get(STRANGER, "/search?q=%23se"), 200);
	cr_expect(kit_body_has("href=\"/tag/sea\""));
	cr_assert_eq(kit_get(STRANGER, "/search?q=%25"), 200);
	cr_expect_not(kit_body_has("@ann"), "a percent sign is no wildcard");
}

Test(forms, searching_takes_capitals_and_accents_as_they_are_meant)
{
	test_db_run(kit.t, "UPDATE account SET display = 'Zo\xc3\xab "
			   "\xc3\x89lan' WHERE id = 2;"
			   "INSERT INTO post_tag VALUES ('caf\xc3\xa9', 1)");
	cr_assert_eq(kit_get(STRANGER, "/search?q=AN"), 200);
	cr_expect(kit_body_has("@ann"));
	cr_assert_eq(kit_get(STRANGER, "/search?q=%C3%89L"), 200);
	cr_expect(kit_body_has("@bob"), "a word behind a space");
	cr_assert_eq(kit_get(STRANGER, "/search?q=lan"), 200);
	cr_expect_not(kit_body_has("@bob"), "no word begins so");
	cr_assert_eq(kit_get(STRANGER, "/search?q=%23Cafe%CC%81"), 200);
	cr_expect(kit_body_has("href=\"/tag/caf%C3%A9\""));
	cr_assert_eq(kit_get(STRANGER, "/tag/cafe%CC%81"), 200);
	cr_expect(kit_body_has("/p/1\""), "the accent may come by itself");
}

Test(forms, a_tag_that_is_everywhere_is_not_counted_to_the_end)
{
	test_db_run(kit.t,
	    "INSERT INTO post (account_id, caption) "
	    "SELECT 1, 'n' || g FROM generate_series(2, 1000) g;"
	    "INSERT INTO post_tag SELECT 'sea', id FROM post WHERE id > 1");
	cr_assert_eq(kit_get(STRANGER, "/tag/sea"), 200);
	cr_expect(kit_body_has("<p>1000 posts</p>"));
	test_db_run(kit.t,
	    "INSERT INTO post (account_id, caption) VALUES (1, 'one more');"
	    "INSERT INTO post_tag VALUES ('sea', 1001)");
	cr_assert_eq(kit_get(STRANGER, "/tag/sea"), 200);
	cr_expect(kit_body_has("<p>More than 1000 posts</p>"));
}

Test(forms, a_list_goes_on_by_plain_links)
{
	test_db_run(kit.t, "INSERT INTO post (account_id, caption) "
			   "SELECT 1, 'n' || g FROM generate_series(2, 45) g");
	cr_assert_eq(kit_get(STRANGER, "/public"), 200);
	cr_expect(kit_body_has("href=\"/public?before=26\""));
	cr_assert_eq(kit_get(STRANGER, "/public?before=26"), 200);
	cr_expect(kit_body_has("href=\"/public?before=6\""));
	cr_assert_eq(kit_get(STRANGER, "/public?before=6"), 200);
	cr_expect_not(kit_body_has("before="));
	cr_expect_eq(kit_get(STRANGER, "/public?before=x"), 404);
}

#define TOKEN_FORM "key=abcdefghijklmnopqrstuv&name=A+script&can_read=yes"

Test(forms, a_new_token_is_shown_once)
{
	cr_expect_eq(kit_post(ANN, "/settings/tokens", TOKEN_FORM), 200);
	cr_expect(kit_body_has("readonly spellcheck=\"false\">\npix_"));
	cr_expect(
	    str_equal(kit.response.cache_control, STR("private, no-store")));
	cr_expect_eq(kit_get(ANN, "/settings/tokens"), 200);
	cr_expect_not(kit_body_has("pix_"));
	cr_expect(kit_body_has("A script"));
	cr_expect_eq(kit_post(ANN, "/settings/tokens", TOKEN_FORM), 303);
	cr_expect_eq(count("SELECT count(*) FROM token WHERE can_read AND NOT "
			   "can_write AND NOT can_upload"),
	    1);
}

Test(forms, a_token_without_a_name_is_asked_for_again)
{
	cr_expect_eq(
	    kit_post(ANN, "/settings/tokens", "name=&can_write=yes"), 400);
	cr_expect(kit_body_has("Say what it is for"));
	cr_expect(kit_body_has("value=\"yes\" checked"));
	cr_expect_eq(count("SELECT count(*) FROM token"), 0);
}

Test(forms, a_token_that_moderates_is_for_moderators_alone)
{
	const char *form = TOKEN_FORM "&can_moderate=yes";

	cr_expect_eq(kit_get(ANN, "/settings/tokens"), 200);
	cr_expect_not(kit_body_has("can_moderate"));
	cr_expect_eq(kit_post(ANN, "/settings/tokens", form), 400);
	cr_expect(kit_body_has("Only moderators and admins"));
	cr_expect_eq(count("SELECT count(*) FROM token"), 0);
	cr_expect_eq(kit_get(MEG, "/settings/tokens"), 200);
	cr_expect(kit_body_has("can_moderate"));
	cr_expect_eq(kit_post(MEG, "/settings/tokens", form), 200);
	cr_expect(kit_body_has("<span>moderate</span>"));
	cr_expect_eq(kit_post(ADA, "/settings/tokens", form), 200);
	cr_expect_eq(count("SELECT count(*) FROM token WHERE can_moderate"), 2);
}

Test(forms, a_token_is_revoked_by_its_owner_alone)
{
	cr_expect_eq(kit_post(ANN, "/settings/tokens", TOKEN_FORM), 200);
	cr_expect_eq(kit_post(BOB, "/settings/tokens/1/revoke", ""), 404);
	cr_expect_eq(count("SELECT count(*) FROM token"), 1);
	cr_expect_eq(kit_get(BOB, "/settings/tokens"), 200);
	cr_expect_not(kit_body_has("A script"));
	cr_expect_eq(kit_post(ANN, "/settings/tokens/1/revoke", ""), 303);
	cr_expect_eq(count("SELECT count(*) FROM token"), 0);
}
