/* One connection to PostgreSQL in pipeline mode; all of libpq is here.
 *
 * Asked statements are encoded into a buffer of our own and go to libpq in
 * db_sync alone, so that what is dropped has never been sent.  Results are
 * read to the end of the pipeline before any is looked at, decoded into the
 * arena, and handed out only when all of them are good.
 *
 * The socket is non-blocking and every wait has a limit: the server has its
 * own time limits, and a peer that says nothing for longer is taken for
 * dead.
 */
#include "store/db.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/db_codec.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHANNELS_MAX = 4,
	CONSTRAINT_BYTES = 64,
	PARAMS_MAX_BYTES = 64 * 1024 * 1024,
	SILENCE_MS = 15 * 1000, /* over every limit in TIME_LIMITS */
	RETRY_US = 1000 * 1000  /* after a connect that failed */
};

/* Pages are small queries, which compiling (jit) only slows. */
#define OPTIONS "-c timezone=UTC -c jit=off"
#define TIME_LIMITS                                        \
	" -c statement_timeout=10000 -c lock_timeout=5000" \
	" -c idle_in_transaction_session_timeout=60000"

struct ask {
	const struct db_statement *statement;
	size_t params_at; /* in db->params */
	void *out;
	bool *is_found;
	PGresult *result;
	void *rows;
	int64_t count; /* of rows, or of rows changed */
};

struct db {
	PGconn *conn; /* NULL while there is none */
	char *conninfo;
	const struct db_statement *const *statements; /* NULL: plain */
	struct ask asks[DB_ASKS_MAX];
	size_t ask_count;
	struct buf params;
	enum err failure; /* of an ask; the next sync tells it */
	bool is_begun;    /* between db_begin and its end */
	bool is_open;     /* and the server knows of it */
	enum err broken;  /* why the transaction has ended already */
	char constraint[CONSTRAINT_BYTES];
	int64_t retry_at_us; /* no connect before this */
	const char *channels[CHANNELS_MAX];
	size_t channel_count;
	bool may_have_missed; /* a notification */
};

static const struct db_statement statement_begin = {
    .name = "begin", .sql = "BEGIN", .rows = DB_NONE};
static const struct db_statement statement_commit = {
    .name = "commit", .sql = "COMMIT", .rows = DB_NONE};
static const struct db_statement statement_rollback = {
    .name = "rollback", .sql = "ROLLBACK", .rows = DB_NONE};

/* ---- the wire ---- */

static void
drop_connection(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->is_open = false;
	db->may_have_missed = db->channel_count > 0;
}

/* The connection is of no use any more; says why. */
static enum err
lose(struct db *db, const char *why)
{
	struct str text = str_trim(str_from(why));

	log_event(LOG_ERROR, "database connection lost",
	    LOG_STR("why", str_cut(&text, '\n')));
	drop_connection(db);
	return ERR_LOST;
}

static enum err
lose_by_libpq(struct db *db)
{
	return lose(db, PQerrorMessage(db->conn));
}

/* Waits for the socket; *ready has what it is ready for. */
static enum err
wait_socket(struct db *db, short events, short *ready)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = events};
	int limit = db->statements != NULL ? SILENCE_MS : -1;
	int n;

	do
		n = poll(&p, 1, limit);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return lose(db, "poll failed");
	if (n == 0)
		return lose(db, "the server is silent");
	*ready = p.revents;
	return OK;
}

/* Sends all that libpq holds; reads meanwhile, so that neither side waits for
 * the other for ever. */
static enum err
flush(struct db *db)
{
	int left;

	while ((left = PQflush(db->conn)) == 1) {
		short ready = 0;

		TRY(wait_socket(db, POLLIN | POLLOUT, &ready));
		if ((ready & POLLIN) != 0 && PQconsumeInput(db->conn) == 0)
			return lose_by_libpq(db);
	}
	return left == 0 ? OK : lose_by_libpq(db);
}

