/* The loop of a worker. */
#include "worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/fcgi.h"
#include "pages/gate.h"
#include "routes.h"

#include <poll.h>

enum {
	REQUEST_BYTES = 16 * 1024 * 1024, /* of one request's arena */
	KEPT_BYTES = 1024 * 1024,
	PAGE_BYTES = 8 * 1024 * 1024,
	RETRY_MS = 500
};

static bool
begins_alike(struct str one, struct str other)
{
	(void)str_cut(&one, '/');
	(void)str_cut(&other, '/');
	return str_equal(str_cut(&one, '/'), str_cut(&other, '/'));
}

/* The simulator's prefix must not hide anything of the site. */
static enum err
check_prefix(struct str prefix)
{
	const struct route_table *const tables[] = {&routes, &api_routes};

	if (prefix.len == 0)
		return OK;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			if (begins_alike(
				str_from(tables[i]->rows[j].pattern), prefix)) {
				log_event(LOG_ERROR,
				    "simulator.prefix is an address of the "
				    "site: choose another, such as /sim",
				    LOG_STR("prefix", prefix));
				return ERR_INPUT;
			}
	return OK;
}

enum err
worker_set_load(struct arena *a, struct buf *complaints, struct worker_set *set)
{
	const char *views, *overlay = NULL;

	TRY(check_prefix(set->conf.sim_prefix));
	TRY(arena_z(a, set->conf.views_dir, &views));
	if (set->conf.overlay_dir.len > 0)
		TRY(arena_z(a, set->conf.overlay_dir, &overlay));
	TRY(assets_load(a, set->conf.views_dir, &set->assets));
	return tpl_set_load(
	    views, overlay, models, models_count, complaints, &set->views);
}

/* The database may start after us: wait for it, but not for one whose schema
 * is another. */
static enum err
open_site(struct arena *a, const struct conf *conf, struct site *site)
{
	enum err e;

	while ((e = site_open(a, conf, site)) == ERR_LOST)
		if (poll(NULL, 0, RETRY_MS) < 0)
			return ERR_ABSENT; /* a signal: give up */
	return e;
}

static enum err
serve(const struct gate *gate, struct fcgi *server, struct arena *a,
    struct worker_state *state)
{
	struct buf body = {.max_bytes = PAGE_BYTES};
	struct request *request;
	enum err e;

	while ((e = fcgi_accept(server, a, &request)) == OK || e == ERR_BUSY) {
		struct response response;

		if (e == ERR_BUSY)
			continue;
		state->busy_since_us = clock_monotonic_us();
		response = response_start(&body);
		gate_answer(gate, a, request, &response);
		e = fcgi_reply(server, &response);
		if (e != OK)
			log_event(LOG_INFO, "visitor went away", LOG_ERR(e));
		arena_reset(a);
		state->busy_since_us = 0;
	}
	buf_free(&body);
	return e;
}

enum worker_end
worker_run(
    const struct worker_set *set, int listen_fd, struct worker_state *state)
{
	struct arena *kept = arena_make(KEPT_BYTES);
	struct arena *a = arena_make(REQUEST_BYTES);
	struct fcgi *server;
	struct site site;
	struct gate gate = {.site = &site,
	    .routes = &routes,
	    .api = &api_routes,
	    .sim = &sim_routes,
	    .views = set->views,
	    .assets = &set->assets};
	enum err e;

	if (kept == NULL || a == NULL || fcgi_open(listen_fd, &server) != OK)
		return WORKER_FAILED;
	e = open_site(kept, &set->conf, &site);
	if (e != OK) {
		fcgi_close(server);
		return e == ERR_ABSENT ? WORKER_ENDED : WORKER_REFUSED;
	}
	state->has_begun = true;
	e = serve(&gate, server, a, state);
	site_close(&site);
	fcgi_close(server);
	arena_free(a);
	arena_free(kept);
	return e == ERR_ABSENT ? WORKER_ENDED : WORKER_FAILED;
}
