/* Joining, logging in, logging out. */
#include "domain/account.h"
#include "domain/moderate.h"
#include "domain/rules.h"
#include "domain/session.h"
#include "pages/handlers.h"

struct register_sent {
	struct str username;
	struct str display;
	struct str email;
	struct str password;
	struct str again;
	bool consent;
	struct str terms;
	struct str key;
};

#define T struct register_sent
SHAPE_LOCAL(shape_register_sent, T, SHAPE_FIELD(T, username),
    SHAPE_FIELD(T, display), SHAPE_FIELD(T, email), SHAPE_FIELD(T, password),
    SHAPE_FIELD(T, again), SHAPE_FIELD(T, consent), SHAPE_FIELD(T, terms),
    SHAPE_FIELD(T, key));
#undef T

struct login_sent {
	struct str who;
	struct str password;
	struct str next;
};

#define T struct login_sent
SHAPE_LOCAL(shape_login_sent, T, SHAPE_FIELD(T, who), SHAPE_FIELD(T, password),
    SHAPE_FIELD(T, next));
#undef T

static enum err
show_register(struct page *p, struct register_view *view)
{
	view->terms_version = STR(ACCOUNT_TERMS_VERSION);
	return page_show(p, "register", STR("Join"), &view->frame);
}

enum err
page_register(struct page *p)
{
	struct register_view *view = ARENA_NEW(p->arena, struct register_view);

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_load(p));
	if (p->viewer.account != 0)
		return page_redirect(p, URL("/"));
	TRY(page_form_key(p, &view->form.key));
	return show_register(p, view);
}

/* A new session in place of whatever the cookie held. */
static enum err
enter(struct page *p, int64_t account, const struct when *password_of)
{
	struct str token;

	TRY(session_end(p->site, p->arena, p->token));
	TRY(session_start(p->site, p->arena, account, password_of, &token));
	return page_set_session(p, token);
}

/* The form again, with all that was typed but the passwords. */
static enum err
show_register_again(struct page *p, const struct register_sent *sent,
    const struct account_complaints *complaints, int status, struct str why)
{
	struct register_view *view = ARENA_NEW(p->arena, struct register_view);
	struct register_form *f;

	if (view == NULL)
		return ERR_MEMORY;
	f = &view->form;
	TRY(page_keep_form_key(p, sent->key, &f->key));
	f->username = (struct field){sent->username, complaints->name};
	f->display = (struct field){sent->display, complaints->display};
	f->email = (struct field){sent->email, complaints->email};
	f->password.error = complaints->password;
	f->again.error = complaints->again;
	f->consent.value = sent->consent ? STR("yes") : STR("");
	f->consent.error = complaints->consent;
	f->error = why;
	p->status = status;
	return show_register(p, view);
}

static enum err
show_register_faults(struct page *p, const struct register_sent *sent,
    const struct account_complaints *complaints)
{
	return show_register_again(p, sent, complaints, 400,
	    STR("Please look at the fields that are marked. For your safety "
		"the passwords must be typed again."));
}

/* Too many passwords wait to be hashed, which passes in seconds. */
static enum err
say_busy(struct page *p)
{
	return response_header(p->response, STR("Retry-After"), STR("5"));
}

static enum err
show_register_later(struct page *p, const struct register_sent *sent)
{
	TRY(say_busy(p));
	return show_register_again(p, sent, &(struct account_complaints){0},
	    503,
	    STR("The site is very busy at this moment, so that there is no "
		"account yet. Please type the passwords again and send this "
		"in a few seconds."));
}

enum err
page_register_send(struct page *p)
{
	struct register_sent sent = {0};
	struct account_joining joining = {0};
	struct account_complaints complaints;
	int64_t account;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_register_sent, &sent));
	TRY(rules_fold_name(p->arena, sent.username, &joining.name));
	joining.email = str_trim(sent.email);
	joining.display = str_trim(sent.display);
	joining.password = sent.password;
	joining.again = sent.again;
	joining.has_consented = sent.consent;
	joining.terms = sent.terms;
	TRY(page_keep_form_key(p, sent.key, &joining.form_key));
	e = account_join(p->site, p->arena, &joining, &complaints, &account);
	if (e == ERR_INPUT)
		return show_register_faults(p, &sent, &complaints);
	if (e == ERR_BUSY)
		return show_register_later(p, &sent);
	TRY(e);
	TRY(enter(p, account, NULL));
	return page_redirect_saying(p, URL("/"), "welcome");
}

enum err
page_login(struct page *p)
{
	struct login_view *view = ARENA_NEW(p->arena, struct login_view);
	struct form query;
	struct str next;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	TRY(page_load(p));
	next = form_value(&query, STR("next"));
	if (p->viewer.account != 0)
		return page_redirect(p, url_local(next, URL("/")));
	view->form.next = next;
	return page_show(p, "login", STR("Log in"), &view->frame);
}

static enum err
show_login_again(
    struct page *p, const struct login_sent *sent, int status, struct str why)
{
	struct login_view *view = ARENA_NEW(p->arena, struct login_view);

	if (view == NULL)
		return ERR_MEMORY;
	view->form.who.value = sent->who;
	view->form.next = sent->next;
	view->form.error = why;
	p->status = status;
	return page_show(p, "login", STR("Log in"), &view->frame);
}

/* Only who knows the password learns of it. */
static enum err
show_suspended(struct page *p, const struct login_sent *sent)
{
	struct str because, why;

	TRY(moderate_suspension(p->site, p->arena, sent->who, &because));
	TRY(arena_printf(p->arena, &why,
	    "This account is suspended: nobody can log in with it for now. The "
	    "reason given is \xe2\x80\x9c%.*s\xe2\x80\x9d If you think that "
	    "this "
	    "is a mistake, write to %.*s.",
	    STR_ARG(because), STR_ARG(p->site->conf->contact)));
	return show_login_again(p, sent, 403, why);
}

static enum err
show_login_later(struct page *p, const struct login_sent *sent)
{
	TRY(say_busy(p));
	return show_login_again(p, sent, 503,
	    STR("The site is very busy at this moment. Please type the "
		"password again and log in in a few seconds."));
}

enum err
page_login_send(struct page *p)
{
	struct account_login login = {.client = p->request->remote_addr};
	struct login_sent sent = {0};
	struct when password_of;
	int64_t account;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_login_sent, &sent));
	sent.who = str_trim(sent.who);
	login.who = sent.who;
	login.password = sent.password;
	e = account_log_in(p->site, p->arena, &login, &account, &password_of);
	if (e == ERR_INPUT)
		return show_login_again(p, &sent, 400,
		    STR("Name and password do not belong together. Please "
			"type both again."));
	if (e == ERR_FORBIDDEN)
		return show_suspended(p, &sent);
	if (e == ERR_BUSY)
		return show_login_later(p, &sent);
	TRY(e);
	e = enter(p, account, &password_of);
	if (e == ERR_ABSENT) /* somebody changes it just now */
		e = ERR_CONFLICT;
	TRY(e);
	return page_redirect(p, url_local(sent.next, URL("/")));
}

enum err
page_logout_send(struct page *p)
{
	TRY(session_end(p->site, p->arena, p->token));
	TRY(page_clear_session(p));
	return page_redirect_saying(p, URL("/"), "out");
}
