/* What moderators and admins do by programs: as pages/moderate.c and
 * pages/status.c, with the same rules. */
#include "base/clock.h"
#include "domain/incident.h"
#include "domain/moderate.h"
#include "pages/api.h"
#include "pages/fill.h"
#include "pages/handlers.h"

enum {
	DEEDS = 40
};

static struct moderator
actor_of(const struct page *p)
{
	return (struct moderator){p->viewer.account, p->viewer.is_admin};
}

/* *is_refused: it will not do, and that is answered. */
static enum err
read_reason(struct page *p, struct str *reason, bool *is_refused)
{
	struct api_fault fault = {.field = STR("reason")};
	struct api_reason_sent sent;

	TRY(form_fill(p->arena, &p->form, &shape_api_reason_sent, &sent));
	*reason = str_trim(sent.reason);
	TRY(moderate_check_reason(p->arena, *reason, &fault.detail));
	*is_refused = fault.detail.len > 0;
	return *is_refused ? api_refuse(p, &fault, 1) : OK;
}

enum err
api_post_remove(struct page *p)
{
	struct moderator who = actor_of(p);
	struct str reason;
	bool is_refused;

	TRY(read_reason(p, &reason, &is_refused));
	if (is_refused)
		return OK;
	TRY(moderate_post(p->site, p->arena, &who, p->id, reason));
	return api_done(p);
}

enum err
api_comment_remove(struct page *p)
{
	struct moderator who = actor_of(p);
	struct str reason;
	bool is_refused;
	int64_t post;

	TRY(read_reason(p, &reason, &is_refused));
	if (is_refused)
		return OK;
	TRY(moderate_comment(p->site, p->arena, &who, p->id, reason, &post));
	return api_done(p);
}

enum err
api_standing(struct page *p)
{
	struct sql_profile_show_row row;
	struct api_standing out = {0};

	page_ask(p);
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &row);
	TRY(page_load(p));
	out.name = row.name;
	out.is_suspended = row.is_suspended;
	out.because = row.because;
	return api_show(p, &shape_api_standing, &out);
}

typedef enum err change_standing(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason);

static enum err
change(struct page *p, change_standing *to)
{
	struct moderator who = actor_of(p);
	struct sql_account_line_row row;
	struct str reason;
	bool is_refused;

	TRY(read_reason(p, &reason, &is_refused));
	if (is_refused)
		return OK;
	TRY(moderate_find(p->site, p->arena, p->text, &row));
	/* An address is no name here. */
	if (!str_equal_nocase(row.name, p->text))
		return ERR_ABSENT;
	TRY(to(p->site, p->arena, &who, row.id, reason));
	return api_standing(p);
}

enum err
api_suspend(struct page *p)
{
	return change(p, moderate_suspend);
}

enum err
api_lift(struct page *p)
{
	return change(p, moderate_lift);
}

/* An id, or nothing where there is none. */
static enum err
put_id(struct page *p, int64_t id, struct str *out)
{
	*out = STR("");
	return id == 0 ? OK : api_id(p, id, out);
}

enum err
api_moderation(struct page *p)
{
	struct sql_api_deeds_in in = {0};
	const struct sql_api_deeds_row *row;
	struct api_deed *deeds;
	struct list rows;
	int64_t last;

	TRY(api_before(p, &in.before));
	sql_api_deeds_ask(p->site->db, &in, &rows);
	TRY(page_load(p));
	last = fill_next(&rows, DEEDS, sizeof(*row));
	row = rows.items;
	deeds = arena_array(p->arena, rows.count, sizeof(*deeds));
	if (deeds == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(api_id(p, row[i].id, &deeds[i].id));
		deeds[i].at = row[i].at;
		deeds[i].what = row[i].what;
		deeds[i].by = row[i].actor;
		deeds[i].account = row[i].account;
		TRY(put_id(p, row[i].post, &deeds[i].post));
		TRY(put_id(p, row[i].comment, &deeds[i].comment));
		deeds[i].reason = row[i].reason;
	}
	return api_show_list(
	    p, &shape_api_deed, (struct list){deeds, rows.count}, last);
}

static enum err
fill_incident(struct page *p, const struct sql_incident_row *row,
    struct api_incident *out)
{
	out->title = row->title;
	out->severity = row->severity;
	out->began = row->began;
	out->ended = row->ended;
	return api_id(p, row->id, &out->id);
}

enum err
api_incidents(struct page *p)
{
	const struct sql_incident_row *row;
	struct api_incident *items;
	struct list rows, notes;

	sql_incident_list_ask(p->site->db, &rows);
	sql_incident_notes_ask(p->site->db, &notes);
	TRY(page_load(p));
	items = arena_array(p->arena, rows.count, sizeof(*items));
	if (items == NULL)
		return ERR_MEMORY;
	row = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(fill_incident(p, &row[i], &items[i]));
		TRY(fill_notes(p->arena, row[i].id, notes, &items[i].notes));
	}
	return api_show_list(
	    p, &shape_api_incident, (struct list){items, rows.count}, 0);
}

