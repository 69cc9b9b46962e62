/* A network that fails at each call that talks to the database.  What has been
 * answered with OK is there, a transaction is there as a whole or not at all,
 * and the connection comes back. */
#include "../helper/db.h"
#include "../helper/faults.h"
#include "capture.h"
#include "sql_test.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
	CALLS_MAX = 200 /* more than anything here makes */
};

static struct test_db *t;
static struct arena *arena;

static void
start(void)
{
	t = test_db_make("tests/store/schema");
	arena = arena_make(4 << 20);
	capture_log();
}

static void
stop(void)
{
	arena_free(arena);
	test_db_drop(t);
}

TestSuite(net_fault, .init = start, .fini = stop, .timeout = 120);

static struct db *
open_db(void)
{
	struct db *db;

	cr_assert_eq(db_open_with(t->conninfo, test_statements, &db), OK);
	return db;
}

static enum err
touch(struct db *db, const char *name)
{
	return sql_thing_touch(
	    db, arena, &(struct sql_thing_touch_in){str_from(name)}, NULL);
}

/* After a connect that failed the next one waits for a second. */
static void
wait_for(struct db *db)
{
	struct sql_backend_pid_row row;

	for (int i = 0; i < 500; i++) {
		if (sql_backend_pid(db, arena, &row) == OK)
			return;
		(void)usleep(10000);
	}
	cr_assert_fail("the connection does not come back");
}

static int64_t
count_of(const char *name)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM thing WHERE name LIKE '%s%%'", name);
	return test_db_count(t, sql);
}

Test(net_fault, connect_that_fails_anywhere_is_lost)
{
	int n = 1;

	for (;; n++) {
		struct db *db = NULL;
		bool has_struck;
		enum err e;

		faults_arm(FAULT_NET, n, ECONNRESET);
		e = db_open_with(t->conninfo, test_statements, &db);
		has_struck = faults_disarm();
		if (!has_struck)
			cr_assert_eq(e, OK);
		db_close(e == OK ? db : NULL);
		if (!has_struck)
			break;
		cr_expect_eq(e, ERR_LOST, "call %d, %s: %s", n, faults_struck(),
		    err_name(e));
		cr_assert_lt(n, CALLS_MAX);
	}
	cr_assert_gt(n, 4);
}

Test(net_fault, statement_that_is_answered_is_done)
{
	int n = 1;

	for (;; n++) {
		struct db *db = open_db();
		char name[16];
		bool has_struck;
		enum err e;

		(void)snprintf(name, sizeof(name), "s%d-", n);
		faults_arm(FAULT_NET, n, ECONNRESET);
		e = touch(db, name);
		has_struck = faults_disarm();
		cr_expect(e == OK || e == ERR_LOST, "%s", err_name(e));
		if (e == OK)
			cr_expect_eq(count_of(name), 1);
		wait_for(db);
		db_close(db);
		if (!has_struck)
			break;
		cr_assert_lt(n, CALLS_MAX);
	}
	cr_assert_gt(n, 1);
}

static enum err
touch_twice(struct db *db, int n)
{
	char name[16];

	db_begin(db);
	(void)snprintf(name, sizeof(name), "t%d-a", n);
	TRY(touch(db, name));
	(void)snprintf(name, sizeof(name), "t%d-b", n);
	TRY(touch(db, name));
	return db_commit(db, arena);
}

Test(net_fault, transaction_is_done_as_a_whole_or_not_at_all)
{
	int n = 1;

	for (;; n++) {
		struct db *db = open_db();
		char name[16];
		bool has_struck;
		int64_t count;
		enum err e;

		(void)snprintf(name, sizeof(name), "t%d-", n);
		faults_arm(FAULT_NET, n, ECONNRESET);
		e = touch_twice(db, n);
		has_struck = faults_disarm();
		db_rest(db);
		wait_for(db);
		count = count_of(name);
		cr_expect(count == 2 || (count == 0 && e != OK),
		    "call %d, %s: %s, %d rows", n, faults_struck(), err_name(e),
		    (int)count);
		db_close(db);
		if (!has_struck)
			break;
		cr_assert_lt(n, CALLS_MAX);
	}
	cr_assert_gt(n, 4);
}

Test(net_fault, waiting_is_told_of_a_connection_that_is_gone)
{
	struct db *db = open_db();
	bool is_notified;

	cr_assert_eq(db_listen(db, "things"), OK);
	for (int n = 1; n < 6; n++) {
		char name[16];
		enum err e;

		(void)snprintf(name, sizeof(name), "w%d", n);
		faults_arm(FAULT_NET, n, ECONNRESET);
		e = db_listen(db, "things");
		if (e == OK)
			e = touch(db, name);
		(void)faults_disarm();
		cr_expect(e == OK || e == ERR_LOST, "%s", err_name(e));
		wait_for(db);
		/* Listening goes on, on the connection that is new. */
		test_db_run(t, "NOTIFY things");
		cr_expect_eq(db_wait(db, -1, 5000, &is_notified), OK);
		cr_expect(is_notified, "call %d", n);
	}
	db_close(db);
}
