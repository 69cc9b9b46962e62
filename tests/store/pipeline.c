/* Values there and back, and what one sync means. */
#include "../helper/db.h"
#include "base/log.h"
#include "capture.h"
#include "sql_test.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct test_db *t;
static struct db *db;
static struct arena *arena;

static void
start(void)
{
	t = test_db_make("tests/store/schema");
	cr_assert(db_open_with(t->conninfo, test_statements, &db) == OK);
	arena = arena_make(64 * 1024 * 1024);
}

static void
stop(void)
{
	arena_free(arena);
	db_close(db);
	test_db_drop(t);
}

TestSuite(pipeline, .init = start, .fini = stop);

static bool
is(struct str s, const char *z)
{
	return s.at != NULL && str_equal(s, str_from(z));
}

static int64_t
insert(const char *name)
{
	struct sql_thing_insert_row row;

	cr_assert(sql_thing_insert(db, arena,
		      &(struct sql_thing_insert_in){.name = str_from(name)},
		      &row) == OK);
	return row.id;
}

Test(pipeline, every_kind_comes_back_as_it_went)
{
	struct sql_echo_in in = {.number = INT64_MIN,
	    .number_null = -7,
	    .flag = true,
	    .text = STR("Grüße \"' \\ \n 🙂"),
	    .text_null = STR(""),
	    .bytes = {"\0\1\377", 3},
	    .bytes_null = STR(""),
	    .at = {1795260845123456},
	    .at_null = {-1}};
	struct sql_echo_row row;

	cr_assert(sql_echo(db, arena, &in, &row) == OK);
	cr_assert(row.number == INT64_MIN && row.number_null == -7);
	cr_assert(row.flag);
	cr_assert(str_equal(row.text, in.text));
	cr_assert(row.text_null.at != NULL && row.text_null.len == 0);
	cr_assert(str_equal(row.bytes, in.bytes));
	cr_assert(row.bytes_null.at != NULL && row.bytes_null.len == 0);
	cr_assert(row.at.us == 1795260845123456);
	cr_assert(row.at_null.us == -1);
}

Test(pipeline, absent_values_are_null_where_they_may_be)
{
	struct sql_echo_in in = {0};
	struct sql_echo_row row;

	memset(&row, 0xa5, sizeof(row));
	cr_assert(sql_echo(db, arena, &in, &row) == OK);
	cr_assert(row.text.at != NULL && row.text.len == 0);
	cr_assert(row.text_null.at == NULL && row.text_null.len == 0);
	cr_assert(row.bytes.at != NULL && row.bytes_null.at == NULL);
	cr_assert(row.number == 0 && row.number_null == 0);
	cr_assert(row.at.us == 0 && row.at_null.us == 0);
	cr_assert(!row.flag);
}

Test(pipeline, the_last_instant_is_infinity)
{
	struct sql_echo_in in = {.at = {INT64_MAX}};
	struct sql_echo_row row;

	cr_assert(sql_echo(db, arena, &in, &row) == OK);
	cr_assert(row.at.us == INT64_MAX);
}

Test(pipeline, lists_are_parameters)
{
	const struct str names[] = {STR("b"), STR("a,{}\"\\"), STR("none")};
	int64_t ids[2] = {insert("a,{}\"\\"), insert("b")};
	struct list rows;

	cr_assert(
	    sql_thing_by_names(db, arena,
		&(struct sql_thing_by_names_in){{names, 3}}, &rows) == OK);
	cr_assert(rows.count == 2);
	cr_assert(sql_thing_by_ids(db, arena,
		      &(struct sql_thing_by_ids_in){{ids, 2}}, &rows) == OK);
	const struct sql_name_row *row = rows.items;
	cr_assert(rows.count == 2 && is(row[0].name, "a,{}\"\\") &&
		  is(row[1].name, "b"));
	cr_assert(sql_thing_by_ids(db, arena,
		      &(struct sql_thing_by_ids_in){{0}}, &rows) == OK);
	cr_assert(rows.count == 0);
}

