/* Making a site for a test, and talking to its gate. */
#include "kit.h"
#include "base/clock.h"
#include "domain/session.h"
#include "http/body.h"
#include "routes.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct kit kit;

static void
write_conf(const char *path)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	(void)fprintf(file,
	    "[site]\nurl = http://pix.test\n"
	    "[web]\nrun_dir = %s\nspool_dir = %s/spool\nviews_dir = %s/views\n"
	    "decoder = %s/pixlpix-decode\n"
	    "[database]\nconninfo = %s\n"
	    "[store]\ndir = %s/store\n"
	    "[password]\nargon2_memory_kib = 8192\nargon2_passes = 1\n",
	    kit.folder, kit.folder, getenv("PIXLPIX_SRCDIR"),
	    getenv("PIXLPIX_BUILDDIR"), kit.t->conninfo, kit.folder);
	cr_assert_eq(fclose(file), 0);
}

/* Rows are made by hand here: how pages make them is what tests are for. */
static void
make_rows(void)
{
	test_db_run(kit.t,
	    "INSERT INTO account (name, email, display, password_hash, "
	    "consent_version) SELECT n, n || '@example.org', initcap(n), 'x', "
	    "'1' FROM unnest(ARRAY['ann', 'bob', 'cat', "
	    "'meg', 'ada']) n;"
	    "UPDATE account SET role = 'moderator' WHERE id = 4;"
	    "UPDATE account SET role = 'admin' WHERE id = 5;"
	    "INSERT INTO post (account_id, caption, images, cover_key, "
	    "cover_width, cover_height, cover_m_width, comments) VALUES "
	    "(1, 'the #sea', 1, 'abcdefghijklmnopqrstuvwxyz', 1600, 1200, 640, "
	    "1);"
	    "INSERT INTO image (post_id, place, key, width, height, m_width, "
	    "alt, colour) VALUES (1, 1, 'abcdefghijklmnopqrstuvwxyz', 1600, "
	    "1200, 640, 'waves', 7);"
	    "INSERT INTO post_tag VALUES ('sea', 1);"
	    "INSERT INTO feed VALUES (1, 1, 1), (2, 1, 1);"
	    "INSERT INTO follow (follower_id, followed_id) VALUES (2, 1);"
	    "INSERT INTO comment (post_id, account_id, body) VALUES "
	    "(1, 2, 'lovely');"
	    "UPDATE account SET posts = (id = 1)::int, "
	    "followers = (id = 1)::int, following = (id = 2)::int;"
	    "INSERT INTO incident (title, severity, began_at, form_key) VALUES "
	    "('Slow disks', 'degraded', now(), 'k');"
	    "CREATE FUNCTION all_rows() RETURNS bigint LANGUAGE plpgsql AS $$"
	    "DECLARE t text; n numeric; s numeric := 0; BEGIN "
	    "FOR t IN SELECT tablename FROM pg_tables "
	    "WHERE schemaname = 'public' ORDER BY 1 LOOP EXECUTE format("
	    "'SELECT coalesce(sum(hashtext(r::text)::numeric), 0) + count(*) "
	    "FROM %I r', t) INTO n; s := s * 31 + n; END LOOP; "
	    "RETURN (s % 9007199254740993)::bigint; END $$");
	kit.post = 1;
	kit.comment = 1;
}

