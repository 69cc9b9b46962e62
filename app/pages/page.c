/* Loading, showing and redirecting, the same for every page. */
#include "pages/page.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/image.h"
#include "domain/session.h"
#include "http/cookie.h"
#include "pages/fill.h"
#include "pages/routes.h"

#include <assert.h>
#include <string.h>

enum {
	FORM_KEY_BYTES = 16,
	FORM_KEY_CHARS = 22,
	UNREAD_SHOWN = 99, /* and a plus sign for more */
	RETRY_AFTER_S = 5,
	REQUESTS_MAX = 99 /* that are told as a number */
};

/* What a redirect may have the next page say: "?done=NAME". */
static const struct {
	const char *name;
	const char *sentence;
} notices[] = {
    {"welcome", "Welcome! Your account is ready."},
    {"posted", "Posted. It can be seen from now on."},
    {"still", "Posted. Animated images are shown as a still of their first "
	      "frame."},
    {"deleted", "The post and its images are deleted."},
    {"comment_deleted", "The comment is deleted."},
    {"saved", "Saved."},
    {"picture", "Your new picture is in place."},
    {"no_picture", "Your picture is removed."},
    {"password", "Your password is changed. You have been logged out "
		 "everywhere else."},
    {"private", "Your account is private. Who follows you stays; whoever else "
		"wants to see your posts asks you."},
    {"public", "Your account is public. Everybody can see your posts, and who "
	       "had asked to follow you does."},
    {"accepted", "They follow you now."},
    {"declined", "The request is declined. Nobody tells them."},
    {"parted", "They do not follow you any more."},
    {"forgot", "If that name or address belongs to an account, a mail with a "
	       "link is on its way. It can take some minutes; look in the "
	       "spam folder, too."},
    {"reset", "Your new password is set. Please log in with it."},
    {"revoked", "The token is revoked; nothing can be done with it any more."},
    {"removed", "It is removed, and the reason is on record."},
    {"suspended", "The account is suspended. What it has posted and written is "
		  "out of sight."},
    {"lifted", "The suspension is lifted. What was out of sight comes back."},
    {"incident", "The status page tells it now."},
    {"out", "You are logged out."},
};

bool
page_needs_login(enum page_need need)
{
	return need == NEED_MEMBER || need == NEED_MODERATOR ||
	       need == NEED_ADMIN;
}

/* Of a viewer who is logged in. */
static enum err
check_role(const struct page *p)
{
	if (p->route->need == NEED_MODERATOR && !p->viewer.is_moderator)
		return ERR_ABSENT;
	if (p->route->need == NEED_ADMIN && !p->viewer.is_admin)
		return ERR_ABSENT;
	return OK;
}

enum err
page_load(struct page *p)
{
	TRY(db_sync(p->site->db, p->arena));
	p->is_loaded = true;
	if (!page_needs_login(p->route->need))
		return OK;
	return p->viewer.account == 0 ? ERR_LOGIN : check_role(p);
}

void
page_ask(struct page *p)
{
	if (p->is_loaded)
		sql_viewer_set_ask(p->site->db,
		    &(struct sql_viewer_set_in){p->viewer.account}, NULL);
}

static struct str
notice_of(const struct page *p)
{
	struct form query;

	if (p->request->query.len == 0 ||
	    form_parse(p->arena, p->request->query, NULL, &query) != OK)
		return (struct str){0};
	for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
		if (str_equal(form_value(&query, STR("done")),
			str_from(notices[i].name)))
			return str_from(notices[i].sentence);
	return (struct str){0};
}

/* The page that a form's address belongs to: the nearest above it that can be
 * asked for ("/p/7" of "/p/7/comment"), or the first. */
static struct str
page_of_form(const struct page *p)
{
	struct list segments = p->request->segments;
	struct str path = p->request->raw_path;
	struct route_match match;

	if (str_count(path, '/') != segments.count)
		return STR("/");
	while (segments.count > 0 &&
	       route_find(p->routes, METHOD_GET, segments, &match) != OK) {
		while (path.len > 0 && path.at[path.len - 1] != '/')
			path.len--;
		path.len--;
		segments.count--;
	}
	return segments.count > 0 && url_is_local(path) ? path : STR("/");
}

/* Path and query of this page, without the notice, as an address. */
static enum err
here_of(struct page *p, struct str *out)
{
	struct buf b = {0};
	struct str query = p->request->query;
	char mark = '?';
	enum err e;

	if (p->request->method == METHOD_POST) {
		*out = page_of_form(p);
		return OK;
	}
	buf_put(&b, p->request->raw_path);
	while (query.len > 0) {
		struct str pair = str_cut(&query, '&');

		if (pair.len == 0 || str_starts(pair, STR("done=")))
			continue;
		buf_put_char(&b, mark);
		buf_put(&b, pair);
		mark = '&';
	}
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(p->arena, buf_str(&b), out);
	buf_free(&b);
	if (e == OK && !url_is_local(*out))
		*out = STR("/");
	return e;
}

