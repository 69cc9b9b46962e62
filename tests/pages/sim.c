/* The simulator's interface: its table, row by row. */
#include "kit.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* simulator:super_safe! */
#define LOGIN "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh"
#define NOT_ALLOWED                                               \
	"{\"status\":403,\"error_msg\":\"You are not authorized " \
	"to use this resource!\"}"

static void
start(void)
{
	kit_start();
	kit.conf.sim_prefix = STR("/sim");
	kit.site.sim_login = str_slice(STR(LOGIN), 6, 100);
}

TestSuite(sim, .init = start, .fini = kit_stop);

static int
get(const char *address)
{
	return kit_send(&(struct kit_request){
	    .method = "GET", .address = address, .authorization = LOGIN});
}

static int
post(const char *address, const char *body)
{
	return kit_send(&(struct kit_request){.method = "POST",
	    .address = address,
	    .authorization = LOGIN,
	    .content_type = "application/json",
	    .body = body});
}

static void
expect_body(const char *wanted)
{
	struct str body = buf_str(&kit.body);

	cr_expect(str_equal(body, str_from(wanted)), "%.*s, not %s",
	    STR_ARG(body), wanted);
}

static void
expect_refusal(const char *body, const char *sentence)
{
	struct str wanted;

	cr_expect_eq(post("/sim/register", body), 400);
	cr_assert_eq(arena_printf(kit.a, &wanted,
			 "{\"status\":400,\"error_msg\":\"%s\"}", sentence),
	    OK);
	expect_body(wanted.at);
}

static void
expect_latest(long long wanted)
{
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"latest\":%lld}", wanted);
	cr_assert_eq(kit_send(&(struct kit_request){
			 .method = "GET", .address = "/sim/latest"}),
	    200);
	expect_body(body);
}

static int64_t
count(const char *sql)
{
	return test_db_count(kit.t, sql);
}

/* "ann" without the rows that are there already. */
static void
clear_posts(void)
{
	test_db_run(kit.t, "DELETE FROM post; DELETE FROM feed");
}

Test(sim, is_not_there_unless_it_is_switched_on)
{
	kit.conf.sim_prefix = STR("");
	cr_expect_eq(get("/sim/latest"), 404);
	cr_expect_eq(get("/latest"), 404);
	cr_expect_eq(get("/sim/msgs"), 404);
	cr_expect(kit_body_has("<html"), "the site's own page");
}

Test(sim, answers_this_machine_alone_where_it_is_told_so)
{
	struct kit_request latest = {
	    .method = "GET", .address = "/sim/latest", .client = "192.0.2.7"};

	cr_expect_eq(kit_send(&latest), 200);
	kit.conf.sim_local = 1;
	cr_expect_eq(kit_send(&latest), 404);
	latest.client = "::1";
	cr_expect_eq(kit_send(&latest), 200);
	latest.client = "127.0.0.1";
	cr_expect_eq(kit_send(&latest), 200);
}

Test(sim, latest_is_minus_one_before_any)
{
	expect_latest(-1);
	cr_expect(
	    str_equal(kit.response.content_type, STR("application/json")));
	cr_expect_str_empty(kit_header("X-Accel-Expires"));
}

Test(sim, latest_is_remembered_before_all_else)
{
	cr_expect_eq(get("/sim/msgs?latest=5"), 200);
	expect_latest(5);
	cr_expect_eq(kit_send(&(struct kit_request){
			 .method = "GET", .address = "/sim/msgs?latest=6"}),
	    403, "without a login");
	expect_latest(6);
	cr_expect_eq(post("/sim/register?latest=7", "no JSON"), 400);
	expect_latest(7);
	cr_expect_eq(get("/sim/msgs/nobody?latest=8"), 404);
	expect_latest(8);
	cr_expect_eq(get("/sim/register?latest=9"), 405);
	expect_latest(9);
	cr_expect_eq(get("/sim/elsewhere?latest=10"), 404);
	expect_latest(10);
	cr_expect_eq(get("/sim/msgs?no=0&latest=3"), 200);
	expect_latest(3);
	cr_expect_eq(count("SELECT count(*) FROM sim_state"), 1);
}