/* The next result, NULL at the end of one statement. */
static enum err
next_result(struct db *db, PGresult **out)
{
	while (PQisBusy(db->conn)) {
		short ready;

		TRY(wait_socket(db, POLLIN, &ready));
		if (PQconsumeInput(db->conn) == 0)
			return lose_by_libpq(db);
	}
	*out = PQgetResult(db->conn);
	return OK;
}

/* ---- errors ---- */

/* A class of SQLSTATE, or one of its members, and what it is to us; the
 * first that fits (PostgreSQL 15, appendix A). */
static const struct {
	const char *prefix;
	enum err err;
} states[] = {
    {"23505", ERR_CONFLICT}, /* unique_violation */
    {"23P01", ERR_CONFLICT}, /* exclusion_violation */
    {"23503", ERR_ABSENT},   /* foreign_key_violation */
    {"23514", ERR_INPUT},    /* check_violation */
    {"22", ERR_INPUT},       /* data exception */
    {"25006", ERR_INTERNAL}, /* read_only_sql_transaction */
    {"40001", ERR_BUSY},     /* serialization_failure */
    {"40P01", ERR_BUSY},     /* deadlock_detected */
    {"55P03", ERR_BUSY},     /* lock_not_available */
    {"57014", ERR_BUSY},     /* query_canceled */
    {"53300", ERR_LOST},     /* too_many_connections */
    {"57P", ERR_LOST},       /* shutdown, crash, cannot connect, idle */
    {"25P03", ERR_LOST},     /* idle_in_transaction_session_timeout */
    {"08", ERR_LOST},        /* connection exception */
    {"26000", ERR_LOST},     /* our prepared statement is not there */
    {"0A000", ERR_LOST},     /* its result type changed under us */
};

static enum err
err_of_state(const char *state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (str_starts(str_from(state), str_from(states[i].prefix)))
			return states[i].err;
	return ERR_DATABASE;
}

/* The server's own words, unless they may quote what a person wrote. */
static struct str
message_of(const PGresult *result, const char *state)
{
	if (str_starts(str_from(state), STR("22")))
		return STR("(not logged)");
	return str_from(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

/* Sorts an error of the server, logs it, and notes the constraint. */
static enum err
err_of_result(struct db *db, const PGresult *result, const char *query)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *constraint =
	    PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	enum err e;

	/* libpq's own errors have no state: mostly a broken connection. */
	if (state == NULL)
		return lose(db, PQresultErrorMessage(result));
	e = err_of_state(state);
	(void)snprintf(db->constraint, sizeof(db->constraint), "%s",
	    constraint != NULL ? constraint : "");
	log_event(e == ERR_CONFLICT || e == ERR_ABSENT || e == ERR_INPUT
		      ? LOG_DEBUG
		      : LOG_ERROR,
	    "query failed", LOG_Z("query", query), LOG_ERR(e),
	    LOG_Z("sqlstate", state), LOG_STR("why", message_of(result, state)),
	    LOG_Z("constraint", db->constraint));
	return e;
}

static void
log_notice(void *arg, const PGresult *result)
{
	(void)arg;
	log_event(LOG_DEBUG, "database notice",
	    LOG_Z("sqlstate", PQresultErrorField(result, PG_DIAG_SQLSTATE)),
	    LOG_Z("text", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)));
}

/* ---- sending and reading one pipeline ---- */

