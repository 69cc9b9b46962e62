/* PostgreSQL's binary format of values. */
#include "store/db_codec.h"

#include <endian.h>
#include <string.h>

/* Fixed oids, from src/include/catalog/pg_type.dat. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_TEXTS = 1009,
	OID_INT8S = 1016,
	OID_VARCHAR = 1043,
	OID_TIMESTAMPTZ = 1184,
	OID_VOID = 2278
};

static const int64_t EPOCH_US = INT64_C(946684800) * 1000000;

static const struct {
	unsigned oid;
	const char *name;
} kinds[] = {
    [DB_INT] = {OID_INT8, "bigint"},
    [DB_BOOL] = {OID_BOOL, "boolean"},
    [DB_STR] = {OID_TEXT, "text"},
    [DB_BYTES] = {OID_BYTEA, "bytea"},
    [DB_WHEN] = {OID_TIMESTAMPTZ, "timestamp with time zone"},
    [DB_STRS] = {OID_TEXTS, "text[]"},
    [DB_INTS] = {OID_INT8S, "bigint[]"},
};

static const struct {
	unsigned oid;
	const char *name;
} types[] = {
    {OID_BOOL, "boolean"},
    {OID_BYTEA, "bytea"},
    {18, "\"char\""},
    {OID_NAME, "name"},
    {OID_INT8, "bigint"},
    {OID_INT2, "smallint"},
    {OID_INT4, "integer"},
    {OID_TEXT, "text"},
    {26, "oid"},
    {114, "json"},
    {700, "real"},
    {701, "double precision"},
    {705, "unknown"},
    {869, "inet"},
    {1007, "integer[]"},
    {OID_TEXTS, "text[]"},
    {OID_INT8S, "bigint[]"},
    {1042, "character"},
    {OID_VARCHAR, "character varying"},
    {1082, "date"},
    {1114, "timestamp without time zone"},
    {OID_TIMESTAMPTZ, "timestamp with time zone"},
    {1186, "interval"},
    {1700, "numeric"},
    {2249, "record"},
    {OID_VOID, "void"},
    {2950, "uuid"},
    {3614, "tsvector"},
    {3802, "jsonb"},
};

unsigned
db_kind_oid(enum db_kind kind)
{
	return kinds[kind].oid;
}

const char *
db_kind_name(enum db_kind kind)
{
	return kinds[kind].name;
}

const char *
db_oid_name(unsigned oid)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].oid == oid)
			return types[i].name;
	return NULL;
}

bool
db_oid_is_void(unsigned oid)
{
	return oid == OID_VOID;
}

bool
db_kind_reads(enum db_kind kind, unsigned oid)
{
	if (oid == kinds[kind].oid)
		return true;
	if (kind == DB_INT)
		return oid == OID_INT4 || oid == OID_INT2;
	if (kind == DB_STR)
		return oid == OID_VARCHAR || oid == OID_NAME;
	return false;
}

static void
put_bytes(struct buf *b, const void *at, size_t len)
{
	buf_put(b, (struct str){at, len});
}

static void
put_length(struct buf *b, int32_t len)
{
	put_bytes(b, &len, sizeof(len));
}

static void
put_int32(struct buf *b, int32_t n)
{
	uint32_t wire = htobe32((uint32_t)n);

	put_bytes(b, &wire, sizeof(wire));
}

static void
put_int64(struct buf *b, int64_t n)
{
	uint64_t wire = htobe64((uint64_t)n);

	put_bytes(b, &wire, sizeof(wire));
}

/* The value with its length before it. */
static void
put_int64_value(struct buf *b, int64_t n)
{
	put_length(b, sizeof(n));
	put_int64(b, n);
}

static void
put_str_value(struct buf *b, struct str s, bool is_optional)
{
	if (s.at == NULL && is_optional) {
		put_length(b, -1);
		return;
	}
	if (s.len > INT32_MAX) {
		b->failure = b->failure != OK ? b->failure : ERR_TOO_BIG;
		return;
	}
	put_length(b, (int32_t)s.len);
	buf_put(b, s);
}

static void
put_when_value(struct buf *b, struct when t)
{
	int64_t us = t.us;

	/* The last instant stands for infinity on both sides. */
	if (us != INT64_MAX && __builtin_sub_overflow(us, EPOCH_US, &us))
		us = INT64_MIN;
	put_int64_value(b, us);
}

