/* The names of the error classes. */
#include "base/err.h"

#include "../helper/kit.h"

#include <ctype.h>
#include <string.h>

Test(err, every_class_has_a_name_of_its_own_in_lower_case)
{
	for (int i = 0; i < ERR_COUNT_; i++) {
		const char *name = err_name((enum err)i);

		cr_assert(strcmp(name, "unknown") != 0, "class %d", i);
		for (const char *at = name; *at != '\0'; at++)
			cr_assert(islower((unsigned char)*at) || *at == '_');
		for (int k = 0; k < i; k++)
			cr_assert(strcmp(name, err_name((enum err)k)) != 0);
	}
}

Test(err, what_is_no_class_is_unknown)
{
	cr_assert_str_eq(err_name(ERR_COUNT_), "unknown");
	cr_assert_str_eq(err_name((enum err)(ERR_COUNT_ + 7)), "unknown");
}

static int calls;

static enum err
counts(enum err e)
{
	calls++;
	return e;
}

static enum err
tries(void)
{
	TRY(counts(OK));
	TRY(counts(ERR_BUSY));
	TRY(counts(ERR_INPUT));
	return OK;
}

Test(err, try_leaves_at_the_first_error)
{
	cr_assert(tries() == ERR_BUSY);
	ASSERT_INT(calls, 2);
}
