/* When to count; how is sql/queries/measure_take.sql's. */
#include "work/measure.h"
#include "base/clock.h"
#include "store/sql.h"

static enum err
take(const struct site *site, struct arena *a, bool *is_done)
{
	struct sql_measure_take_in in = {
	    .idle_minutes = site->conf->session_idle_minutes,
	    .days = site->conf->session_days};
	struct sql_measure_last_row last;
	struct sql_measure_take_row taken;
	bool is_found = false;

	TRY(sql_measure_last(site->db, a, &last, &is_found));
	if (is_found && last.age_s < MEASURE_WAIT_S)
		return OK;
	TRY(sql_measure_take(site->db, a, &in, &taken));
	*is_done = true;
	return OK;
}

enum err
measure_keep(
    const struct site *site, struct arena *a, struct measure *m, bool *is_done)
{
	int64_t began_us = clock_monotonic_us(), wait_us, ended_us;
	enum err e;

	*is_done = false;
	if (began_us < m->next_us)
		return OK;
	e = take(site, a, is_done);
	ended_us = clock_monotonic_us();
	wait_us = (ended_us - began_us) * MEASURE_TIMES;
	if (wait_us < MEASURE_WAIT_S * INT64_C(1000000))
		wait_us = MEASURE_WAIT_S * INT64_C(1000000);
	m->next_us = ended_us + wait_us;
	return e;
}
