/* The site's own schema and statements. */
#include "../helper/db.h"

#include <criterion/criterion.h>

Test(site, statements_fit_the_schema)
{
	struct test_db *t = test_db_make(NULL);
	struct db *db;

	cr_assert(db_open(t->conninfo, &db) == OK);
	db_close(db);
	test_db_drop(t);
}
