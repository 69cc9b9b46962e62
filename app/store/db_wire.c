/* One pipeline: what was asked goes out, results come back to its end.
 *
 * The socket is non-blocking and every wait has a limit: the server has its
 * own time limits, and a peer that says nothing for longer is taken for
 * dead.
 */
#include "base/log.h"
#include "store/db_codec.h"
#include "store/db_link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

const struct db_statement wire_begin = {
    .name = "begin", .sql = "BEGIN", .rows = DB_NONE};
const struct db_statement wire_commit = {
    .name = "commit", .sql = "COMMIT", .rows = DB_NONE};
const struct db_statement wire_rollback = {
    .name = "rollback", .sql = "ROLLBACK", .rows = DB_NONE};

static void
note_host(struct db *db)
{
	const char *host = PQhost(db->conn), *port = PQport(db->conn);

	(void)snprintf(db->lost_host, sizeof(db->lost_host), "%s",
	    host != NULL ? host : "");
	(void)snprintf(db->lost_port, sizeof(db->lost_port), "%s",
	    port != NULL ? port : "");
}

void
wire_drop(struct db *db)
{
	note_host(db);
	PQfinish(db->conn);
	db->conn = NULL;
	db->is_open = false;
	db->is_alone = false;
	db->may_have_missed = db->channel_count > 0;
}

/* The connection is of no use any more; says why. */
enum err
wire_lose(struct db *db, const char *why)
{
	struct str text = str_trim(str_from(why));

	log_event(LOG_ERROR, "database connection lost",
	    LOG_STR("why", str_cut(&text, '\n')));
	wire_drop(db);
	return ERR_LOST;
}

enum err
wire_lose_by_libpq(struct db *db)
{
	return wire_lose(db, PQerrorMessage(db->conn));
}

/* Waits for the socket; *ready has what it is ready for. */
static enum err
wait_socket(struct db *db, short events, short *ready)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = events};
	int n;

	do
		n = poll(&p, 1, db->patience_ms);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return wire_lose(db, "poll failed");
	if (n == 0)
		return wire_lose(db, "the server is silent");
	*ready = p.revents;
	return OK;
}

/* Sends all that libpq holds; reads meanwhile, so that neither side waits for
 * the other for ever. */
enum err
wire_flush(struct db *db)
{
	int left;

	while ((left = PQflush(db->conn)) == 1) {
		short ready = 0;

		TRY(wait_socket(db, POLLIN | POLLOUT, &ready));
		if ((ready & POLLIN) != 0 && PQconsumeInput(db->conn) == 0)
			return wire_lose_by_libpq(db);
	}
	return left == 0 ? OK : wire_lose_by_libpq(db);
}

/* The next result, NULL at the end of one statement. */
enum err
wire_next(struct db *db, PGresult **out)
{
	while (PQisBusy(db->conn)) {
		short ready;

		TRY(wait_socket(db, POLLIN, &ready));
		if (PQconsumeInput(db->conn) == 0)
			return wire_lose_by_libpq(db);
	}
	*out = PQgetResult(db->conn);
	return OK;
}

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
enum err
wire_err(struct db *db, const PGresult *result, const char *query)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *constraint =
	    PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	enum err e;

	/* libpq's own errors have no state: mostly a broken connection. */
	if (state == NULL)
		return wire_lose(db, PQresultErrorMessage(result));
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

/* A COMMIT whose wait for the standby was cut short, by a time limit or by
 * the sysadmin, succeeds with a warning (PostgreSQL's syncrep.c): a standby
 * that takes over may not have it, so that it has not succeeded for us. */
static bool
is_commit_alone(const PGresult *notice)
{
	return str_equal(
	    str_from(PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION)),
	    STR("SyncRepWaitForLSN"));
}

void
wire_take_notice(void *arg, const PGresult *result)
{
	struct db *db = arg;

	if (is_commit_alone(result)) {
		log_event(LOG_ERROR, "the standby has not confirmed a commit",
		    LOG_Z("text",
			PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)));
		db->is_alone = true;
		return;
	}
	log_event(LOG_DEBUG, "database notice",
	    LOG_Z("sqlstate", PQresultErrorField(result, PG_DIAG_SQLSTATE)),
	    LOG_Z("text", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)));
}

static enum err
send_ask(struct db *db, const struct ask *ask)
{
	const struct db_statement *s = ask->statement;
	const char *values[DB_FIELDS_MAX];
	int lengths[DB_FIELDS_MAX], formats[DB_FIELDS_MAX];
	Oid types[DB_FIELDS_MAX];
	const char *at = db->params.at + ask->params_at;
	bool is_prepared = db->statements != NULL && s != &wire_begin &&
	                   s != &wire_commit && s != &wire_rollback;
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
	return sent == 1 ? OK : wire_lose_by_libpq(db);
}

enum err
wire_send(struct db *db)
{
	for (size_t i = 0; i < db->ask_count; i++)
		TRY(send_ask(db, &db->asks[i]));
	if (PQpipelineSync(db->conn) != 1)
		return wire_lose_by_libpq(db);
	return wire_flush(db);
}

/* COMMIT of a failed transaction succeeds, as ROLLBACK. */
static bool
is_commit_refused(const struct ask *ask)
{
	return ask->statement == &wire_commit &&
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
		e = wire_err(db, result,
		    i < count ? db->asks[i].statement->name : "commit");
	}
	PQclear(result);
	return e;
}

/* Reads to the end of a pipeline of the first `count` asks; keeps the
 * results, and the first error in *failure.  Fails itself where the
 * connection does. */
enum err
wire_read(struct db *db, size_t count, enum err *failure)
{
	for (size_t i = 0;;) {
		PGresult *result;
		enum err e;

		TRY(wire_next(db, &result));
		if (result == NULL) {
			i++;
			continue;
		}
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return db->is_alone ? wire_lose(db, "no standby") : OK;
		}
		e = take_result(db, i, count, result);
		if (*failure == OK)
			*failure = e;
		if (e == ERR_LOST) {
			wire_drop(db);
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

void
wire_forget(struct db *db)
{
	clear_results(db);
	db->ask_count = 0;
	buf_reset(&db->params);
	db->failure = OK;
}
