/* What the gate holds to for every row of the route table: a page that is
 * added is tested here without a line more. */
#include "kit.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(gate, .init = kit_start, .fini = kit_stop);

static const struct route *
next_route(size_t *i, enum method method)
{
	while (*i < routes.count) {
		const struct route *route = &routes.rows[(*i)++];

		if (route->method == method)
			return route;
	}
	return NULL;
}

Test(gate, no_post_without_a_token_does_anything)
{
	int64_t before = kit_rows();
	const struct route *route;
	size_t i = 0, seen = 0;

	while ((route = next_route(&i, METHOD_POST)) != NULL) {
		enum kit_who who = kit_who_may(route);
		int status = kit_send(&(struct kit_request){.method = "POST",
		    .address = kit_address(route),
		    .cookie = kit_cookie(who),
		    .origin = "http://pix.test",
		    .content_type = "application/x-www-form-urlencoded",
		    .body = "text=x&display=x&caption=x"});

		cr_expect_eq(status, 403, "%s: %d", route->name, status);
		seen++;
	}
	cr_assert_gt(seen, 10);
	cr_expect_eq(kit_rows(), before);
}

/* Without a cookie there is nothing that a token could belong to. */
Test(gate, no_post_without_a_cookie_does_anything)
{
	int64_t before = kit_rows();
	const struct route *route;
	size_t i = 0;

	while ((route = next_route(&i, METHOD_POST)) != NULL) {
		int status = kit_send(&(struct kit_request){.method = "POST",
		    .address = kit_address(route),
		    .origin = "http://pix.test",
		    .content_type = "application/x-www-form-urlencoded",
		    .body = "csrf=&name=ann&password=x&text=x"});

		cr_expect_eq(status, page_needs_login(route->need) ? 401 : 403,
		    "%s: %d", route->name, status);
	}
	cr_expect_eq(kit_rows(), before);
}

Test(gate, no_post_with_anothers_token_does_anything)
{
	int64_t before = kit_rows();
	const struct route *route;
	size_t i = 0;
	char body[256];

	(void)snprintf(
	    body, sizeof(body), "text=x&display=x&csrf=%s", kit_csrf(CAT));
	while ((route = next_route(&i, METHOD_POST)) != NULL) {
		enum kit_who who = kit_who_may(route);
		int status = kit_send(&(struct kit_request){.method = "POST",
		    .address = kit_address(route),
		    .cookie = kit_cookie(who),
		    .origin = "http://pix.test",
		    .content_type = "application/x-www-form-urlencoded",
		    .body = body});

		cr_expect_eq(status, 403, "%s: %d", route->name, status);
	}
	cr_expect_eq(kit_rows(), before);
}

Test(gate, no_post_from_another_site_does_anything)
{
	int64_t before = kit_rows();
	const struct route *route;
	size_t i = 0;
	char body[256];

	while ((route = next_route(&i, METHOD_POST)) != NULL) {
		enum kit_who who = kit_who_may(route);
		int status;

		(void)snprintf(body, sizeof(body), "text=x&display=x&csrf=%s",
		    kit_csrf(who));
		status = kit_send(&(struct kit_request){.method = "POST",
		    .address = kit_address(route),
		    .cookie = kit_cookie(who),
		    .origin = "http://evil.test",
		    .content_type = "application/x-www-form-urlencoded",
		    .body = body});
		cr_expect_eq(status, 403, "%s: %d", route->name, status);
	}
	cr_expect_eq(kit_rows(), before);
}

Test(gate, a_stranger_posts_nothing_that_needs_a_member)
{
	int64_t before = kit_rows();
	const struct route *route;
	size_t i = 0, seen = 0;

	while ((route = next_route(&i, METHOD_POST)) != NULL) {
		if (!page_needs_login(route->need))
			continue;
		cr_expect_eq(kit_post(STRANGER, kit_address(route), "text=x"),
		    401, "%s", route->name);
		seen++;
	}
	cr_assert_gt(seen, 8);
	cr_expect_eq(kit_rows(), before);
}

Test(gate, a_stranger_is_led_to_the_login_and_back)
{
	const struct route *route;
	size_t i = 0, seen = 0;

	while ((route = next_route(&i, METHOD_GET)) != NULL) {
		if (!page_needs_login(route->need))
			continue;
		cr_expect_eq(kit_get(STRANGER, kit_address(route)), 303, "%s",
		    route->name);
		cr_expect_eq(
		    strncmp(kit_header("Location"), "/login?next=%2F", 15), 0,
		    "%s: %s", route->name, kit_header("Location"));
		seen++;
	}
	cr_assert_gt(seen, 1);
}

/* Whom the route keeps out though they are logged in. */
static bool
lacks_role(const struct route *route, enum kit_who who)
{
	return (route->need == NEED_MODERATOR && who <= CAT) ||
	       (route->need == NEED_ADMIN && who <= MEG);
}