Test(pipeline, many_answers_come_in_the_order_of_the_questions)
{
	struct sql_echo_row first, last;
	struct sql_thing_find_row found;
	struct list rows;
	bool is_found = true;

	sql_echo_ask(db, &(struct sql_echo_in){.number = 1}, &first);
	sql_big_series_ask(db, &(struct sql_big_series_in){3, 2}, &rows);
	sql_thing_find_ask(
	    db, &(struct sql_thing_find_in){STR("no")}, &found, &is_found);
	sql_echo_ask(db, &(struct sql_echo_in){.number = 2}, &last);
	cr_assert(db_sync(db, arena) == OK);
	const struct sql_big_series_row *row = rows.items;
	cr_assert(first.number == 1 && last.number == 2 && !is_found);
	cr_assert(rows.count == 3 && row[2].n == 3 && is(row[2].text, "xx"));
}

Test(pipeline, parameters_may_be_gone_when_it_is_sent)
{
	struct sql_echo_row row;
	char text[] = "kept";
	struct sql_echo_in in = {.text = {text, 4}};

	sql_echo_ask(db, &in, &row);
	memset(text, 'z', sizeof(text));
	in.text = (struct str){0};
	cr_assert(db_sync(db, arena) == OK);
	cr_assert(is(row.text, "kept"));
}

Test(pipeline, nothing_asked_is_nothing_done)
{
	cr_assert(db_sync(db, arena) == OK);
}

Test(pipeline, many_rows_of_big_text_arrive)
{
	struct list rows;

	cr_assert(sql_big_series(db, arena,
		      &(struct sql_big_series_in){2000, 10000}, &rows) == OK);
	const struct sql_big_series_row *row = rows.items;
	cr_assert(rows.count == 2000 && row[1999].text.len == 10000);
}

/* Both sides have more to say than the sockets hold. */
Test(pipeline, big_questions_and_big_answers_do_not_block_each_other,
    .timeout = 120)
{
	enum {
		COUNT = 30,
		BYTES = 1024 * 1024
	};
	struct sql_echo_row rows[COUNT];
	char *text = malloc(BYTES);

	memset(text, 'y', BYTES);
	for (int i = 0; i < COUNT; i++)
		sql_echo_ask(
		    db, &(struct sql_echo_in){.text = {text, BYTES}}, &rows[i]);
	cr_assert(db_sync(db, arena) == OK);
	for (int i = 0; i < COUNT; i++)
		cr_assert(rows[i].text.len == BYTES &&
			  memcmp(rows[i].text.at, text, BYTES) == 0);
	free(text);
}

Test(pipeline, rows_changed_are_counted)
{
	int64_t changed = -1;

	(void)insert("a1");
	(void)insert("a2");
	(void)insert("b1");
	cr_assert(sql_thing_delete(db, arena,
		      &(struct sql_thing_delete_in){STR("a")}, &changed) == OK);
	cr_assert(changed == 2);
	cr_assert(sql_thing_delete(db, arena,
		      &(struct sql_thing_delete_in){STR("b")}, NULL) == OK);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
}

Test(pipeline, a_failure_undoes_the_whole_sync_and_touches_no_out)
{
	struct sql_thing_insert_row first = {-1}, second = {-1};
	struct sql_echo_row third = {.number = -1};

	sql_thing_insert_ask(
	    db, &(struct sql_thing_insert_in){.name = STR("same")}, &first);
	sql_thing_insert_ask(
	    db, &(struct sql_thing_insert_in){.name = STR("same")}, &second);
	sql_echo_ask(db, &(struct sql_echo_in){.number = 3}, &third);
	cr_assert(db_sync(db, arena) == ERR_CONFLICT);
	cr_assert(is(db_constraint(db), "thing_name_unique"));
	cr_assert(first.id == -1 && second.id == -1 && third.number == -1);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
	cr_assert(insert("same") > 0);
	cr_assert(db_constraint(db).at == NULL);
}

