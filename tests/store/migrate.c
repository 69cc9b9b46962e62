/* Migrations from a folder that each test writes. */
#include "store/migrate.h"

#include "../helper/db.h"
#include "../helper/faults.h"
#include "capture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORDS "SELECT count(*) FROM schema_migration"

static struct test_db *t;
static char folder[64];
static struct migrate_report report;

static void
start(void)
{
	t = test_db_make_empty();
	(void)snprintf(folder, sizeof(folder), "/tmp/pixlpix-migrate.XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
	capture_log();
}

static void
stop(void)
{
	static const char *const names[] = {"0001_one.sql", "0002_two.sql",
	    "0002_other.sql", "0003_three.sql", "README", "3_x.sql",
	    "0001_uno.sql"};
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	cr_assert(rmdir(folder) == 0);
	test_db_drop(t);
}

TestSuite(migrate, .init = start, .fini = stop);

static void
put(const char *name, const char *sql)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	cr_assert(f != NULL && fputs(sql, f) >= 0 && fclose(f) == 0);
}

static void
take_away(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	cr_assert(unlink(path) == 0);
}

static enum err
apply(void)
{
	return migrate_apply(t->conninfo, folder, &report);
}

Test(migrate, applies_what_is_missing_in_order_and_once)
{
	put("0001_one.sql", "CREATE TABLE one (n int); INSERT INTO one "
			    "VALUES (1);\n-- end");
	put("README", "not a migration");
	cr_assert(apply() == OK && report.applied == 1);
	put("0003_three.sql", "INSERT INTO one VALUES (3);");
	put("0002_two.sql", "UPDATE one SET n = n + 1;");
	cr_assert(apply() == OK);
	cr_assert(report.present == 1 && report.applied == 2);
	cr_assert(apply() == OK);
	cr_assert(report.present == 3 && report.applied == 0);
	cr_assert(test_db_count(t, "SELECT sum(n) FROM one") == 5);
	cr_assert(test_db_count(t, RECORDS " WHERE length(sha256) = 64 AND "
					   "applied_at <= now()") == 3);
}

Test(migrate, one_that_fails_leaves_nothing_of_itself)
{
	put("0001_one.sql", "CREATE TABLE one (n int);");
	put("0002_two.sql", "CREATE TABLE two (n int);\nINSERT INTO nothing "
			    "VALUES (1);");
	cr_assert(apply() == ERR_DATABASE);
	cr_assert(report.applied == 1);
	cr_assert(captured_line_with("migration failed", "0002_two.sql", NULL));
	cr_assert(captured_line_with("sql file failed", "\"line\":2", NULL));
	cr_assert(test_db_count(t, RECORDS) == 1);
	cr_assert(test_db_count(t, "SELECT count(*) FROM pg_tables WHERE "
				   "tablename = 'two'") == 0);
	put("0002_two.sql", "CREATE TABLE two (n int);");
	cr_assert(apply() == OK && report.applied == 1);
}

Test(migrate, edited_afterwards_is_refused)
{
	put("0001_one.sql", "CREATE TABLE one (n int);");
	cr_assert(apply() == OK);
	put("0001_one.sql", "CREATE TABLE one (n bigint);");
	put("0002_two.sql", "CREATE TABLE two (n int);");
	cr_assert(apply() == ERR_CONFLICT);
	cr_assert(
	    captured_line_with("edited afterwards", "0001_one.sql", NULL));
	cr_assert(test_db_count(t, RECORDS) == 1);
}

Test(migrate, renamed_afterwards_is_refused)
{
	put("0001_one.sql", "SELECT 1");
	cr_assert(apply() == OK);
	take_away("0001_one.sql");
	put("0001_uno.sql", "SELECT 1");
	cr_assert(apply() == ERR_CONFLICT);
}

Test(migrate, steps_of_a_later_release_are_left_as_they_are)
{
	put("0001_one.sql", "SELECT 1");
	put("0002_two.sql", "SELECT 1");
	cr_assert(apply() == OK && report.later == 0);
	take_away("0002_two.sql");
	cr_assert(apply() == OK);
	cr_assert(
	    report.present == 2 && report.applied == 0 && report.later == 1);
	cr_assert(captured_line_with("database is newer", NULL));
	cr_assert(test_db_count(t, RECORDS) == 2);
}

