/* Connecting, losing the connection, and statements that do not fit. */
#include "../helper/db.h"
#include "base/clock.h"
#include "capture.h"
#include "sql_test.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct test_db *t;
static struct db *db;
static struct arena *arena;

static void
start(void)
{
	t = test_db_make("tests/store/schema");
	arena = arena_make(1024 * 1024);
	cr_assert(db_open_with(t->conninfo, test_statements, &db) == OK);
}

static void
stop(void)
{
	db_close(db);
	arena_free(arena);
	test_db_drop(t);
}

TestSuite(connection, .init = start, .fini = stop);

/* Opens with one statement of the test's own. */
static enum err
open_with(const struct db_statement *statement)
{
	const struct db_statement *const statements[] = {statement, NULL};
	struct db *other;
	enum err e;

	capture_log();
	e = db_open_with(t->conninfo, statements, &other);
	if (e == OK)
		db_close(other);
	return e;
}

static int64_t
backend_pid(void)
{
	struct sql_backend_pid_row row;

	cr_assert(sql_backend_pid(db, arena, &row) == OK);
	return row.pid;
}

/* Ends the server's side of our connection and waits until it is gone. */
static void
terminate(void)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT pg_terminate_backend(%" PRId64 ", 5000)::int",
	    backend_pid());
	cr_assert(test_db_count(t, sql) == 1);
}

/* Whether anybody can connect to our database; the owner is connected to
 * another one. */
static void
allow_connections(bool is_allowed)
{
	struct db *other;
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	    "ALTER DATABASE %s ALLOW_CONNECTIONS %s", t->name,
	    is_allowed ? "true" : "false");
	cr_assert(db_open_with(getenv("PIXLPIX_TEST_DB"), NULL, &other) == OK);
	cr_assert(db_script(other, str_from(sql)) == OK);
	db_close(other);
}

static enum err
touch(const char *name)
{
	return sql_thing_touch(
	    db, arena, &(struct sql_thing_touch_in){str_from(name)}, NULL);
}

Test(connection, is_refused_where_there_is_no_server)
{
	struct db *other = NULL;

	capture_log();
	cr_assert(db_open_with("host=/nonexistent dbname=x", test_statements,
		      &other) == ERR_LOST);
	cr_assert(other == NULL);
	cr_assert(captured_line_with("connection lost", "/nonexistent", NULL));
}

Test(connection, closed_while_idle_is_made_again_unnoticed)
{
	terminate();
	cr_assert(touch("a") == OK);
	terminate();
	db_begin(db);
	cr_assert(touch("b") == OK);
	cr_assert(db_commit(db, arena) == OK);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 2);
}

Test(connection, broken_in_a_statement_is_lost_and_then_made_again)
{
	struct sql_suicide_row row;

	capture_log();
	cr_assert(sql_suicide(db, arena, &row) == ERR_LOST);
	cr_assert(touch("a") == OK);
}

Test(connection, broken_in_a_transaction_ends_it)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	terminate();
	capture_log();
	cr_assert(touch("b") == ERR_LOST);
	/* Not on a new connection, where it would stand alone. */
	cr_assert(touch("c") == ERR_LOST);
	cr_assert(db_commit(db, arena) == ERR_LOST);
	cr_assert(touch("d") == OK);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 1);
}

Test(connection, lost_is_told_at_once_until_the_server_is_back, .timeout = 120)
{
	int64_t start_us;
	enum err e;

	allow_connections(false);
	terminate();
	capture_log();
	cr_assert(touch("a") == ERR_LOST);
	start_us = clock_monotonic_us();
	for (int i = 0; i < 100; i++)
		cr_assert(touch("a") == ERR_LOST);
	cr_assert(clock_monotonic_us() - start_us < 500000);
	allow_connections(true);
	do {
		(void)usleep(10000);
		e = touch("a");
	} while (e == ERR_LOST);
	cr_assert(e == OK);
}

Test(connection, rest_after_a_loss_is_quiet)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	terminate();
	db_rest(db);
	cr_assert(touch("a") == OK);
}

