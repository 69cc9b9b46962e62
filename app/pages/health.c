/* What a load balancer asks: does a worker answer, and would it serve? */
#include "domain/health.h"
#include "pages/handlers.h"

enum err
page_health_live(struct page *p)
{
	p->response->content_type = STR("text/plain; charset=utf-8");
	buf_put(p->response->body, STR("live\n"));
	return OK;
}

static void
put_part(struct page *p, const char *name, bool is_fine)
{
	buf_printf(
	    p->response->body, "%s: %s\n", name, is_fine ? "fine" : "bad");
}

enum err
page_health_ready(struct page *p)
{
	struct health h;

	TRY(health_check(p->site, p->arena, &h));
	p->response->content_type = STR("text/plain; charset=utf-8");
	if (!h.has_database || !h.has_store || !h.has_decoder)
		p->response->status = 503;
	put_part(p, "database", h.has_database);
	put_part(p, "store", h.has_store);
	put_part(p, "decoder", h.has_decoder);
	return OK;
}
