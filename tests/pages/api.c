/* What the gate holds to for every row of the API's table: a call that is
 * added is tested here without a line more. */
#include "pages/api.h"
#include "domain/token.h"
#include "kit.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(api, .init = kit_start, .fini = kit_stop);

static bool
is_described(const struct route *route)
{
	for (size_t i = 0; i < api_operations_count; i++)
		if (strcmp(api_operations[i].route, route->name) == 0)
			return true;
	return false;
}

static const char *
method_of(const struct route *route)
{
	static const char *const names[] = {
	    [METHOD_GET] = "GET",
	    [METHOD_POST] = "POST",
	    [METHOD_PUT] = "PUT",
	    [METHOD_PATCH] = "PATCH",
	    [METHOD_DELETE] = "DELETE",
	};

	return names[route->method];
}

Test(api, every_call_but_the_description_is_described)
{
	size_t described = 0;

	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];

		if (strcmp(route->name, "api_openapi") == 0)
			continue;
		cr_expect(is_described(route), "%s", route->name);
		described++;
	}
	cr_expect_eq(described, api_operations_count);
}

Test(api, every_call_but_the_description_needs_a_scope)
{
	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];

		cr_expect_not(page_needs_login(route->need), "%s", route->name);
		cr_expect_eq(route->need == NEED_NOTHING,
		    strcmp(route->name, "api_openapi") == 0, "%s", route->name);
	}
}

/* Nor may a page of another site use the session of who looks at it. */
Test(api, a_session_does_nothing_here)
{
	int64_t before = kit_rows();

	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];
		int status;

		if (route->need == NEED_NOTHING)
			continue;
		status =
		    kit_send(&(struct kit_request){.method = method_of(route),
			.address = kit_address(route),
			.cookie = kit_cookie(ANN),
			.content_type = "application/json",
			.body = "{\"text\":\"x\",\"display\":\"x\"}"});
		cr_expect_eq(status, 401, "%s: %d", route->name, status);
		cr_expect(str_equal(kit.response.content_type,
		    STR("application/problem+json")));
	}
	cr_expect_eq(kit_rows(), before);
}

/* A call with a token that may do everything that its account may. */
static int
call(enum kit_who who, const char *method, const char *address, const char *key,
    const char *body)
{
	static struct str tokens[KIT_PEOPLE];
	struct token_complaints complaints;
	struct str login;

	if (tokens[who].len == 0)
		cr_assert_eq(
		    token_make(&kit.site, kit.arena,
			&(struct token_draft){who, STR("t"), true, true, true,
			    who == MEG || who == ADA, str_from(kit_csrf(who))},
			&complaints, &tokens[who]),
		    OK);
	cr_assert_eq(
	    arena_printf(kit.a, &login, "Bearer %.*s", STR_ARG(tokens[who])),
	    OK);
	return kit_send(&(struct kit_request){.method = method,
	    .address = address,
	    .authorization = login.at,
	    .idempotency_key = key,
	    .content_type = body != NULL ? "application/json" : NULL,
	    .body = body});
}

/* Of what is there, deleted, of a suspended account (dan is 6), of a private
 * one (eve is 7, followed by bob and asked by cat), or not there: posts 1 to 4
 * and 9, comments 1 to 3 on the first and one on eve's. */
