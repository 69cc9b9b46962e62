/* The form that makes a post. */
#include "domain/post.h"
#include "domain/rate.h"
#include "domain/rules.h"
#include "http/url.h"
#include "pages/handlers.h"
#include "view/text.h"

struct post_sent {
	struct str caption;
	struct list alt;
	bool camera;
	struct str key;
};

#define T struct post_sent
SHAPE_LOCAL(shape_post_sent, T, SHAPE_FIELD(T, caption),
    SHAPE_LIST_OF(T, alt, NULL), SHAPE_FIELD(T, camera), SHAPE_FIELD(T, key));
#undef T

/* What is wrong with the form, and where. */
struct post_faults {
	struct str whole;
	struct str caption;
	struct str images;
	struct str slots[POST_IMAGES_MAX];
};

static struct str
alt_of(const struct post_sent *sent, size_t i)
{
	const struct str *alts = sent->alt.items;

	return i < sent->alt.count ? alts[i] : (struct str){0};
}

static enum err
fill_slots(struct page *p, const struct post_sent *sent,
    const struct post_faults *faults, struct post_new_view *view)
{
	size_t count = (size_t)p->site->conf->post_images;
	struct slot *slots = arena_array(p->arena, count, sizeof(*slots));

	if (slots == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		slots[i].number = (int64_t)i + 1;
		slots[i].alt = alt_of(sent, i);
		slots[i].error = faults->slots[i];
		if (i > 0 && (slots[i].alt.len > 0 || slots[i].error.len > 0))
			view->is_more_open = true;
	}
	view->first = slots[0];
	view->more = (struct list){slots + 1, count - 1};
	return OK;
}

static enum err
show(struct page *p, const struct post_sent *sent,
    const struct post_faults *faults)
{
	struct post_new_view *view = ARENA_NEW(p->arena, struct post_new_view);
	const struct conf *c = p->site->conf;

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_keep_form_key(p, sent->key, &view->form.key));
	view->form.error = faults->whole;
	view->form.caption = (struct field){sent->caption, faults->caption};
	view->form.images.error = faults->images;
	view->form.camera = sent->camera;
	TRY(fill_slots(p, sent, faults, view));
	view->max_images = c->post_images;
	view->max_bytes = c->image_bytes;
	view->max_megabytes = c->image_bytes / (1024 * 1024);
	view->caption_chars = c->caption_chars;
	view->alt_chars = RULES_ALT_MAX;
	view->frame.at_new = true;
	return page_show(p, "post_new", STR("New post"), &view->frame);
}

enum err
page_post_new(struct page *p)
{
	TRY(page_load(p));
	return show(p, &(struct post_sent){0}, &(struct post_faults){0});
}

static bool
has_fault(const struct post_faults *faults)
{
	bool has = faults->caption.len > 0 || faults->images.len > 0;

	for (size_t i = 0; i < POST_IMAGES_MAX; i++)
		has |= faults->slots[i].len > 0;
	return has;
}

/* The chosen files in the order of their places; `place` tells in which each
 * stood, so that a complaint finds its field. */
static enum err
take_images(struct page *p, const struct post_sent *sent,
    struct post_draft *draft, size_t *place, struct post_faults *faults)
{
	const struct upload *uploads = p->form.uploads.items;
	size_t limit = (size_t)p->site->conf->post_images;

	for (size_t i = 0; i < p->form.uploads.count && i < limit; i++) {
		if (!str_equal(uploads[i].field, STR("image")))
			continue;
		if (uploads[i].is_too_big)
			TRY(arena_printf(p->arena, &faults->slots[i],
			    "This file has %lld MB; at most %lld MB are "
			    "possible. Please choose a smaller one.",
			    (long long)(uploads[i].size_bytes >> 20),
			    (long long)(p->site->conf->image_bytes >> 20)));
		if (uploads[i].fd < 0)
			continue;
		TRY(rules_check_text(p->arena, alt_of(sent, i), RULES_ALT_MAX,
		    true, &faults->slots[i]));
		place[draft->image_count] = i;
		draft->images[draft->image_count++] = (struct post_image){
		    uploads[i].fd, str_trim(alt_of(sent, i))};
	}
	if (p->form.dropped_files > 0)
		return arena_printf(p->arena, &faults->images,
		    "A post has at most %lld images; please choose fewer.",
		    (long long)p->site->conf->post_images);
	if (draft->image_count == 0 && !has_fault(faults))
		faults->images = STR("Choose at least one image.");
	return OK;
}

