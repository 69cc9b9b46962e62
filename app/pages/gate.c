/* Letting requests in. */
#include "pages/gate.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "domain/session.h"
#include "http/cookie.h"
#include "pages/api.h"
#include "pages/sim.h"

/* For addresses without a row: their error pages. */
static const struct route no_route = {.name = "none",
    .method = METHOD_GET,
    .pattern = "",
    .need = NEED_NOTHING,
    .form = FORM_NONE,
    .handler = NULL};

static struct str
token_in(const struct page *p, struct str name)
{
	struct str value = cookie_find(
	    p->request->cookies, name, conf_is_https(p->site->conf));

	return value.len == SESSION_TOKEN_CHARS ? value : (struct str){0};
}

static struct page
page_start(const struct gate *gate, struct arena *a,
    const struct request *request, struct response *r)
{
	struct page p = {
	    .site = gate->site,
	    .arena = a,
	    .request = request,
	    .response = r,
	    .views = gate->views,
	    .assets = gate->assets,
	    .routes = gate->routes,
	    .api = gate->api,
	    .route = &no_route,
	    .now = clock_now(),
	    .status = 200,
	};

	p.token = token_in(&p, STR("session"));
	p.visitor = token_in(&p, STR("visitor"));
	return p;
}

static enum err
ask_viewer(struct page *p, bool is_reading)
{
	return session_ask_viewer(
	    p->site, p->arena, p->token, is_reading, &p->viewer);
}

/* A session that is in use does not end as idle; the one write that the
 * visit of a page makes, and it changes nothing that anybody sees. */
static void
keep_session(struct page *p)
{
	enum err e = OK;

	if (p->viewer.account != 0 && p->viewer.is_stale)
		e = session_touch(p->site, p->arena, p->token);
	if (e != OK)
		log_event(LOG_WARN, "session not kept", LOG_ERR(e));
}

/* The token of the form belongs to the cookie it came with. */
static enum err
check_token(struct page *p)
{
	struct str token = p->viewer.account != 0 ? p->token : p->visitor;
	struct str sent = form_value(&p->form, STR("csrf"));
	struct str wanted;

	if (token.len == 0)
		return ERR_FORBIDDEN;
	TRY(session_csrf(p->arena, token, &wanted));
	return digest_equal(sent, wanted) ? OK : ERR_FORBIDDEN;
}

static struct form_limits
limits_of(const struct page *p)
{
	const struct conf *c = p->site->conf;
	struct form_limits limits = {0};

	if (p->route->form == FORM_FILES) {
		limits.files = (size_t)c->post_images;
		limits.file_bytes = c->image_bytes;
		limits.body_bytes = conf_body_bytes(c);
		limits.spool = p->site->spool;
	}
	return limits;
}

static enum err
read_form(struct page *p, const struct form_limits *limits)
{
	p->is_form_read = true;
	return form_read(p->arena, p->request, limits, &p->form);
}

static enum err
run_post(struct page *p)
{
	struct form_limits limits = limits_of(p);

	if (!request_is_same_site(p->request, p->site->conf->site_url))
		return ERR_FORBIDDEN;
	TRY(ask_viewer(p, false));
	TRY(page_load(p));
	TRY(read_form(p, &limits));
	TRY(check_token(p));
	return p->route->handler(p);
}

static enum err
run_get(struct page *p)
{
	TRY(ask_viewer(p, true));
	TRY(p->route->handler(p));
	keep_session(p);
	return OK;
}

/* What a page had begun to say is taken back. */
static void
start_again(struct page *p)
{
	struct buf *body = p->response->body;

	db_rest(p->site->db);
	*p->response = response_start(body);
	p->status = 200;
	p->is_loaded = false;
	p->csrf = (struct str){0};
}

/* An error page knows who is looking, unless that cannot be found out. */
static void
find_viewer_again(struct page *p)
{
	enum err e;

	if (p->is_loaded)
		return;
	p->viewer = (struct sql_viewer_find_row){0};
	e = ask_viewer(p, true);
	if (e == OK)
		e = db_sync(p->site->db, p->arena);
	if (e != OK) {
		db_rest(p->site->db);
		p->viewer = (struct sql_viewer_find_row){0};
	}
}

