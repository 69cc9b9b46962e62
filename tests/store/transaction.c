/* Transactions of several round trips. */
#include "../helper/db.h"
#include "sql_test.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define THINGS "SELECT count(*) FROM thing"
#define IN_TRANSACTION                                           \
	"SELECT count(*) FROM pg_stat_activity WHERE datname = " \
	"current_database() AND state LIKE 'idle in transaction%'"

static struct test_db *t;
static struct db *db;
static struct arena *arena;

static void
start(void)
{
	t = test_db_make("tests/store/schema");
	cr_assert(db_open_with(t->conninfo, test_statements, &db) == OK);
	arena = arena_make(1024 * 1024);
}

static void
stop(void)
{
	arena_free(arena);
	db_close(db);
	test_db_drop(t);
}

TestSuite(transaction, .init = start, .fini = stop);

static enum err
touch(const char *name)
{
	return sql_thing_touch(
	    db, arena, &(struct sql_thing_touch_in){str_from(name)}, NULL);
}

static void
touch_ask(const char *name)
{
	sql_thing_touch_ask(
	    db, &(struct sql_thing_touch_in){str_from(name)}, NULL);
}

Test(transaction, is_not_seen_before_its_commit)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	cr_assert(touch("b") == OK);
	cr_assert(test_db_count(t, THINGS) == 0);
	cr_assert(db_commit(db, arena) == OK);
	cr_assert(test_db_count(t, THINGS) == 2);
	cr_assert(test_db_count(t, IN_TRANSACTION) == 0);
}

Test(transaction, may_be_a_single_round_trip)
{
	db_begin(db);
	touch_ask("a");
	touch_ask("b");
	cr_assert(db_commit(db, arena) == OK);
	cr_assert(test_db_count(t, THINGS) == 2);
}

Test(transaction, rolled_back_leaves_no_trace)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	touch_ask("b");
	db_rollback(db);
	cr_assert(test_db_count(t, IN_TRANSACTION) == 0);
	cr_assert(touch("c") == OK);
	cr_assert(test_db_count(t, THINGS) == 1);
}

Test(transaction, failed_once_has_failed_for_good)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	cr_assert(touch("a") == ERR_CONFLICT);
	cr_assert(str_equal(db_constraint(db), STR("thing_name_unique")));
	cr_assert(test_db_count(t, IN_TRANSACTION) == 0);
	cr_assert(touch("b") == ERR_CONFLICT);
	cr_assert(db_commit(db, arena) == ERR_CONFLICT);
	cr_assert(test_db_count(t, THINGS) == 0);
	cr_assert(touch("c") == OK);
	cr_assert(test_db_count(t, THINGS) == 1);
}

Test(transaction, failing_in_its_last_sync_is_told_by_commit)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	touch_ask("a");
	cr_assert(db_commit(db, arena) == ERR_CONFLICT);
	cr_assert(test_db_count(t, THINGS) == 0);
	cr_assert(test_db_count(t, IN_TRANSACTION) == 0);
}

Test(transaction, deferred_constraint_is_told_by_commit)
{
	struct sql_thing_insert_row row;

	db_begin(db);
	for (int i = 0; i < 2; i++)
		cr_assert(
		    sql_thing_insert(db, arena,
			&(struct sql_thing_insert_in){
			    .name = i == 0 ? STR("a") : STR("b"), .rank = 1},
			&row) == OK);
	cr_assert(db_commit(db, arena) == ERR_CONFLICT);
	cr_assert(str_equal(db_constraint(db), STR("thing_rank_unique")));
	cr_assert(test_db_count(t, THINGS) == 0);
	cr_assert(touch("c") == OK);
}

/* The server saw no error there: it is ours. */
Test(transaction, is_not_committed_when_a_row_is_missed)
{
	struct sql_thing_note_row row;

	db_begin(db);
	touch_ask("a");
	sql_thing_note_ask(db, &(struct sql_thing_note_in){STR("no")}, &row);
	cr_assert(db_commit(db, arena) == ERR_ABSENT);
	cr_assert(test_db_count(t, THINGS) == 0);
	cr_assert(touch("b") == OK);
}

Test(transaction, can_start_behind_what_was_asked)
{
	touch_ask("a");
	db_begin(db);
	touch_ask("b");
	cr_assert(db_commit(db, arena) == OK);
	cr_assert(test_db_count(t, THINGS) == 2);
}

Test(transaction, forgotten_is_rolled_back_at_rest)
{
	db_begin(db);
	cr_assert(touch("a") == OK);
	touch_ask("b");
	cr_assert(test_db_count(t, IN_TRANSACTION) == 1);
	db_rest(db);
	cr_assert(test_db_count(t, IN_TRANSACTION) == 0);
	cr_assert(test_db_count(t, THINGS) == 0);
	db_begin(db);
	cr_assert(touch("a") == OK);
	cr_assert(db_commit(db, arena) == OK);
}

Test(transaction, forgotten_before_it_began_is_forgotten)
{
	db_begin(db);
	db_rest(db);
	cr_assert(touch("a") == OK);
	cr_assert(test_db_count(t, THINGS) == 1);
}

Test(transaction, setting_lasts_to_its_end)
{
	struct sql_looker_set_row set;
	struct sql_looker_get_row get;

	db_begin(db);
	cr_assert(sql_looker_set(db, arena,
		      &(struct sql_looker_set_in){STR("9")}, &set) == OK);
	cr_assert(sql_looker_get(db, arena, &get) == OK);
	cr_assert(str_equal(get.viewer, STR("9")));
	cr_assert(db_commit(db, arena) == OK);
	cr_assert(sql_looker_get(db, arena, &get) == OK);
	cr_assert(get.viewer.len == 0);
}

Test(transaction, kept_waiting_too_long_is_busy)
{
	char conninfo[1200];
	struct db *other;

	(void)snprintf(conninfo, sizeof(conninfo),
	    "%s options='-c lock_timeout=50'", t->conninfo);
	cr_assert(db_open_with(conninfo, test_statements, &other) == OK);
	db_begin(db);
	cr_assert(touch("a") == OK);
	cr_assert(
	    sql_thing_touch(other, arena,
		&(struct sql_thing_touch_in){STR("a")}, NULL) == ERR_BUSY);
	cr_assert(db_commit(db, arena) == OK);
	db_close(other);
}

static enum err
lock(struct db *by, int64_t number)
{
	return sql_lock_number(
	    by, arena, &(struct sql_lock_number_in){number}, NULL);
}

/* In another process: takes the second lock, and waits for the first. */
static enum err
lock_crosswise(void)
{
	struct db *other;

	TRY(db_open_with(t->conninfo, test_statements, &other));
	db_begin(other);
	TRY(lock(other, 2));
	TRY(lock(other, 1));
	return db_commit(other, arena);
}

Test(transaction, one_of_a_deadlock_is_busy_and_the_other_goes_on,
    .timeout = 120)
{
	enum err ours, theirs;
	int status;
	pid_t child;

	db_begin(db);
	cr_assert(lock(db, 1) == OK);
	child = fork();
	if (child == 0)
		_exit((int)lock_crosswise());
	while (test_db_count(t, "SELECT count(*) FROM pg_locks WHERE "
				"locktype = 'advisory' AND NOT granted AND "
				"objid = 1") == 0)
		(void)usleep(10000);
	ours = lock(db, 2);
	db_rollback(db);
	cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status));
	theirs = (enum err)WEXITSTATUS(status);
	cr_assert((ours == OK && theirs == ERR_BUSY) ||
		  (ours == ERR_BUSY && theirs == OK));
}
