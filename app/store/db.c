/* One connection to PostgreSQL in pipeline mode: the interface.
 *
 * Asked statements are encoded into a buffer of our own and go to libpq in
 * db_sync alone, so that what is dropped has never been sent.  Results are
 * read to the end of the pipeline before any is looked at, decoded into the
 * arena, and handed out only when all of them are good.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/db_codec.h"
#include "store/db_link.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	PATIENCE_MS = 15 * 1000, /* over every limit of the server's own */
	PARAMS_MAX_BYTES = 64 * 1024 * 1024
};

enum err
db_open_with(const char *conninfo, const struct db_statement *const *statements,
    struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));
	enum err e = ERR_MEMORY;

	if (db == NULL)
		return ERR_MEMORY;
	db->statements = statements;
	db->patience_ms = statements != NULL ? PATIENCE_MS : -1;
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
db_set_patience(struct db *db, int milliseconds)
{
	db->patience_ms = milliseconds;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	wire_forget(db);
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
	int64_t began_us;

	db->constraint[0] = '\0';
	TRY(connect_ensure(db));
	began_us = clock_monotonic_us();
	TRY(wire_send(db));
	TRY(wire_read(db, db->ask_count, &failure));
	metrics_time(METRIC_DATABASE, AT(0), began_us);
	metrics_count(METRIC_STATEMENTS, AT(0), (int64_t)db->ask_count);
	TRY(failure);
	for (size_t i = 0; i < db->ask_count; i++)
		TRY(rows_decode(db, &db->asks[i], arena));
	for (size_t i = 0; i < db->ask_count; i++)
		rows_hand_out(&db->asks[i]);
	return OK;
}

/* Takes the server out of the transaction, or the connection away. */
static void
leave_transaction(struct db *db)
{
	struct str constraint = db_constraint(db);
	char kept[CONSTRAINT_BYTES];

	memcpy(kept, db->constraint, sizeof(kept));
	wire_forget(db);
	if (db->conn != NULL && db->is_open) {
		db_ask(db, &wire_rollback, NULL, NULL, NULL);
		if (exchange(db, NULL) != OK && db->conn != NULL)
			wire_drop(db);
		wire_forget(db);
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
	if (e == OK && db->ask_count > 0) {
		e = exchange(db, arena);
		if (e != OK)
			metrics_count(METRIC_DATABASE_FAIL, AT(e), 1);
	}
	wire_forget(db);
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
	db_ask(db, &wire_begin, NULL, NULL, NULL);
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
		db_ask(db, &wire_commit, NULL, NULL, NULL);
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
		wire_drop(db);
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
	TRY(connect_ensure(db));
	TRY(connect_listen(db, channel));
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
	TRY(connect_ensure(db));
	is_any = take_notifications(db);
	p[0].fd = PQsocket(db->conn);
	if (!is_any && poll(p, 2, timeout_ms) > 0 && p[0].revents != 0) {
		if (PQconsumeInput(db->conn) == 0)
			return wire_lose_by_libpq(db);
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
		TRY(wire_next(db, &result));
		if (result != NULL &&
		    PQresultStatus(result) == PGRES_FATAL_ERROR && e == OK) {
			log_event(LOG_ERROR, "sql file failed",
			    LOG_INT("line", line_of(sql, result)));
			e = wire_err(db, result, "(sql file)");
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
		return wire_lose_by_libpq(db);
	TRY(wire_flush(db));
	e = read_script(db, sql);
	if (db->conn == NULL)
		return ERR_LOST;
	if (PQenterPipelineMode(db->conn) != 1)
		return wire_lose_by_libpq(db);
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
	e = connect_ensure(db);
	if (e == OK)
		e = run_script(db, sql);
	wire_forget(db);
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