Test(pipeline, a_deferred_constraint_fails_the_sync)
{
	struct sql_thing_insert_row row = {-1};

	sql_thing_insert_ask(db,
	    &(struct sql_thing_insert_in){.name = STR("a"), .rank = 1}, &row);
	sql_thing_insert_ask(db,
	    &(struct sql_thing_insert_in){.name = STR("b"), .rank = 1}, &row);
	cr_assert(db_sync(db, arena) == ERR_CONFLICT);
	cr_assert(is(db_constraint(db), "thing_rank_unique"));
	cr_assert(row.id == -1);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
	cr_assert(insert("c") > 0);
}

Test(pipeline, each_broken_rule_has_its_error)
{
	struct sql_thing_insert_row row;
	struct sql_thing_insert_in in = {.name = STR("x"), .owner = 77};

	cr_assert(sql_thing_insert(db, arena, &in, &row) == ERR_ABSENT);
	cr_assert(is(db_constraint(db), "thing_owner"));
	in = (struct sql_thing_insert_in){.name = STR("x"), .small = 100};
	cr_assert(sql_thing_insert(db, arena, &in, &row) == ERR_INPUT);
	cr_assert(is(db_constraint(db), "thing_small"));
	in = (struct sql_thing_insert_in){.name = STR("x"), .small = 99999};
	cr_assert(sql_thing_insert(db, arena, &in, &row) == ERR_INPUT);
	in = (struct sql_thing_insert_in){.name = {"nul\0nul", 7}};
	cr_assert(sql_thing_insert(db, arena, &in, &row) == ERR_INPUT);
	in = (struct sql_thing_insert_in){.name = STR("\xff\xfe")};
	cr_assert(sql_thing_insert(db, arena, &in, &row) == ERR_INPUT);
}

Test(pipeline, what_a_person_wrote_stays_out_of_the_log)
{
	struct sql_thing_insert_row row;

	capture_log();
	log_set_level(LOG_DEBUG);
	cr_assert(
	    sql_thing_insert(db, arena,
		&(struct sql_thing_insert_in){.name = STR("my secret \xff")},
		&row) == ERR_INPUT);
	(void)insert("my secret");
	cr_assert(sql_thing_insert(db, arena,
		      &(struct sql_thing_insert_in){.name = STR("my secret")},
		      &row) == ERR_CONFLICT);
	cr_assert(captured_line_with("query failed", "thing_insert", "23505",
	    "thing_name_unique", NULL));
	cr_assert(!captured_line_with("secret", NULL));
}

Test(pipeline, a_row_that_must_be_there_is_missed)
{
	struct sql_thing_note_row row = {STR("untouched")};

	cr_assert(
	    sql_thing_note(db, arena, &(struct sql_thing_note_in){STR("no")},
		&row) == ERR_ABSENT);
	cr_assert(is(row.note, "untouched"));
}

Test(pipeline, a_row_that_may_be_there_is_found)
{
	struct sql_thing_find_row row;
	bool is_found = false;
	int64_t id = insert("here");

	cr_assert(
	    sql_thing_find(db, arena, &(struct sql_thing_find_in){STR("here")},
		&row, &is_found) == OK);
	cr_assert(is_found && row.id == id && row.note.at == NULL);
}

Test(pipeline, an_unexpected_null_is_named)
{
	struct sql_thing_note_row row = {STR("untouched")};

	(void)insert("plain");
	capture_log();
	cr_assert(
	    sql_thing_note(db, arena, &(struct sql_thing_note_in){STR("plain")},
		&row) == ERR_INTERNAL);
	cr_assert(captured_line_with("query gave what it must not",
	    "\"thing_note\"", "\"note\"", "NULL", NULL));
	cr_assert(is(row.note, "untouched"));
}

