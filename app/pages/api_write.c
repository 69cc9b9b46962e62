/* What programs change. */
#include "domain/account.h"
#include "domain/bookmark.h"
#include "domain/comment.h"
#include "domain/follow.h"
#include "domain/like.h"
#include "domain/notify.h"
#include "domain/post.h"
#include "domain/privacy.h"
#include "domain/rules.h"
#include "pages/api.h"
#include "pages/handlers.h"
#include "view/text.h"

static enum err
show_liking(struct page *p, bool is_liked, int64_t likes)
{
	struct api_liking out = {is_liked, likes};

	return api_show(p, &shape_api_liking, &out);
}

enum err
api_like(struct page *p)
{
	int64_t likes;

	TRY(like_add(p->site, p->arena, p->viewer.account, p->id, &likes));
	return show_liking(p, true, likes);
}

enum err
api_unlike(struct page *p)
{
	int64_t likes;

	TRY(like_remove(p->site, p->arena, p->viewer.account, p->id, &likes));
	return show_liking(p, false, likes);
}

static enum err
show_bookmarking(struct page *p, bool is_bookmarked)
{
	struct api_bookmarking out = {is_bookmarked};

	return api_show(p, &shape_api_bookmarking, &out);
}

enum err
api_bookmark(struct page *p)
{
	TRY(bookmark_add(p->site, p->arena, p->viewer.account, p->id));
	return show_bookmarking(p, true);
}

enum err
api_unbookmark(struct page *p)
{
	TRY(bookmark_remove(p->site, p->arena, p->viewer.account, p->id));
	return show_bookmarking(p, false);
}

enum err
api_notifications_read(struct page *p)
{
	struct api_fault fault = {STR("newest"),
	    STR("Send the id of the newest notification that has been seen.")};
	struct api_unread out;
	struct api_read_sent sent;
	int64_t newest;

	TRY(form_fill(p->arena, &p->form, &shape_api_read_sent, &sent));
	if (str_parse_int(sent.newest, 1, INT64_MAX, &newest) != OK)
		return api_refuse(p, &fault, 1);
	TRY(notify_read(
	    p->site, p->arena, p->viewer.account, newest, &out.unread));
	return api_show(p, &shape_api_unread, &out);
}

enum err
api_follow(struct page *p)
{
	TRY(follow_add(p->site, p->arena, p->viewer.account, p->text));
	return api_account(p);
}

enum err
api_unfollow(struct page *p)
{
	TRY(follow_remove(p->site, p->arena, p->viewer.account, p->text));
	return api_account(p);
}

enum err
api_request_accept(struct page *p)
{
	TRY(follow_accept(p->site, p->arena, p->viewer.account, p->text));
	return api_done(p);
}

enum err
api_request_decline(struct page *p)
{
	TRY(follow_decline(p->site, p->arena, p->viewer.account, p->text));
	return api_done(p);
}

enum err
api_follower_remove(struct page *p)
{
	TRY(follow_remove_follower(
	    p->site, p->arena, p->viewer.account, p->text));
	return api_done(p);
}

enum err
api_comment_make(struct page *p)
{
	struct sql_comment_made_in in = {
	    .account = p->viewer.account, .post = p->id};
	struct api_fault fault = {.field = STR("text")};
	struct api_comment out = {0};
	struct api_comment_sent sent;
	struct sql_comment_row row;
	struct list mentions;
	bool is_refused;
	struct str request;

	TRY(form_fill(p->arena, &p->form, &shape_api_comment_sent, &sent));
	in.body = str_trim(sent.text);
	TRY(rules_check_text(p->arena, in.body, p->site->conf->comment_chars,
	    false, &fault.detail));
	if (fault.detail.len > 0)
		return api_refuse(p, &fault, 1);
	TRY(api_form_key(p, &in.form_key));
	TRY(arena_printf(p->arena, &request, "comment %lld %.*s",
	    (long long)p->id, STR_ARG(in.body)));
	TRY(api_claim_key(p, request, &is_refused));
	if (is_refused)
		return OK;
	TRY(text_mentions(p->arena, in.body, &mentions));
	TRY(comment_make(p->site, p->arena, p->viewer.account, p->id, in.body,
	    mentions, in.form_key));
	api_keep_key(p);
	page_ask(p);
	TRY(sql_comment_made(p->site->db, p->arena, &in, &row));
	TRY(api_fill_comment(p, &row, &out));
	p->status = 201;
	return api_show(p, &shape_api_comment, &out);
}

