/* What moderators do about others: a page that asks for the reason, and the
 * deed. */
#include "domain/moderate.h"
#include "pages/fill.h"
#include "pages/handlers.h"

static struct moderator
actor_of(const struct page *p)
{
	return (struct moderator){p->viewer.account, p->viewer.is_admin};
}

/* What all three pages have; the caller has filled in what it is about. */
static enum err
show(struct page *p, struct moderate_view *view, struct field reason)
{
	view->reason = reason;
	view->reason_chars = MODERATE_REASON_MAX;
	return page_show(p, "moderate", view->heading, &view->frame);
}

static enum err
show_post(struct page *p, struct field reason)
{
	struct moderate_view *view = ARENA_NEW(p->arena, struct moderate_view);
	struct sql_card_row row;

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_post_show_ask(p->site->db, &(struct sql_post_show_in){p->id}, &row);
	TRY(page_load(p));
	TRY(fill_author(
	    p->arena, row.name, row.display, row.picture, &view->owner));
	view->heading = STR("Remove this post?");
	view->text = row.caption;
	view->explanation =
	    STR("It leaves the site at once, with its images, likes and "
		"comments. That cannot be undone here. Who did it and why is "
		"on record.");
	view->button = STR("Remove post");
	TRY(url_make(
	    p->arena, &view->action, "/p/{}/moderate", URL_INT(p->id)));
	TRY(url_make(p->arena, &view->back, "/p/{}", URL_INT(p->id)));
	return show(p, view, reason);
}

static enum err
show_comment(struct page *p, struct field reason)
{
	struct moderate_view *view = ARENA_NEW(p->arena, struct moderate_view);
	struct sql_comment_show_row row;

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_comment_show_ask(
	    p->site->db, &(struct sql_comment_show_in){p->id}, &row);
	TRY(page_load(p));
	TRY(fill_author(
	    p->arena, row.name, row.display, row.picture, &view->owner));
	view->heading = STR("Remove this comment?");
	view->text = row.body;
	view->explanation =
	    STR("It leaves the site at once, and that cannot be undone. Who "
		"did it and why is on record.");
	view->button = STR("Remove comment");
	TRY(url_make(
	    p->arena, &view->action, "/comment/{}/moderate", URL_INT(p->id)));
	TRY(url_make(
	    p->arena, &view->back, "/p/{}#comments", URL_INT(row.post)));
	return show(p, view, reason);
}

static void
explain_account(struct moderate_view *view, bool is_suspended)
{
	view->is_lift = is_suspended;
	view->heading = is_suspended ? STR("Lift the suspension?")
	                             : STR("Suspend this account?");
	view->explanation =
	    is_suspended
		? STR("The person can log in again, and all that was posted "
		      "and written comes back. The reason is for the record.")
		: STR("Its logins and tokens end, and its posts, images and "
		      "comments are out of everybody's sight until the "
		      "suspension is lifted. The person reads the reason when "
		      "they log in.");
	view->button =
	    is_suspended ? STR("Lift the suspension") : STR("Suspend account");
}

static enum err
show_account(struct page *p, struct field reason)
{
	struct moderate_view *view = ARENA_NEW(p->arena, struct moderate_view);
	struct sql_profile_show_row row;

	if (view == NULL)
		return ERR_MEMORY;
	page_ask(p);
	sql_profile_show_ask(
	    p->site->db, &(struct sql_profile_show_in){p->text}, &row);
	TRY(page_load(p));
	TRY(fill_author(
	    p->arena, row.name, row.display, row.picture, &view->owner));
	explain_account(view, row.is_suspended);
	view->text = row.because;
	TRY(url_make(
	    p->arena, &view->action, "/@{}/moderate", URL_STR(row.name)));
	TRY(url_make(p->arena, &view->back, "/@{}", URL_STR(row.name)));
	return show(p, view, reason);
}

enum err
page_moderate_post(struct page *p)
{
	return show_post(p, (struct field){0});
}

enum err
page_moderate_comment(struct page *p)
{
	return show_comment(p, (struct field){0});
}

enum err
page_moderate_account(struct page *p)
{
	return show_account(p, (struct field){0});
}

/* What was typed, with a complaint where it will not do. */
static enum err
read_reason(struct page *p, struct field *out)
{
	out->value = str_trim(form_value(&p->form, STR("reason")));
	TRY(moderate_check_reason(p->arena, out->value, &out->error));
	if (out->error.len > 0)
		p->status = 400;
	return OK;
}

enum err
page_moderate_post_send(struct page *p)
{
	struct moderator who = actor_of(p);
	struct field reason;

	TRY(read_reason(p, &reason));
	if (reason.error.len > 0)
		return show_post(p, reason);
	TRY(moderate_post(p->site, p->arena, &who, p->id, reason.value));
	return page_redirect_saying(p, URL("/public"), "removed");
}

enum err
page_moderate_comment_send(struct page *p)
{
	struct moderator who = actor_of(p);
	struct field reason;
	struct url url;
	int64_t post;

	TRY(read_reason(p, &reason));
	if (reason.error.len > 0)
		return show_comment(p, reason);
	TRY(moderate_comment(
	    p->site, p->arena, &who, p->id, reason.value, &post));
	TRY(url_make(p->arena, &url, "/p/{}#comments", URL_INT(post)));
	return page_redirect_saying(p, url, "removed");
}

/* Why an account cannot be suspended by this person. */
static enum err
refuse_account(struct page *p, struct field reason)
{
	reason.error = STR("This account is not yours to suspend: moderators "
			   "suspend members, admins moderators too, and about "
			   "admins only the sysadmin's shell decides.");
	p->status = 403;
	return show_account(p, reason);
}

enum err
page_moderate_account_send(struct page *p)
{
	struct moderator who = actor_of(p);
	struct sql_profile_show_row row;
	struct field reason;
	struct url url;
	enum err e;

	TRY(read_reason(p, &reason));
	if (reason.error.len > 0)
		return show_account(p, reason);
	page_ask(p);
	TRY(sql_profile_show(p->site->db, p->arena,
	    &(struct sql_profile_show_in){p->text}, &row));
	e = (row.is_suspended ? moderate_lift : moderate_suspend)(
	    p->site, p->arena, &who, row.id, reason.value);
	if (e == ERR_FORBIDDEN)
		return refuse_account(p, reason);
	TRY(e);
	TRY(url_make(p->arena, &url, "/@{}", URL_STR(row.name)));
	return page_redirect_saying(
	    p, url, row.is_suspended ? "lifted" : "suspended");
}
