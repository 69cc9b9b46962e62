/* Results as rows: do they fit the annotations, and what do they hold. */
#include "base/log.h"
#include "store/db_codec.h"
#include "store/db_link.h"

#include <stdlib.h>
#include <string.h>

enum err
rows_drift(const struct db_statement *s, const char *column,
    const char *expected, const char *found)
{
	log_event(LOG_ERROR, "query does not fit the schema",
	    LOG_Z("query", s->name), LOG_Z("column", column),
	    LOG_Z("expected", expected), LOG_Z("found", found));
	return ERR_INTERNAL;
}

/* Compares the columns that the server described with the annotations. */
enum err
rows_check(const struct db_statement *s, const PGresult *result)
{
	size_t count = (size_t)PQnfields(result);
	enum err e = OK;

	for (size_t i = 0; i < count || i < s->out_count; i++) {
		const struct db_field *field =
		    i < s->out_count ? &s->out[i] : NULL;
		const char *name =
		    i < count ? PQfname(result, (int)i) : "nothing";
		Oid oid = i < count ? PQftype(result, (int)i) : 0;
		const char *type = db_oid_name(oid);
		char other[32];

		if (type == NULL) {
			(void)snprintf(
			    other, sizeof(other), "type oid %u", oid);
			type = other;
		}
		if (s->rows == DB_NONE && db_oid_is_void(oid))
			continue;
		if (field == NULL)
			e = rows_drift(s, name, "nothing", type);
		else if (i >= count)
			e = rows_drift(s, field->name,
			    db_kind_name(field->kind), "nothing");
		else if (strcmp(name, field->name) != 0)
			e = rows_drift(s, field->name, field->name, name);
		else if (!db_kind_reads(field->kind, oid))
			e = rows_drift(
			    s, field->name, db_kind_name(field->kind), type);
	}
	return e;
}

static enum err
decode_row(
    const struct db_statement *s, const PGresult *result, int row, void *out)
{
	for (size_t i = 0; i < s->out_count; i++) {
		const char *at = PQgetisnull(result, row, (int)i)
		                     ? NULL
		                     : PQgetvalue(result, row, (int)i);
		size_t len = (size_t)PQgetlength(result, row, (int)i);
		enum err e = db_decode(&s->out[i], at, len, out);

		if (e != OK) {
			log_event(LOG_ERROR, "query gave what it must not",
			    LOG_Z("query", s->name),
			    LOG_Z("column", s->out[i].name),
			    LOG_Z("found", at == NULL ? "NULL" : "bad bytes"));
			return e;
		}
	}
	return OK;
}

static void
clear_result(void *result)
{
	PQclear(result);
}

static bool
has_views(const struct db_statement *s)
{
	for (size_t i = 0; i < s->out_count; i++)
		if (s->out[i].kind == DB_STR || s->out[i].kind == DB_BYTES)
			return true;
	return false;
}

static enum err
decode_rows(struct ask *ask, struct arena *arena)
{
	const struct db_statement *s = ask->statement;
	PGresult *result = ask->result;
	int count = PQntuples(result);

	ask->count = count;
	if (s->rows == DB_ONE && count == 0)
		return ERR_ABSENT;
	if (s->rows != DB_MANY && count > 1) {
		log_event(LOG_ERROR, "query gave more than one row",
		    LOG_Z("query", s->name), LOG_INT("rows", count));
		return ERR_INTERNAL;
	}
	if (count == 0)
		return OK;
	ask->rows = arena_array(arena, (size_t)count, s->row_size);
	if (ask->rows == NULL)
		return ERR_MEMORY;
	for (int i = 0; i < count; i++)
		TRY(decode_row(
		    s, result, i, (char *)ask->rows + (size_t)i * s->row_size));
	if (has_views(s)) {
		ask->result = NULL;
		TRY(arena_on_reset(arena, clear_result, result));
	}
	return OK;
}

enum err
rows_decode(struct db *db, struct ask *ask, struct arena *arena)
{
	if (ask->result == NULL)
		return ERR_INTERNAL;
	if (db->statements == NULL)
		TRY(rows_check(ask->statement, ask->result));
	if (ask->statement->rows != DB_NONE)
		return decode_rows(ask, arena);
	/* Empty where the command has no such number. */
	if (str_parse_int(str_from(PQcmdTuples(ask->result)), 0, INT64_MAX,
		&ask->count) != OK)
		ask->count = 0;
	return OK;
}

void
rows_hand_out(const struct ask *ask)
{
	if (ask->is_found != NULL)
		*ask->is_found = ask->count > 0;
	if (ask->out == NULL)
		return;
	switch (ask->statement->rows) {
	case DB_NONE:
		*(int64_t *)ask->out = ask->count;
		break;
	case DB_ONE:
	case DB_MAYBE:
		if (ask->count > 0)
			memcpy(ask->out, ask->rows, ask->statement->row_size);
		break;
	case DB_MANY:
		*(struct list *)ask->out =
		    (struct list){ask->rows, (size_t)ask->count};
		break;
	}
}