Test(connection, statement_that_takes_too_long_is_busy)
{
	char conninfo[1200];
	struct db *other;

	(void)snprintf(conninfo, sizeof(conninfo),
	    "%s options='-c statement_timeout=50'", t->conninfo);
	cr_assert(db_open_with(conninfo, test_statements, &other) == OK);
	capture_log();
	cr_assert(sql_nothing(other, arena, &(struct sql_nothing_in){5000},
		      NULL) == ERR_BUSY);
	cr_assert(
	    sql_nothing(other, arena, &(struct sql_nothing_in){0}, NULL) == OK);
	db_close(other);
}

Test(connection, signal_does_not_end_a_statement)
{
	pid_t child = fork();

	if (child == 0) {
		(void)usleep(50000);
		_exit(0);
	}
	cr_assert(
	    sql_nothing(db, arena, &(struct sql_nothing_in){200}, NULL) == OK);
	cr_assert(waitpid(child, NULL, 0) == child);
}

/* ---- statements that do not fit the schema ---- */

struct one {
	int64_t id;
};

Test(connection, column_of_another_type_is_refused)
{
	static const struct db_field out[] = {
	    {"name", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "SELECT name FROM thing",
	    .rows = DB_MANY,
	    .out_count = 1,
	    .out = out,
	    .row_size = sizeof(struct one)};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with("does not fit the schema", "\"drifted\"",
	    "\"column\":\"name\"", "\"expected\":\"bigint\"",
	    "\"found\":\"text\"", NULL));
}

Test(connection, column_of_another_name_is_refused)
{
	static const struct db_field out[] = {
	    {"number", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "SELECT id FROM thing",
	    .rows = DB_MANY,
	    .out_count = 1,
	    .out = out,
	    .row_size = sizeof(struct one)};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with(
	    "\"expected\":\"number\"", "\"found\":\"id\"", NULL));
}

Test(connection, column_too_many_is_refused)
{
	static const struct db_field out[] = {
	    {"id", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "SELECT id, note FROM thing",
	    .rows = DB_MANY,
	    .out_count = 1,
	    .out = out,
	    .row_size = sizeof(struct one)};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with("\"column\":\"note\"",
	    "\"expected\":\"nothing\"", "\"found\":\"text\"", NULL));
}

Test(connection, column_missing_is_refused)
{
	static const struct db_field out[] = {
	    {"id", offsetof(struct one, id), DB_INT, false},
	    {"more", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "SELECT id FROM thing",
	    .rows = DB_MANY,
	    .out_count = 2,
	    .out = out,
	    .row_size = sizeof(struct one)};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with(
	    "\"column\":\"more\"", "\"found\":\"nothing\"", NULL));
}

Test(connection, rows_where_none_were_promised_are_refused)
{
	static const struct db_statement s = {
	    .name = "drifted", .sql = "SELECT id FROM thing", .rows = DB_NONE};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with("drifted", "\"column\":\"id\"", NULL));
}

