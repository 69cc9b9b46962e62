/* How the site does, for everybody, and what admins write about it. */
#include "base/clock.h"
#include "domain/health.h"
#include "domain/incident.h"
#include "http/url.h"
#include "pages/fill.h"
#include "pages/handlers.h"

enum {
	PARTS_MAX = 6,
	TIME_CHARS = 16
};

/* What the page asks of the database. */
struct found {
	struct sql_status_work_row work;
	struct list incidents;
	struct list notes;
};

static enum err
ask(struct page *p, struct found *f)
{
	sql_status_work_ask(p->site->db, &f->work);
	sql_incident_list_ask(p->site->db, &f->incidents);
	sql_incident_notes_ask(p->site->db, &f->notes);
	return page_load(p);
}

/* This page is there, too, when the database is not: then it says that. */
static void
find(struct page *p, struct found *f)
{
	if (ask(p, f) == OK)
		return;
	/* The connection may have been an old one. */
	db_rest(p->site->db);
	p->viewer = (struct sql_viewer_find_row){0};
	if (ask(p, f) == OK)
		return;
	db_rest(p->site->db);
	p->viewer = (struct sql_viewer_find_row){0};
	*f = (struct found){0};
}

static enum err
fill_parts(struct page *p, const struct found *f, const struct health *h,
    struct status_view *view)
{
	struct status_part *part =
	    arena_array(p->arena, PARTS_MAX, sizeof(*part));
	size_t n = 0;

	if (part == NULL)
		return ERR_MEMORY;
	part[n++] = (struct status_part){STR("Web"), STR("shows pages"), true};
	part[n++] = (struct status_part){STR("Database"),
	    STR("knows people, posts and comments"), h->has_database};
	part[n++] = (struct status_part){
	    STR("Image store"), STR("keeps the photographs"), h->has_store};
	part[n++] = (struct status_part){
	    STR("Image decoder"), STR("takes in new ones"), h->has_decoder};
	part[n++] = (struct status_part){STR("Background work"),
	    STR("does what need not happen at once"),
	    f->work.is_counting && !f->work.is_late};
	if (f->work.makes_backups)
		part[n++] = (struct status_part){STR("Backups"),
		    STR("keep a copy of it all"), f->work.is_backed_up};
	view->parts = (struct list){part, n};
	view->is_fine = true;
	for (size_t i = 0; i < n; i++)
		view->is_fine = view->is_fine && part[i].is_fine;
	return OK;
}

static struct str
heading_of(struct str severity)
{
	if (str_equal(severity, STR("maintenance")))
		return STR("Maintenance");
	if (str_equal(severity, STR("degraded")))
		return STR("Some things do not work");
	return STR("Outage");
}

static enum err
fill_incidents(struct page *p, const struct found *f, struct status_view *view)
{
	const struct sql_incident_row *row = f->incidents.items;
	struct status_incident *items =
	    arena_array(p->arena, f->incidents.count, sizeof(*items));
	int64_t now = p->now.us;

	if (items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < f->incidents.count; i++) {
		items[i].id = row[i].id;
		items[i].title = row[i].title;
		items[i].severity = row[i].severity;
		items[i].heading = heading_of(row[i].severity);
		items[i].began = row[i].began;
		items[i].ended = row[i].ended;
		items[i].is_over =
		    row[i].ended.us != 0 && row[i].ended.us <= now;
		if (!items[i].is_over && row[i].began.us <= now)
			view->is_fine = false;
		TRY(fill_notes(p->arena, row[i].id, f->notes, &items[i].notes));
	}
	view->incidents = (struct list){items, f->incidents.count};
	return OK;
}

enum err
page_status(struct page *p)
{
	struct status_view *view = ARENA_NEW(p->arena, struct status_view);
	struct found found = {0};
	struct health health;

	if (view == NULL)
		return ERR_MEMORY;
	find(p, &found);
	TRY(health_check(p->site, p->arena, &health));
	db_rest(p->site->db);
	TRY(fill_parts(p, &found, &health, view));
	TRY(fill_incidents(p, &found, view));
	view->summary = view->is_fine
	                    ? STR("Everything works")
	                    : STR("Not everything is as it should be");
	view->checked = p->now;
	return page_show(p, "status", STR("Status"), &view->frame);
}

struct incident_sent {
	struct str key;
	struct str title;
	struct str severity;
	struct str began;
	struct str ended;
	struct str body;
};

