/* A new password for who has forgotten theirs (domain/reset.h): asking for a
 * link, and using one. */
#include "domain/reset.h"
#include "pages/handlers.h"

struct reset_sent {
	struct str link;
	struct str password;
	struct str again;
};

#define T struct reset_sent
SHAPE_LOCAL(shape_reset_sent, T, SHAPE_FIELD(T, link), SHAPE_FIELD(T, password),
    SHAPE_FIELD(T, again));
#undef T

struct forgot_sent {
	struct str who;
};

#define T struct forgot_sent
SHAPE_LOCAL(shape_forgot_sent, T, SHAPE_FIELD(T, who));
#undef T

static enum err
show_forgot(struct page *p, struct field who, struct str error)
{
	struct forgot_view *view = ARENA_NEW(p->arena, struct forgot_view);

	if (view == NULL)
		return ERR_MEMORY;
	view->has_mail = p->site->conf->mail_server.len > 0;
	view->contact = p->site->conf->contact;
	view->form.who = who;
	view->form.error = error;
	return page_show(
	    p, "forgot", STR("Forgot your password?"), &view->frame);
}

enum err
page_forgot(struct page *p)
{
	TRY(page_load(p));
	return show_forgot(p, (struct field){0}, STR(""));
}

enum err
page_forgot_send(struct page *p)
{
	struct forgot_sent sent = {0};
	struct str complaint;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_forgot_sent, &sent));
	if (p->site->conf->mail_server.len == 0) {
		p->status = 404;
		return show_forgot(p, (struct field){0}, STR(""));
	}
	e = reset_ask(p->site, p->arena, sent.who, &complaint);
	if (e == ERR_INPUT) {
		p->status = 400;
		return show_forgot(p, (struct field){sent.who, complaint},
		    STR("No mail is sent yet."));
	}
	TRY(e);
	return page_redirect_saying(p, URL("/login"), "forgot");
}

/* The same for a link that was used, has ended, or never was one. */
static enum err
show_no_link(struct page *p, struct reset_view *view)
{
	view->has_link = false;
	p->status = 404;
	return page_show(p, "reset", STR("New password"), &view->frame);
}

enum err
page_reset(struct page *p)
{
	struct reset_view *view = ARENA_NEW(p->arena, struct reset_view);
	struct sql_reset_link_find_row owner;
	struct form query;
	enum err e;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	TRY(page_load(p));
	view->form.link = form_value(&query, STR("link"));
	e = reset_find(p->site, p->arena, view->form.link, &owner);
	if (e == ERR_ABSENT)
		return show_no_link(p, view);
	TRY(e);
	view->has_link = true;
	view->form.name = owner.name;
	return page_show(p, "reset", STR("New password"), &view->frame);
}

static enum err
show_again(struct page *p, struct reset_view *view, struct str link,
    const struct reset_complaints *complaints)
{
	struct sql_reset_link_find_row owner;

	TRY(reset_find(p->site, p->arena, link, &owner));
	view->has_link = true;
	view->form.link = link;
	view->form.name = owner.name;
	view->form.error = STR("The password is not set yet. For your safety "
			       "both must be typed again.");
	view->form.password.error = complaints->password;
	view->form.again.error = complaints->again;
	p->status = 400;
	return page_show(p, "reset", STR("New password"), &view->frame);
}

enum err
page_reset_send(struct page *p)
{
	struct reset_view *view = ARENA_NEW(p->arena, struct reset_view);
	struct reset_complaints complaints;
	struct reset_sent sent = {0};
	enum err e;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(form_fill(p->arena, &p->form, &shape_reset_sent, &sent));
	e = reset_use(p->site, p->arena, sent.link, sent.password, sent.again,
	    &complaints);
	if (e == ERR_INPUT)
		e = show_again(p, view, sent.link, &complaints);
	else if (e == OK)
		return page_redirect_saying(p, URL("/login"), "reset");
	return e == ERR_ABSENT ? show_no_link(p, view) : e;
}
