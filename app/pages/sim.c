/* Letting the simulator in, and what it may ask for. */
#include "pages/sim.h"
#include "base/digest.h"
#include "base/log.h"
#include "domain/follow.h"
#include "domain/post.h"
#include "domain/rules.h"
#include "domain/sim.h"
#include "http/json.h"
#include "http/url.h"
#include "pages/handlers.h"
#include "view/json.h"
#include "view/sim.h"
#include "view/text.h"

enum {
	DEFAULT_COUNT = 100,
	/* What `no=-1` gives: neither more items than this nor, but for the
	 * last batch, more bytes. */
	COUNT_MAX = 20000,
	BYTES_MAX = 4 * 1024 * 1024,
	BATCH = 500
};

static bool
is_local(struct str address)
{
	return str_starts(address, STR("127.")) ||
	       str_equal(address, STR("::1"));
}

bool
sim_is(const struct site *site, const struct request *request)
{
	struct str prefix = site->conf->sim_prefix, path = request->raw_path;

	if (prefix.len == 0 || !str_starts(path, prefix))
		return false;
	if (site->conf->sim_local != 0 && !is_local(request->remote_addr))
		return false;
	return path.len == prefix.len || path.at[prefix.len] == '/';
}

/* What is behind the prefix, as sent: the first segment, and all the rest as
 * one, since a name may hold anything, slashes and dots too, and not every
 * program writes them with a percent. */
static enum err
split_path(struct page *p, struct list *out)
{
	struct str rest = p->request->raw_path;
	struct str *segments = arena_array(p->arena, 2, sizeof(*segments));

	if (segments == NULL)
		return ERR_MEMORY;
	rest = str_slice(rest, p->site->conf->sim_prefix.len, rest.len);
	(void)str_cut(&rest, '/');
	out->items = segments;
	out->count = str_find(rest, '/') < rest.len ? 2 : 1;
	TRY(url_decode(p->arena, str_cut(&rest, '/'), false, &segments[0]));
	return url_decode(p->arena, rest, false, &segments[1]);
}

/* The request with nothing against its path, which is not what nginx and the
 * pages make of it. */
static enum err
accept_path(struct page *p)
{
	struct request *same = ARENA_NEW(p->arena, struct request);

	if (!p->request->is_path_fault)
		return p->request->fault;
	if (same == NULL)
		return ERR_MEMORY;
	*same = *p->request;
	same->fault = OK;
	p->request = same;
	return OK;
}

/* A number of the query, or false. */
static bool
ask_query(struct page *p, struct str name, int64_t *out)
{
	struct form query;

	return form_parse(p->arena, p->request->query, NULL, &query) == OK &&
	       str_parse_int(
		   form_value(&query, name), INT64_MIN, INT64_MAX, out) == OK;
}

static enum err
note_latest(struct page *p)
{
	int64_t latest;

	if (!ask_query(p, STR("latest"), &latest) || latest == -1)
		return OK;
	return sim_note_latest(p->site, p->arena, latest);
}

/* RFC 7617; the scheme's case does not count. */
static enum err
check_login(const struct page *p)
{
	struct str scheme = STR("Basic "), sent = p->request->authorization;

	if (sent.len < scheme.len ||
	    !str_equal_nocase(str_slice(sent, 0, scheme.len), scheme))
		return ERR_FORBIDDEN;
	sent = str_trim(str_slice(sent, scheme.len, sent.len));
	return digest_equal(sent, p->site->sim_login) ? OK : ERR_FORBIDDEN;
}

static enum err
run(struct page *p)
{
	struct form_limits limits = {.keeps_lines = true};

	if (p->route->need == NEED_SIMULATOR)
		TRY(check_login(p));
	if (p->route->method == METHOD_POST)
		TRY(json_read(p->arena, p->request, &limits, &p->form));
	return p->route->handler(p);
}

enum err
sim_run(struct page *p, const struct route_table *table)
{
	struct route_match match = {0};
	struct list segments;
	enum err e;

	TRY(accept_path(p));
	e = split_path(p, &segments);
	if (e == OK)
		e = route_find(table, p->request->method, segments, &match);
	if (e == OK) {
		p->route = match.route;
		p->text = match.text;
		log_context((struct log_context){
		    p->request->request_id, str_from(p->route->name), 0});
	}
	if (e != OK || p->route->handler != sim_latest)
		TRY(note_latest(p));
	TRY(e);
	e = run(p);
	if (e == ERR_LOST && p->route->method == METHOD_GET) {
		/* Reading may be done twice, with a fresh connection. */
		db_rest(p->site->db);
		buf_reset(p->response->body);
		e = run(p);
	}
	return e;
}

static enum err
show(struct page *p, const struct shape *shape, const void *at)
{
	p->response->status = p->status;
	p->response->content_type = STR("application/json");
	json_put(p->response->body, shape, at);
	return buf_check(p->response->body);
}

static enum err
done(struct page *p)
{
	p->response->status = 204;
	return OK;
}

static enum err
refuse(struct page *p, int status, struct str sentence)
{
	struct sim_error error = {status, sentence};

	p->status = status;
	buf_reset(p->response->body);
	return show(p, &shape_sim_error, &error);
}

static struct str
sentence_of(int status)
{
	switch (status) {
	case 400:
		return STR("The address or the body cannot be understood; a "
			   "body is a JSON object.");
	case 403:
		return STR("You are not authorized to use this resource!");
	case 404:
		return STR("There is no such user or address.");
	case 405:
		return STR("This address does not take that method.");
	case 413:
		return STR("A body has at most 64 KB.");
	case 503:
		return STR("The site is busy; try again in a few seconds.");
	default:
		return STR("Something went wrong; the log has its cause.");
	}
}