static enum err
show_incident(struct page *p, int64_t incident)
{
	struct api_incident out = {0};
	struct sql_incident_row row;
	struct list rows;

	page_ask(p);
	sql_incident_show_ask(
	    p->site->db, &(struct sql_incident_show_in){incident}, &row);
	sql_api_incident_notes_ask(
	    p->site->db, &(struct sql_api_incident_notes_in){incident}, &rows);
	TRY(page_load(p));
	TRY(fill_notes(p->arena, incident, rows, &out.notes));
	TRY(fill_incident(p, &row, &out));
	return api_show(p, &shape_api_incident, &out);
}

static enum err
put_minute(struct page *p, struct when t, struct str *out)
{
	struct buf b = {0};
	enum err e;

	clock_put_minute(&b, t);
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(p->arena, buf_str(&b), out);
	buf_free(&b);
	return e;
}

/* As the form has it; what is no time goes on as it is, to be complained
 * about. */
static enum err
read_time(struct page *p, struct str sent, struct str *out)
{
	struct when t;

	*out = str_trim(sent);
	if (clock_parse_rfc3339(*out, &t) != OK)
		return OK;
	return put_minute(p, t, out);
}

/* What is not sent stays as it is. */
static enum err
read_draft(struct page *p, const struct api_incident_sent *sent,
    struct incident_draft *draft)
{
	draft->author = p->viewer.account;
	if (sent->title.at != NULL)
		draft->title = str_trim(sent->title);
	if (sent->severity.at != NULL)
		draft->severity = sent->severity;
	if (sent->began.at != NULL)
		TRY(read_time(p, sent->began, &draft->began));
	if (sent->ended.at != NULL)
		TRY(read_time(p, sent->ended, &draft->ended));
	draft->body = str_trim(sent->text);
	return OK;
}

static enum err
refuse_incident(struct page *p, const struct incident_complaints *c)
{
	const struct api_fault all[] = {{STR("title"), c->title},
	    {STR("severity"), c->severity}, {STR("began"), c->began},
	    {STR("ended"), c->ended}, {STR("text"), c->body}};
	struct api_fault faults[sizeof(all) / sizeof(all[0])];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].detail.len > 0)
			faults[count++] = all[i];
	return api_refuse(p, faults, count);
}

/* The Idempotency-Key with what is sent.  The keys of incidents are one's own,
 * too. */
static enum err
claim(struct page *p, const struct api_incident_sent *sent,
    struct incident_draft *draft, bool *is_refused)
{
	const struct str parts[] = {
	    sent->title, sent->severity, sent->began, sent->ended, sent->text};
	struct str request, key;

	TRY(api_form_key(p, &key));
	TRY(arena_printf(p->arena, &draft->form_key, "%lld %.*s",
	    (long long)p->viewer.account, STR_ARG(key)));
	TRY(arena_printf(
	    p->arena, &request, "incident %lld", (long long)p->id));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		TRY(arena_printf(p->arena, &request, "%.*s %s%zu:%.*s",
		    STR_ARG(request), parts[i].at == NULL ? "-" : "",
		    parts[i].len, STR_ARG(parts[i])));
	return api_claim_key(p, request, is_refused);
}

enum err
api_incident_open(struct page *p)
{
	struct incident_complaints complaints = {0};
	struct incident_draft draft = {0};
	struct api_incident_sent sent;
	bool is_refused;
	int64_t made;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_api_incident_sent, &sent));
	TRY(read_draft(p, &sent, &draft));
	TRY(claim(p, &sent, &draft, &is_refused));
	if (is_refused)
		return OK;
	e = incident_open(p->site, p->arena, &draft, &complaints, &made);
	if (e == ERR_INPUT)
		return refuse_incident(p, &complaints);
	TRY(e);
	api_keep_key(p);
	p->status = 201;
	return show_incident(p, made);
}

/* As it is now. */
static enum err
fill_draft(struct page *p, struct incident_draft *draft)
{
	struct sql_incident_row row;

	TRY(sql_incident_show(p->site->db, p->arena,
	    &(struct sql_incident_show_in){p->id}, &row));
	draft->title = row.title;
	draft->severity = row.severity;
	TRY(put_minute(p, row.began, &draft->began));
	return row.ended.us == 0 ? OK : put_minute(p, row.ended, &draft->ended);
}

enum err
api_incident_change(struct page *p)
{
	struct incident_complaints complaints = {0};
	struct incident_draft draft = {0};
	struct api_incident_sent sent;
	bool is_refused;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_api_incident_sent, &sent));
	TRY(fill_draft(p, &draft));
	TRY(read_draft(p, &sent, &draft));
	TRY(claim(p, &sent, &draft, &is_refused));
	if (is_refused)
		return OK;
	e = incident_change(p->site, p->arena, p->id, &draft, &complaints);
	if (e == ERR_INPUT)
		return refuse_incident(p, &complaints);
	TRY(e);
	api_keep_key(p);
	return show_incident(p, p->id);
}