static enum err
redirect_to_login(struct page *p)
{
	struct url login;
	struct str next = p->request->raw_path;

	if (p->request->query.len > 0)
		TRY(arena_printf(p->arena, &next, "%.*s?%.*s", STR_ARG(next),
		    STR_ARG(p->request->query)));
	TRY(url_make(p->arena, &login, "/login?next={}", URL_STR(next)));
	return page_redirect(p, login);
}

static enum err
add_allowed(struct page *p, const struct route_table *table)
{
	struct str allowed;

	TRY(route_allowed(p->arena, table, p->request->segments, &allowed));
	return response_header(p->response, STR("Allow"), allowed);
}

static void
answer_plainly(struct page *p, enum err e)
{
	log_event(LOG_ERROR, "no error page", LOG_ERR(e));
	buf_reset(p->response->body);
	p->response->status = 500;
	p->response->content_type = STR("text/plain; charset=utf-8");
	buf_put(p->response->body, STR("Something went wrong on our side.\n"));
}

/* Also where the path cannot be read: in the words of who has asked. */
static bool
is_for_api(const struct request *request)
{
	return api_is(request->fault == OK ? request->path : request->raw_path);
}

static void
answer_api_error(struct page *p, enum err e)
{
	struct str allowed = STR("");
	enum err shown = OK;

	start_again(p);
	if (e == ERR_METHOD)
		shown = route_allowed(
		    p->arena, p->api, p->request->segments, &allowed);
	if (shown == OK)
		shown = api_show_error(p, e, allowed);
	if (shown != OK)
		answer_plainly(p, e);
}

static void
answer_sim_error(struct page *p, const struct gate *gate, enum err e)
{
	start_again(p);
	if (sim_show_error(p, gate->sim, e) != OK)
		answer_plainly(p, e);
}

/* What somebody had typed whose session has ended, or is not to be found out
 * about, is read after all, so that the error page can give it back.  Files are
 * not kept, and of a stranger nothing is read that is larger than one of them
 * may be. */
static void
read_what_was_typed(struct page *p)
{
	struct form_limits limits = {
	    .body_bytes = p->route->form == FORM_FILES
	                      ? conf_body_bytes(p->site->conf)
	                      : 0};
	enum err e;

	if (p->is_form_read || p->route->form == FORM_NONE ||
	    (p->token.len == 0 &&
		p->request->content_length > p->site->conf->image_bytes) ||
	    !request_is_same_site(p->request, p->site->conf->site_url))
		return;
	e = read_form(p, &limits);
	if (e != OK)
		log_event(LOG_INFO, "form not read", LOG_ERR(e));
}

static void
answer_error(struct page *p, const struct gate *gate, enum err e)
{
	bool is_loaded = p->is_loaded;

	read_what_was_typed(p);
	start_again(p);
	p->is_loaded = is_loaded;
	if (e != ERR_LOST)
		find_viewer_again(p);
	if (page_needs_login(p->route->need) && p->viewer.account == 0 &&
	    e == ERR_ABSENT)
		e = ERR_LOGIN;
	if (e == ERR_LOGIN && p->request->method != METHOD_POST) {
		if (redirect_to_login(p) == OK)
			return;
	}
	if (e == ERR_METHOD && add_allowed(p, gate->routes) != OK)
		e = ERR_INTERNAL;
	if (page_show_error(p, e) != OK)
		answer_plainly(p, e);
}

static enum err
run_once(struct page *p)
{
	if (api_is(p->request->path))
		return api_run(p);
	return p->request->method == METHOD_POST ? run_post(p) : run_get(p);
}

static enum err
run(struct page *p)
{
	enum err e = run_once(p);

	if (e == ERR_LOST && p->route->method == METHOD_GET) {
		/* Reading may be done twice, with a fresh connection. */
		start_again(p);
		e = run_once(p);
	}
	return e;
}

/* As gate_route_names numbers them. */
static size_t
number_of(const struct gate *gate, const struct route *route)
{
	const struct route_table *const tables[] = {
	    gate->routes, gate->api, gate->sim};
	size_t before = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const struct route *rows = tables[i]->rows;

		if (route >= rows && route < rows + tables[i]->count)
			return before + (size_t)(route - rows);
		before += tables[i]->count;
	}
	return before;
}

_Static_assert(METHOD_DELETE == 6, "the label `method` in base/metrics.c");

