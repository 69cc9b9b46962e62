/* Connecting, and preparing every statement against the schema. */
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/db_codec.h"
#include "store/db_hosts.h"
#include "store/db_link.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	RETRY_US = 1000 * 1000 /* after a connect that failed */
};

/* What a machine of ours that vanished has locked is free after 11 s. */
#define CLIENT_GONE                                              \
	" -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2" \
	" -c tcp_keepalives_count=3"
/* Pages are small queries, which compiling (jit) only slows. */
#define OPTIONS "-c timezone=UTC -c jit=off" CLIENT_GONE
#define TIME_LIMITS                                        \
	" -c statement_timeout=10000 -c lock_timeout=5000" \
	" -c idle_in_transaction_session_timeout=60000"

/* A server that has vanished without a word, with its machine, is known within
 * 3 s: milliseconds for what was sent, seconds for a connection that waits. */
#define GONE_MS "2000"

static enum err
check_prepared(const struct db_statement *s, const PGresult *result)
{
	char expected[16], found[16];

	if ((size_t)PQnparams(result) != s->in_count) {
		(void)snprintf(expected, sizeof(expected), "%zu", s->in_count);
		(void)snprintf(found, sizeof(found), "%d", PQnparams(result));
		return rows_drift(s, "(parameters)", expected, found);
	}
	for (size_t i = 0; i < s->in_count; i++) {
		Oid oid = PQparamtype(result, (int)i);

		if (oid != db_kind_oid(s->in[i].kind))
			return rows_drift(s, s->in[i].name,
			    db_kind_name(s->in[i].kind), db_oid_name(oid));
	}
	return rows_check(s, result);
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
		return wire_lose(db, PQresultErrorMessage(result));
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

		TRY(wire_next(db, &result));
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
			return wire_lose_by_libpq(db);
	}
	TRY(wire_flush(db));
	for (size_t i = 0; db->statements[i] != NULL; i++) {
		enum err e = read_prepared(db, db->statements[i]);

		if (e == ERR_LOST)
			return e;
		all = all != OK ? all : e;
	}
	return all;
}

enum err
connect_listen(struct db *db, const char *channel)
{
	char sql[80];
	enum err failure = OK;

	(void)snprintf(sql, sizeof(sql), "LISTEN %s", channel);
	if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1) !=
		1 ||
	    PQpipelineSync(db->conn) != 1)
		return wire_lose_by_libpq(db);
	TRY(wire_flush(db));
	TRY(wire_read(db, 0, &failure));
	return failure;
}

/* `hosts` and `ports` may be NULL: those of the connection string. */
static PGconn *
connect_to(const struct db *db, const char *hosts, const char *ports)
{
	/* What stands before dbname is a default, what stands behind rules. */
	const char *const names[] = {"application_name", "connect_timeout",
	    "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
	    "keepalives_count", "options", "dbname", "client_encoding",
	    hosts != NULL ? "host" : NULL, "port", NULL};
	const char *const values[] = {"pixlpix", "5", GONE_MS, "1", "1", "2",
	    db->statements != NULL ? OPTIONS TIME_LIMITS : OPTIONS,
	    db->conninfo, "UTF8", hosts, ports, NULL};

	return PQconnectdbParams(names, values, 1);
}

/* Of several servers the one that was lost, or failed last, is asked last: it
 * may have vanished, and only silence would say so. */
static PGconn *
connect_by(const struct db *db)
{
	struct buf hosts = {0}, ports = {0};
	PGconn *conn;

	if (!hosts_after(
		db->conninfo, db->lost_host, db->lost_port, &hosts, &ports))
		return connect_to(db, NULL, NULL);
	buf_put_char(&hosts, '\0');
	buf_put_char(&ports, '\0');
	conn = buf_check(&hosts) == OK && buf_check(&ports) == OK
	           ? connect_to(db, hosts.at, ports.at)
	           : NULL;
	buf_free(&hosts);
	buf_free(&ports);
	return conn;
}

static enum err
set_up(struct db *db)
{
	if (PQsetnonblocking(db->conn, 1) != 0 ||
	    PQenterPipelineMode(db->conn) != 1)
		return wire_lose_by_libpq(db);
	(void)PQsetNoticeReceiver(db->conn, wire_take_notice, db);
	if (db->statements != NULL)
		TRY(prepare_all(db));
	for (size_t i = 0; i < db->channel_count; i++)
		TRY(connect_listen(db, db->channels[i]));
	return OK;
}

/* Makes a connection where there is none.  After a failure nobody waits for
 * the next try until a second has passed. */
enum err
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
		e = wire_lose_by_libpq(db);
	else
		e = set_up(db);
	metrics_count(METRIC_CONNECTS, AT(e != OK), 1);
	if (e != OK) {
		wire_drop(db);
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

enum err
connect_ensure(struct db *db)
{
	if (db->is_open)
		return db->conn != NULL ? OK : ERR_LOST;
	if (db->conn != NULL && !is_alive(db)) {
		log_event(LOG_WARN, "database connection was closed");
		wire_drop(db);
	}
	return db->conn != NULL ? OK : connect_now(db);
}
