/* Changing what people see of one, and the password. */
#include "domain/account.h"
#include "domain/image.h"
#include "domain/privacy.h"
#include "domain/rules.h"
#include "domain/session.h"
#include "pages/fill.h"
#include "pages/handlers.h"

/* Browsers stay at the part of the page that a form was sent to, where a
 * complaint is; that all is well is said at the top. */
#define SETTINGS_TOP URL("/settings#top")

struct profile_sent {
	struct str display;
	struct str bio;
};

#define T struct profile_sent
SHAPE_LOCAL(
    shape_profile_sent, T, SHAPE_FIELD(T, display), SHAPE_FIELD(T, bio));
#undef T

struct password_sent {
	struct str current;
	struct str password;
	struct str again;
};

#define T struct password_sent
SHAPE_LOCAL(shape_password_sent, T, SHAPE_FIELD(T, current),
    SHAPE_FIELD(T, password), SHAPE_FIELD(T, again));
#undef T

/* The page as the database has it; the caller adds what was typed. */
static enum err
load(struct page *p, struct settings_view **out,
    struct sql_settings_show_row *row)
{
	struct settings_view *view = ARENA_NEW(p->arena, struct settings_view);

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_settings_show_ask(p->site->db, row);
	TRY(page_load(p));
	view->profile_form.action = URL("/settings");
	view->profile_form.display.value = row->display;
	view->profile_form.bio.value = row->bio;
	view->bio_chars = RULES_BIO_MAX;
	view->picture_form.action = URL("/settings/picture");
	view->picture_form.initial = fill_initial(row->display);
	view->picture_form.hue = fill_hue(row->name);
	TRY(image_url(
	    p->arena, row->picture, 's', &view->picture_form.picture));
	view->max_bytes = p->site->conf->image_bytes;
	view->max_megabytes = p->site->conf->image_bytes >> 20;
	view->can_be_private = !row->is_simulated;
	view->privacy_form.action = URL("/settings/private");
	view->privacy_form.is_private = row->is_private;
	view->password_form.action = URL("/settings/password");
	view->contact = p->site->conf->contact;
	view->frame.at_settings = true;
	*out = view;
	return OK;
}

static enum err
show(struct page *p, struct settings_view *view)
{
	return page_show(p, "settings", STR("Settings"), &view->frame);
}

enum err
page_settings(struct page *p)
{
	struct sql_settings_show_row row;
	struct settings_view *view;

	TRY(load(p, &view, &row));
	return show(p, view);
}

enum err
page_settings_send(struct page *p)
{
	struct sql_settings_show_row row;
	struct profile_sent sent = {0};
	struct settings_view *view;
	struct profile_form faults = {0};

	TRY(form_fill(p->arena, &p->form, &shape_profile_sent, &sent));
	sent.display = str_trim(sent.display);
	sent.bio = str_trim(sent.bio);
	faults.display.error = rules_check_display(sent.display);
	TRY(rules_check_text(
	    p->arena, sent.bio, RULES_BIO_MAX, true, &faults.bio.error));
	if (faults.display.error.len == 0 && faults.bio.error.len == 0) {
		TRY(account_edit(p->site, p->arena, p->viewer.account,
		    sent.display, sent.bio));
		return page_redirect_saying(p, SETTINGS_TOP, "saved");
	}
	TRY(load(p, &view, &row));
	view->profile_form.display =
	    (struct field){sent.display, faults.display.error};
	view->profile_form.bio = (struct field){sent.bio, faults.bio.error};
	p->status = 400;
	return show(p, view);
}

static enum err
show_picture_fault(struct page *p, int status, struct str complaint)
{
	struct sql_settings_show_row row;
	struct settings_view *view;

	TRY(load(p, &view, &row));
	view->picture_form.file.error = complaint;
	p->status = status;
	return show(p, view);
}

