/* Error pages as the person meets them who was about to do something: what it
 * says, where it leads, and that nothing that was typed is lost. */
#include "kit.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(errors, .init = kit_start, .fini = kit_stop);

#define WORDS "Some+words+%3Cb%3E+of+mine"
#define WORDS_SHOWN "Some words &lt;b&gt; of mine</textarea>"

static const char *
post_address(const char *rest)
{
	static char address[40];

	(void)snprintf(
	    address, sizeof(address), "/p/%lld%s", (long long)kit.post, rest);
	return address;
}

/* A form of ann's, as her browser sends it: with her cookie. */
static int
send_form(const char *address, const char *origin, const char *body)
{
	return kit_send(&(struct kit_request){.method = "POST",
	    .address = address,
	    .cookie = kit_cookie(ANN),
	    .origin = origin,
	    .content_type = "application/x-www-form-urlencoded",
	    .body = body});
}

static void
end_sessions(void)
{
	test_db_run(kit.t, "DELETE FROM session");
}

static void
stop_hashing(void)
{
	kit.conf.hashes = 0;
	kit.conf.hash_queue = 0;
}

Test(errors, who_is_logged_out_meanwhile_gets_the_comment_back)
{
	end_sessions();
	cr_assert_eq(
	    send_form(post_address("/comment"), NULL, "text=" WORDS), 401);
	cr_expect(kit_body_has(WORDS_SHOWN));
	cr_expect(kit_body_has(">Comment</label>"));
}

Test(errors, who_has_logged_out_elsewhere_gets_the_comment_back)
{
	cr_assert_eq(kit_send(&(struct kit_request){.method = "POST",
			 .address = post_address("/comment"),
			 .content_type = "application/x-www-form-urlencoded",
			 .body = "text=" WORDS}),
	    401);
	cr_expect(kit_body_has(WORDS_SHOWN));
}

/* As one who has logged out in another window. */
static int
send_files(void)
{
	return kit_send(&(struct kit_request){.method = "POST",
	    .address = "/new",
	    .content_type = "multipart/form-data; boundary=xx",
	    .body = "--xx\r\n"
		    "Content-Disposition: form-data; name=\"image\"; "
		    "filename=\"a.jpg\"\r\n\r\nno picture\r\n"
		    "--xx\r\n"
		    "Content-Disposition: form-data; name=\"alt\"\r\n\r\n"
		    "A lake\r\n--xx\r\n"
		    "Content-Disposition: form-data; name=\"caption\"\r\n\r\n"
		    "Some words <b> of mine\r\n--xx--\r\n"});
}

Test(errors, the_words_of_a_post_are_given_back_without_its_images)
{
	cr_assert_eq(send_files(), 401);
	cr_expect(kit_body_has(WORDS_SHOWN));
	cr_expect(kit_body_has("A lake</textarea>"));
	cr_expect(kit_body_has("\"/login?next=%2Fnew\""));
}

Test(errors, what_is_very_large_is_not_read_of_a_stranger)
{
	kit.conf.image_bytes = 100;
	cr_assert_eq(send_files(), 401);
	cr_expect_not(kit_body_has("What you typed"));
}

Test(errors, who_is_logged_out_meanwhile_is_led_to_the_login_and_back)
{
	char link[128];

	end_sessions();
	cr_assert_eq(
	    send_form(post_address("/comment"), NULL, "text=" WORDS), 401);
	(void)snprintf(link, sizeof(link),
	    "class=\"button\" href=\"/login?next=%%2Fp%%2F%lld\"",
	    (long long)kit.post);
	cr_expect(kit_body_has(link), "%s", link);
	cr_assert_eq(send_form("/settings/picture/remove", NULL, ""), 401);
	cr_expect(kit_body_has("\"/login?next=%2Fsettings\""));
	cr_assert_eq(send_form("/comment/1/delete", NULL, ""), 401);
	cr_expect(kit_body_has("\"/login?next=%2F\""));
}

Test(errors, a_form_without_its_token_is_given_back)
{
	cr_assert_eq(
	    send_form("/settings", NULL, "csrf=x&display=Ann&bio=" WORDS), 403);
	cr_expect(kit_body_has(WORDS_SHOWN));
	cr_expect(kit_body_has(">About you</label>"));
}

Test(errors, a_comment_on_what_is_gone_is_given_back)
{
	cr_assert_eq(kit_post(ANN, "/p/999/comment", "text=" WORDS), 404);
	cr_expect(kit_body_has(WORDS_SHOWN));
}

Test(errors, what_another_site_sends_is_not_shown)
{
	cr_assert_eq(
	    send_form("/settings", "http://evil.test", "csrf=x&bio=" WORDS),
	    403);
	cr_expect_not(kit_body_has("Some words"));
}

Test(errors, a_password_is_never_given_back)
{
	end_sessions();
	cr_assert_eq(send_form("/settings/password", NULL,
			 "current=four+odd+words&password=green+cats&"
			 "again=green+cats"),
	    401);
	cr_expect_not(kit_body_has("odd words"));
	cr_expect_not(kit_body_has("green cats"));
	cr_expect_not(kit_body_has("What you typed"));
}

Test(errors, a_failure_of_ours_names_the_line_of_the_log)
{
	test_db_run(kit.t, "ALTER TABLE account RENAME TO elsewhere");
	cr_assert_eq(
	    send_form(post_address("/comment"), NULL, "text=" WORDS), 500);
	cr_expect(kit_body_has("<code>"));
	cr_expect(kit_body_has("href=\"/status\""));
	cr_expect(kit_body_has(WORDS_SHOWN));
}

Test(errors, joining_a_busy_site_keeps_what_was_typed)
{
	stop_hashing();
	cr_assert_eq(kit_post(STRANGER, "/register",
			 "username=dora&display=Dora+D.&"
			 "email=dora%40example.org&password=four+odd+words&"
			 "again=four+odd+words&consent=yes&"
			 "terms=2026-11-21"),
	    503);
	cr_expect_str_eq(kit_header("Retry-After"), "5");
	cr_expect(kit_body_has("value=\"dora@example.org\""));
	cr_expect(kit_body_has("value=\"Dora D.\""));
	cr_expect(kit_body_has(" checked"));
	cr_expect(kit_body_has("no account yet"));
	cr_expect_not(kit_body_has("four odd words"));
}

Test(errors, a_login_to_a_busy_site_keeps_the_name)
{
	stop_hashing();
	cr_assert_eq(kit_post(STRANGER, "/login",
			 "who=nadia&password=wrong+one&next=%2Fp%2F1"),
	    503);
	cr_expect_str_eq(kit_header("Retry-After"), "5");
	cr_expect(kit_body_has("value=\"nadia\""));
	cr_expect(kit_body_has("value=\"/p/1\""));
	cr_expect(kit_body_has("very busy"));
}

Test(errors, a_new_password_on_a_busy_site_is_asked_for_again)
{
	stop_hashing();
	cr_assert_eq(kit_post(ANN, "/settings/password",
			 "current=four+odd+words&password=seven+green+cats&"
			 "again=seven+green+cats"),
	    503);
	cr_expect_str_eq(kit_header("Retry-After"), "5");
	cr_expect(kit_body_has("is not changed"));
	cr_expect(kit_body_has("Change password"));
}

Test(errors, a_comment_that_is_refused_leads_its_likes_to_the_post)
{
	char back[64];

	cr_assert_eq(kit_post(ANN, post_address("/comment"), "text=+"), 400);
	(void)snprintf(
	    back, sizeof(back), "value=\"%s#post-", post_address(""));
	cr_expect(kit_body_has(back), "%s", back);
}