static void
make_things(void)
{
	test_db_run(kit.t,
	    "INSERT INTO account (name, email, display, password_hash, "
	    "consent_version, suspended_at) VALUES "
	    "('dan', 'dan@example.org', 'Dan', 'x', '1', now());"
	    "INSERT INTO account (name, email, display, password_hash, "
	    "consent_version, is_private) VALUES "
	    "('eve', 'eve@example.org', 'Eve', 'x', '1', true);"
	    "INSERT INTO post (account_id, caption, deleted_at) VALUES "
	    "(1, 'taken away #sea', now()), (6, 'suspended #sea', NULL), "
	    "(7, 'for friends #sea', NULL);"
	    "INSERT INTO post_tag VALUES ('sea', 2), ('sea', 3), "
	    "('sea', 4);"
	    "INSERT INTO feed SELECT a, p, CASE p WHEN 2 THEN 1 ELSE 6 END "
	    "FROM generate_series(1, 5) a, generate_series(2, 3) p;"
	    "INSERT INTO feed SELECT a, 4, 7 FROM generate_series(1, 5) a;"
	    "INSERT INTO bookmark (account_id, post_id) SELECT a, p "
	    "FROM generate_series(1, 5) a, generate_series(1, 4) p;"
	    "INSERT INTO notification (account_id, kind, actor_id, post_id) "
	    "SELECT a, 'mention', CASE p WHEN 2 THEN 1 ELSE 6 END, p FROM "
	    "generate_series(2, 5) a, generate_series(2, 3) p;"
	    "INSERT INTO follow (follower_id, followed_id) VALUES (1, 6), "
	    "(6, 1), (2, 7), (7, 1);"
	    "INSERT INTO follow_request (follower_id, followed_id) "
	    "VALUES (3, 7);"
	    "INSERT INTO comment (post_id, account_id, body, deleted_at) "
	    "VALUES (1, 2, 'unsaid', now()), (1, 6, 'silenced', NULL), "
	    "(4, 2, 'whispered', NULL)");
}

Test(api, everybody_sees_what_the_pages_show_them_and_nothing_else)
{
	static const struct {
		const char *page, *address;
	} cases[] = {{"/p/1", "/api/v1/posts/1"}, {"/p/2", "/api/v1/posts/2"},
	    {"/p/3", "/api/v1/posts/3"}, {"/p/4", "/api/v1/posts/4"},
	    {"/p/9", "/api/v1/posts/9"}, {"/p/4", "/api/v1/posts/4/comments"},
	    {"/@eve", "/api/v1/accounts/eve"},
	    {"/@eve/followers", "/api/v1/accounts/eve/followers"},
	    {"/@eve/following", "/api/v1/accounts/eve/following"},
	    {"/requests", "/api/v1/requests"},
	    {"/search?q=%23sea", "/api/v1/search?q=%23sea"},
	    {"/p/1", "/api/v1/posts/1/comments"},
	    {"/p/2", "/api/v1/posts/2/comments"},
	    {"/p/3", "/api/v1/posts/3/comments"},
	    {"/@ann", "/api/v1/accounts/ann"},
	    {"/@dan", "/api/v1/accounts/dan"},
	    {"/@no_one", "/api/v1/accounts/no_one"},
	    {"/@ann", "/api/v1/accounts/ann/posts"},
	    {"/@dan", "/api/v1/accounts/dan/posts"},
	    {"/@ann/followers", "/api/v1/accounts/ann/followers"},
	    {"/@dan/followers", "/api/v1/accounts/dan/followers"},
	    {"/@ann/following", "/api/v1/accounts/ann/following"},
	    {"/@dan/following", "/api/v1/accounts/dan/following"},
	    {"/", "/api/v1/home"}, {"/public", "/api/v1/public"},
	    {"/tag/sea", "/api/v1/tags/sea/posts"},
	    {"/bookmarks", "/api/v1/bookmarks"},
	    {"/notifications", "/api/v1/notifications"},
	    {"/search?q=dan", "/api/v1/search?q=dan"},
	    {"/search?q=ann", "/api/v1/search?q=ann"}};
	static const char *const secrets[] = {
	    "taken away", "suspended #", "unsaid", "silenced"};
	static const char *const shared[] = {"for friends", "whispered"};
	size_t told = 0;

	make_things();
	for (int who = ANN; who <= ADA; who++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int page = kit_get((enum kit_who)who, cases[i].page);
			bool has_dan = kit_body_has("/@dan\"");
			int status = call((enum kit_who)who, "GET",
			    cases[i].address, NULL, NULL);

			cr_expect_eq(status, page, "%s as %d: %d, not %d",
			    cases[i].address, who, status, page);
			for (size_t j = 0; j < 4; j++)
				cr_expect_not(kit_body_has(secrets[j]),
				    "%s as %d: %s", cases[i].address, who,
				    secrets[j]);
			for (size_t j = 0; j < 2; j++) {
				bool has = kit_body_has(shared[j]);

				cr_expect(!has || who == BOB, "%s as %d: %s",
				    cases[i].address, who, shared[j]);
				told += has;
			}
			cr_expect(has_dan || !kit_body_has("\"dan\""),
			    "%s as %d names dan", cases[i].address, who);
		}
	/* Bob has read them at home, by the tag, in the post, ... */
	cr_expect_gt(told, 5);
}