enum err
api_comment_delete(struct page *p)
{
	int64_t post;

	TRY(comment_delete(p->site, p->arena, p->viewer.account, p->id, &post));
	return api_done(p);
}

enum err
api_post_delete(struct page *p)
{
	TRY(post_delete(p->site, p->arena, p->viewer.account, p->id));
	return api_done(p);
}

/* A member that is not sent stays as it is. */
enum err
api_me_edit(struct page *p)
{
	struct sql_settings_show_row row;
	struct api_me_sent sent;
	struct api_fault faults[3];
	struct str complaint;
	size_t count = 0;

	TRY(form_fill(p->arena, &p->form, &shape_api_me_sent, &sent));
	page_ask(p);
	TRY(sql_settings_show(p->site->db, p->arena, &row));
	sent.display =
	    sent.display.at == NULL ? row.display : str_trim(sent.display);
	sent.bio = sent.bio.at == NULL ? row.bio : str_trim(sent.bio);
	complaint = rules_check_display(sent.display);
	if (complaint.len > 0)
		faults[count++] = (struct api_fault){STR("display"), complaint};
	TRY(rules_check_text(
	    p->arena, sent.bio, RULES_BIO_MAX, true, &complaint));
	if (complaint.len > 0)
		faults[count++] = (struct api_fault){STR("bio"), complaint};
	if (form_value(&p->form, STR("is_private")).at == NULL)
		sent.is_private = row.is_private;
	if (sent.is_private && row.is_simulated)
		faults[count++] = (struct api_fault){STR("is_private"),
		    STR("An account of the simulator stays public.")};
	if (count > 0)
		return api_refuse(p, faults, count);
	TRY(privacy_set(p->site, p->arena, p->viewer.account, sent.is_private));
	TRY(account_edit(
	    p->site, p->arena, p->viewer.account, sent.display, sent.bio));
	return api_show_me(p);
}

enum err
api_password(struct page *p)
{
	struct account_password_change change = {
	    .client = p->request->remote_addr};
	struct account_password_complaints complaints;
	struct sql_settings_show_row row;
	struct api_password_sent sent;
	struct api_fault faults[2];
	size_t count = 0;
	enum err e;

	TRY(form_fill(p->arena, &p->form, &shape_api_password_sent, &sent));
	page_ask(p);
	TRY(sql_settings_show(p->site->db, p->arena, &row));
	change.current = sent.current;
	change.password = sent.password;
	change.again = sent.password;
	change.name = row.name;
	change.email = row.email;
	e = account_change_password(
	    p->site, p->arena, p->viewer.account, &change, &complaints);
	if (e != ERR_INPUT)
		return e == OK ? api_done(p) : e;
	if (complaints.current.len > 0)
		faults[count++] =
		    (struct api_fault){STR("current"), complaints.current};
	if (complaints.password.len > 0)
		faults[count++] =
		    (struct api_fault){STR("password"), complaints.password};
	return api_refuse(p, faults, count);
}

/* Why an upload cannot be taken, or the empty string. */
static enum err
check_upload(struct page *p, const struct upload *upload, struct str *complaint)
{
	*complaint = STR("");
	if (!upload->is_too_big)
		return OK;
	return arena_printf(p->arena, complaint,
	    "This file has %lld bytes; at most %lld are possible.",
	    (long long)upload->size_bytes,
	    (long long)p->site->conf->image_bytes);
}