Test(sim, latest_is_left_alone_by_what_is_no_number)
{
	static const char *const others[] = {"?latest=-1", "?latest=", "",
	    "?latest=x", "?latest=1.5", "?latest=99999999999999999999",
	    "?latest=%ff", "?latest=12%20"};

	cr_expect_eq(get("/sim/msgs?latest=42"), 200);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char address[64];

		(void)snprintf(
		    address, sizeof(address), "/sim/msgs%s", others[i]);
		(void)get(address);
		expect_latest(42);
	}
	cr_expect_eq(get("/sim/latest?latest=43"), 200);
	expect_latest(42);
}

Test(sim, who_registers_has_an_account)
{
	cr_expect_eq(kit_send(&(struct kit_request){.method = "POST",
			 .address = "/sim/register",
			 .body = "{\"username\":\"Roger Histand\",\"email\":"
				 "\"Roger+Histand@hotmail.com\",\"pwd\":"
				 "\"x\",\"latest\":1337}"}),
	    204, "without a login or a Content-Type");
	expect_body("");
	cr_expect_eq(count("SELECT count(*) FROM account WHERE name = "
			   "'Roger Histand' AND display = name AND "
			   "email = 'Roger+Histand@hotmail.com' AND "
			   "is_simulated AND consent_version = 'simulator'"),
	    1);
	cr_expect_eq(get("/@Roger%20Histand"), 200);
	cr_expect(kit_body_has("<b dir=\"auto\">Roger Histand</b>") ||
		  kit_body_has("Roger Histand"));
}

Test(sim, short_names_and_addresses_are_accepted)
{
	cr_expect_eq(
	    post("/sim/register", "{\"username\":\"a\",\"email\":\"test@test\","
				  "\"pwd\":\"a\"}"),
	    204);
	cr_expect_eq(
	    post("/sim/register",
		"{\"username\":\"b?#%&<\\\"'\",\"email\":\"test@test\","
		"\"pwd\":\"a\"}"),
	    204, "an address may be used twice");
	cr_expect_eq(
	    post("/sim/msgs/b%3F%23%25%26%3C%22%27", "{\"content\":\"x\"}"),
	    204);
	cr_expect_eq(get("/@b%3F%23%25%26%3C%22%27"), 200);
	cr_expect(kit_body_has("b?#%&amp;&lt;&quot;&#39;"));
}

Test(sim, registrations_are_refused_in_this_order)
{
	expect_refusal("{}", "You have to enter a username");
	expect_refusal("{\"username\":\"\",\"email\":\"x\",\"pwd\":\"\"}",
	    "You have to enter a username");
	expect_refusal("{\"username\":\"ann\",\"email\":\"x\",\"pwd\":\"\"}",
	    "You have to enter a valid email address");
	expect_refusal("{\"username\":\"ann\",\"pwd\":\"\"}",
	    "You have to enter a valid email address");
	expect_refusal("{\"username\":\"ann\",\"email\":\"@\",\"pwd\":\"\"}",
	    "You have to enter a password");
	expect_refusal("{\"username\":\"ann\",\"email\":\"@\",\"pwd\":\"x\"}",
	    "The username is already taken");
	expect_refusal("{\"username\":\"ANN\",\"email\":\"@\",\"pwd\":\"x\"}",
	    "The username is already taken");
	cr_expect_eq(
	    count("SELECT count(*) FROM account WHERE is_simulated"), 0);
}

/* A literal format with one text in it. */
#define TEXT(format, value)                                                   \
	({                                                                    \
		struct str text_;                                             \
		cr_assert_eq(arena_printf(kit.a, &text_, format, value), OK); \
		text_.at;                                                     \
	})