Test(api, what_is_out_of_sight_cannot_be_touched_either)
{
	static const struct {
		const char *method, *rest, *body;
	} cases[] = {{"PUT", "/like", NULL}, {"PUT", "/bookmark", NULL},
	    {"DELETE", "/bookmark", NULL},
	    {"POST", "/comments", "{\"text\":\"x\"}"}, {"DELETE", "", NULL}};
	char address[64];
	int64_t before;

	make_things();
	for (int who = ANN; who <= ADA; who++)
		(void)call((enum kit_who)who, "GET", "/api/v1/me", NULL, NULL);
	test_db_run(kit.t, "UPDATE post SET likes = 0");
	before = test_db_count(kit.t,
	    "SELECT (SELECT count(*) FROM liking) + (SELECT count(*) FROM "
	    "comment) + (SELECT count(*) FROM post WHERE deleted_at IS NULL)");
	for (int who = ANN; who <= ADA; who++)
		for (int post = 2; post <= 5; post++)
			for (size_t i = 0; i < 5; i++) {
				if (post == 4 && who == BOB)
					continue;
				(void)snprintf(address, sizeof(address),
				    "/api/v1/posts/%d%s", post, cases[i].rest);
				cr_expect_eq(
				    call((enum kit_who)who, cases[i].method,
					address, NULL, cases[i].body),
				    404, "%s %s as %d", cases[i].method,
				    address, who);
			}
	cr_expect_eq(
	    call(CAT, "PUT", "/api/v1/accounts/dan/follow", NULL, NULL), 404);
	cr_expect_eq(kit_post(CAT, "/@dan/follow", ""), 404);
	cr_expect_eq(kit_post(CAT, "/p/3/like", ""), 404);
	cr_expect_eq(kit_post(CAT, "/p/3/bookmark", ""), 404);
	cr_expect_eq(kit_post(CAT, "/p/4/like", ""), 404);
	cr_expect_eq(test_db_count(kit.t, "SELECT count(*) FROM bookmark"), 20);
	cr_expect_eq(test_db_count(kit.t,
			 "SELECT count(*) FROM follow WHERE followed_id = 6"),
	    1, "ann's, of before");
	cr_expect_eq(
	    test_db_count(kit.t,
		"SELECT (SELECT count(*) FROM liking) + (SELECT count(*) FROM "
		"comment) + (SELECT count(*) FROM post WHERE deleted_at IS "
		"NULL)"),
	    before);
}

Test(api, only_the_owner_deletes)
{
	for (int who = BOB; who <= ADA; who++)
		cr_expect_eq(call((enum kit_who)who, "DELETE",
				 "/api/v1/posts/1", NULL, NULL),
		    404);
	cr_expect_eq(
	    call(CAT, "DELETE", "/api/v1/comments/1", NULL, NULL), 403);
	cr_expect_eq(
	    call(BOB, "DELETE", "/api/v1/comments/1", NULL, NULL), 204);
	cr_expect_eq(call(ANN, "DELETE", "/api/v1/posts/1", NULL, NULL), 204);
}

Test(api, a_suspended_account_does_nothing)
{
	cr_assert_eq(call(BOB, "GET", "/api/v1/me", NULL, NULL), 200);
	test_db_run(
	    kit.t, "UPDATE account SET suspended_at = now() WHERE id = 2");
	for (size_t i = 0; i < api_routes.count; i++) {
		const struct route *route = &api_routes.rows[i];

		if (route->need == NEED_NOTHING)
			continue;
		cr_expect_eq(call(BOB, method_of(route), kit_address(route),
				 NULL, "{\"text\":\"x\"}"),
		    401, "%s", route->name);
	}
}

