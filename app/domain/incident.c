/* Writing about incidents. */
#include "domain/incident.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/rules.h"
#include "store/sql.h"

static bool
is_severity(struct str s)
{
	return str_equal(s, STR("maintenance")) ||
	       str_equal(s, STR("degraded")) || str_equal(s, STR("outage"));
}

static const struct str no_time =
    STR("This is not a day and time. Write it as 2026-11-21T10:30, in UTC.");

/* Times: *began is set, *ended is 0 where it goes on. */
static void
check_times(const struct incident_draft *draft, struct when *began,
    struct when *ended, struct incident_complaints *c)
{
	*began = clock_now();
	*ended = (struct when){0};
	if (draft->began.len > 0 &&
	    clock_parse_minute(draft->began, began) != OK)
		c->began = no_time;
	if (draft->ended.len > 0 &&
	    clock_parse_minute(draft->ended, ended) != OK)
		c->ended = no_time;
	if (c->began.len == 0 && c->ended.len == 0 && ended->us != 0 &&
	    ended->us < began->us)
		c->ended = STR("It cannot have ended before it began.");
}

static enum err
check(struct arena *a, const struct incident_draft *draft, bool may_lack_body,
    struct when *began, struct when *ended, struct incident_complaints *c)
{
	*c = (struct incident_complaints){0};
	TRY(rules_check_text(
	    a, draft->title, INCIDENT_TITLE_MAX, false, &c->title));
	TRY(rules_check_text(
	    a, draft->body, INCIDENT_BODY_MAX, may_lack_body, &c->body));
	if (!is_severity(draft->severity))
		c->severity = STR("Choose how bad it is.");
	check_times(draft, began, ended, c);
	return c->title.len > 0 || c->severity.len > 0 || c->began.len > 0 ||
	               c->ended.len > 0 || c->body.len > 0
	           ? ERR_INPUT
	           : OK;
}

enum err
incident_open(const struct site *site, struct arena *a,
    const struct incident_draft *draft, struct incident_complaints *complaints,
    int64_t *incident)
{
	struct sql_incident_insert_in in = {.title = draft->title,
	    .severity = draft->severity,
	    .body = draft->body,
	    .author = draft->author,
	    .form_key = draft->form_key};
	struct sql_incident_insert_row row;
	enum err e;

	TRY(check(a, draft, false, &in.began, &in.ended, complaints));
	e = sql_incident_insert(site->db, a, &in, &row);
	/* The same form was faster, at the same moment: now it is seen. */
	if (e == ERR_ABSENT)
		e = sql_incident_insert(site->db, a, &in, &row);
	TRY(e);
	*incident = row.id;
	log_event(LOG_INFO, "incident written", LOG_INT("incident", row.id));
	return OK;
}

enum err
incident_change(const struct site *site, struct arena *a, int64_t incident,
    const struct incident_draft *draft, struct incident_complaints *complaints)
{
	struct sql_incident_update_in in = {.incident = incident,
	    .title = draft->title,
	    .severity = draft->severity,
	    .body = draft->body,
	    .author = draft->author,
	    .form_key = draft->form_key};
	struct sql_incident_update_row row;

	TRY(check(a, draft, true, &in.began, &in.ended, complaints));
	TRY(sql_incident_update(site->db, a, &in, &row));
	log_event(LOG_INFO, "incident changed", LOG_INT("incident", incident));
	return OK;
}
