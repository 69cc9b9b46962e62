/* Databases for tests. */
#include "db.h"

#include "base/clock.h"
#include "base/digest.h"
#include "store/migrate.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Held while a template is made. */
#define LOCK "SELECT pg_advisory_lock(3141592653)"
#define UNLOCK "SELECT pg_advisory_unlock(3141592653)"

__attribute__((noreturn, format(printf, 1, 2))) static void
give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("test database: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
	abort();
}

static const char *
cluster(void)
{
	const char *conninfo = getenv("PIXLPIX_TEST_DB");

	if (conninfo == NULL || *conninfo == '\0')
		give_up("PIXLPIX_TEST_DB is not set (see tools/with_postgres)");
	return conninfo;
}

static void
set_conninfo(char *out, size_t size, const char *name)
{
	int n = snprintf(out, size, "%s dbname=%s", cluster(), name);

	if (n < 0 || (size_t)n >= size)
		give_up("PIXLPIX_TEST_DB is too long");
}

static void
run(struct db *db, const char *sql)
{
	enum err e = db_script(db, str_from(sql));

	if (e != OK)
		give_up("%s: %s", err_name(e), sql);
}

__attribute__((format(printf, 2, 3))) static void
run_printf(struct db *db, const char *format, ...)
{
	char sql[512];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(sql))
		give_up("too long: %s", format);
	run(db, sql);
}

static struct db *
open_plain(const char *conninfo)
{
	struct db *db;
	enum err e = db_open_with(conninfo, NULL, &db);

	if (e != OK)
		give_up("cannot connect to %s: %s", conninfo, err_name(e));
	return db;
}

static int64_t
count(struct db *db, const char *sql)
{
	struct row {
		int64_t number;
	} row;
	static const struct db_field number = {
	    "number", offsetof(struct row, number), DB_INT, false};
	struct db_statement statement = {.name = "count",
	    .rows = DB_ONE,
	    .out_count = 1,
	    .out = &number,
	    .row_size = sizeof(struct row)};
	struct arena *arena = arena_make(1024 * 1024);
	struct buf text = {0};
	enum err e;

	/* Whatever the column's name and width. */
	buf_printf(&text, "SELECT (%s)::bigint AS number%c", sql, '\0');
	if (arena == NULL || buf_check(&text) != OK)
		give_up("no memory");
	statement.sql = text.at;
	db_ask(db, &statement, NULL, &row, NULL);
	e = db_sync(db, arena);
	if (e != OK)
		give_up("%s: %s", err_name(e), sql);
	buf_free(&text);
	arena_free(arena);
	return row.number;
}

/* A name that changes with what is in the folder. */
static void
name_template(const char *folder, char *out, size_t size)
{
	struct arena *arena = arena_make(1024 * 1024);
	unsigned char digest[DIGEST_BYTES];
	struct buf text = {0};
	struct str hex;
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);

	if (n < 0)
		give_up("cannot read %s", folder);
	buf_put(&text, str_from(folder));
	for (int i = 0; i < n; i++) {
		char path[2048];
		struct stat st;

		(void)snprintf(
		    path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			buf_printf(&text, "%s %lld %lld.%09ld\n", path,
			    (long long)st.st_size, (long long)st.st_mtim.tv_sec,
			    st.st_mtim.tv_nsec);
		free(entries[i]);
	}
	free(entries);
	if (arena == NULL || buf_check(&text) != OK ||
	    digest_sha256(buf_str(&text), digest) != OK ||
	    digest_hex(arena, (struct str){(const char *)digest, 8}, &hex) !=
		OK)
		give_up("no memory");
	(void)snprintf(out, size, "template_%.*s", STR_ARG(hex));
	buf_free(&text);
	arena_free(arena);
}

static void
make_template(struct db *main, const char *folder, const char *name)
{
	struct migrate_report report;
	char exists[256], fresh[80], conninfo[1024];
	enum err e;

	(void)snprintf(exists, sizeof(exists),
	    "SELECT count(*) FROM pg_database WHERE datname = '%s'", name);
	(void)snprintf(fresh, sizeof(fresh), "%s_new", name);
	run(main, LOCK);
	if (count(main, exists) == 0) {
		run_printf(main, "DROP DATABASE IF EXISTS %s", fresh);
		run_printf(main, "CREATE DATABASE %s", fresh);
		set_conninfo(conninfo, sizeof(conninfo), fresh);
		e = migrate_apply(conninfo, folder, &report);
		if (e != OK)
			give_up("cannot migrate: %s", err_name(e));
		run_printf(main, "ALTER DATABASE %s RENAME TO %s", fresh, name);
	}
	run(main, UNLOCK);
}

static struct test_db *
make_from(const char *template)
{
	struct db *main = open_plain(cluster());
	struct test_db *t = calloc(1, sizeof(*t));

	if (t == NULL)
		give_up("no memory");
	(void)snprintf(t->name, sizeof(t->name), "test_%ld_%" PRId64,
	    (long)getpid(), clock_monotonic_us());
	run_printf(main, "CREATE DATABASE %s TEMPLATE %s", t->name, template);
	db_close(main);
	set_conninfo(t->conninfo, sizeof(t->conninfo), t->name);
	t->plain = open_plain(t->conninfo);
	return t;
}

struct test_db *
test_db_make(const char *schema)
{
	const char *top = getenv("PIXLPIX_SRCDIR");
	char folder[1024], template[64];
	struct db *main = open_plain(cluster());

	(void)snprintf(folder, sizeof(folder), "%s/%s", top != NULL ? top : ".",
	    schema != NULL ? schema : "sql/schema");
	name_template(folder, template, sizeof(template));
	make_template(main, folder, template);
	db_close(main);
	return make_from(template);
}

struct test_db *
test_db_make_empty(void)
{
	return make_from("template0");
}

void
test_db_drop(struct test_db *t)
{
	struct db *main;

	if (t == NULL)
		return;
	db_close(t->plain);
	main = open_plain(cluster());
	run_printf(main, "DROP DATABASE %s WITH (FORCE)", t->name);
	db_close(main);
	free(t);
}

void
test_db_run(struct test_db *t, const char *sql)
{
	run(t->plain, sql);
}

int64_t
test_db_count(struct test_db *t, const char *sql)
{
	return count(t->plain, sql);
}
