/* Letting programs in, and how all answers of the API are made. */
#include "pages/api.h"
#include "base/log.h"
#include "domain/token.h"
#include "http/json.h"
#include "pages/handlers.h"
#include "view/json.h"

enum {
	RETRY_S = 5
};

bool
api_is(struct str path)
{
	return str_equal(path, STR("/api/v1")) ||
	       str_starts(path, STR("/api/v1/"));
}

const char *
api_scope(enum page_need need)
{
	switch (need) {
	case NEED_READ:
		return "read";
	case NEED_WRITE:
		return "write";
	case NEED_UPLOAD:
		return "upload";
	case NEED_MODERATE:
	case NEED_MODERATE_ADMIN:
		return "moderate";
	case NEED_NOTHING:
	case NEED_MEMBER:
	case NEED_MODERATOR:
	case NEED_ADMIN:
	case NEED_SIMULATOR:
		break;
	}
	return "";
}

/* RFC 6750 section 2.1; the scheme's case does not count. */
static struct str
bearer(struct str authorization)
{
	struct str scheme = STR("Bearer ");

	if (authorization.len <= scheme.len ||
	    !str_equal_nocase(str_slice(authorization, 0, scheme.len), scheme))
		return (struct str){0};
	return str_trim(
	    str_slice(authorization, scheme.len, authorization.len));
}

static bool
has_scope(const struct sql_token_enter_row *token, enum page_need need)
{
	switch (need) {
	case NEED_READ:
		return token->can_read;
	case NEED_WRITE:
		return token->can_write;
	case NEED_UPLOAD:
		return token->can_upload;
	case NEED_MODERATE:
		return token->can_moderate;
	case NEED_MODERATE_ADMIN:
		return token->is_admin;
	case NEED_NOTHING:
		return true;
	case NEED_MEMBER:
	case NEED_MODERATOR:
	case NEED_ADMIN:
	case NEED_SIMULATOR:
		break;
	}
	return false;
}

static enum err
enter(struct page *p)
{
	struct str token = bearer(p->request->authorization);
	int64_t most = p->site->conf->api_calls;
	struct sql_token_enter_row row;

	TRY(token_enter(p->site, p->arena, token, &row));
	p->has_entered = true;
	p->calls_left = row.calls < most ? most - row.calls : 0;
	p->calls_reset_s = row.seconds_left;
	p->viewer.account = row.account;
	p->viewer.name = row.name;
	p->viewer.display = row.display;
	p->viewer.is_moderator = row.can_moderate;
	p->viewer.is_admin = row.is_admin;
	p->is_past_calls = row.calls > most;
	if (p->is_past_calls)
		return ERR_TOO_MANY;
	p->lacks_scope = !has_scope(&row, p->route->need);
	return p->lacks_scope ? ERR_FORBIDDEN : OK;
}

static enum err
add_number(struct page *p, struct str name, int64_t number)
{
	struct str text;

	TRY(arena_printf(p->arena, &text, "%lld", (long long)number));
	return response_header(p->response, name, text);
}

static enum err
add_rate(struct page *p)
{
	if (!p->has_entered)
		return OK;
	TRY(add_number(p, STR("RateLimit-Limit"), p->site->conf->api_calls));
	TRY(add_number(p, STR("RateLimit-Remaining"), p->calls_left));
	return add_number(p, STR("RateLimit-Reset"), p->calls_reset_s);
}

/* What no struct can be filled with is refused by its name. */
static enum err
refuse_misfit(struct page *p, const struct shape *sends, bool *is_refused)
{
	const struct shape_member *m = form_misfit(p->arena, &p->form, sends);
	struct api_fault fault = {.detail = STR("Send true or false.")};

	*is_refused = m != NULL;
	if (m == NULL)
		return OK;
	fault.field = str_from(m->name);
	if (m->kind == SHAPE_LIST)
		fault.detail = STR("Send no more than 50 of these.");
	else if (m->kind == SHAPE_INT)
		fault.detail = STR("Send a number without a fraction.");
	return api_refuse(p, &fault, 1);
}

/* What is sent to a call that takes nothing is nobody's, and many programs
 * name a type without sending anything.  *is_refused: it will not do, and that
 * is answered. */
