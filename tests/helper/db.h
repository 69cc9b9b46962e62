/* A database of its own for each test, on the cluster of PIXLPIX_TEST_DB.
 *
 *	static struct test_db *t;
 *	static void start(void) { t = test_db_make(NULL); }
 *	static void stop(void) { test_db_drop(t); }
 *	TestSuite(like, .init = start, .fini = stop);
 *
 *	Test(like, ...) { struct db *db; db_open(t->conninfo, &db); ... }
 *
 * Criterion runs every test in a process of its own, with .init and .fini
 * around it, so no two tests see each other's rows.  The first use of a
 * schema makes a template database from its migrations; every other one is a
 * copy of it (some 30 ms).  The template stays in the cluster.
 *
 * Whatever goes wrong here ends the test's process with a message.
 */
#ifndef PIXLPIX_TESTS_HELPER_DB_H
#define PIXLPIX_TESTS_HELPER_DB_H

#include "store/db.h"

struct test_db {
	char name[64];
	char conninfo[1024]; /* for db_open */
	struct db *plain;    /* a connection for test_db_run and _count */
};

/* A fresh database with the migrations of the folder (a path below
 * PIXLPIX_SRCDIR) applied; NULL is sql/schema. */
struct test_db *test_db_make(const char *schema);

/* The same without any schema. */
struct test_db *test_db_make_empty(void);

/* Drops it, also where connections are open; NULL is allowed. */
void test_db_drop(struct test_db *t);

/* Runs SQL, for rows that a test needs and for what another session does
 * meanwhile. */
void test_db_run(struct test_db *t, const char *sql);

/* The single integer that a query gives. */
int64_t test_db_count(struct test_db *t, const char *sql);

#endif