Test(gate, what_is_for_moderators_and_admins_is_not_there_for_others)
{
	size_t seen = 0;

	for (int who = ANN; who <= ADA; who++) {
		const struct route *route;
		size_t i = 0;

		while ((route = next_route(&i, METHOD_GET)) != NULL) {
			if (!lacks_role(route, (enum kit_who)who))
				continue;
			cr_expect_eq(
			    kit_get((enum kit_who)who, kit_address(route)), 404,
			    "%s as %d", route->name, who);
			cr_expect(kit_body_has("There is nothing here"));
			seen++;
		}
	}
	cr_assert_gt(seen, 8);
}

Test(gate, moderators_and_admins_may_come_in)
{
	const struct route *route;
	size_t i = 0, seen = 0;

	while ((route = next_route(&i, METHOD_GET)) != NULL) {
		if (route->need != NEED_MODERATOR && route->need != NEED_ADMIN)
			continue;
		cr_expect_eq(
		    kit_get(ADA, kit_address(route)), 200, "%s", route->name);
		if (route->need == NEED_MODERATOR)
			cr_expect_eq(kit_get(MEG, kit_address(route)), 200,
			    "%s", route->name);
		seen++;
	}
	cr_assert_gt(seen, 2);
}

Test(gate, who_lacks_the_role_changes_nothing)
{
	int64_t before = kit_rows();
	size_t seen = 0;

	for (int who = ANN; who <= ADA; who++) {
		const struct route *route;
		size_t i = 0;

		while ((route = next_route(&i, METHOD_POST)) != NULL) {
			if (!lacks_role(route, (enum kit_who)who))
				continue;
			cr_expect_eq(kit_post((enum kit_who)who,
					 kit_address(route), "reason=x&text=x"),
			    404, "%s as %d", route->name, who);
			seen++;
		}
	}
	cr_assert_gt(seen, 8);
	cr_expect_eq(kit_rows(), before);
}

Test(gate, a_role_that_was_taken_away_is_gone_at_once)
{
	cr_expect_eq(kit_get(MEG, "/p/1/moderate"), 200);
	test_db_run(kit.t, "UPDATE account SET role = 'member' WHERE id = 4");
	cr_expect_eq(kit_get(MEG, "/p/1/moderate"), 404);
}

Test(gate, a_stranger_does_not_learn_what_exists_behind_the_login)
{
	cr_expect_eq(kit_get(STRANGER, "/p/1/delete"), 303);
	cr_expect_eq(kit_get(STRANGER, "/p/999/delete"), 303);
}

Test(gate, no_get_changes_a_row)
{
	for (int who = STRANGER; who <= ADA; who++) {
		int64_t before = kit_rows();
		const struct route *route;
		size_t i = 0, seen = 0;

		while ((route = next_route(&i, METHOD_GET)) != NULL) {
			int status =
			    kit_get((enum kit_who)who, kit_address(route));

			cr_expect_lt(status, 500, "%s as %d: %d", route->name,
			    who, status);
			seen++;
		}
		cr_assert_gt(seen, 10);
		cr_expect_eq(kit_rows(), before, "as %d", who);
	}
}

/* The one write of a visit: the session's own time, every five minutes. */
Test(gate, a_visit_keeps_only_ones_own_session_alive)
{
	test_db_run(
	    kit.t, "UPDATE session SET seen_at = now() - interval '1 hour'");
	cr_assert_eq(kit_get(BOB, "/"), 200);
	cr_expect_eq(
	    test_db_count(kit.t, "SELECT account_id FROM session "
				 "WHERE seen_at > now() - interval '1 minute'"),
	    BOB);
}

Test(gate, head_is_answered_as_get)
{
	cr_expect_eq(kit_send(&(struct kit_request){
			 .method = "HEAD", .address = "/public"}),
	    200);
}

Test(gate, an_unknown_address_is_a_page_of_the_site)
{
	cr_expect_eq(kit_get(ANN, "/nowhere"), 404);
	cr_expect(kit_body_has("There is nothing here"));
	cr_expect(kit_body_has("@ann"), "the page knows who is looking");
}

Test(gate, an_absent_post_is_a_page_that_knows_its_member)
{
	cr_expect_eq(kit_get(ANN, "/p/999"), 404);
	cr_expect(kit_body_has("@ann"));
}

Test(gate, a_wrong_method_says_which_are_right)
{
	cr_expect_eq(kit_get(ANN, "/logout"), 405);
	cr_expect_str_eq(kit_header("Allow"), "POST");
	cr_expect_eq(kit_send(&(struct kit_request){
			 .method = "DELETE", .address = "/login"}),
	    405);
	cr_expect_str_eq(kit_header("Allow"), "GET, HEAD, POST");
}

Test(gate, ids_have_one_spelling)
{
	cr_expect_eq(kit_get(ANN, "/p/1"), 200);
	cr_expect_eq(kit_get(ANN, "/p/01"), 404);
	cr_expect_eq(kit_get(ANN, "/p/-1"), 404);
	cr_expect_eq(kit_get(ANN, "/p/0"), 404);
	cr_expect_eq(kit_get(ANN, "/p/1x"), 404);
	cr_expect_eq(kit_get(ANN, "/p/99999999999999999999"), 404);
}