/* As JSON, and as an address has it. */
static const struct {
	const char *json, *path;
} odd_names[] = {{"a/b", "a%2Fb"}, {"a//b/", "a%2f%2Fb%2F"}, {"/", "%2F"},
    {".hidden", ".hidden"}, {".", "%2E"}, {"..", "%2e%2e"}, {"...", "..."},
    {"a\\nb", "a%0Ab"}, {"\\u0001", "%01"}, {"a\\u007f", "a%7F"},
    {"a%2Fb", "a%252Fb"}, {"a?b#c", "a%3Fb%23c"}, {"a+b c", "a+b%20c"},
    {"\\u202e\\ufeff", "%E2%80%AE%EF%BB%BF"}, {"\\\\\\\"", "%5C%22"},
    {"latest", "latest"}, {"\u00dcnal", "%C3%9Cnal"}};

enum {
	ODD_NAMES = sizeof(odd_names) / sizeof(odd_names[0])
};

Test(sim, whatever_a_name_holds_it_writes_and_is_followed)
{
	for (size_t i = 0; i < ODD_NAMES; i++) {
		const char *json = odd_names[i].json, *path = odd_names[i].path;

		cr_expect_eq(post("/sim/register",
				 TEXT("{\"username\":\"%s\",\"email\":\"@\","
				      "\"pwd\":\"x\"}",
				     json)),
		    204, "%s", json);
		cr_expect_eq(post(TEXT("/sim/msgs/%s?latest=5", path),
				 "{\"content\":\"Blub!\"}"),
		    204, "%s", path);
		cr_expect_eq(get(TEXT("/sim/msgs/%s", path)), 200);
		cr_expect(kit_body_has("Blub!"), "%s", path);
		cr_expect(kit_body_has(TEXT("\"user\":\"%s\"", json)) ||
			      strstr(json, "\\u") != NULL,
		    "%s", json);
		cr_expect_eq(
		    post("/sim/fllws/ann", TEXT("{\"follow\":\"%s\"}", json)),
		    204);
		cr_expect_eq(
		    post(TEXT("/sim/fllws/%s", path), "{\"follow\":\"ann\"}"),
		    204);
	}
	cr_expect_eq(count("SELECT count(*) FROM account WHERE is_simulated"),
	    ODD_NAMES);
	cr_expect_eq(get("/sim/fllws/ann"), 200);
	cr_expect(kit_body_has("\"a/b\""));
}

/* As programs send it that do not escape it. */
Test(sim, a_name_with_a_bare_slash_is_understood)
{
	cr_expect_eq(
	    post("/sim/register", "{\"username\":\"a/b\",\"email\":\"@\","
				  "\"pwd\":\"x\"}"),
	    204);
	cr_expect_eq(post("/sim/msgs/a/b", "{\"content\":\"Blub!\"}"), 204);
	cr_expect_eq(get("/sim/msgs/a/b?no=1"), 200);
	cr_expect(kit_body_has("Blub!"));
	cr_expect_eq(get("/sim/msgs/a"), 404);
	cr_expect_eq(get("/sim/latest/"), 404);
	cr_expect_eq(get("/sim/"), 404);
	cr_expect_eq(get("/sim"), 404);
}

Test(sim, a_name_that_no_address_can_hold_is_refused)
{
	static const char *const names[] = {"../a", "a/..", "a/../b"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_expect_eq(post("/sim/register",
				 TEXT("{\"username\":\"%s\",\"email\":\"@\","
				      "\"pwd\":\"x\"}",
				     names[i])),
		    400, "%s", names[i]);
		cr_expect(kit_body_has("without ../"));
	}
	cr_expect_eq(
	    count("SELECT count(*) FROM account WHERE is_simulated"), 0);
}

Test(sim, what_is_no_text_is_refused)
{
	static const char *const bodies[] = {
	    "{\"username\":\"a\\u0000b\",\"email\":\"@\",\"pwd\":\"x\"}",
	    "{\"username\":\"a\xff\",\"email\":\"@\",\"pwd\":\"x\"}",
	    "{\"username\":\"\\ud800\",\"email\":\"@\",\"pwd\":\"x\"}"};
	static const char *const addresses[] = {
	    "/sim/msgs/a%00", "/sim/msgs/%ff", "/sim/msgs/%4", "/sim/%ff"};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		cr_expect_eq(post("/sim/register", bodies[i]), 400);
		cr_expect(kit_body_has("\"status\":400"));
	}
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		cr_expect_eq(get(addresses[i]), 400, "%s", addresses[i]);
		cr_expect(kit_body_has("\"status\":400"));
	}
	cr_expect_eq(
	    count("SELECT count(*) FROM account WHERE is_simulated"), 0);
}

