/* What the files of the database connection share; nobody else includes it.
 *
 * db.c is the interface, db_connect.c opens and prepares, db_wire.c sends and
 * reads one pipeline, db_rows.c turns results into rows.  libpq stays within
 * these.
 */
#ifndef PIXLPIX_STORE_DB_LINK_H
#define PIXLPIX_STORE_DB_LINK_H

#include "base/buf.h"
#include "store/db.h"

#include <libpq-fe.h>

enum {
	CHANNELS_MAX = 4,
	CONSTRAINT_BYTES = 64,
	HOST_BYTES = 256,
	PORT_BYTES = 8
};

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
	int patience_ms;     /* with a silent server; -1: without an end */
	int64_t retry_at_us; /* no connect before this */
	char lost_host[HOST_BYTES]; /* to be asked last, of several */
	char lost_port[PORT_BYTES];
	const char *channels[CHANNELS_MAX];
	size_t channel_count;
	bool may_have_missed; /* a notification */
	bool is_alone;        /* a commit is not at the standby */
};

extern const struct db_statement wire_begin;
extern const struct db_statement wire_commit;
extern const struct db_statement wire_rollback;

/* Ends the connection; the next use makes another. */
void wire_drop(struct db *db);

/* The same, and says why; always ERR_LOST. */
enum err wire_lose(struct db *db, const char *why);

enum err wire_lose_by_libpq(struct db *db);

/* Sends all that libpq holds; reads meanwhile, so that neither side waits for
 * the other for ever. */
enum err wire_flush(struct db *db);

/* The next result, NULL at the end of one statement. */
enum err wire_next(struct db *db, PGresult **out);

/* The class of a failed result; logs what the sysadmin has to know. */
enum err wire_err(struct db *db, const PGresult *result, const char *query);

/* libpq's receiver of notices; `arg` is the db. */
void wire_take_notice(void *arg, const PGresult *result);

/* Encodes and sends the asks, and the end of the pipeline. */
enum err wire_send(struct db *db);

/* Reads the results of `count` asks to the end of the pipeline; *failure is the
 * first of the server's. */
enum err wire_read(struct db *db, size_t count, enum err *failure);

/* Lets go of what was asked and of its results. */
void wire_forget(struct db *db);

/* Tells the log in what a statement and the schema differ. */
enum err rows_drift(const struct db_statement *s, const char *column,
    const char *expected, const char *found);

/* Compares the columns of a result with the annotations. */
enum err rows_check(const struct db_statement *s, const PGresult *result);

/* Decodes the result of one ask into the arena. */
enum err rows_decode(struct db *db, struct ask *ask, struct arena *arena);

/* Gives the decoded rows to who asked. */
void rows_hand_out(const struct ask *ask);

/* Asks for the notifications of a channel. */
enum err connect_listen(struct db *db, const char *channel);

/* Connects and prepares, whatever is there. */
enum err connect_now(struct db *db);

/* A connection that works, if one can be had. */
enum err connect_ensure(struct db *db);

#endif