Test(gate, a_foreign_type_of_body_is_refused)
{
	cr_expect_eq(kit_send(&(struct kit_request){.method = "POST",
			 .address = "/login",
			 .cookie = kit_cookie(STRANGER),
			 .content_type = "application/json",
			 .body = "{}"}),
	    415);
}

Test(gate, a_session_that_has_ended_is_a_stranger)
{
	cr_assert_eq(kit_get(ANN, "/settings"), 200);
	test_db_run(kit.t, "DELETE FROM session WHERE account_id = 1");
	cr_expect_eq(kit_get(ANN, "/settings"), 303);
}

Test(gate, an_idle_session_ends)
{
	test_db_run(kit.t,
	    "UPDATE session SET seen_at = now() - interval '20161 minutes'");
	cr_expect_eq(kit_get(ANN, "/settings"), 303);
}

Test(gate, an_old_session_ends)
{
	test_db_run(kit.t,
	    "UPDATE session SET created_at = now() - interval '91 days'");
	cr_expect_eq(kit_get(ANN, "/settings"), 303);
}

Test(gate, members_pages_are_for_no_shared_cache)
{
	cr_assert_eq(kit_get(ANN, "/public"), 200);
	cr_expect(str_starts(kit.response.cache_control, STR("private")));
	cr_assert_eq(kit_get(STRANGER, "/login"), 200);
	cr_expect(str_starts(kit.response.cache_control, STR("private")) ||
		  str_equal(kit.response.cache_control, STR("no-store")));
}

static int
get_without_cookie(const char *address)
{
	return kit_send(
	    &(struct kit_request){.method = "GET", .address = address});
}

static bool
is_shared(void)
{
	return *kit_header("X-Accel-Expires") != '\0';
}

/* nginx gives what says so to other strangers as well (server.conf); what is
 * asked about our health has nothing to do with who asks. */
Test(gate, what_somebody_in_particular_gets_is_not_shared)
{
	for (int who = STRANGER; who <= ADA; who++) {
		const struct route *route;
		size_t i = 0;

		while ((route = next_route(&i, METHOD_GET)) != NULL) {
			if (strncmp(route->pattern, "/health/", 8) == 0)
				continue;
			(void)kit_get((enum kit_who)who, kit_address(route));
			cr_expect(
			    !is_shared() || (who == STRANGER &&
						!kit_body_has("name=\"csrf\"")),
			    "%s", route->name);
		}
	}
}

Test(gate, only_what_all_strangers_get_alike_is_shared)
{
	const struct route *route;
	size_t i = 0, shared = 0;

	while ((route = next_route(&i, METHOD_GET)) != NULL) {
		int status = get_without_cookie(kit_address(route));

		if (!is_shared())
			continue;
		shared++;
		cr_expect_eq(status, 200, "%s", route->name);
		cr_expect_not(kit_body_has("name=\"csrf\""), "%s", route->name);
		cr_expect_str_empty(
		    kit_header("Set-Cookie"), "%s", route->name);
	}
	cr_assert_gt(shared, 3);
	cr_assert_eq(get_without_cookie("/public"), 200);
	cr_expect_str_eq(kit_header("X-Accel-Expires"), "1");
	cr_assert_eq(get_without_cookie("/p/999"), 404);
	cr_expect_not(is_shared());
	cr_assert_eq(get_without_cookie("/settings"), 303);
	cr_expect_not(is_shared());
	cr_assert_eq(get_without_cookie("/error/413"), 413);
	cr_expect_not(is_shared());
	cr_assert_eq(get_without_cookie("/login"), 200);
	cr_expect_not(is_shared());
}

Test(gate, a_notice_is_one_of_ours)
{
	cr_assert_eq(kit_get(ANN, "/settings?done=saved"), 200);
	cr_expect(kit_body_has("Saved."));
	cr_assert_eq(kit_get(ANN, "/settings?done=Send+me+money"), 200);
	cr_expect_not(kit_body_has("money"));
}

Test(gate, a_page_that_is_come_back_to_says_its_notice_no_more)
{
	cr_assert_eq(kit_get(STRANGER, "/p/1?before=9&done=saved"), 200);
	cr_expect(kit_body_has("next=%2Fp%2F1%3Fbefore%3D9\""));
	cr_assert_eq(kit_get(STRANGER, "/p/1?done=saved&before=9"), 200);
	cr_expect(kit_body_has("next=%2Fp%2F1%3Fbefore%3D9\""));
}

Test(gate, a_lost_connection_is_not_noticed_by_readers)
{
	cr_assert_eq(kit_get(ANN, "/"), 200);
	test_db_run(kit.t,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
	    "WHERE datname = current_database() AND pid <> pg_backend_pid()");
	cr_expect_eq(kit_get(ANN, "/"), 200);
}
