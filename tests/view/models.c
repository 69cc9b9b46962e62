/* The templates that are shipped, against the structs they render. */
#include "view/models.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

Test(models, the_shipped_templates_fit_their_models)
{
	const char *root = getenv("PIXLPIX_SRCDIR");
	struct buf dir = {0}, complaints = {0};
	struct tpl_set *set = NULL;
	enum err e;

	buf_printf(&dir, "%s/views%c", root != NULL ? root : ".", 0);
	e = tpl_set_load(dir.at, NULL, models, models_count, &complaints, &set);
	cr_assert_eq(
	    e, OK, "%s\n%.*s", err_name(e), STR_ARG(buf_str(&complaints)));
	tpl_set_free(set);
	buf_free(&dir);
	buf_free(&complaints);
}