/* The site finds them too: their profiles, posts and follows. */
Test(sim, whatever_a_name_holds_it_has_a_page)
{
	for (size_t i = 0; i < ODD_NAMES; i++) {
		const char *path = odd_names[i].path;

		cr_assert_eq(post("/sim/register",
				 TEXT("{\"username\":\"%s\",\"email\":\"@\","
				      "\"pwd\":\"x\"}",
				     odd_names[i].json)),
		    204);
		cr_assert_eq(
		    post(TEXT("/sim/msgs/%s", path), "{\"content\":\"Blub!\"}"),
		    204);
		/* nginx takes two slashes for one. */
		if (strstr(path, "%2f%2F") != NULL)
			continue;
		cr_expect_eq(kit_get(ANN, TEXT("/@%s", path)), 200, "%s", path);
		cr_expect(kit_body_has("Blub!"), "%s", path);
		if (strcmp(path, "%2F") == 0)
			continue;
		cr_expect_eq(kit_get(ANN, TEXT("/@%s/followers", path)), 200,
		    "%s", path);
		cr_expect_eq(kit_post(ANN, TEXT("/@%s/follow", path), ""), 303,
		    "%s", path);
	}
}

Test(sim, who_is_registered_logs_in_on_the_site_by_the_name_alone)
{
	cr_assert_eq(
	    post("/sim/register", "{\"username\":\"Al\",\"email\":\"al@x\","
				  "\"pwd\":\"a\"}"),
	    204);
	cr_expect_eq(kit_post(STRANGER, "/login", "who=Al&password=a"), 303);
	cr_expect_eq(
	    kit_post(STRANGER, "/login", "who=al%40x&password=a"), 400);
}

static int64_t
who_logs_in_as(const char *who)
{
	struct sql_account_by_login_in in = {str_from(who)};
	struct sql_account_by_login_row row;
	bool is_found = false;

	cr_assert_eq(
	    sql_account_by_login(kit.site.db, kit.a, &in, &row, &is_found), OK);
	return is_found ? row.id : 0;
}

Test(sim, a_name_like_an_address_takes_nobodys_login)
{
	cr_assert_eq(post("/sim/register", "{\"username\":\"ann@example.org\","
					   "\"email\":\"@\",\"pwd\":\"x\"}"),
	    204);
	cr_expect_eq(who_logs_in_as("ann@example.org"), ANN);
	cr_assert_eq(post("/sim/register", "{\"username\":\"x@example.org\","
					   "\"email\":\"@\",\"pwd\":\"x\"}"),
	    204);
	cr_expect_gt(who_logs_in_as("x@example.org"), ADA);
}

/* All slots and places of the queue are taken. */
Test(sim, registering_does_not_wait_for_logins)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/hash.lock", kit.folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	cr_assert_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	cr_expect_eq(post("/sim/register", "{\"username\":\"quick\","
					   "\"email\":\"@\",\"pwd\":\"x\"}"),
	    204);
	(void)close(fd);
}

Test(sim, a_name_that_cannot_be_shown_has_a_display_that_can)
{
	static const char *const names[] = {" ", "\\u200b",
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	    "\u00e9\u00e9"};
	struct str body;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(arena_printf(kit.a, &body,
				 "{\"username\":\"%s\",\"email\":\"@\","
				 "\"pwd\":\"x\"}",
				 names[i]),
		    OK);
		cr_expect_eq(post("/sim/register", body.at), 204);
	}
	cr_expect_eq(count("SELECT count(*) FROM account WHERE is_simulated "
			   "AND display = '(no name)'"),
	    2);
	cr_expect_eq(count("SELECT count(*) FROM account WHERE is_simulated "
			   "AND display = repeat('\u00e9', 50)"),
	    1);
}