static void
count_answer(const struct gate *gate, const struct page *p, int64_t started_us)
{
	size_t route = number_of(gate, p->route);
	int status = p->response->status;

	metrics_count(METRIC_REQUESTS,
	    AT(route, p->request->method, metrics_status(status)), 1);
	metrics_count(METRIC_RESPONSES,
	    AT(status >= 100 && status < 600 ? (size_t)status / 100 : 0), 1);
	metrics_time(METRIC_LATENCY, AT(route), started_us);
}

static void
log_answer(const struct page *p, enum err e, int64_t started_us)
{
	enum log_level level =
	    e == OK || p->response->status < 500 ? LOG_INFO : LOG_ERROR;

	log_event(level, "answered", LOG_INT("status", p->response->status),
	    LOG_MS(clock_monotonic_us() - started_us),
	    LOG_Z("result", err_name(e)),
	    LOG_STR("client", p->request->remote_addr));
}

/* In the words of who has asked: a page, or JSON. */
static enum err
answer_refused(struct page *p, int status)
{
	struct request asked = *p->request;

	asked.raw_path = asked.refused;
	if (api_is(asked.raw_path))
		return api_show_status(p, status);
	if (sim_is(p->site, &asked))
		return sim_show_status(p, status);
	find_viewer_again(p);
	return page_show_status(p, status);
}

/* "/error/413": nginx could not even hand the request on. */
static bool
is_nginx_error(struct str path, int64_t *status)
{
	return str_starts(path, STR("/error/")) &&
	       str_parse_int(str_slice(path, 7, path.len), 400, 599, status) ==
	           OK;
}

static enum err
find_route(struct page *p, const struct gate *gate)
{
	struct route_match match = {0};

	TRY(p->request->fault);
	TRY(route_find(api_is(p->request->path) ? gate->api : gate->routes,
	    p->request->method, p->request->segments, &match));
	p->route = match.route;
	p->id = match.id;
	p->text = match.text;
	return OK;
}

/* What every stranger gets alike: nginx may hand it to others for a second
 * (nginx/snippets/server.conf).  No header of its own means no cookie. */
static bool
is_for_all_strangers(const struct page *p)
{
	return p->response->status == 200 && p->response->header_count == 0 &&
	       p->request->method != METHOD_POST && p->viewer.account == 0 &&
	       p->csrf.len == 0;
}

enum err
gate_route_names(struct arena *a, const struct gate *gate, struct list *out)
{
	const struct route_table *const tables[] = {
	    gate->routes, gate->api, gate->sim};
	size_t count =
	    gate->routes->count + gate->api->count + gate->sim->count + 1;
	const char **names = arena_array(a, count, sizeof(*names));
	size_t n = 0;

	if (names == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			names[n++] = tables[i]->rows[j].name;
	names[n] = no_route.name;
	*out = (struct list){names, count};
	return OK;
}

void
gate_answer(const struct gate *gate, struct arena *a,
    const struct request *request, struct response *r)
{
	struct page p = page_start(gate, a, request, r);
	int64_t started_us = clock_monotonic_us(), status;
	bool is_sim = sim_is(gate->site, request);
	enum err e;

	log_context((struct log_context){.request_id = request->request_id});
	if (is_nginx_error(request->path, &status)) {
		e = answer_refused(&p, (int)status);
	} else if (is_sim) {
		e = sim_run(&p, gate->sim);
	} else {
		e = find_route(&p, gate);
		log_context((struct log_context){
		    request->request_id, str_from(p.route->name), 0});
		if (e == OK)
			e = run(&p);
	}
	if (e == OK)
		e = buf_check(r->body);
	log_context((struct log_context){
	    request->request_id, str_from(p.route->name), p.viewer.account});
	if (e != OK && is_sim)
		answer_sim_error(&p, gate, e);
	else if (e != OK && is_for_api(request))
		answer_api_error(&p, e);
	else if (e != OK)
		answer_error(&p, gate, e);
	/* What a handler has said is stricter. */
	if ((p.viewer.account != 0 || p.csrf.len > 0) &&
	    str_equal(r->cache_control, STR("no-store")))
		r->cache_control = STR("private, no-cache");
	if (e == OK && !is_sim && is_for_all_strangers(&p))
		e = response_header(r, STR("X-Accel-Expires"), STR("1"));
	count_answer(gate, &p, started_us);
	log_answer(&p, e, started_us);
	log_context((struct log_context){0});
	db_rest(gate->site->db);
}
