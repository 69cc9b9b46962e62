/* The terms and the privacy notice. */
#include "domain/account.h"
#include "pages/handlers.h"

static enum err
show_text(struct page *p, const char *template, struct str title)
{
	struct text_view *view = ARENA_NEW(p->arena, struct text_view);

	if (view == NULL)
		return ERR_MEMORY;
	TRY(page_load(p));
	view->terms_version = STR(ACCOUNT_TERMS_VERSION);
	view->keeps_originals = p->site->conf->keep_originals != 0;
	view->contact = p->site->conf->contact;
	return page_show(p, template, title, &view->frame);
}

enum err
page_terms(struct page *p)
{
	return show_text(p, "terms", STR("Terms"));
}

enum err
page_privacy(struct page *p)
{
	return show_text(p, "privacy", STR("Privacy"));
}