enum err
page_picture_send(struct page *p)
{
	const struct upload *uploads = p->form.uploads.items;
	struct str complaint = {0};
	enum err e;

	if (p->form.uploads.count > 0 && uploads[0].is_too_big) {
		TRY(arena_printf(p->arena, &complaint,
		    "This file has %lld MB; at most %lld MB are possible. "
		    "Please choose a smaller one.",
		    (long long)(uploads[0].size_bytes >> 20),
		    (long long)(p->site->conf->image_bytes >> 20)));
		return show_picture_fault(p, 400, complaint);
	}
	if (p->form.uploads.count == 0 || uploads[0].fd < 0)
		return show_picture_fault(
		    p, 400, STR("Choose an image first."));
	e = account_set_picture(
	    p->site, p->arena, p->viewer.account, uploads[0].fd, &complaint);
	if (e == ERR_INPUT && complaint.len > 0)
		return show_picture_fault(p, 400, complaint);
	if (e == ERR_STORE)
		return show_picture_fault(p, 503,
		    STR("The picture could not be stored just now: the place "
			"where this site keeps images does not answer. The "
			"one before stays; please try again in a minute or "
			"two."));
	TRY(e);
	return page_redirect_saying(p, SETTINGS_TOP, "picture");
}

enum err
page_picture_remove_send(struct page *p)
{
	TRY(account_remove_picture(p->site, p->arena, p->viewer.account));
	return page_redirect_saying(p, SETTINGS_TOP, "no_picture");
}

static enum err
show_password_again(struct page *p, int status, struct str why,
    const struct account_password_complaints *faults)
{
	struct sql_settings_show_row row;
	struct settings_view *view;

	TRY(load(p, &view, &row));
	view->password_form.error = why;
	view->password_form.current.error = faults->current;
	view->password_form.password.error = faults->password;
	view->password_form.again.error = faults->again;
	p->status = status;
	return show(p, view);
}

static enum err
show_password_later(struct page *p)
{
	TRY(response_header(p->response, STR("Retry-After"), STR("5")));
	return show_password_again(p, 503,
	    STR("The site is very busy at this moment, so that the password "
		"is not changed. Please type all three again and send them "
		"in a few seconds."),
	    &(struct account_password_complaints){0});
}

enum err
page_password_send(struct page *p)
{
	struct account_password_change change = {0};
	struct account_password_complaints faults;
	struct sql_settings_show_row row;
	struct password_sent sent = {0};
	struct str token;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_password_sent, &sent));
	page_ask(p);
	TRY(sql_settings_show(p->site->db, p->arena, &row));
	change.current = sent.current;
	change.password = sent.password;
	change.again = sent.again;
	change.name = row.name;
	change.email = row.email;
	change.client = p->request->remote_addr;
	e = account_change_password(
	    p->site, p->arena, p->viewer.account, &change, &faults);
	if (e == ERR_INPUT)
		return show_password_again(p, 400,
		    STR("The password is not changed. For your safety all "
			"three must be typed again."),
		    &faults);
	if (e == ERR_BUSY)
		return show_password_later(p);
	TRY(e);
	/* Every session has ended, also this one: it gets a new token. */
	TRY(session_start(p->site, p->arena, p->viewer.account, NULL, &token));
	TRY(page_set_session(p, token));
	return page_redirect_saying(p, SETTINGS_TOP, "password");
}

static enum err
show_privacy_fault(struct page *p, int status, struct str complaint)
{
	struct sql_settings_show_row row;
	struct settings_view *view;

	TRY(load(p, &view, &row));
	view->privacy_form.error = complaint;
	p->status = status;
	return show(p, view);
}

enum err
page_private_send(struct page *p)
{
	bool is_private = form_value(&p->form, STR("private")).len > 0;
	enum err e =
	    privacy_set(p->site, p->arena, p->viewer.account, is_private);

	if (e == ERR_TOO_MANY) {
		TRY(response_header(
		    p->response, STR("Retry-After"), STR("900")));
		return show_privacy_fault(p, 429,
		    STR("This has been changed very often in this hour. It "
			"stays as it is; please try again after the full "
			"hour."));
	}
	TRY(e);
	return page_redirect_saying(
	    p, SETTINGS_TOP, is_private ? "private" : "public");
}
