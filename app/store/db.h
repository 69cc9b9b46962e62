/* One connection to PostgreSQL, and the statements that run on it.
 *
 * Everything about libpq stays in db_link.h and its files.  SQL lives in
 *sql/queries/NAME.sql; tools/gen_sql.py turns each file into `struct
 *sql_NAME_in`, `struct sql_NAME_row` and two typed functions (store/sql.h):
 *
 *	sql_NAME_ask(db, &in, &out);	queues it, sends nothing
 *	sql_NAME(db, arena, &in, &out);	queues it and syncs at once
 *
 * A page asks everything that it needs, then calls db_sync once: one round
 * trip.  What is synced together is one transaction: all of it happens, or
 * nothing does, and a setting made with set_config(..., true) by the first
 * statement is seen by the others and gone afterwards.
 *
 *	sql_session_viewer_ask(db, &(struct sql_session_viewer_in){token},
 *	    &viewer, &is_known);
 *	sql_post_newest_ask(db, &(struct sql_post_newest_in){before, 20},
 *	    &posts);
 *	TRY(db_sync(db, arena));
 *
 * A transaction of several round trips is db_begin ... db_commit.  Whoever
 * serves requests calls db_rest after each, which leaves the connection clean
 * whatever the handler did.
 *
 * Errors of db_sync and of all that syncs:
 *	ERR_CONFLICT  unique or exclusion constraint (23505, 23P01);
 *	              db_constraint has its name
 *	ERR_ABSENT    foreign key (23503), or a statement with `rows: one` found
 *	              none
 *	ERR_INPUT     check constraint (23514), or a value that the type does
 *not take (class 22), such as text with a NUL in it ERR_BUSY      a statement,
 *lock or deadlock limit ended it (57014, 55P03, 40001, 40P01); nothing has
 *happened, the same transaction may be tried again ERR_LOST      no connection,
 *or it broke, or the server has no room.  Of a write whose commit was under way
 *nobody can say whether it happened.  The next use connects again. ERR_INTERNAL
 *a write in a read-only transaction (25006), NULL in a column that is not
 *marked `?`, a result that is not as annotated ERR_MEMORY    the arena is full
 *	ERR_DATABASE  anything else
 */
#ifndef PIXLPIX_STORE_DB_H
#define PIXLPIX_STORE_DB_H

#include "base/arena.h"
#include "base/shape.h"

struct db;

/* The kinds of the annotations, with the C type and the SQL type of each. */
enum db_kind {
	DB_INT = 1, /* int64_t: bigint; out also integer and smallint */
	DB_BOOL,    /* bool: boolean */
	DB_STR,     /* struct str: text; out also varchar and name */
	DB_BYTES,   /* struct str: bytea */
	DB_WHEN,    /* struct when: timestamptz */
	DB_STRS,    /* struct list of struct str: text[]; in only */
	DB_INTS     /* struct list of int64_t: bigint[]; in only */
};

/* One parameter or column.  NULL is the absent string, and 0 for int and
 * when; it is allowed where `is_optional` alone.  An absent string that is
 * not optional goes in as the empty one. */
struct db_field {
	const char *name;
	size_t offset;
	enum db_kind kind;
	bool is_optional;
};

enum db_rows {
	DB_NONE = 1, /* out: int64_t, rows changed */
	DB_ONE,      /* out: the row */
	DB_MAYBE,    /* out: the row, and whether there is one */
	DB_MANY      /* out: struct list of rows */
};

enum {
	DB_FIELDS_MAX = 32, /* parameters, and columns, of one statement */
	DB_ASKS_MAX = 64    /* statements of one sync, BEGIN and COMMIT too */
};

/* One statement, as gen_sql.py writes it. */
struct db_statement {
	const char *name;
	const char *sql;
	enum db_rows rows;
	size_t in_count;
	const struct db_field *in;
	size_t out_count;
	const struct db_field *out;
	size_t row_size;
};

/* All statements of sql/queries, ended by NULL (generated). */
extern const struct db_statement *const db_statements[];

/* Connects (within 5 s), prepares every statement in one round trip, and
 * compares parameters and columns, their number, names and types, with the
 * annotations.  `conninfo` is libpq's; what it says of application_name,
 * connect_timeout and options wins over ours.  ERR_LOST where there is no
 * server, ERR_INTERNAL where a statement does not fit the schema: each such
 * statement is a line in the log with query, column, expected and found. */
enum err db_open(const char *conninfo, struct db **out);

/* The same with another set of statements, ended by NULL.  With NULL nothing
 * is prepared: each statement is parsed as it runs, without time limits, for
 * what works on the schema itself. */
enum err db_open_with(const char *conninfo,
    const struct db_statement *const *statements, struct db **out);

/* How long a server that says nothing is waited for; 15 s at the start. */
void db_set_patience(struct db *db, int milliseconds);

/* NULL is allowed. */
void db_close(struct db *db);

/* Queues a statement; the typed functions call this.  `in` has been read when
 * it returns; `out` (see enum db_rows; NULL where nobody asks) and `is_found`
 * (DB_MAYBE) are filled by the sync.  A failure is kept for the sync. */
void db_ask(struct db *db, const struct db_statement *statement, const void *in,
    void *out, bool *is_found);

/* Sends what was asked in one round trip and fills the outs, in order.  The
 * first error is the error of all, and then no out has been touched.  Rows
 * and their strings live as long as the arena.  With nothing asked: OK.
 *
 * The server's part is undone on every error that the server finds.  It is
 * not undone where ERR_ABSENT says that a `rows: one` found none, nor on
 * ERR_MEMORY and on ERR_INTERNAL for an unexpected NULL, which show only when
 * the rows are read: outside db_begin what was written stays. */
enum err db_sync(struct db *db, struct arena *arena);

/* Opens a transaction with the next sync; it costs no round trip.  A failed
 * sync inside ends the transaction on the server, and until db_commit,
 * db_rollback or db_rest every sync repeats the error, so that nothing of a
 * transaction happens outside it.  Asserts that none is open. */
void db_begin(struct db *db);

/* Syncs what was asked and commits.  One round trip, or two where what was
 * asked gives rows: they are looked at before the commit.  OK means that it
 * is durable; on an error nothing has happened (but see ERR_LOST).  Either
 * way no transaction is open any more. */
enum err db_commit(struct db *db, struct arena *arena);

/* Drops what was asked, and ends an open transaction without a trace. */
void db_rollback(struct db *db);

/* The end of a request: db_rollback, and a connection that is not at rest
 * after it is closed. */
void db_rest(struct db *db);

/* The constraint that the last failed sync broke, or the absent string; good
 * until the next sync. */
struct str db_constraint(const struct db *db);

/* Wakes db_wait when somebody does NOTIFY on the channel, also after a
 * reconnect.  `channel` is a literal of a-z and _; at most 4. */
enum err db_listen(struct db *db, const char *channel);

/* Waits for a notification, for `fd` to become readable (-1: none), for a
 * signal, or for the time to pass.  is_notified is also true where one may
 * have been missed, after a reconnect.  No transaction may be open. */
enum err db_wait(struct db *db, int fd, int timeout_ms, bool *is_notified);

/* Runs a file of statements, BEGIN and COMMIT included where wanted; rows
 * are thrown away.  For migrations: `sql` comes from the installation, never
 * from a request.  Needs a connection that was opened without statements. */
enum err db_script(struct db *db, struct str sql);

#endif