static enum err
send_ask(struct db *db, const struct ask *ask)
{
	const struct db_statement *s = ask->statement;
	const char *values[DB_FIELDS_MAX];
	int lengths[DB_FIELDS_MAX], formats[DB_FIELDS_MAX];
	Oid types[DB_FIELDS_MAX];
	const char *at = db->params.at + ask->params_at;
	bool is_prepared = db->statements != NULL && s != &statement_begin &&
	                   s != &statement_commit && s != &statement_rollback;
	int count = (int)s->in_count, sent;

	for (size_t i = 0; i < s->in_count; i++) {
		int32_t length;

		memcpy(&length, at, sizeof(length));
		at += sizeof(length);
		values[i] = length >= 0 ? at : NULL;
		lengths[i] = length >= 0 ? length : 0;
		formats[i] = 1;
		types[i] = db_kind_oid(s->in[i].kind);
		at += lengths[i];
	}
	if (is_prepared)
		sent = PQsendQueryPrepared(
		    db->conn, s->name, count, values, lengths, formats, 1);
	else
		sent = PQsendQueryParams(db->conn, s->sql, count, types, values,
		    lengths, formats, 1);
	return sent == 1 ? OK : lose_by_libpq(db);
}

static enum err
send_all(struct db *db)
{
	for (size_t i = 0; i < db->ask_count; i++)
		TRY(send_ask(db, &db->asks[i]));
	if (PQpipelineSync(db->conn) != 1)
		return lose_by_libpq(db);
	return flush(db);
}

/* COMMIT of a failed transaction succeeds, as ROLLBACK. */
static bool
is_commit_refused(const struct ask *ask)
{
	return ask->statement == &statement_commit &&
	       strcmp(PQcmdStatus(ask->result), "COMMIT") != 0;
}

/* Keeps the result of statement i, or tells its error. */
static enum err
take_result(struct db *db, size_t i, size_t count, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	enum err e = OK;

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
		if (i < count) {
			db->asks[i].result = result;
			return is_commit_refused(&db->asks[i]) ? ERR_DATABASE
			                                       : OK;
		}
	} else if (status != PGRES_PIPELINE_ABORTED) {
		/* A deferred constraint fails behind the last statement. */
		e = err_of_result(db, result,
		    i < count ? db->asks[i].statement->name : "commit");
	}
	PQclear(result);
	return e;
}

/* Reads to the end of a pipeline of the first `count` asks; keeps the
 * results, and the first error in *failure.  Fails itself where the
 * connection does. */
static enum err
read_all(struct db *db, size_t count, enum err *failure)
{
	for (size_t i = 0;;) {
		PGresult *result;
		enum err e;

		TRY(next_result(db, &result));
		if (result == NULL) {
			i++;
			continue;
		}
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return OK;
		}
		e = take_result(db, i, count, result);
		if (*failure == OK)
			*failure = e;
		if (e == ERR_LOST) {
			drop_connection(db);
			return e;
		}
	}
}

static void
clear_results(struct db *db)
{
	for (size_t i = 0; i < db->ask_count; i++) {
		PQclear(db->asks[i].result);
		db->asks[i].result = NULL;
	}
}

static void
forget_asks(struct db *db)
{
	clear_results(db);
	db->ask_count = 0;
	buf_reset(&db->params);
	db->failure = OK;
}

/* ---- what came back ---- */

static enum err
drift(const struct db_statement *s, const char *column, const char *expected,
    const char *found)
{
	log_event(LOG_ERROR, "query does not fit the schema",
	    LOG_Z("query", s->name), LOG_Z("column", column),
	    LOG_Z("expected", expected), LOG_Z("found", found));
	return ERR_INTERNAL;
}