Test(api, a_key_with_something_else_is_refused)
{
	const char *address = "/api/v1/posts/1/comments";

	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"one\"}"), 201);
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"one\"}"), 201);
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"two\"}"), 422);
	cr_expect(kit_body_has("\"field\":\"Idempotency-Key\""));
	cr_expect_eq(call(CAT, "POST", address, "k", "{\"text\":\"two\"}"), 201,
	    "keys are one's own");
	cr_expect_eq(
	    call(BOB, "POST", address, "l", "{\"text\":\"two\"}"), 201);
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"one\"}"), 201);
	cr_expect_eq(test_db_count(kit.t, "SELECT count(*) FROM comment"), 4);
	cr_expect_eq(test_db_count(kit.t,
			 "SELECT count(*) FROM api_key WHERE account_id = 2"),
	    2, "of today none is forgotten");
	test_db_run(
	    kit.t, "UPDATE api_key SET created_at = now() - interval '3 days'");
	cr_expect_eq(
	    call(BOB, "POST", address, "m", "{\"text\":\"two\"}"), 201);
	cr_expect_eq(test_db_count(kit.t,
			 "SELECT count(*) FROM api_key WHERE account_id = 2"),
	    1, "old keys are forgotten");
	cr_expect_eq(test_db_count(kit.t,
			 "SELECT count(*) FROM api_key WHERE account_id = 3"),
	    1, "of who comes");
}

Test(api, a_key_whose_call_was_refused_is_free_again)
{
	const char *address = "/api/v1/incidents";

	cr_expect_eq(call(ADA, "POST", address, "k",
			 "{\"title\":\"Slow\",\"severity\":\"bad\","
			 "\"text\":\"We look into it.\"}"),
	    422);
	cr_expect_eq(call(ADA, "POST", address, "k",
			 "{\"title\":\"Slow\",\"severity\":\"degraded\","
			 "\"text\":\"We look into it.\"}"),
	    201);
	cr_expect_eq(call(ADA, "POST", address, "k",
			 "{\"title\":\"Other\",\"severity\":\"degraded\","
			 "\"text\":\"We look into it.\"}"),
	    422);
	cr_expect_eq(
	    test_db_count(kit.t, "SELECT count(*) FROM incident WHERE id > 1"),
	    1);
}

Test(api, a_key_whose_call_failed_is_free_again)
{
	const char *address = "/api/v1/posts/1/comments";

	test_db_run(kit.t, "UPDATE post SET deleted_at = now() WHERE id = 1");
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"one\"}"), 404);
	test_db_run(kit.t, "UPDATE post SET deleted_at = NULL WHERE id = 1");
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"two\"}"), 201);
	test_db_run(kit.t, "UPDATE post SET deleted_at = now() WHERE id = 1");
	cr_expect_eq(
	    call(BOB, "POST", address, "k", "{\"text\":\"two\"}"), 404);
	test_db_run(kit.t, "UPDATE post SET deleted_at = NULL WHERE id = 1");
	cr_expect_eq(call(BOB, "POST", address, "k", "{\"text\":\"three\"}"),
	    422, "what has made something keeps its key");
}

/* What a moderator's call needs to be understood. */
#define REASON "{\"reason\":\"not here\"}"

static bool
is_for_staff(const struct route *route)
{
	return route->need == NEED_MODERATE ||
	       route->need == NEED_MODERATE_ADMIN;
}

Test(api, what_moderates_is_for_those_who_may)
{
	for (int who = ANN; who <= ADA; who++)
		for (size_t i = 0; i < api_routes.count; i++) {
			const struct route *route = &api_routes.rows[i];
			bool may = who == ADA ||
			           (who == MEG && route->need == NEED_MODERATE);
			int64_t before;
			int status;

			if (!is_for_staff(route) || may)
				continue;
			(void)call(
			    (enum kit_who)who, "GET", "/api/v1/me", NULL, NULL);
			before = test_db_count(
			    kit.t, "SELECT count(*) FROM moderation");
			status = call((enum kit_who)who, method_of(route),
			    kit_address(route), NULL, REASON);
			cr_expect_eq(status, 403, "%s as %d: %d", route->name,
			    who, status);
			cr_expect_eq(test_db_count(kit.t,
					 "SELECT count(*) FROM moderation"),
			    before);
		}
}