void
kit_start(void)
{
	struct buf complaints = {0};
	char path[128], views[1024];

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	kit.t = test_db_make(NULL);
	kit.arena = arena_make(4 << 20);
	kit.a = arena_make(64 << 20);
	(void)strcpy(kit.folder, "/tmp/pixlpix-pages.XXXXXX");
	cr_assert_not_null(mkdtemp(kit.folder));
	(void)snprintf(path, sizeof(path), "%s/store", kit.folder);
	cr_assert_eq(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/pixlpix.conf", kit.folder);
	write_conf(path);
	cr_assert_eq(conf_load(kit.arena, path, &complaints, &kit.conf), OK,
	    "%.*s", STR_ARG(buf_str(&complaints)));
	cr_assert_eq(site_open(kit.arena, &kit.conf, &kit.site), OK);
	cr_assert_eq(
	    assets_load(kit.arena, kit.conf.views_dir, &kit.assets), OK);
	(void)snprintf(
	    views, sizeof(views), "%.*s", STR_ARG(kit.conf.views_dir));
	cr_assert_eq(tpl_set_load(views, NULL, models, models_count,
			 &complaints, &kit.views),
	    OK, "%.*s", STR_ARG(buf_str(&complaints)));
	kit.gate = (struct gate){&kit.site, &routes, &api_routes, &sim_routes,
	    kit.views, &kit.assets};
	make_rows();
	kit.tokens[STRANGER] =
	    STR("0123456789012345678901234567890123456789012");
	for (int who = ANN; who <= ADA; who++)
		cr_assert_eq(session_start(&kit.site, kit.arena, who, NULL,
				 &kit.tokens[who]),
		    OK);
	buf_free(&complaints);
}

void
kit_stop(void)
{
	char command[128];

	site_close(&kit.site);
	tpl_set_free(kit.views);
	buf_free(&kit.body);
	arena_free(kit.a);
	arena_free(kit.arena);
	test_db_drop(kit.t);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", kit.folder);
	cr_assert_eq(system(command), 0);
}

static const char *
param(const char *name, const char *value)
{
	struct str out;

	cr_assert_eq(arena_printf(kit.a, &out, "%s=%s", name, value), OK);
	return out.at;
}

static void
add_params(const struct kit_request *r, const char **params)
{
	const char *mark = strchr(r->address, '?');
	struct str path = str_from(r->address);
	size_t n = 0;
	char length[24], z_path[1100];

	if (mark != NULL)
		path.len = (size_t)(mark - r->address);
	(void)snprintf(z_path, sizeof(z_path), "%.*s", STR_ARG(path));
	(void)snprintf(length, sizeof(length), "%zu",
	    r->body != NULL ? strlen(r->body) : 0);
	params[n++] = param("REQUEST_METHOD", r->method);
	params[n++] = param("REQUEST_URI", r->address);
	params[n++] = param("DOCUMENT_URI", z_path);
	params[n++] = param("QUERY_STRING", mark != NULL ? mark + 1 : "");
	params[n++] = param("CONTENT_LENGTH", length);
	params[n++] =
	    param("REMOTE_ADDR", r->client != NULL ? r->client : "127.0.0.1");
	params[n++] = param("HTTP_HOST", "pix.test");
	if (r->content_type != NULL)
		params[n++] = param("CONTENT_TYPE", r->content_type);
	if (r->cookie != NULL)
		params[n++] = param("HTTP_COOKIE", r->cookie);
	if (r->origin != NULL)
		params[n++] = param("HTTP_ORIGIN", r->origin);
	if (r->authorization != NULL)
		params[n++] = param("HTTP_AUTHORIZATION", r->authorization);
	if (r->accept != NULL)
		params[n++] = param("HTTP_ACCEPT", r->accept);
	if (r->idempotency_key != NULL)
		params[n++] = param("HTTP_IDEMPOTENCY_KEY", r->idempotency_key);
	if (r->refused != NULL)
		params[n++] = param("REFUSED_URI", r->refused);
	params[n] = NULL;
}

int
kit_send(const struct kit_request *r)
{
	struct body_memory memory = {
	    .bytes = str_from(r->body != NULL ? r->body : "")};
	struct body body = body_from_memory(&memory);
	struct request request;
	const char *params[20] = {NULL};

	add_params(r, params);
	cr_assert_eq(request_make(kit.a, params, &body, &request), OK);
	kit.response = response_start(&kit.body);
	gate_answer(&kit.gate, kit.a, &request, &kit.response);
	return kit.response.status;
}

const char *
kit_cookie(enum kit_who who)
{
	struct str out;

	cr_assert_eq(arena_printf(kit.a, &out, "%s=%.*s",
			 who == STRANGER ? "visitor" : "session",
			 STR_ARG(kit.tokens[who])),
	    OK);
	return out.at;
}

const char *
kit_csrf(enum kit_who who)
{
	struct str out;
	const char *z;

	cr_assert_eq(session_csrf(kit.a, kit.tokens[who], &out), OK);
	cr_assert_eq(arena_z(kit.a, out, &z), OK);
	return z;
}

int
kit_get(enum kit_who who, const char *address)
{
	return kit_send(&(struct kit_request){
	    .method = "GET", .address = address, .cookie = kit_cookie(who)});
}

int
kit_post(enum kit_who who, const char *address, const char *form)
{
	struct str body;

	cr_assert_eq(
	    arena_printf(kit.a, &body, "csrf=%s&%s", kit_csrf(who), form), OK);
	return kit_send(&(struct kit_request){.method = "POST",
	    .address = address,
	    .cookie = kit_cookie(who),
	    .origin = "http://pix.test",
	    .content_type = "application/x-www-form-urlencoded",
	    .body = body.at});
}

const char *
kit_header(const char *name)
{
	const char *z = "";

	for (size_t i = 0; i < kit.response.header_count; i++)
		if (str_equal(kit.response.headers[i].name, str_from(name)))
			cr_assert_eq(
			    arena_z(kit.a, kit.response.headers[i].value, &z),
			    OK);
	return z;
}

bool
kit_body_has(const char *text)
{
	return memmem(kit.body.at, kit.body.len, text, strlen(text)) != NULL;
}

int64_t
kit_rows(void)
{
	return test_db_count(kit.t, "SELECT all_rows()");
}

enum kit_who
kit_who_may(const struct route *route)
{
	switch (route->need) {
	case NEED_MEMBER:
		return ANN;
	case NEED_MODERATOR:
		return MEG;
	case NEED_ADMIN:
		return ADA;
	case NEED_NOTHING:
	case NEED_READ:
	case NEED_WRITE:
	case NEED_UPLOAD:
	case NEED_MODERATE:
	case NEED_MODERATE_ADMIN:
	case NEED_SIMULATOR:
		break;
	}
	return STRANGER;
}

const char *
kit_address(const struct route *route)
{
	static char address[256];
	struct str rest = str_from(route->pattern);
	size_t n = 0;

	(void)str_cut(&rest, '/');
	do {
		struct str part = str_cut(&rest, '/');
		const char *text = NULL;

		if (str_equal(part, STR("{id}")) ||
		    str_equal(part, STR("{place}")))
			text = "1";
		else if (str_equal(part, STR("@{name}")))
			text = "@ann";
		else if (str_equal(part, STR("{name}")))
			text = "ann";
		else if (str_equal(part, STR("{tag}")))
			text = "sea";
		n += (size_t)(text != NULL
				  ? snprintf(address + n, sizeof(address) - n,
					"/%s", text)
				  : snprintf(address + n, sizeof(address) - n,
					"/%.*s", STR_ARG(part)));
	} while (rest.len > 0);
	return address;
}