/* Compares the columns that the server described with the annotations. */
static enum err
check_columns(const struct db_statement *s, const PGresult *result)
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
			e = drift(s, name, "nothing", type);
		else if (i >= count)
			e = drift(s, field->name, db_kind_name(field->kind),
			    "nothing");
		else if (strcmp(name, field->name) != 0)
			e = drift(s, field->name, field->name, name);
		else if (!db_kind_reads(field->kind, oid))
			e = drift(
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

static enum err
decode(struct db *db, struct ask *ask, struct arena *arena)
{
	if (ask->result == NULL)
		return ERR_INTERNAL;
	if (db->statements == NULL)
		TRY(check_columns(ask->statement, ask->result));
	if (ask->statement->rows != DB_NONE)
		return decode_rows(ask, arena);
	/* Empty where the command has no such number. */
	if (str_parse_int(str_from(PQcmdTuples(ask->result)), 0, INT64_MAX,
		&ask->count) != OK)
		ask->count = 0;
	return OK;
}

static void
hand_out(const struct ask *ask)
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

/* ---- connecting ---- */

static enum err
check_prepared(const struct db_statement *s, const PGresult *result)
{
	char expected[16], found[16];

	if ((size_t)PQnparams(result) != s->in_count) {
		(void)snprintf(expected, sizeof(expected), "%zu", s->in_count);
		(void)snprintf(found, sizeof(found), "%d", PQnparams(result));
		return drift(s, "(parameters)", expected, found);
	}
	for (size_t i = 0; i < s->in_count; i++) {
		Oid oid = PQparamtype(result, (int)i);

		if (oid != db_kind_oid(s->in[i].kind))
			return drift(s, s->in[i].name,
			    db_kind_name(s->in[i].kind), db_oid_name(oid));
	}
	return check_columns(s, result);
}

/* The server would not take the statement: a name that is gone, a type that
 * does not fit; or it could not work at all. */
static enum err
refuse_statement(
    struct db *db, const struct db_statement *s, const PGresult *result)
{
	struct str state =
	    str_from(PQresultErrorField(result, PG_DIAG_SQLSTATE));
	const char *position =
	    PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	struct str sql = str_from(s->sql);
	int64_t at;

	if (state.len == 0 || str_starts(state, STR("57P")) ||
	    str_starts(state, STR("08")) || str_starts(state, STR("53")))
		return lose(db, PQresultErrorMessage(result));
	if (position == NULL ||
	    str_parse_int(str_from(position), 1, (int64_t)sql.len, &at) != OK)
		at = 1;
	log_event(LOG_ERROR, "query does not fit the schema",
	    LOG_Z("query", s->name),
	    LOG_Z("why", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)),
	    LOG_Z("hint", PQresultErrorField(result, PG_DIAG_MESSAGE_HINT)),
	    LOG_STR("near", str_slice(sql, (size_t)at - 1, 40)));
	return ERR_INTERNAL;
}

/* Reads the answers to one Parse, one Describe and one Sync. */
static enum err
read_prepared(struct db *db, const struct db_statement *s)
{
	enum err e = OK;
	bool is_described = false;

	for (int seen = 0;;) {
		PGresult *result;
		ExecStatusType status;

		TRY(next_result(db, &result));
		if (result == NULL) {
			seen++;
			continue;
		}
		status = PQresultStatus(result);
		if (status == PGRES_COMMAND_OK && seen == 1) {
			is_described = true;
			e = check_prepared(s, result);
		} else if (status == PGRES_FATAL_ERROR) {
			e = refuse_statement(db, s, result);
		}
		PQclear(result);
		if (e == ERR_LOST)
			return e;
		if (status == PGRES_PIPELINE_SYNC)
			return e == OK && !is_described ? ERR_INTERNAL : e;
	}
}

/* Every statement has a Sync of its own, so that one that is refused does not
 * keep the others from being checked. */
static enum err
prepare_all(struct db *db)
{
	enum err all = OK;

	for (size_t i = 0; db->statements[i] != NULL; i++) {
		const struct db_statement *s = db->statements[i];
		Oid types[DB_FIELDS_MAX];

		assert(s->in_count <= DB_FIELDS_MAX);
		for (size_t k = 0; k < s->in_count; k++)
			types[k] = db_kind_oid(s->in[k].kind);
		if (PQsendPrepare(db->conn, s->name, s->sql, (int)s->in_count,
			types) != 1 ||
		    PQsendDescribePrepared(db->conn, s->name) != 1 ||
		    PQpipelineSync(db->conn) != 1)
			return lose_by_libpq(db);
	}
	TRY(flush(db));
	for (size_t i = 0; db->statements[i] != NULL; i++) {
		enum err e = read_prepared(db, db->statements[i]);

		if (e == ERR_LOST)
			return e;
		all = all != OK ? all : e;
	}
	return all;
}