enum err
api_picture(struct page *p)
{
	const struct upload *uploads = p->form.uploads.items;
	struct api_fault fault = {STR("picture"), STR("Send one image.")};
	enum err e;

	if (p->form.uploads.count == 0 ||
	    (uploads[0].fd < 0 && !uploads[0].is_too_big))
		return api_refuse(p, &fault, 1);
	TRY(check_upload(p, &uploads[0], &fault.detail));
	if (fault.detail.len > 0)
		return api_refuse(p, &fault, 1);
	e = account_set_picture(
	    p->site, p->arena, p->viewer.account, uploads[0].fd, &fault.detail);
	if (e == ERR_INPUT && fault.detail.len > 0)
		return api_refuse(p, &fault, 1);
	TRY(e);
	return api_show_me(p);
}

enum err
api_picture_remove(struct page *p)
{
	TRY(account_remove_picture(p->site, p->arena, p->viewer.account));
	return api_show_me(p);
}

/* The images, and the n-th `alt` with the n-th of them. */
static enum err
take_images(struct page *p, const struct api_post_sent *sent,
    struct post_draft *draft, struct api_fault *fault)
{
	const struct upload *uploads = p->form.uploads.items;
	const struct str *alts = sent->alt.items;

	fault->field = STR("image");
	if (p->form.dropped_files > 0)
		return arena_printf(p->arena, &fault->detail,
		    "A post has at most %lld images.",
		    (long long)p->site->conf->post_images);
	for (size_t i = 0; i < p->form.uploads.count; i++) {
		struct post_image *image = &draft->images[draft->image_count];

		TRY(check_upload(p, &uploads[i], &fault->detail));
		if (fault->detail.len > 0)
			return OK;
		if (uploads[i].fd < 0 ||
		    !str_equal(uploads[i].field, STR("image")))
			continue;
		image->fd = uploads[i].fd;
		image->alt = STR("");
		if (i < sent->alt.count)
			image->alt = str_trim(alts[i]);
		TRY(rules_check_text(
		    p->arena, image->alt, RULES_ALT_MAX, true, &fault->detail));
		if (fault->detail.len > 0) {
			fault->field = STR("alt");
			return OK;
		}
		draft->image_count++;
	}
	if (draft->image_count == 0)
		fault->detail = STR("Send at least one image.");
	return OK;
}

static enum err
fill_draft(struct page *p, struct post_draft *draft, struct api_fault *fault)
{
	struct api_post_sent sent;

	TRY(form_fill(p->arena, &p->form, &shape_api_post_sent, &sent));
	draft->account = p->viewer.account;
	draft->caption = str_trim(sent.caption);
	draft->shows_camera = sent.camera;
	fault->field = STR("caption");
	TRY(rules_check_text(p->arena, draft->caption,
	    p->site->conf->caption_chars, true, &fault->detail));
	if (fault->detail.len > 0)
		return OK;
	TRY(text_tags(p->arena, draft->caption, &draft->tags));
	TRY(text_mentions(p->arena, draft->caption, &draft->mentions));
	TRY(api_form_key(p, &draft->form_key));
	return take_images(p, &sent, draft, fault);
}

enum err
api_post_make(struct page *p)
{
	struct post_draft *draft = ARENA_NEW(p->arena, struct post_draft);
	struct api_fault fault = {0};
	struct post_outcome made;
	struct url path, whole;
	bool is_refused;
	enum err e;

	if (draft == NULL)
		return ERR_MEMORY;
	TRY(fill_draft(p, draft, &fault));
	if (fault.detail.len > 0)
		return api_refuse(p, &fault, 1);
	TRY(post_key_with_content(p->arena, draft));
	TRY(api_claim_key(p, draft->form_key, &is_refused));
	if (is_refused)
		return OK;
	e = post_make(p->site, p->arena, draft, &made);
	if (e == ERR_INPUT && made.complaint.len > 0) {
		fault = (struct api_fault){STR("image"), made.complaint};
		return api_refuse(p, &fault, 1);
	}
	TRY(e);
	api_keep_key(p);
	TRY(url_make(p->arena, &path, "/api/v1/posts/{}", URL_INT(made.post)));
	TRY(api_address(p, path, &whole));
	TRY(response_header(p->response, STR("Location"), whole.text));
	p->status = 201;
	return api_show_post(p, made.post);
}