static enum err
read_body(struct page *p, bool *is_refused)
{
	const struct api_operation *op = api_operation_of(p->route);
	const struct conf *c = p->site->conf;
	struct form_limits limits = {0};
	struct json_fault why = {0};
	enum err e;

	*is_refused = false;
	if (op->sends == NULL && op->file == NULL)
		return OK;
	if (p->route->form == FORM_FILES) {
		limits.files = (size_t)c->post_images;
		limits.file_bytes = c->image_bytes;
		limits.body_bytes = conf_body_bytes(c);
		limits.spool = p->site->spool;
	}
	e = json_or_form_read(
	    p->arena, p->request, &limits, op->sends, &p->form, &why);
	p->why = why.detail;
	if (e == OK && op->sends != NULL)
		return refuse_misfit(p, op->sends, is_refused);
	*is_refused = e == ERR_INPUT && why.member.len > 0;
	return *is_refused ? api_refuse(p,
				 &(struct api_fault){why.member, why.detail}, 1)
	                   : e;
}

static enum err
run_reading(struct page *p)
{
	sql_api_reading_ask(
	    p->site->db, &(struct sql_api_reading_in){p->viewer.account}, NULL);
	TRY(p->route->handler(p));
	return p->response->status == 200 && !p->is_file ? api_add_tag(p) : OK;
}

enum err
api_run(struct page *p)
{
	bool is_refused;

	if (p->route->need == NEED_NOTHING) {
		TRY(p->route->handler(p));
		return api_add_tag(p);
	}
	TRY(enter(p));
	TRY(add_rate(p));
	if (p->route->method == METHOD_GET)
		return run_reading(p);
	TRY(api_check_match(p, &is_refused));
	if (is_refused)
		return OK;
	TRY(read_body(p, &is_refused));
	p->is_loaded = true;
	if (is_refused)
		return OK;
	return p->route->handler(p);
}

static void
start(struct page *p, const char *type)
{
	p->response->status = p->status;
	p->response->content_type = str_from(type);
}

enum err
api_show(struct page *p, const struct shape *shape, const void *at)
{
	start(p, "application/json");
	json_put(p->response->body, shape, at);
	return buf_check(p->response->body);
}

/* The path of the request, with the escapes that a header needs. */
static enum err
encode_path(struct page *p, struct url *out)
{
	const struct str *segment = p->request->segments.items;
	struct buf b = {0};
	enum err e;

	for (size_t i = 0; i < p->request->segments.count; i++) {
		buf_put_char(&b, '/');
		buf_put_percent(&b, segment[i]);
	}
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(p->arena, buf_str(&b), &out->text);
	buf_free(&b);
	return e;
}

static enum err
add_link(struct page *p, int64_t last)
{
	struct url path, whole;
	struct str link;

	TRY(encode_path(p, &path));
	TRY(api_address(p, path, &whole));
	TRY(arena_printf(p->arena, &link, "<%.*s?before=%lld>; rel=\"next\"",
	    STR_ARG(whole.text), (long long)last));
	return response_header(p->response, STR("Link"), link);
}

enum err
api_show_list(
    struct page *p, const struct shape *shape, struct list list, int64_t last)
{
	start(p, "application/json");
	json_put_list(p->response->body, shape, list);
	if (last != 0)
		TRY(add_link(p, last));
	return buf_check(p->response->body);
}

enum err
api_done(struct page *p)
{
	p->status = 204;
	start(p, "application/json");
	return OK;
}

static enum err
show_problem(struct page *p, struct str detail, struct list faults)
{
	struct api_problem problem = {
	    .type = STR("about:blank"),
	    .title = str_from(response_reason(p->status)),
	    .status = p->status,
	    .detail = detail,
	    .request_id = p->request->request_id,
	    .errors = faults,
	};

	start(p, "application/problem+json");
	buf_reset(p->response->body);
	json_put(p->response->body, &shape_api_problem, &problem);
	return buf_check(p->response->body);
}

enum err
api_refuse(struct page *p, const struct api_fault *faults, size_t count)
{
	p->status = 422;
	TRY(api_free_key(p));
	return show_problem(p,
	    STR("Something that you sent is not as it should be; nothing has "
		"been changed."),
	    (struct list){faults, count});
}

/* 403: for want of a scope, of a role, or because it is another's. */
static struct str
detail_of_forbidden(const struct page *p)
{
	if (!p->lacks_scope)
		return STR("It is not yours to do.");
	switch (p->route->need) {
	case NEED_READ:
		return STR("This needs a token with the scope read.");
	case NEED_WRITE:
		return STR("This needs a token with the scope write.");
	case NEED_UPLOAD:
		return STR("This needs a token with the scope upload.");
	case NEED_MODERATE:
		return STR("This needs a token with the scope moderate, of a "
			   "moderator or an admin.");
	case NEED_MODERATE_ADMIN:
		return STR("This needs a token with the scope moderate, of an "
			   "admin.");
	case NEED_NOTHING:
	case NEED_MEMBER:
	case NEED_MODERATOR:
	case NEED_ADMIN:
	case NEED_SIMULATOR:
		break;
	}
	return STR("It is not yours to do.");
}