static enum err
show_again(
    struct page *p, const struct post_sent *sent, struct post_faults *faults)
{
	faults->whole = STR("Nothing has been posted yet. Please look at what "
			    "is marked; your texts are kept, but browsers "
			    "want the images to be chosen again.");
	p->status = 400;
	return show(p, sent, faults);
}

/* The fault is ours, and passes; what was typed must not be lost over it. */
static enum err
show_again_later(struct page *p, const struct post_sent *sent,
    struct post_faults *faults, struct str why, struct str wait_s)
{
	faults->whole = why;
	p->status = 503;
	TRY(response_header(p->response, STR("Retry-After"), wait_s));
	return show(p, sent, faults);
}

static enum err
show_again_without_store(
    struct page *p, const struct post_sent *sent, struct post_faults *faults)
{
	return show_again_later(p, sent, faults,
	    STR("The images could not be stored just now: the place where "
		"this site keeps them does not answer. Nothing has been "
		"posted yet. Your texts are kept; please choose the images "
		"again and post in a minute or two."),
	    STR("60"));
}

static enum err
show_again_busy(
    struct page *p, const struct post_sent *sent, struct post_faults *faults)
{
	return show_again_later(p, sent, faults,
	    STR("The site is very busy at this moment. Nothing has been "
		"posted yet. Your texts are kept; please choose the images "
		"again and post in a few seconds."),
	    STR("5"));
}

static enum err
show_again_too_often(
    struct page *p, const struct post_sent *sent, struct post_faults *faults)
{
	TRY(arena_printf(p->arena, &faults->whole,
	    "You have posted %lld times in this hour, and that is as often as "
	    "this site allows. Nothing has been posted this time. Your texts "
	    "are kept; please choose the images again and post after the full "
	    "hour.",
	    (long long)rate_limit(p->site, RATE_POST)));
	p->status = 429;
	TRY(response_header(p->response, STR("Retry-After"), STR("900")));
	return show(p, sent, faults);
}

static enum err
make(struct page *p, struct post_draft *draft, const struct post_sent *sent,
    const size_t *place, struct post_faults *faults)
{
	struct post_outcome made;
	struct url url;
	enum err e = post_make(p->site, p->arena, draft, &made);

	if (e == ERR_INPUT && made.complaint.len > 0) {
		faults->slots[place[made.bad]] = made.complaint;
		return show_again(p, sent, faults);
	}
	if (e == ERR_STORE)
		return show_again_without_store(p, sent, faults);
	if (e == ERR_BUSY)
		return show_again_busy(p, sent, faults);
	if (e == ERR_TOO_MANY)
		return show_again_too_often(p, sent, faults);
	TRY(e);
	TRY(url_make(p->arena, &url, "/p/{}", URL_INT(made.post)));
	return page_redirect_saying(
	    p, url, made.has_still ? "still" : "posted");
}

enum err
page_post_new_send(struct page *p)
{
	struct post_sent sent = {0};
	struct post_faults faults = {0};
	size_t place[POST_IMAGES_MAX] = {0};
	struct post_draft *draft = ARENA_NEW(p->arena, struct post_draft);

	if (draft == NULL)
		return ERR_MEMORY;
	TRY(form_fill(p->arena, &p->form, &shape_post_sent, &sent));
	TRY(page_keep_form_key(p, sent.key, &draft->form_key));
	draft->account = p->viewer.account;
	draft->caption = str_trim(sent.caption);
	draft->shows_camera = sent.camera;
	TRY(text_tags(p->arena, draft->caption, &draft->tags));
	TRY(text_mentions(p->arena, draft->caption, &draft->mentions));
	TRY(rules_check_text(p->arena, draft->caption,
	    p->site->conf->caption_chars, true, &faults.caption));
	TRY(take_images(p, &sent, draft, place, &faults));
	if (has_fault(&faults))
		return show_again(p, &sent, &faults);
	TRY(post_key_with_content(p->arena, draft));
	return make(p, draft, &sent, place, &faults);
}
