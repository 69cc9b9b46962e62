/* PostgreSQL's binary format of values, to and from members of C structs.
 *
 * Knows nothing of libpq; db_link.h's files are its only users.  Source:
 * PostgreSQL 15, chapter "Frontend/Backend Protocol", and the send and receive
 * functions of each type (src/backend/utils/adt): big-endian integers,
 * timestamps as microseconds since 2000-01-01 UTC, arrays as array_recv reads
 * them.
 */
#ifndef PIXLPIX_STORE_DB_CODEC_H
#define PIXLPIX_STORE_DB_CODEC_H

#include "base/buf.h"
#include "store/db.h"

/* The oid of the SQL type that a parameter of the kind is sent as. */
unsigned db_kind_oid(enum db_kind kind);

/* Whether a column of the type `oid` can be read as the kind. */
bool db_kind_reads(enum db_kind kind, unsigned oid);

/* "bigint", for the log. */
const char *db_kind_name(enum db_kind kind);

/* The SQL name of common types, NULL of others. */
const char *db_oid_name(unsigned oid);

/* A type that has no value: what a function returning void gives. */
bool db_oid_is_void(unsigned oid);

/* Appends one parameter, the member of `in` that the field describes: its
 * length as int32_t in host order, -1 for NULL, and then its bytes. */
void db_encode(struct buf *b, const struct db_field *field, const void *in);

/* Fills the member of `row` from the `len` bytes of a column; `at` NULL is
 * SQL's NULL.  Strings become views of `at`.  ERR_INTERNAL where NULL is not
 * allowed or the bytes are not of the kind. */
enum err db_decode(
    const struct db_field *field, const char *at, size_t len, void *row);

#endif