#define T struct incident_sent
SHAPE_LOCAL(shape_incident_sent, T, SHAPE_FIELD(T, key), SHAPE_FIELD(T, title),
    SHAPE_FIELD(T, severity), SHAPE_FIELD(T, began), SHAPE_FIELD(T, ended),
    SHAPE_FIELD(T, body));
#undef T

/* The form with what was typed; incident 0 is a new one. */
static enum err
show_form(struct page *p, int64_t incident, const struct incident_sent *sent,
    const struct incident_complaints *c)
{
	struct incident_view *view = ARENA_NEW(p->arena, struct incident_view);
	struct incident_form *f;

	if (view == NULL)
		return ERR_MEMORY;
	f = &view->form;
	view->heading = incident == 0 ? STR("Write about an incident")
	                              : STR("Go on writing");
	f->action = URL("/admin/incident");
	if (incident != 0)
		TRY(url_make(p->arena, &f->action, "/admin/incident/{}",
		    URL_INT(incident)));
	f->is_new = incident == 0;
	TRY(page_keep_form_key(p, sent->key, &f->key));
	f->title = (struct field){sent->title, c->title};
	f->is_maintenance = str_equal(sent->severity, STR("maintenance"));
	f->is_degraded = str_equal(sent->severity, STR("degraded"));
	f->is_outage = str_equal(sent->severity, STR("outage"));
	f->severity_error = c->severity;
	f->began = (struct field){sent->began, c->began};
	f->ended = (struct field){sent->ended, c->ended};
	f->body = (struct field){sent->body, c->body};
	f->title_chars = INCIDENT_TITLE_MAX;
	f->body_chars = INCIDENT_BODY_MAX;
	if (p->status != 200)
		f->error = STR("Please look at the fields that are marked.");
	return page_show(p, "incident", view->heading, &view->frame);
}

static enum err
put_time(struct page *p, struct when t, struct str *out)
{
	struct buf b = {0};
	enum err e;

	*out = STR("");
	if (t.us == 0)
		return OK;
	clock_put_minute(&b, t);
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(p->arena, buf_str(&b), out);
	buf_free(&b);
	return e;
}

enum err
page_incident_new(struct page *p)
{
	struct incident_sent sent = {.severity = STR("degraded")};

	TRY(page_load(p));
	TRY(put_time(p, p->now, &sent.began));
	return show_form(p, 0, &sent, &(struct incident_complaints){0});
}

enum err
page_incident(struct page *p)
{
	struct incident_sent sent = {0};
	struct sql_incident_row row;

	sql_incident_show_ask(
	    p->site->db, &(struct sql_incident_show_in){p->id}, &row);
	TRY(page_load(p));
	sent.title = row.title;
	sent.severity = row.severity;
	TRY(put_time(p, row.began, &sent.began));
	TRY(put_time(p, row.ended, &sent.ended));
	return show_form(p, p->id, &sent, &(struct incident_complaints){0});
}

static enum err
read_draft(
    struct page *p, struct incident_sent *sent, struct incident_draft *draft)
{
	*sent = (struct incident_sent){0};
	TRY(form_fill(p->arena, &p->form, &shape_incident_sent, sent));
	TRY(page_keep_form_key(p, sent->key, &draft->form_key));
	draft->author = p->viewer.account;
	draft->title = str_trim(sent->title);
	draft->severity = sent->severity;
	draft->began = str_trim(sent->began);
	draft->ended = str_trim(sent->ended);
	draft->body = str_trim(sent->body);
	return OK;
}

/* `e` is what became of it. */
static enum err
answer(struct page *p, enum err e, int64_t incident,
    const struct incident_sent *sent, const struct incident_complaints *c)
{
	if (e == ERR_INPUT) {
		p->status = 400;
		return show_form(p, incident, sent, c);
	}
	TRY(e);
	return page_redirect_saying(p, URL("/status"), "incident");
}

enum err
page_incident_new_send(struct page *p)
{
	struct incident_complaints complaints = {0};
	struct incident_draft draft = {0};
	struct incident_sent sent;
	int64_t made;
	enum err e;

	TRY(read_draft(p, &sent, &draft));
	e = incident_open(p->site, p->arena, &draft, &complaints, &made);
	return answer(p, e, 0, &sent, &complaints);
}

enum err
page_incident_send(struct page *p)
{
	struct incident_complaints complaints = {0};
	struct incident_draft draft = {0};
	struct incident_sent sent;
	enum err e;

	TRY(read_draft(p, &sent, &draft));
	e = incident_change(p->site, p->arena, p->id, &draft, &complaints);
	return answer(p, e, p->id, &sent, &complaints);
}