Test(migrate, edited_step_below_those_of_a_later_release_is_refused)
{
	put("0001_one.sql", "SELECT 1");
	put("0002_two.sql", "SELECT 1");
	cr_assert(apply() == OK);
	take_away("0002_two.sql");
	put("0001_one.sql", "SELECT 2");
	cr_assert(apply() == ERR_CONFLICT);
}

Test(migrate, gap_in_the_record_is_refused)
{
	put("0001_one.sql", "SELECT 1");
	put("0002_two.sql", "SELECT 1");
	cr_assert(apply() == OK);
	test_db_run(t, "DELETE FROM schema_migration WHERE number = 1");
	cr_assert(apply() == ERR_CONFLICT);
}

Test(migrate, gap_in_the_folder_is_refused)
{
	put("0001_one.sql", "SELECT 1");
	put("0003_three.sql", "SELECT 1");
	cr_assert(apply() == ERR_INPUT);
	cr_assert(captured_line_with("is missing", "\"number\":2", NULL));
}

Test(migrate, number_used_twice_is_refused)
{
	put("0001_one.sql", "SELECT 1");
	put("0002_two.sql", "SELECT 1");
	put("0002_other.sql", "SELECT 1");
	cr_assert(apply() == ERR_INPUT);
	cr_assert(captured_line_with("used twice", "\"number\":2", NULL));
}

Test(migrate, file_of_another_name_is_refused)
{
	put("3_x.sql", "SELECT 1");
	cr_assert(apply() == ERR_INPUT);
	cr_assert(captured_line_with("NNNN_name.sql", "3_x.sql", NULL));
}

Test(migrate, folder_that_is_not_there_is_told)
{
	cr_assert(
	    migrate_apply(t->conninfo, "/nonexistent", &report) == ERR_IO);
	cr_assert(captured_line_with("/nonexistent", NULL));
}

Test(migrate, file_cannot_end_its_transaction)
{
	put("0001_one.sql", "CREATE TABLE one (n int); COMMIT;");
	cr_assert(apply() == ERR_INPUT);
	cr_assert(captured_line_with("ended the transaction", NULL));
	cr_assert(test_db_count(t, RECORDS) == 0);
}

static pid_t
apply_in_child(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit((int)apply());
	cr_assert(child > 0);
	return child;
}

/* Of three migrations each makes a table. */
static void
put_three(void)
{
	put("0001_one.sql", "CREATE TABLE one (n int);");
	put("0002_two.sql", "CREATE TABLE two (n int);");
	put("0003_three.sql", "CREATE TABLE three (n int);");
}

#define TABLES                                                            \
	"SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND " \
	"tablename IN ('one', 'two', 'three')"

Test(migrate, folder_that_cannot_be_read_changes_nothing)
{
	put_three();
	for (int n = 1;; n++) {
		enum err e;

		faults_arm(FAULT_FILES, n, EIO);
		e = apply();
		if (!faults_disarm()) {
			cr_assert_eq(e, OK);
			break;
		}
		if (e == OK) /* a close that failed behind the reading */
			break;
		cr_expect_eq(e, ERR_IO, "%s: %s", faults_struck(), err_name(e));
		cr_expect_eq(
		    test_db_count(t, TABLES), 0, "%s", faults_struck());
	}
	cr_assert_eq(apply(), OK);
	cr_assert_eq(test_db_count(t, TABLES), 3);
}

/* Where the first call fails there is not even their table. */
static int64_t
count_records(void)
{
	bool is_there = test_db_count(t, "SELECT (to_regclass("
					 "'schema_migration') IS NOT NULL)"
					 "::int") == 1;

	return is_there ? test_db_count(t, RECORDS) : 0;
}