static enum err
send_listen(struct db *db, const char *channel)
{
	char sql[80];
	enum err failure = OK;

	(void)snprintf(sql, sizeof(sql), "LISTEN %s", channel);
	if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1) !=
		1 ||
	    PQpipelineSync(db->conn) != 1)
		return lose_by_libpq(db);
	TRY(flush(db));
	TRY(read_all(db, 0, &failure));
	return failure;
}

static PGconn *
connect_by(const struct db *db)
{
	/* What stands before dbname is a default, what stands behind rules. */
	const char *const names[] = {"application_name", "connect_timeout",
	    "tcp_user_timeout", "options", "dbname", "client_encoding", NULL};
	const char *const values[] = {"pixlpix", "5", "15000",
	    db->statements != NULL ? OPTIONS TIME_LIMITS : OPTIONS,
	    db->conninfo, "UTF8", NULL};

	return PQconnectdbParams(names, values, 1);
}

static enum err
set_up(struct db *db)
{
	if (PQsetnonblocking(db->conn, 1) != 0 ||
	    PQenterPipelineMode(db->conn) != 1)
		return lose_by_libpq(db);
	(void)PQsetNoticeReceiver(db->conn, log_notice, NULL);
	if (db->statements != NULL)
		TRY(prepare_all(db));
	for (size_t i = 0; i < db->channel_count; i++)
		TRY(send_listen(db, db->channels[i]));
	return OK;
}

/* Makes a connection where there is none.  After a failure nobody waits for
 * the next try until a second has passed. */
static enum err
connect_now(struct db *db)
{
	enum err e;

	if (clock_monotonic_us() < db->retry_at_us)
		return ERR_LOST;
	assert(db->ask_count == 0 || db->asks[0].result == NULL);
	db->conn = connect_by(db);
	if (db->conn == NULL)
		return ERR_MEMORY;
	if (PQstatus(db->conn) != CONNECTION_OK)
		e = lose_by_libpq(db);
	else
		e = set_up(db);
	if (e != OK) {
		drop_connection(db);
		db->retry_at_us = clock_monotonic_us() + RETRY_US;
	}
	return e;
}

/* False where the server hung up while nobody looked. */
static bool
is_alive(struct db *db)
{
	for (int i = 0; i < 4; i++) {
		struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};

		if (poll(&p, 1, 0) <= 0)
			break;
		if (PQconsumeInput(db->conn) == 0)
			return false;
	}
	return PQstatus(db->conn) == CONNECTION_OK;
}

static enum err
ensure_connected(struct db *db)
{
	if (db->is_open)
		return db->conn != NULL ? OK : ERR_LOST;
	if (db->conn != NULL && !is_alive(db)) {
		log_event(LOG_WARN, "database connection was closed");
		drop_connection(db);
	}
	return db->conn != NULL ? OK : connect_now(db);
}

/* ---- the interface ---- */

enum err
db_open_with(const char *conninfo, const struct db_statement *const *statements,
    struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));
	enum err e = ERR_MEMORY;

	if (db == NULL)
		return ERR_MEMORY;
	db->statements = statements;
	db->params.max_bytes = PARAMS_MAX_BYTES;
	db->conninfo = strdup(conninfo);
	if (db->conninfo != NULL)
		e = connect_now(db);
	if (e != OK) {
		db_close(db);
		return e;
	}
	*out = db;
	return OK;
}

enum err
db_open(const char *conninfo, struct db **out)
{
	return db_open_with(conninfo, db_statements, out);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	forget_asks(db);
	PQfinish(db->conn);
	buf_free(&db->params);
	free(db->conninfo);
	free(db);
}