/* What a program's author needs to know of a status. */
static struct str
detail_of(const struct page *p, int status)
{
	if (p->why.len > 0)
		return p->why;
	switch (status) {
	case 400:
		return STR("The address, a parameter or the body cannot be "
			   "understood.");
	case 401:
		return STR("Send a token of this site: Authorization: Bearer "
			   "pix_... They are made in the settings.");
	case 403:
		return detail_of_forbidden(p);
	case 404:
		return STR("There is no such thing, or you may not see it.");
	case 405:
		return STR("This address does not take that method.");
	case 409:
		return STR("It is so already, or was changed at the same "
			   "moment; read it and try again.");
	case 412:
		return STR("What is there is not what If-Match names; read it "
			   "and try again.");
	case 413:
		return STR("That is more than this site takes at once.");
	case 415:
		return STR("Send application/json, or multipart/form-data "
			   "with files.");
	case 429:
		return p->is_past_calls
		           ? STR("The token has been used too often in this "
				 "minute.")
		           : STR("You have done this as often as this site "
				 "allows in an hour.");
	case 503:
		return STR("The site is busy; try again in a few seconds.");
	default:
		return STR("Something went wrong on our side; its cause is in "
			   "the log under request_id.");
	}
}

/* What an account may do is counted by the clock's hour (domain/rate.h). */
static int64_t
retry_after_s(const struct page *p)
{
	return p->is_past_calls ? p->calls_reset_s
	                        : 3600 - p->now.us / 1000000 % 3600;
}

/* Whoever asks for what is no call is counted as well. */
static enum err
enter_late(struct page *p, enum err e)
{
	if (p->has_entered || p->request->authorization.len == 0 ||
	    (e != ERR_ABSENT && e != ERR_METHOD && e != ERR_INPUT))
		return e;
	return enter(p) == ERR_TOO_MANY ? ERR_TOO_MANY : e;
}

/* RFC 6750 section 3. */
static enum err
add_challenge(struct page *p)
{
	struct str realm = STR("Bearer realm=\"pixlpix\""), all = realm;

	if (p->status == 401 && p->request->authorization.len > 0)
		TRY(arena_printf(p->arena, &all,
		    "%.*s, error=\"invalid_token\"", STR_ARG(realm)));
	if (p->status == 403)
		TRY(arena_printf(p->arena, &all,
		    "%.*s, error=\"insufficient_scope\", scope=\"%s\"",
		    STR_ARG(realm), api_scope(p->route->need)));
	return response_header(p->response, STR("WWW-Authenticate"), all);
}

enum err
api_show_error(struct page *p, enum err e, struct str allowed)
{
	e = enter_late(p, e);
	p->status = page_status_of(e);
	if (p->status != 400)
		p->why = (struct str){0};
	if (e != ERR_LOST && api_free_key(p) != OK)
		log_event(LOG_WARN, "idempotency key not freed");
	TRY(add_rate(p));
	if (p->status == 401 || (p->status == 403 && p->lacks_scope))
		TRY(add_challenge(p));
	if (p->status == 405)
		TRY(response_header(p->response, STR("Allow"), allowed));
	if (p->status == 429)
		TRY(add_number(p, STR("Retry-After"), retry_after_s(p)));
	if (p->status == 503)
		TRY(response_header(p->response, STR("Retry-After"), STR("5")));
	return show_problem(p, detail_of(p, p->status), (struct list){0});
}

enum err
api_show_status(struct page *p, int status)
{
	p->status = status;
	/* nginx's own limit, of tries at passwords (nginx/snippets). */
	if (status == 429) {
		TRY(add_number(
		    p, STR("RateLimit-Limit"), p->site->conf->login_burst));
		TRY(add_number(p, STR("RateLimit-Remaining"), 0));
		TRY(add_number(p, STR("RateLimit-Reset"), RETRY_S));
	}
	if (status == 429 || status == 503)
		TRY(add_number(p, STR("Retry-After"), RETRY_S));
	return show_problem(p, detail_of(p, status), (struct list){0});
}

enum err
api_address(struct page *p, struct url path, struct url *out)
{
	*out = path;
	if (path.text.len == 0)
		return OK;
	return arena_printf(p->arena, &out->text, "%.*s%.*s",
	    STR_ARG(p->site->conf->site_url), STR_ARG(path.text));
}

enum err
api_before(struct page *p, int64_t *before)
{
	enum err e = page_before(p, before);

	if (e != ERR_ABSENT)
		return e;
	p->why = STR("`before` is an id, as the Link header has it.");
	return ERR_INPUT;
}

enum err
api_id(struct page *p, int64_t id, struct str *out)
{
	return arena_printf(p->arena, out, "%lld", (long long)id);
}