Test(api, the_scope_counts_as_long_as_the_role_does)
{
	cr_expect_eq(
	    call(MEG, "GET", "/api/v1/accounts/bob/standing", NULL, NULL), 200);
	test_db_run(
	    kit.t, "UPDATE account SET role = 'member' WHERE name = 'meg'");
	cr_expect_eq(
	    call(MEG, "GET", "/api/v1/accounts/bob/standing", NULL, NULL), 403);
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/posts/1/removal", NULL, REASON), 403);
	cr_expect_eq(call(MEG, "GET", "/api/v1/me", NULL, NULL), 200);
	cr_expect_eq(kit_get(MEG, "/settings/tokens"), 200);
	cr_expect(kit_body_has("not while you are no moderator"));
	test_db_run(
	    kit.t, "UPDATE account SET role = 'admin' WHERE name = 'meg'");
	cr_expect_eq(call(MEG, "GET", "/api/v1/moderation", NULL, NULL), 200);
	cr_expect_eq(call(ADA, "GET", "/api/v1/moderation", NULL, NULL), 200);
	test_db_run(
	    kit.t, "UPDATE account SET role = 'moderator' WHERE name = 'ada'");
	cr_expect_eq(call(ADA, "GET", "/api/v1/moderation", NULL, NULL), 403);
}

Test(api, a_suspended_moderator_does_nothing_any_more)
{
	cr_expect_eq(
	    call(MEG, "GET", "/api/v1/accounts/bob/standing", NULL, NULL), 200);
	cr_expect_eq(
	    call(ADA, "POST", "/api/v1/accounts/meg/suspend", NULL, REASON),
	    200);
	cr_expect(kit_body_has("\"is_suspended\":true"));
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/posts/1/removal", NULL, REASON), 401);
	cr_expect_eq(
	    call(ADA, "POST", "/api/v1/accounts/meg/lift", NULL, REASON), 200);
	cr_expect_eq(call(MEG, "POST", "/api/v1/posts/1/removal", NULL, REASON),
	    401, "its tokens have ended");
	cr_expect_eq(kit_get(STRANGER, "/p/1"), 200);
}

/* As the page has it: admins by nobody, moderators by admins, oneself never. */
Test(api, whom_one_may_not_suspend)
{
	static const struct {
		const char *name;
		enum kit_who who;
		int status;
	} cases[] = {{"ada", MEG, 403}, {"meg", MEG, 403}, {"ada", ADA, 403},
	    {"no_one", MEG, 404}, {"ann@example.org", MEG, 404},
	    {"ann", MEG, 200}, {"ann", MEG, 409}, {"meg", ADA, 200}};
	char address[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(address, sizeof(address),
		    "/api/v1/accounts/%s/suspend", cases[i].name);
		cr_expect_eq(call(cases[i].who, "POST", address, NULL, REASON),
		    cases[i].status, "%s", cases[i].name);
	}
	cr_expect_eq(test_db_count(kit.t,
			 "SELECT count(*) FROM account WHERE suspended_at IS "
			 "NOT NULL"),
	    2);
	cr_expect_eq(
	    call(ADA, "POST", "/api/v1/accounts/bob/lift", NULL, REASON), 409);
}

Test(api, nothing_is_moderated_without_a_reason)
{
	static const char *const addresses[] = {"/api/v1/posts/1/removal",
	    "/api/v1/comments/1/removal", "/api/v1/accounts/ann/suspend"};
	static const char *const bodies[] = {
	    "{}", "{\"reason\":\" \"}", "{\"reason\":null}"};

	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 3; j++) {
			cr_expect_eq(
			    call(MEG, "POST", addresses[i], NULL, bodies[j]),
			    422);
			cr_expect(kit_body_has("\"field\":\"reason\""));
		}
	cr_expect_eq(
	    test_db_count(kit.t, "SELECT count(*) FROM moderation"), 0);
}

Test(api, what_is_removed_is_gone_and_on_record)
{
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/comments/1/removal", NULL, REASON), 204);
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/comments/1/removal", NULL, REASON), 404);
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/posts/1/removal", NULL, REASON), 204);
	cr_expect_eq(
	    call(MEG, "POST", "/api/v1/posts/1/removal", NULL, REASON), 404);
	cr_expect_eq(kit_get(ANN, "/p/1"), 404);
	cr_expect_eq(call(ADA, "GET", "/api/v1/moderation", NULL, NULL), 200);
	cr_expect(kit_body_has("\"what\":\"post\",\"by\":\"meg\",\"account\":"
			       "\"ann\",\"post\":\"1\",\"comment\":\"\","
			       "\"reason\":\"not here\"}"));
	cr_expect(kit_body_has("\"what\":\"comment\",\"by\":\"meg\","
			       "\"account\":\"bob\",\"post\":\"1\","
			       "\"comment\":\"1\""));
	cr_expect_eq(
	    call(ADA, "GET", "/api/v1/moderation?before=2", NULL, NULL), 200);
	cr_expect_not(kit_body_has("\"what\":\"post\""));
}