void
db_ask(struct db *db, const struct db_statement *statement, const void *in,
    void *out, bool *is_found)
{
	if (db->failure != OK)
		return;
	if (db->ask_count == DB_ASKS_MAX) {
		log_event(LOG_ERROR, "too many queries in one sync",
		    LOG_Z("query", statement->name));
		db->failure = ERR_INTERNAL;
		return;
	}
	db->asks[db->ask_count++] = (struct ask){.statement = statement,
	    .params_at = db->params.len,
	    .out = out,
	    .is_found = is_found};
	for (size_t i = 0; i < statement->in_count; i++)
		db_encode(&db->params, &statement->in[i], in);
	db->failure = buf_check(&db->params);
}

/* One round trip: out with what was asked, in with what comes. */
static enum err
exchange(struct db *db, struct arena *arena)
{
	enum err failure = OK;

	db->constraint[0] = '\0';
	TRY(ensure_connected(db));
	TRY(send_all(db));
	TRY(read_all(db, db->ask_count, &failure));
	TRY(failure);
	for (size_t i = 0; i < db->ask_count; i++)
		TRY(decode(db, &db->asks[i], arena));
	for (size_t i = 0; i < db->ask_count; i++)
		hand_out(&db->asks[i]);
	return OK;
}

/* Takes the server out of the transaction, or the connection away. */
static void
leave_transaction(struct db *db)
{
	struct str constraint = db_constraint(db);
	char kept[CONSTRAINT_BYTES];

	memcpy(kept, db->constraint, sizeof(kept));
	forget_asks(db);
	if (db->conn != NULL && db->is_open) {
		db_ask(db, &statement_rollback, NULL, NULL, NULL);
		if (exchange(db, NULL) != OK && db->conn != NULL)
			drop_connection(db);
		forget_asks(db);
	}
	if (constraint.len > 0)
		memcpy(db->constraint, kept, sizeof(kept));
	db->is_open = false;
}

enum err
db_sync(struct db *db, struct arena *arena)
{
	enum err e = db->failure;

	if (db->is_begun && db->broken != OK)
		e = db->broken;
	if (e == OK && db->ask_count > 0)
		e = exchange(db, arena);
	forget_asks(db);
	if (!db->is_begun)
		return e;
	/* Whatever was sent may have begun with our BEGIN. */
	db->is_open = db->conn != NULL && db->broken == OK;
	if (e != OK && db->broken == OK) {
		leave_transaction(db);
		db->broken = e;
	}
	return e;
}

void
db_begin(struct db *db)
{
	assert(!db->is_begun);
	db->is_begun = true;
	db->is_open = false;
	db->broken = OK;
	db_ask(db, &statement_begin, NULL, NULL, NULL);
}

/* Whether the server's success may still be a failure for us. */
static bool
asks_for_rows(const struct db *db)
{
	for (size_t i = 0; i < db->ask_count; i++)
		if (db->asks[i].statement->rows != DB_NONE)
			return true;
	return false;
}

enum err
db_commit(struct db *db, struct arena *arena)
{
	enum err e = OK;

	assert(db->is_begun);
	if (asks_for_rows(db))
		e = db_sync(db, arena);
	if (e == OK) {
		db_ask(db, &statement_commit, NULL, NULL, NULL);
		e = db_sync(db, arena);
	}
	db->is_begun = false;
	db->is_open = false;
	db->broken = OK;
	return e;
}

void
db_rollback(struct db *db)
{
	leave_transaction(db);
	db->is_begun = false;
	db->broken = OK;
}

void
db_rest(struct db *db)
{
	db_rollback(db);
	if (db->conn != NULL && PQtransactionStatus(db->conn) != PQTRANS_IDLE) {
		log_event(LOG_ERROR, "database connection was not at rest");
		drop_connection(db);
	}
}

struct str
db_constraint(const struct db *db)
{
	return db->constraint[0] != '\0' ? str_from(db->constraint)
	                                 : (struct str){0};
}