Test(sim, nothing_is_done_or_told_without_the_login)
{
	static const char *const logins[] = {NULL, "", "Basic", "Basic ",
	    "Basic c2ltdWxhdG9yOndyb25n", "Bearer c2ltdWxhdG9y",
	    "c2ltdWxhdG9yOnN1cGVyX3NhZmUh"};
	int64_t before = kit_rows();

	for (size_t i = 0; i < sim_routes.count; i++) {
		const struct route *route = &sim_routes.rows[i];
		char address[300];

		if (route->need != NEED_SIMULATOR)
			continue;
		(void)snprintf(
		    address, sizeof(address), "/sim%s", kit_address(route));
		for (size_t j = 0; j < sizeof(logins) / sizeof(logins[0]);
		     j++) {
			int status = kit_send(&(struct kit_request){
			    .method =
				route->method == METHOD_POST ? "POST" : "GET",
			    .address = address,
			    .cookie = kit_cookie(ANN),
			    .authorization = logins[j],
			    .body = "{\"content\":\"x\",\"follow\":\"cat\"}"});

			cr_expect_eq(status, 403, "%s", address);
			expect_body(NOT_ALLOWED);
		}
	}
	cr_expect_eq(kit_rows(), before);
}

Test(sim, only_latest_and_register_need_no_login)
{
	for (size_t i = 0; i < sim_routes.count; i++) {
		const struct route *route = &sim_routes.rows[i];

		cr_expect_eq(route->need == NEED_NOTHING,
		    strcmp(route->name, "sim_latest") == 0 ||
			strcmp(route->name, "sim_register") == 0,
		    "%s", route->name);
	}
}

Test(sim, messages_come_newest_first)
{
	clear_posts();
	cr_expect_eq(post("/sim/msgs/ann", "{\"content\":\"first\"}"), 204);
	cr_expect_eq(post("/sim/msgs/bob", "{\"content\":\"second\"}"), 204);
	cr_expect_eq(post("/sim/msgs/ann", "{\"content\":\"first\"}"), 204,
	    "an exact duplicate is kept");
	test_db_run(kit.t, "UPDATE post SET created_at = "
			   "to_timestamp(1700000000.9) + id * interval '1 h'");
	cr_assert_eq(get("/sim/msgs"), 200);
	expect_body(
	    "[{\"content\":\"first\",\"pub_date\":1700014400,\"user\":\"ann\"},"
	    "{\"content\":\"second\",\"pub_date\":1700010800,\"user\":\"bob\"},"
	    "{\"content\":\"first\",\"pub_date\":1700007200,\"user\":\"ann\"}"
	    "]");
	cr_assert_eq(get("/sim/msgs/bob"), 200);
	expect_body("[{\"content\":\"second\",\"pub_date\":1700010800,"
		    "\"user\":\"bob\"}]");
	cr_assert_eq(get("/sim/msgs/cat"), 200);
	expect_body("[]");
	cr_expect_eq(get("/sim/msgs/nobody"), 404);
	expect_body("{\"status\":404,\"error_msg\":\"There is no such user or "
		    "address.\"}");
	cr_expect_eq(post("/sim/msgs/nobody", "{\"content\":\"x\"}"), 404);
}

Test(sim, a_post_with_an_image_is_no_message)
{
	cr_assert_eq(get("/sim/msgs/ann"), 200);
	expect_body("[]");
}

Test(sim, a_deleted_message_is_gone)
{
	cr_assert_eq(post("/sim/msgs/ann", "{\"content\":\"oops\"}"), 204);
	cr_assert_eq(kit_post(ANN, "/p/2/delete", ""), 303);
	cr_assert_eq(get("/sim/msgs"), 200);
	expect_body("[]");
}