enum err
sim_show_status(struct page *p, int status)
{
	if (status == 503)
		TRY(response_header(p->response, STR("Retry-After"), STR("5")));
	return refuse(p, status, sentence_of(status));
}

enum err
sim_show_error(struct page *p, const struct route_table *table, enum err e)
{
	int status = page_status_of(e);
	struct list segments;
	struct str allowed;

	if (status == 405) {
		TRY(split_path(p, &segments));
		TRY(route_allowed(p->arena, table, segments, &allowed));
		TRY(response_header(p->response, STR("Allow"), allowed));
	}
	return sim_show_status(p, status);
}

enum err
sim_latest(struct page *p)
{
	struct sql_sim_latest_row row;

	TRY(sql_sim_latest(p->site->db, p->arena, &row));
	return show(p, &shape_sim_latest, &(struct sim_latest){row.latest});
}

enum err
sim_register(struct page *p)
{
	struct sim_joining joining = {
	    .name = form_value(&p->form, STR("username")),
	    .email = form_value(&p->form, STR("email")),
	    .password = form_value(&p->form, STR("pwd")),
	};
	struct str complaint;
	enum err e = sim_join(p->site, p->arena, &joining, &complaint);

	if (e == ERR_INPUT)
		return refuse(p, 400, complaint);
	TRY(e);
	return done(p);
}

/* How many items the query wants. */
static int64_t
count_wanted(struct page *p)
{
	int64_t count;

	if (!ask_query(p, STR("no"), &count))
		return DEFAULT_COUNT;
	return count < 0 || count > COUNT_MAX ? COUNT_MAX : count;
}

static void
put_messages(struct buf *b, struct list rows)
{
	const struct sql_message_row *row = rows.items;

	for (size_t i = 0; i < rows.count; i++) {
		struct sim_message message = {
		    row[i].content, row[i].created.us / 1000000, row[i].name};

		if (b->len > 1)
			buf_put_char(b, ',');
		json_put(b, &shape_sim_message, &message);
	}
}

/* The newest messages, of one account where the address names one. */
static enum err
ask_batch(struct page *p, int64_t before, int64_t most, struct list *rows)
{
	if (p->text.len > 0)
		return sql_sim_account_messages(p->site->db, p->arena,
		    &(struct sql_sim_account_messages_in){
			p->text, before, most},
		    rows);
	return sql_sim_messages(p->site->db, p->arena,
	    &(struct sql_sim_messages_in){before, most}, rows);
}

static enum err
show_messages(struct page *p)
{
	struct buf *b = p->response->body;
	int64_t left = count_wanted(p), before = INT64_MAX;

	p->response->content_type = STR("application/json");
	buf_put_char(b, '[');
	while (left > 0 && b->len < BYTES_MAX) {
		int64_t most = left < BATCH ? left : BATCH;
		const struct sql_message_row *row;
		struct list rows;

		TRY(ask_batch(p, before, most, &rows));
		put_messages(b, rows);
		if (rows.count < (size_t)most)
			break;
		row = rows.items;
		before = row[rows.count - 1].id;
		left -= most;
	}
	buf_put_char(b, ']');
	return buf_check(b);
}

enum err
sim_messages(struct page *p)
{
	return show_messages(p);
}

enum err
sim_account_messages(struct page *p)
{
	int64_t account;

	TRY(sim_find(p->site, p->arena, p->text, &account));
	return show_messages(p);
}

enum err
sim_message_send(struct page *p)
{
	struct post_draft draft = {
	    .caption = form_value(&p->form, STR("content")),
	    .is_uncounted = true,
	};
	struct post_outcome outcome;
	struct str complaint = {0};

	TRY(sim_find(p->site, p->arena, p->text, &draft.account));
	TRY(rules_check_text(p->arena, draft.caption,
	    p->site->conf->caption_chars, false, &complaint));
	if (complaint.len > 0)
		return refuse(p, 400, complaint);
	TRY(text_tags(p->arena, draft.caption, &draft.tags));
	TRY(page_form_key(p, &draft.form_key));
	TRY(post_make(p->site, p->arena, &draft, &outcome));
	return done(p);
}

enum err
sim_follows(struct page *p)
{
	struct sql_sim_follows_in in = {p->text, count_wanted(p)};
	struct sim_follows out = {0};
	int64_t account;

	TRY(sim_find(p->site, p->arena, p->text, &account));
	/* A row is a name alone. */
	_Static_assert(
	    sizeof(struct sql_sim_follows_row) == sizeof(struct str), "");
	TRY(sql_sim_follows(p->site->db, p->arena, &in, &out.follows));
	return show(p, &shape_sim_follows, &out);
}

/* Following oneself changes nothing. */
static enum err
follow(struct page *p, int64_t account, struct str whom)
{
	int64_t other;

	TRY(sim_find(p->site, p->arena, whom, &other));
	return other == account
	           ? OK
	           : follow_add_uncounted(p->site, p->arena, account, whom);
}

enum err
sim_follow_send(struct page *p)
{
	struct str to_follow = form_value(&p->form, STR("follow"));
	struct str to_leave = form_value(&p->form, STR("unfollow"));
	int64_t account;

	TRY(sim_find(p->site, p->arena, p->text, &account));
	if ((to_follow.len > 0) == (to_leave.len > 0))
		return refuse(p, 400,
		    STR("Send {\"follow\": NAME} or {\"unfollow\": NAME}."));
	TRY(to_follow.len > 0
		? follow(p, account, to_follow)
		: follow_remove(p->site, p->arena, account, to_leave));
	return done(p);
}