enum err
db_listen(struct db *db, const char *channel)
{
	size_t length = strlen(channel);

	assert(!db->is_begun && db->ask_count == 0);
	assert(db->channel_count < CHANNELS_MAX && length > 0 && length < 64);
	assert(strspn(channel, "abcdefghijklmnopqrstuvwxyz_") == length);
	TRY(ensure_connected(db));
	TRY(send_listen(db, channel));
	db->channels[db->channel_count++] = channel;
	return OK;
}

static bool
take_notifications(struct db *db)
{
	bool is_any = db->may_have_missed;

	for (PGnotify *n; (n = PQnotifies(db->conn)) != NULL; PQfreemem(n))
		is_any = true;
	db->may_have_missed = false;
	return is_any;
}

enum err
db_wait(struct db *db, int fd, int timeout_ms, bool *is_notified)
{
	struct pollfd p[] = {{.events = POLLIN}, {.fd = fd, .events = POLLIN}};
	bool is_any;

	assert(!db->is_begun && db->ask_count == 0);
	TRY(ensure_connected(db));
	is_any = take_notifications(db);
	p[0].fd = PQsocket(db->conn);
	if (!is_any && poll(p, 2, timeout_ms) > 0 && p[0].revents != 0) {
		if (PQconsumeInput(db->conn) == 0)
			return lose_by_libpq(db);
		is_any = take_notifications(db);
	}
	*is_notified = is_any;
	return OK;
}

/* Where in a script the server saw the fault. */
static int64_t
line_of(struct str sql, const PGresult *result)
{
	const char *text =
	    PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	int64_t position, line = 1;

	if (text == NULL ||
	    str_parse_int(str_from(text), 1, (int64_t)sql.len, &position) != OK)
		return 0;
	for (int64_t i = 0; i < position - 1; i++)
		line += sql.at[i] == '\n';
	return line;
}

static enum err
read_script(struct db *db, struct str sql)
{
	enum err e = OK;
	PGresult *result;

	do {
		TRY(next_result(db, &result));
		if (result != NULL &&
		    PQresultStatus(result) == PGRES_FATAL_ERROR && e == OK) {
			log_event(LOG_ERROR, "sql file failed",
			    LOG_INT("line", line_of(sql, result)));
			e = err_of_result(db, result, "(sql file)");
		}
		PQclear(result);
	} while (result != NULL && db->conn != NULL);
	return e;
}

static enum err
run_script(struct db *db, struct str sql)
{
	const char *z;
	enum err e;

	buf_put(&db->params, sql);
	buf_put_char(&db->params, '\0');
	TRY(buf_check(&db->params));
	z = db->params.at;
	/* Several statements in one message are not for pipelines. */
	if (PQexitPipelineMode(db->conn) != 1 || PQsendQuery(db->conn, z) != 1)
		return lose_by_libpq(db);
	TRY(flush(db));
	e = read_script(db, sql);
	if (db->conn == NULL)
		return ERR_LOST;
	if (PQenterPipelineMode(db->conn) != 1)
		return lose_by_libpq(db);
	return e;
}

enum err
db_script(struct db *db, struct str sql)
{
	enum err e;

	assert(db->statements == NULL);
	if (sql.len > 0 && memchr(sql.at, '\0', sql.len) != NULL)
		return ERR_INPUT;
	TRY(db_sync(db, NULL));
	e = ensure_connected(db);
	if (e == OK)
		e = run_script(db, sql);
	forget_asks(db);
	if (e == OK && db->is_begun &&
	    PQtransactionStatus(db->conn) != PQTRANS_INTRANS) {
		log_event(LOG_ERROR, "sql file ended the transaction");
		e = ERR_INPUT;
	}
	if (e != OK && db->is_begun) {
		leave_transaction(db);
		db->broken = e;
	}
	return e;
}