Test(sim, texts_come_back_as_they_went_in)
{
	static const char *const texts[] = {"0123", "123",
	    "\xe2\x80\x9c"
	    "curly"
	    "\xe2\x80\x9d"
	    " \xe2\x80\x98quotes\xe2\x80\x99",
	    "\xef\xbb\xbf"
	    "begins with a BOM",
	    " spaces at both ends ", "a\\u000d\\nb\\u0009c",
	    "\\\"quoted\\\" \\\\ back", "<b>&amp;</b>", "\xf0\x9f\x98\x80"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str body, wanted;

		cr_assert_eq(arena_printf(kit.a, &body, "{\"content\":\"%s\"}",
				 texts[i]),
		    OK);
		cr_expect_eq(post("/sim/msgs/cat", body.at), 204);
		cr_assert_eq(get("/sim/msgs/cat?no=1"), 200);
		cr_assert_eq(arena_printf(kit.a, &wanted,
				 "[{\"content\":\"%s\",", texts[i]),
		    OK);
		cr_expect(kit_body_has(wanted.at), "%s: %.*s", wanted.at,
		    STR_ARG(buf_str(&kit.body)));
	}
}

Test(sim, no_limits_a_list)
{
	clear_posts();
	test_db_run(kit.t,
	    "INSERT INTO post (account_id, caption) "
	    "SELECT 1 + g % 2, 'n' || g FROM generate_series(1, 1234) g;"
	    "INSERT INTO account (name, email, display, password_hash, "
	    "consent_version) SELECT 'p' || g, g || '@x', 'P', 'x', '1' "
	    "FROM generate_series(1, 120) g;"
	    "INSERT INTO follow SELECT 1, id FROM account WHERE name LIKE "
	    "'p%'");
	static const struct {
		const char *address;
		size_t items;
	} rows[] = {
	    {"/sim/msgs", 100},
	    {"/sim/msgs?no=0", 0},
	    {"/sim/msgs?no=1", 1},
	    {"/sim/msgs?no=501", 501},
	    {"/sim/msgs?no=-1", 1234},
	    {"/sim/msgs?no=99999999", 1234},
	    {"/sim/msgs?no=many", 100},
	    {"/sim/msgs?no=", 100},
	    {"/sim/msgs/ann?no=-1", 617},
	    {"/sim/msgs/ann", 100},
	    {"/sim/fllws/ann", 100},
	    {"/sim/fllws/ann?no=-1", 120},
	    {"/sim/fllws/ann?no=0", 0},
	    {"/sim/fllws/ann?no=x", 100},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_messages = strstr(rows[i].address, "msgs") != NULL;
		struct str mark = is_messages ? STR("\"user\":") : STR("\"p");
		struct str body;
		size_t items = 0;

		cr_assert_eq(get(rows[i].address), 200);
		body = buf_str(&kit.body);
		for (size_t j = 0; j < body.len; j++)
			items += str_starts(str_slice(body, j, body.len), mark);
		cr_expect_eq(
		    items, rows[i].items, "%s: %zu", rows[i].address, items);
	}
}

Test(sim, everything_has_an_end)
{
	clear_posts();
	test_db_run(kit.t,
	    "INSERT INTO post (account_id, caption) "
	    "SELECT 1, repeat('x', 2200) FROM generate_series(1, 3000) g");
	cr_assert_eq(get("/sim/msgs?no=-1"), 200);
	cr_expect(kit.body.len > 4 * 1024 * 1024);
	cr_expect(kit.body.len < 6 * 1024 * 1024);
	cr_expect(kit_body_has("}]"));
}

Test(sim, following_and_leaving_change_nothing_twice)
{
	cr_assert_eq(get("/sim/fllws/bob"), 200);
	expect_body("{\"follows\":[\"ann\"]}");
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(
		    post("/sim/fllws/bob", "{\"follow\":\"cat\"}"), 204);
		cr_assert_eq(get("/sim/fllws/bob"), 200);
		expect_body("{\"follows\":[\"cat\",\"ann\"]}");
	}
	cr_expect_eq(
	    count("SELECT following FROM account WHERE name = 'bob'"), 2);
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(
		    post("/sim/fllws/bob", "{\"unfollow\":\"ann\"}"), 204);
		cr_assert_eq(get("/sim/fllws/bob?no=20"), 200);
		expect_body("{\"follows\":[\"cat\"]}");
	}
	cr_expect_eq(post("/sim/fllws/bob", "{\"follow\":\"bob\"}"), 204);
	cr_assert_eq(get("/sim/fllws/bob"), 200);
	expect_body("{\"follows\":[\"cat\"]}");
	cr_assert_eq(get("/sim/fllws/ann"), 200);
	expect_body("{\"follows\":[]}");
}