Test(pipeline, a_second_row_where_one_was_promised_is_an_error)
{
	struct sql_two_rows_row row;
	bool is_found;

	capture_log();
	cr_assert(sql_two_rows(db, arena, &row, &is_found) == ERR_INTERNAL);
	cr_assert(captured_line_with("more than one row", "two_rows", NULL));
}

Test(pipeline, rows_past_the_arena_are_an_error)
{
	struct arena *small = arena_make(1000);
	struct list rows = {NULL, 7};

	cr_assert(
	    sql_big_series(db, small, &(struct sql_big_series_in){1000, 1},
		&rows) == ERR_MEMORY);
	cr_assert(rows.count == 7);
	arena_free(small);
	cr_assert(insert("still works") > 0);
}

Test(pipeline, too_many_questions_are_refused)
{
	for (int i = 0; i < DB_ASKS_MAX; i++)
		sql_thing_wake_ask(db, NULL);
	cr_assert(db_sync(db, arena) == OK);
	for (int i = 0; i <= DB_ASKS_MAX; i++)
		sql_thing_touch_ask(
		    db, &(struct sql_thing_touch_in){STR("x")}, NULL);
	cr_assert(db_sync(db, arena) == ERR_INTERNAL);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
}

/* PostgreSQL's protocol counts bytes in 32 bits; nobody looks at these. */
Test(pipeline, what_no_message_can_hold_is_refused)
{
	struct str texts[] = {{"x", (size_t)INT32_MAX + 1}};
	int64_t number = 1;
	struct list rows;

	cr_assert_eq(sql_thing_touch(db, arena,
			 &(struct sql_thing_touch_in){texts[0]}, NULL),
	    ERR_TOO_BIG);
	cr_assert_eq(sql_thing_by_names(db, arena,
			 &(struct sql_thing_by_names_in){{texts, 1}}, &rows),
	    ERR_TOO_BIG);
	cr_assert_eq(
	    sql_thing_by_ids(db, arena,
		&(struct sql_thing_by_ids_in){{&number, (size_t)INT32_MAX + 1}},
		&rows),
	    ERR_TOO_BIG);
	cr_assert_eq(sql_thing_touch(db, arena,
			 &(struct sql_thing_touch_in){STR("x")}, NULL),
	    OK);
	cr_assert_eq(test_db_count(t, "SELECT count(*) FROM thing"), 1);
}

/* A page's first statement says who looks; the rest of the same sync sees
 * it, and nobody after that. */
Test(pipeline, the_viewer_is_known_to_one_sync_alone)
{
	struct sql_looker_set_row set;
	struct sql_looker_get_row inside, after;

	for (int i = 0; i < 3; i++) {
		sql_looker_set_ask(
		    db, &(struct sql_looker_set_in){STR("42")}, &set);
		sql_looker_get_ask(db, &inside);
		cr_assert(db_sync(db, arena) == OK);
		cr_assert(is(inside.viewer, "42") && is(set.mode, "on"));
		cr_assert(sql_looker_get(db, arena, &after) == OK);
		cr_assert(is(after.viewer, ""));
	}
}

Test(pipeline, a_page_that_only_reads_cannot_write)
{
	struct sql_looker_set_row set;

	capture_log();
	sql_looker_set_ask(db, &(struct sql_looker_set_in){STR("42")}, &set);
	sql_thing_touch_ask(db, &(struct sql_thing_touch_in){STR("x")}, NULL);
	cr_assert(db_sync(db, arena) == ERR_INTERNAL);
	cr_assert(captured_line_with("25006", "thing_touch", NULL));
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
	cr_assert(insert("now it may") > 0);
}

Test(pipeline, what_is_dropped_has_never_been_sent)
{
	sql_thing_touch_ask(db, &(struct sql_thing_touch_in){STR("x")}, NULL);
	db_rest(db);
	cr_assert(db_sync(db, arena) == OK);
	cr_assert(test_db_count(t, "SELECT count(*) FROM thing") == 0);
}