/* A stranger's forms need a cookie too: without one, no token. */
static enum err
make_visitor(struct page *p)
{
	struct str cookie;

	TRY(random_token(p->arena, SESSION_TOKEN_BYTES, &p->visitor));
	TRY(cookie_make(p->arena, STR("visitor"), p->visitor, 24 * 60 * 60,
	    conf_is_https(p->site->conf), &cookie));
	return response_header(p->response, STR("Set-Cookie"), cookie);
}

/* The pages by which one comes in; nobody wants to be led back to them. */
static bool
is_door(const struct page *p)
{
	return str_equal(p->request->path, STR("/login")) ||
	       str_equal(p->request->path, STR("/register")) ||
	       str_equal(p->request->path, STR("/forgot")) ||
	       str_equal(p->request->path, STR("/reset"));
}

static enum err
fill_csrf(struct page *p)
{
	if (p->csrf.len > 0)
		return OK;
	if (p->viewer.account != 0)
		return session_csrf(p->arena, p->token, &p->csrf);
	if (is_door(p)) {
		if (p->visitor.len == 0)
			TRY(make_visitor(p));
		return session_csrf(p->arena, p->visitor, &p->csrf);
	}
	return OK;
}

static enum err
fill_member(struct page *p, struct frame *f)
{
	f->is_member = true;
	f->is_moderator = p->viewer.is_moderator;
	f->is_admin = p->viewer.is_admin;
	f->is_crowded = p->viewer.unread > UNREAD_SHOWN;
	f->unread = f->is_crowded ? UNREAD_SHOWN : p->viewer.unread;
	f->name = p->viewer.name;
	f->display = p->viewer.display;
	f->initial = fill_initial(f->display);
	f->hue = fill_hue(f->name);
	TRY(image_url(p->arena, p->viewer.picture, 't', &f->picture));
	if (p->viewer.requests > REQUESTS_MAX)
		f->requests = STR("99+");
	else if (p->viewer.requests > 0)
		TRY(arena_printf(p->arena, &f->requests, "%lld",
		    (long long)p->viewer.requests));
	return url_make(p->arena, &f->profile, "/@{}", URL_STR(f->name));
}

static enum err
fill_frame(struct page *p, struct str title, struct frame *f)
{
	f->title = title;
	f->site = p->site->conf->site_name;
	f->has_own_name = !str_equal(f->site, STR("PixlPix"));
	f->css = p->assets->css;
	f->js = p->assets->js;
	f->icon = p->assets->icon;
	f->notice = notice_of(p);
	TRY(here_of(p, &f->here));
	TRY(fill_csrf(p));
	f->csrf = p->csrf;
	if (p->viewer.account != 0)
		return fill_member(p, f);
	if (is_door(p))
		return url_make(p->arena, &f->login, "/login");
	return url_make(
	    p->arena, &f->login, "/login?next={}", URL_STR(f->here));
}

enum err
page_show(
    struct page *p, const char *template, struct str title, struct frame *frame)
{
	const struct tpl *tpl = tpl_find(p->views, template);

	assert(tpl != NULL);
	TRY(fill_frame(p, title, frame));
	p->response->status = p->status;
	return tpl_render(tpl, frame, p->now, p->response->body);
}

enum err
page_redirect(struct page *p, struct url to)
{
	return response_redirect(p->response, to);
}

enum err
page_redirect_saying(struct page *p, struct url to, const char *what)
{
	struct url with;
	size_t mark = str_find(to.text, '#');

	TRY(arena_printf(p->arena, &with.text, "%.*s%cdone=%s%.*s", (int)mark,
	    to.text.at, str_find(to.text, '?') < mark ? '&' : '?', what,
	    STR_ARG(str_slice(to.text, mark, to.text.len))));
	return page_redirect(p, with);
}

enum err
page_redirect_back(struct page *p, struct url otherwise)
{
	return page_redirect(
	    p, url_local(form_value(&p->form, STR("back")), otherwise));
}

enum err
page_before(struct page *p, int64_t *before)
{
	struct form query;
	struct str value;

	TRY(form_parse(p->arena, p->request->query, NULL, &query));
	value = form_value(&query, STR("before"));
	*before = INT64_MAX;
	if (value.len > 0 && str_parse_int(value, 1, INT64_MAX, before) != OK)
		return ERR_ABSENT;
	return OK;
}

static enum err
set_cookie(struct page *p, struct str name, struct str value, int64_t age_s)
{
	struct str cookie;

	TRY(cookie_make(p->arena, name, value, age_s,
	    conf_is_https(p->site->conf), &cookie));
	return response_header(p->response, STR("Set-Cookie"), cookie);
}

enum err
page_set_session(struct page *p, struct str token)
{
	TRY(set_cookie(p, STR("visitor"), STR(""), 0));
	return set_cookie(p, STR("session"), token,
	    p->site->conf->session_days * 24 * 60 * 60);
}

enum err
page_clear_session(struct page *p)
{
	return set_cookie(p, STR("session"), STR(""), 0);
}

enum err
page_form_key(struct page *p, struct str *out)
{
	return random_token(p->arena, FORM_KEY_BYTES, out);
}

