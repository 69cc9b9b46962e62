/* What visitors see when the connection to the database breaks at any call
 * that a page makes, and what becomes of what they have sent. */
#include "../helper/faults.h"
#include "base/log.h"
#include "kit.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum {
	CALLS_MAX = 100 /* more than any page makes */
};

static void
start(void)
{
	kit_start();
	/* Every fault writes a line. */
	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

TestSuite(faults, .init = start, .fini = kit_stop, .timeout = 300);

static void
check_whole(const struct route *route, int n)
{
	static const char end[] = "</html>\n";
	size_t len = sizeof(end) - 1;

	cr_expect(kit.body.len > len &&
		      memcmp(kit.body.at + kit.body.len - len, end, len) == 0,
	    "%s, call %d: half a page", route->name, n);
}

/* What only reads is read again on a new connection. */
Test(faults, page_does_not_show_that_a_connection_broke)
{
	size_t broken = 0;

	for (size_t i = 0; i < routes.count; i++) {
		const struct route *route = &routes.rows[i];
		const char *address = kit_address(route);
		int usual;

		if (route->method != METHOD_GET)
			continue;
		usual = kit_get(ANN, address);
		for (int n = 1;; n++) {
			int status;

			faults_arm(FAULT_NET, n, ECONNRESET);
			status = kit_get(ANN, address);
			if (!faults_disarm())
				break;
			cr_expect_eq(status, usual, "%s, call %d: %d",
			    route->name, n, status);
			if (usual == 200)
				check_whole(route, n);
			broken++;
			cr_assert_lt(n, CALLS_MAX);
		}
	}
	cr_assert_gt(broken, 10, "%zu", broken);
}

Test(faults, form_that_loses_the_database_is_answered_with_a_whole_page)
{
	size_t lost = 0;

	for (size_t i = 0; i < routes.count; i++) {
		const struct route *route = &routes.rows[i];
		const char *address = kit_address(route);
		enum kit_who who =
		    route->need == NEED_MEMBER ? CAT : kit_who_may(route);

		if (route->method != METHOD_POST ||
		    strcmp(route->name, "logout") == 0)
			continue;
		for (int n = 1;; n++) {
			int status;

			faults_arm(FAULT_NET, n, ECONNRESET);
			status = kit_post(who, address, "text=x&display=Cat");
			if (!faults_disarm())
				break;
			cr_expect(
			    (status >= 300 && status < 500) || status == 503,
			    "%s, call %d: %d", route->name, n, status);
			if (status >= 400)
				check_whole(route, n);
			if (status == 503)
				cr_expect_str_eq(
				    kit_header("Retry-After"), "5");
			lost += status == 503;
			(void)kit_get(CAT, "/");
			cr_assert_lt(n, CALLS_MAX);
		}
	}
	cr_assert_gt(lost, 20);
}

/* Sends the form, whose n-th call breaks, and sends it again where it was not
 * taken; false where there are fewer calls. */
static bool
send_until_taken(enum kit_who who, const char *address, const char *form, int n)
{
	bool has_struck;
	int status;

	faults_arm(FAULT_NET, n, ECONNRESET);
	status = kit_post(who, address, form);
	has_struck = faults_disarm();
	cr_expect(status == 303 || status == 503, "call %d: %d", n, status);
	if (status != 303)
		cr_expect_eq(kit_post(who, address, form), 303, "call %d", n);
	cr_assert_lt(n, CALLS_MAX);
	return has_struck;
}

Test(faults, comment_that_is_sent_again_is_made_once)
{
	int n = 1;
	char form[128];
	bool has_struck;

	do {
		(void)snprintf(form, sizeof(form),
		    "text=number+%d&key=abcdefghijklmnopqr%04d", n, n);
		has_struck = send_until_taken(CAT, "/p/1/comment", form, n);
		(void)snprintf(form, sizeof(form),
		    "SELECT count(*) FROM comment WHERE body = 'number %d'", n);
		cr_expect_eq(test_db_count(kit.t, form), 1, "call %d", n);
		n++;
	} while (has_struck);
	cr_assert_gt(n, 4);
}

Test(faults, joining_that_is_sent_again_makes_one_account)
{
	int n = 1;
	char form[512];
	bool has_struck;

	do {
		(void)snprintf(form, sizeof(form),
		    "username=dora%d&display=Dora&email=dora%d%%40example.org&"
		    "password=four+odd+words&again=four+odd+words&consent=yes&"
		    "terms=2026-11-21&key=abcdefghijklmnopqr%04d",
		    n, n, n);
		has_struck = send_until_taken(STRANGER, "/register", form, n);
		(void)snprintf(form, sizeof(form),
		    "SELECT count(*) FROM account WHERE name = 'dora%d'", n);
		cr_expect_eq(test_db_count(kit.t, form), 1, "call %d", n);
		n++;
	} while (has_struck);
	cr_assert_gt(n, 4);
}

Test(faults, like_that_is_sent_again_counts_once)
{
	int n = 1;

	while (send_until_taken(CAT, "/p/1/like", "", n)) {
		cr_expect_eq(test_db_count(kit.t, "SELECT likes FROM post"), 1);
		cr_expect_eq(
		    test_db_count(kit.t, "SELECT count(*) FROM liking"), 1);
		cr_expect_eq(kit_post(CAT, "/p/1/unlike", ""), 303);
		cr_expect_eq(test_db_count(kit.t, "SELECT likes FROM post"), 0);
		n++;
	}
	cr_assert_gt(n, 2);
}