Test(migrate, that_loses_the_server_anywhere_is_taken_up_again, .timeout = 120)
{
	int n = 1;

	put_three();
	for (;; n++) {
		bool has_struck;
		enum err e;

		faults_arm(FAULT_NET, n, ECONNRESET);
		e = apply();
		has_struck = faults_disarm();
		cr_expect_eq(test_db_count(t, TABLES), count_records(),
		    "call %d: %s", n, err_name(e));
		if (!has_struck)
			break;
		cr_assert_eq(apply(), OK, "call %d", n);
		cr_assert_eq(test_db_count(t, TABLES), 3);
		test_db_run(t, "DROP TABLE one, two, three; "
			       "DELETE FROM schema_migration");
	}
	cr_assert_gt(n, 8);
	cr_assert_eq(apply(), OK);
}

Test(migrate, two_at_once_do_not_collide, .timeout = 120)
{
	pid_t children[4];
	int status;

	put("0001_one.sql", "CREATE TABLE one (n int); "
			    "SELECT pg_sleep(0.2);");
	put("0002_two.sql", "INSERT INTO one VALUES (1);");
	for (int i = 0; i < 4; i++)
		children[i] = apply_in_child();
	for (int i = 0; i < 4; i++) {
		cr_assert(waitpid(children[i], &status, 0) == children[i]);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == OK);
	}
	cr_assert(test_db_count(t, RECORDS) == 2);
	cr_assert(test_db_count(t, "SELECT count(*) FROM one") == 1);
}

/* A backup reads all tables for minutes, and a site's statements wait five
 * seconds for one. */
Test(migrate, that_waits_for_a_table_lets_others_come_to_it, .timeout = 120)
{
	struct db *holder;
	pid_t child;
	int status;

	put("0001_one.sql", "CREATE TABLE one (n int);");
	cr_assert_eq(apply(), OK);
	cr_assert_eq(db_open_with(t->conninfo, NULL, &holder), OK);
	db_begin(holder);
	cr_assert_eq(
	    db_script(holder, STR("LOCK TABLE one IN ACCESS SHARE MODE")), OK);
	put("0002_two.sql", "ALTER TABLE one ADD m int;");
	child = apply_in_child();
	while (test_db_count(t, "SELECT count(*) FROM pg_stat_activity WHERE "
				"datname = current_database() AND "
				"wait_event_type = 'Lock'") == 0)
		(void)usleep(10000);
	/* It would end the test where the wait is longer. */
	test_db_run(t, "SET lock_timeout = '5s'");
	cr_assert(test_db_count(t, "SELECT count(*) FROM one") == 0);
	cr_assert(test_db_count(t, RECORDS) == 1);
	db_rollback(holder);
	db_close(holder);
	cr_assert(waitpid(child, &status, 0) == child);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == OK);
	cr_assert(test_db_count(t, "SELECT count(m) FROM one") == 0);
	cr_assert(test_db_count(t, RECORDS) == 2);
}

Test(migrate, killed_in_the_middle_is_taken_up_again, .timeout = 120)
{
	pid_t child;

	put("0001_one.sql", "CREATE TABLE one (n int);");
	put("0002_two.sql", "INSERT INTO one VALUES (1); SELECT "
			    "pg_sleep(600);");
	child = apply_in_child();
	while (test_db_count(t, "SELECT count(*) FROM pg_stat_activity WHERE "
				"datname = current_database() AND "
				"wait_event = 'PgSleep'") == 0)
		(void)usleep(10000);
	cr_assert(kill(child, SIGKILL) == 0);
	cr_assert(waitpid(child, NULL, 0) == child);
	/* The server notices a dead client when it next speaks to it. */
	test_db_run(t, "SELECT pg_terminate_backend(pid) FROM "
		       "pg_stat_activity WHERE datname = current_database() "
		       "AND wait_event = 'PgSleep'");
	cr_assert(test_db_count(t, RECORDS) == 1);
	cr_assert(test_db_count(t, "SELECT count(*) FROM one") == 0);
	put("0002_two.sql", "INSERT INTO one VALUES (1);");
	cr_assert(apply() == OK);
	cr_assert(report.present == 1 && report.applied == 1);
	cr_assert(test_db_count(t, "SELECT count(*) FROM one") == 1);
}
