/* When to thin; what, and how, is domain/notify.h's. */
#include "work/thin.h"
#include "base/clock.h"
#include "domain/notify.h"

enum err
thin_keep(const struct site *site, struct arena *a, struct thin *t)
{
	int64_t now_us = clock_monotonic_us();
	bool is_more = false;
	enum err e;

	if (now_us < t->next_us)
		return OK;
	e = notify_thin(site, a, &is_more);
	if (!is_more)
		t->next_us = now_us + THIN_WAIT_S * INT64_C(1000000);
	return e;
}