Test(api, an_incident_is_told_changed_and_ended)
{
	cr_expect_eq(call(ADA, "POST", "/api/v1/incidents", NULL,
			 "{\"title\":\"Slow\",\"severity\":\"degraded\","
			 "\"began\":\"2026-11-21T10:35:07+01:30\","
			 "\"text\":\"We look into it.\"}"),
	    201);
	cr_expect(kit_body_has("\"began\":\"2026-11-21T09:05:00Z\","
			       "\"ended\":null"));
	cr_expect_eq(kit_get(STRANGER, "/status"), 200);
	cr_expect(kit_body_has("We look into it."));
	for (int i = 0; i < 2; i++)
		cr_expect_eq(call(ADA, "PATCH", "/api/v1/incidents/2", "k",
				 "{\"ended\":\"2026-11-21T10:00:00Z\","
				 "\"text\":\"All is well.\"}"),
		    200);
	cr_expect(kit_body_has("\"title\":\"Slow\",\"severity\":\"degraded\","
			       "\"began\":\"2026-11-21T09:05:00Z\",\"ended\":"
			       "\"2026-11-21T10:00:00Z\""));
	cr_expect_eq(
	    test_db_count(kit.t,
		"SELECT count(*) FROM incident_note WHERE incident_id = 2"),
	    2);
	cr_expect_eq(
	    call(ADA, "PATCH", "/api/v1/incidents/2", NULL, "{\"ended\":\"\"}"),
	    200);
	cr_expect(kit_body_has("\"ended\":null"));
	cr_expect_eq(call(BOB, "GET", "/api/v1/incidents", NULL, NULL), 200);
	cr_expect(kit_body_has("\"title\":\"Slow\""));
	cr_expect(kit_body_has("\"text\":\"All is well.\""));
	cr_expect_eq(call(ADA, "PATCH", "/api/v1/incidents/2", NULL,
			 "{\"ended\":\"yesterday\",\"title\":\"\"}"),
	    422);
	cr_expect(kit_body_has("\"field\":\"title\""));
	cr_expect(kit_body_has("\"field\":\"ended\""));
	cr_expect_eq(
	    call(ADA, "PATCH", "/api/v1/incidents/7", NULL, "{}"), 404);
}

Test(api, the_keys_of_two_admins_are_not_the_same)
{
	const char *body = "{\"title\":\"Slow\",\"severity\":\"degraded\","
			   "\"text\":\"We look into it.\"}";

	test_db_run(
	    kit.t, "UPDATE account SET role = 'admin' WHERE name = 'meg'");
	cr_expect_eq(call(ADA, "POST", "/api/v1/incidents", "k", body), 201);
	cr_expect_eq(call(MEG, "POST", "/api/v1/incidents", "k", body), 201);
	cr_expect_eq(
	    test_db_count(kit.t, "SELECT count(*) FROM incident WHERE id > 1"),
	    2);
}

Test(api, what_nginx_refuses_is_told_in_the_words_of_who_has_asked)
{
	static const struct {
		const char *refused, *type;
	} cases[] = {{"/api/v1/posts?x=1", "application/problem+json"},
	    {"/sim/register", "application/json"}, {"/new", "text/html"},
	    {NULL, "text/html"}};

	kit.conf.sim_prefix = STR("/sim");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect_eq(kit_send(&(struct kit_request){.method = "GET",
				 .address = "/error/413",
				 .refused = cases[i].refused}),
		    413);
		cr_expect(str_starts(kit.response.content_type,
			      str_from(cases[i].type)),
		    "%.*s", STR_ARG(kit.response.content_type));
	}
	cr_expect_eq(kit_send(&(struct kit_request){.method = "GET",
			 .address = "/error/429",
			 .refused = "/api/v1/me/password"}),
	    429);
	cr_expect_str_eq(kit_header("Retry-After"), "5");
	cr_expect(kit_body_has("\"status\":429,"));
}