/* One dimension from 1 on, without NULLs; an empty array has none. */
static void
put_array_value(struct buf *b, struct list list, bool is_strs)
{
	const struct str *strs = list.items;
	const int64_t *ints = list.items;
	size_t length_at = b->len;
	int32_t length;

	if (list.count > INT32_MAX) {
		b->failure = b->failure != OK ? b->failure : ERR_TOO_BIG;
		return;
	}
	put_length(b, 0);
	put_int32(b, list.count > 0);
	put_int32(b, 0);
	put_int32(b, is_strs ? OID_TEXT : OID_INT8);
	if (list.count > 0) {
		put_int32(b, (int32_t)list.count);
		put_int32(b, 1);
	}
	for (size_t i = 0; i < list.count; i++) {
		size_t len = is_strs ? strs[i].len : sizeof(*ints);

		if (len > INT32_MAX) {
			b->failure = ERR_TOO_BIG;
			return;
		}
		put_int32(b, (int32_t)len);
		if (is_strs)
			buf_put(b, strs[i]);
		else
			put_int64(b, ints[i]);
	}
	if (buf_check(b) != OK)
		return;
	if (b->len - length_at > INT32_MAX) {
		b->failure = ERR_TOO_BIG;
		return;
	}
	length = (int32_t)(b->len - length_at - sizeof(length));
	memcpy(b->at + length_at, &length, sizeof(length));
}

void
db_encode(struct buf *b, const struct db_field *field, const void *in)
{
	const void *at = (const char *)in + field->offset;
	bool is_optional = field->is_optional;

	switch (field->kind) {
	case DB_INT:
		if (*(const int64_t *)at == 0 && is_optional)
			put_length(b, -1);
		else
			put_int64_value(b, *(const int64_t *)at);
		break;
	case DB_BOOL:
		put_length(b, 1);
		buf_put_char(b, *(const bool *)at);
		break;
	case DB_STR:
	case DB_BYTES:
		put_str_value(b, *(const struct str *)at, is_optional);
		break;
	case DB_WHEN:
		if (((const struct when *)at)->us == 0 && is_optional)
			put_length(b, -1);
		else
			put_when_value(b, *(const struct when *)at);
		break;
	case DB_STRS:
	case DB_INTS:
		put_array_value(
		    b, *(const struct list *)at, field->kind == DB_STRS);
		break;
	}
}

/* A big-endian integer of 2, 4 or 8 bytes. */
static bool
read_int(const char *at, size_t len, int64_t *out)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (len) {
	case sizeof(u64):
		memcpy(&u64, at, sizeof(u64));
		*out = (int64_t)be64toh(u64);
		return true;
	case sizeof(u32):
		memcpy(&u32, at, sizeof(u32));
		*out = (int32_t)be32toh(u32);
		return true;
	case sizeof(u16):
		memcpy(&u16, at, sizeof(u16));
		*out = (int16_t)be16toh(u16);
		return true;
	default:
		return false;
	}
}

static bool
read_when(const char *at, size_t len, struct when *out)
{
	int64_t us;

	if (len != sizeof(us) || !read_int(at, len, &us))
		return false;
	/* Infinity, and what lies beyond our range, is the last instant. */
	if (us != INT64_MIN && __builtin_add_overflow(us, EPOCH_US, &us))
		us = INT64_MAX;
	out->us = us;
	return true;
}

enum err
db_decode(const struct db_field *field, const char *at, size_t len, void *row)
{
	void *to = (char *)row + field->offset;

	/* The row was zeroed, and zero is what stands for NULL. */
	if (at == NULL)
		return field->is_optional ? OK : ERR_INTERNAL;
	switch (field->kind) {
	case DB_INT:
		return read_int(at, len, to) ? OK : ERR_INTERNAL;
	case DB_BOOL:
		if (len != 1)
			return ERR_INTERNAL;
		*(bool *)to = *at != 0;
		return OK;
	case DB_STR:
	case DB_BYTES:
		*(struct str *)to = (struct str){at, len};
		return OK;
	case DB_WHEN:
		return read_when(at, len, to) ? OK : ERR_INTERNAL;
	case DB_STRS:
	case DB_INTS:
		break;
	}
	return ERR_INTERNAL;
}