Test(connection, parameter_of_another_type_is_refused)
{
	static const struct db_field in[] = {
	    {"id", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "DELETE FROM thing WHERE name = $1",
	    .rows = DB_NONE,
	    .in_count = 1,
	    .in = in};

	cr_assert(open_with(&s) == ERR_INTERNAL);
	cr_assert(captured_line_with(
	    "drifted", "operator does not exist", "= $1", NULL));
}

Test(connection, every_statement_that_does_not_fit_is_named)
{
	static const struct db_statement first = {
	    .name = "gone_one", .sql = "DELETE FROM gone", .rows = DB_NONE};
	static const struct db_statement second = {
	    .name = "gone_two", .sql = "DELETE FROM gone", .rows = DB_NONE};
	const struct db_statement *const statements[] = {
	    &first, &db_echo, &second, NULL};
	struct db *other;

	capture_log();
	cr_assert(
	    db_open_with(t->conninfo, statements, &other) == ERR_INTERNAL);
	cr_assert(captured_line_with("gone_one", "does not exist", NULL));
	cr_assert(captured_line_with("gone_two", "does not exist", NULL));
	cr_assert(!captured_line_with("echo", NULL));
}

/* Another process migrates while this one runs. */
Test(connection, schema_changed_meanwhile_is_prepared_anew)
{
	struct sql_thing_find_row row;
	bool is_found;
	struct sql_thing_find_in in = {STR("a")};

	capture_log();
	cr_assert(touch("a") == OK);
	cr_assert(sql_thing_find(db, arena, &in, &row, &is_found) == OK);
	test_db_run(t, "ALTER TABLE thing ALTER small TYPE integer");
	cr_assert(sql_thing_find(db, arena, &in, &row, &is_found) == ERR_LOST);
	cr_assert(sql_thing_find(db, arena, &in, &row, &is_found) == OK);
	cr_assert(is_found);
}

Test(connection, plain_one_checks_columns_as_they_come)
{
	static const struct db_field out[] = {
	    {"name", offsetof(struct one, id), DB_INT, false}};
	static const struct db_statement s = {.name = "drifted",
	    .sql = "SELECT name FROM thing",
	    .rows = DB_MANY,
	    .out_count = 1,
	    .out = out,
	    .row_size = sizeof(struct one)};
	struct list rows;

	capture_log();
	db_ask(t->plain, &s, NULL, &rows, NULL);
	cr_assert(db_sync(t->plain, arena) == ERR_INTERNAL);
}

/* ---- notifications ---- */

Test(connection, waits_until_it_is_notified)
{
	bool is_notified = false;

	cr_assert(db_listen(db, "jobs") == OK);
	cr_assert(db_wait(db, -1, 0, &is_notified) == OK);
	cr_assert(!is_notified);
	test_db_run(t, "NOTIFY jobs");
	cr_assert(db_wait(db, -1, 5000, &is_notified) == OK);
	cr_assert(is_notified);
	cr_assert(db_wait(db, -1, 0, &is_notified) == OK);
	cr_assert(!is_notified);
}

Test(connection, notification_between_statements_is_not_missed)
{
	bool is_notified = false;

	cr_assert(db_listen(db, "jobs") == OK);
	test_db_run(t, "NOTIFY jobs");
	cr_assert(touch("a") == OK);
	cr_assert(db_wait(db, -1, 5000, &is_notified) == OK);
	cr_assert(is_notified);
}

Test(connection, wait_ends_when_the_other_descriptor_is_readable)
{
	bool is_notified = true;
	int64_t start_us = clock_monotonic_us();
	int ends[2];

	cr_assert(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	cr_assert(db_listen(db, "jobs") == OK);
	cr_assert(db_wait(db, ends[0], 10000, &is_notified) == OK);
	cr_assert(!is_notified);
	cr_assert(clock_monotonic_us() - start_us < 5000000);
}

Test(connection, listens_again_after_a_reconnect)
{
	bool is_notified = false;

	capture_log();
	cr_assert(db_listen(db, "jobs") == OK);
	terminate();
	/* Something may have been missed meanwhile. */
	cr_assert(db_wait(db, -1, 0, &is_notified) == OK);
	cr_assert(is_notified);
	cr_assert(db_wait(db, -1, 0, &is_notified) == OK);
	cr_assert(!is_notified);
	test_db_run(t, "NOTIFY jobs");
	cr_assert(db_wait(db, -1, 5000, &is_notified) == OK);
	cr_assert(is_notified);
}

Test(connection, broken_while_waiting_is_made_again, .timeout = 120)
{
	bool is_notified = false;
	char sql[160];
	pid_t child;

	capture_log();
	cr_assert(db_listen(db, "jobs") == OK);
	(void)snprintf(sql, sizeof(sql),
	    "SELECT pg_terminate_backend(%" PRId64 ")", backend_pid());
	child = fork();
	if (child == 0) {
		struct db *other;

		(void)usleep(50000);
		if (db_open_with(t->conninfo, NULL, &other) == OK)
			_exit(db_script(other, str_from(sql)) != OK);
		_exit(1);
	}
	/* Told as a loss or noticed at the next wait, and then anything may
	 * have been missed. */
	while (!is_notified) {
		enum err e = db_wait(db, -1, 20000, &is_notified);

		cr_assert(e == OK || e == ERR_LOST);
	}
	cr_assert(waitpid(child, NULL, 0) == child);
	cr_assert(db_wait(db, -1, 0, &is_notified) == OK);
	cr_assert(!is_notified);
}