Test(sim, following_needs_two_who_are_there)
{
	cr_expect_eq(post("/sim/fllws/nobody", "{\"follow\":\"ann\"}"), 404);
	cr_expect_eq(post("/sim/fllws/ann", "{\"follow\":\"nobody\"}"), 404);
	cr_expect_eq(post("/sim/fllws/ann", "{\"unfollow\":\"nobody\"}"), 404);
	cr_expect_eq(get("/sim/fllws/nobody"), 404);
	cr_expect_eq(post("/sim/fllws/ann", "{}"), 400);
	cr_expect_eq(
	    post("/sim/fllws/ann", "{\"follow\":\"bob\",\"unfollow\":\"bob\"}"),
	    400);
}

Test(sim, the_hourly_limits_are_not_for_it)
{
	kit.conf.posts_per_hour = 1;
	kit.conf.follows_per_hour = 1;
	for (int i = 0; i < 3; i++)
		cr_expect_eq(
		    post("/sim/msgs/ann", "{\"content\":\"again\"}"), 204);
	cr_expect_eq(post("/sim/fllws/cat", "{\"follow\":\"ann\"}"), 204);
	cr_expect_eq(post("/sim/fllws/cat", "{\"follow\":\"bob\"}"), 204);
}

Test(sim, a_body_that_is_no_json_object_is_refused)
{
	static const char *const bodies[] = {"", "x", "[]", "\"content\"",
	    "{\"content\":\"x\"", "content=x", "{\"content\":{}}",
	    "{\"content\":\"\\u0000\"}", "{\"content\":\"\\ud800\"}",
	    "{\"content\":\"\xff\"}", "{\"content\":\"\"}", "{}",
	    "{\"content\":\"x\",\"content\":\"y\"}"};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		cr_expect_eq(
		    post("/sim/msgs/cat", bodies[i]), 400, "%s", bodies[i]);
		cr_expect(kit_body_has("{\"status\":400,\"error_msg\":\""));
	}
	cr_expect_eq(get("/sim/msgs/cat"), 200);
	expect_body("[]");
}

Test(sim, a_wrong_method_names_the_right_ones)
{
	cr_expect_eq(get("/sim/register"), 405);
	cr_expect_str_eq(kit_header("Allow"), "POST");
	cr_expect_eq(post("/sim/msgs", "{}"), 405);
	cr_expect_str_eq(kit_header("Allow"), "GET, HEAD");
	cr_expect_eq(post("/sim/latest", "{}"), 405);
	cr_expect_eq(kit_send(&(struct kit_request){.method = "DELETE",
			 .address = "/sim/msgs/ann",
			 .authorization = LOGIN}),
	    405);
	expect_body("{\"status\":405,\"error_msg\":\"This address does not "
		    "take that method.\"}");
}

Test(sim, a_message_is_a_post_of_the_site)
{
	cr_assert_eq(
	    post("/sim/msgs/ann", "{\"content\":\"Hi #sea & all\"}"), 204);
	cr_expect_eq(get("/p/2"), 200);
	cr_expect(kit_body_has("Hi <a href=\"/tag/sea\""));
	cr_expect(!kit_body_has("post-images"), "no place for images");
	cr_expect_eq(get("/public"), 200);
	cr_expect(kit_body_has("Hi <a href=\"/tag/sea\""), "on the wall");
	cr_expect_eq(kit_get(BOB, "/"), 200);
	cr_expect(kit_body_has("id=\"post-2\""), "bob follows ann");
	cr_expect_eq(get("/@ann"), 200);
	cr_expect(kit_body_has("href=\"/p/2\""));
	cr_expect(kit_body_has("Hi #sea &amp; all"), "its tile has words");
	cr_expect_eq(get("/tag/sea"), 200);
	cr_expect(kit_body_has("href=\"/p/2\""));
	cr_expect_eq(kit_post(BOB, "/p/2/like", ""), 303);
	cr_expect_eq(kit_post(ANN, "/p/2/delete", ""), 303);
	cr_expect_eq(get("/p/2"), 404);
}