enum err
page_keep_form_key(struct page *p, struct str typed, struct str *out)
{
	if (typed.len != FORM_KEY_CHARS)
		return page_form_key(p, out);
	*out = typed;
	return OK;
}

struct explanation {
	int status;
	const char *heading;
	const char *text;
};

static const struct explanation explanations[] = {
    {400, "That request was not understood",
	"Something in the address or the form is not as it should be. Go "
	"back, reload the page and try again."},
    {401, "Please log in",
	"You are not logged in any more, so that nothing of this was done. "
	"Log in, and you are led back to where you were."},
    {403, "That is not possible here",
	"The form is too old or belongs to another login, or this is not "
	"yours to change. Nothing was done. Go back, reload the page and try "
	"again."},
    {404, "There is nothing here",
	"The address may be mistyped, or what was here has been deleted or "
	"is not for everybody."},
    {405, "That does not work this way",
	"This address does not take such a request. Go back and use the "
	"page's own buttons."},
    {409, "Somebody was faster",
	"The same thing was changed at the same moment. Go back, reload the "
	"page and try again."},
    {413, "That is too much at once",
	"Everything you send together is larger than this site takes, so "
	"that nothing was done. Go back and send less: fewer or smaller "
	"images, or a shorter text."},
    {415, "That kind of thing does not work",
	"The site takes its own forms, and in them JPEG, PNG, GIF, WebP, HEIC "
	"and AVIF images. Go back and use the page's own buttons."},
    {429, "Too many tries",
	"There have been too many tries in a short time. Please wait a "
	"quarter of an hour and try again."},
    {500, "Something went wrong on our side",
	"Nothing of what was stored is lost. Please try again in a while."},
    {503, "Back in a moment",
	"The site has too much to do right now, or a part of it does not "
	"answer. Nothing of what was stored is lost."},
};

static const struct explanation *
explain(int status)
{
	size_t count = sizeof(explanations) / sizeof(explanations[0]);

	for (size_t i = 0; i < count; i++)
		if (explanations[i].status == status)
			return &explanations[i];
	return explain(500);
}

int
page_status_of(enum err e)
{
	switch (e) {
	case OK:
		return 200;
	case ERR_INPUT:
		return 400;
	case ERR_LOGIN:
		return 401;
	case ERR_FORBIDDEN:
		return 403;
	case ERR_ABSENT:
		return 404;
	case ERR_METHOD:
		return 405;
	case ERR_CONFLICT:
		return 409;
	case ERR_TOO_BIG:
		return 413;
	case ERR_MEDIA_TYPE:
		return 415;
	case ERR_TOO_MANY:
		return 429;
	case ERR_BUSY:
	case ERR_LOST:
	case ERR_STORE:
		return 503;
	case ERR_DATABASE:
	case ERR_MEMORY:
	case ERR_IO:
	case ERR_INTERNAL:
	case ERR_COUNT_:
		return 500;
	}
	return 500;
}

/* Words that are worth keeping, and what their field is called. */
static const struct {
	const char *name;
	const char *label;
} kept[] = {
    {"caption", "Caption"},
    {"text", "Comment"},
    {"bio", "About you"},
    {"alt", "Description"},
    {"reason", "Reason"},
    {"title", "Title"},
    {"body", "Text"},
};

static const char *
label_of(struct str name)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (str_equal(name, str_from(kept[i].name)))
			return kept[i].label;
	return NULL;
}

/* The form is of a page of this site: gate.c reads no other. */
static enum err
give_back_typed(struct page *p, struct list *out)
{
	const struct form_field *fields = p->form.fields.items;
	size_t count = p->form.fields.count, n = 0;
	struct typed *typed;

	if (count == 0)
		return OK;
	typed = arena_array(p->arena, count, sizeof(*typed));
	if (typed == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const char *label = label_of(fields[i].name);
		struct str text = str_trim(fields[i].value);

		if (label == NULL || text.len == 0)
			continue;
		typed[n] = (struct typed){
		    (int64_t)n + 1, str_from(label), fields[i].value};
		n++;
	}
	*out = (struct list){typed, n};
	return OK;
}

enum err
page_show_status(struct page *p, int status)
{
	const struct explanation *why = explain(status);
	struct error_view *view = ARENA_NEW(p->arena, struct error_view);

	if (view == NULL)
		return ERR_MEMORY;
	p->status = why->status;
	view->status = why->status;
	view->heading = str_from(why->heading);
	view->text = str_from(why->text);
	view->needs_login = why->status == 401;
	TRY(give_back_typed(p, &view->typed));
	if (why->status == 500)
		view->reference = p->request->request_id;
	if (why->status == 503) {
		view->retry_after = RETRY_AFTER_S;
		TRY(response_header(p->response, STR("Retry-After"), STR("5")));
	}
	if (why->status == 429)
		TRY(response_header(
		    p->response, STR("Retry-After"), STR("900")));
	buf_reset(p->response->body);
	return page_show(p, "error", view->heading, &view->frame);
}

enum err
page_show_error(struct page *p, enum err e)
{
	return page_show_status(p, page_status_of(e));
}
