/* pixlpixctl: from an installed package to a site that can be started. */
#include "base/digest.h"
#include "base/log.h"
#include "ctl.h"
#include "ctl_system.h"
#include "domain/account.h"
#include "domain/moderate.h"
#include "main.h"
#include "store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NGINX_FOLDER PIXLPIX_SYSCONFDIR "/nginx"
#define SITE_AVAILABLE "/etc/nginx/sites-available/pixlpix"
#define SITE_ENABLED "/etc/nginx/sites-enabled/pixlpix"
#define SNIPPETS PIXLPIX_DATADIR "/nginx/snippets"
#define SECRETS PIXLPIX_SYSCONFDIR "/secrets"
#define LOADED NGINX_FOLDER "/loaded"
#define BROTLI "/etc/nginx/modules-enabled/50-mod-http-brotli-filter.conf"
#define PAGE_CACHE                                                 \
	"fastcgi_cache_path /var/cache/pixlpix-pages levels=1:2 "  \
	"keys_zone=pixlpix_strangers:8m max_size=64m inactive=5s " \
	"use_temp_path=off;"

struct setup {
	struct arena *arena;
	const struct conf *conf;
	struct str account; /* of the first person; absent: none is asked for */
	struct str email;
	struct str password;
};

static bool
read_options(struct setup *s, int count, char **words)
{
	for (int i = 0; i + 1 < count; i += 2) {
		if (strcmp(words[i], "--account") == 0)
			s->account = str_from(words[i + 1]);
		else if (strcmp(words[i], "--email") == 0)
			s->email = str_from(words[i + 1]);
		else
			return false;
	}
	return count % 2 == 0 && (s->account.len > 0) == (s->email.len > 0);
}

static int
fail_at(const char *what, const char *path)
{
	return ctl_fail("%s %s: %s", what, path, strerror(errno));
}

/* What the package's own script does, for who has given `make install`: the
 * account, the units, and the group of the secrets. */
static int
make_account_of_service(void)
{
	static const char *const users[] = {
	    "systemd-sysusers", "pixlpix.conf", NULL};
	static const char *const units[] = {"systemctl", "daemon-reload", NULL};
	const struct passwd *account;

	if (system_run(false, users) != 0)
		return ctl_fail("the account pixlpix could not be made; is the "
				"package installed as a whole?");
	(void)system_run(true, units);
	account = getpwnam("pixlpix");
	if (account != NULL && chown(SECRETS, 0, account->pw_gid) != 0)
		return fail_at("cannot give to the group pixlpix", SECRETS);
	return EXIT_SUCCESS;
}

/* The store, the workers' folder: as the package makes them, and the store's
 * also where the configuration has another. */
static int
make_folders(struct setup *s)
{
	static const char *const tmpfiles[] = {
	    "systemd-tmpfiles", "--create", "pixlpix.conf", NULL};
	const char *store, *run;
	struct stat st;

	if (system_run(false, tmpfiles) != 0)
		return ctl_fail("the folders could not be made; is the package "
				"installed as a whole?");
	if (arena_z(s->arena, s->conf->store_dir, &store) != OK ||
	    arena_z(s->arena, s->conf->run_dir, &run) != OK)
		return EXIT_FAILURE;
	if (stat(run, &st) != 0 || st.st_uid == 0)
		return ctl_fail("%s must be a folder of the account pixlpix; "
				"web.run_dir names it",
		    run);
	if (conf_is_s3(s->conf))
		return EXIT_SUCCESS;
	if (mkdir(store, 0755) != 0 && errno != EEXIST)
		return fail_at("cannot make the store", store);
	if (chown(store, st.st_uid, st.st_gid) != 0)
		return fail_at("cannot give to the account pixlpix", store);
	return EXIT_SUCCESS;
}

/* Brings the schema up to date, and so shows that the database is there. */
static int
apply_schema(void *given)
{
	const struct setup *s = given;
	struct migrate_report report = {0};
	const char *conninfo, *folder;
	enum err e = conf_conninfo(s->arena, s->conf, &conninfo);

	if (e == OK)
		e = arena_z(s->arena, s->conf->schema_dir, &folder);
	if (e == OK)
		e = migrate_apply(conninfo, folder, &report);
	if (e == OK)
		(void)printf(
		    "database: schema of %lld steps, %lld of them new\n",
		    (long long)report.present + (long long)report.applied,
		    (long long)report.applied);
	if (e == OK && report.later > 0)
		(void)printf("database: %lld steps are a later release's; "
			     "these programs run on them\n",
		    (long long)report.later);
	return e == OK         ? EXIT_SUCCESS
	       : e == ERR_LOST ? EXIT_FAILURE
	                       : EXIT_FAILURE + 1;
}

/* PostgreSQL on this machine lets its own account do that, and lets the
 * account pixlpix in as the role of the same name. */
static int
make_database(void)
{
	static const char *const role[] = {
	    "runuser", "-u", "postgres", "--", "createuser", "pixlpix", NULL};
	static const char *const database[] = {"runuser", "-u", "postgres",
	    "--", "createdb", "--owner=pixlpix", "--encoding=UTF8",
	    "--locale=C.UTF-8", "--template=template0", "pixlpix", NULL};

	/* The role may be there from another time. */
	(void)system_run(true, role);
	return system_run(false, database);
}

static int
prepare_database(struct setup *s)
{
	int status =
	    system_in_service(s->arena, s->conf, true, apply_schema, s);

	if (status == EXIT_FAILURE &&
	    str_equal(s->conf->database, STR("dbname=pixlpix")) &&
	    s->conf->password_file.len == 0 && make_database() == 0)
		(void)puts("database: made, with the role pixlpix");
	status = system_in_service(s->arena, s->conf, false, apply_schema, s);
	if (status == EXIT_FAILURE)
		return ctl_fail(
		    "the database cannot be reached (see above).\n"
		    "On the machine where it is, as the account postgres:\n"
		    "  createuser --pwprompt pixlpix\n"
		    "  createdb --owner=pixlpix --encoding=UTF8 "
		    "--locale=C.UTF-8 --template=template0 pixlpix\n"
		    "Then say in " MAIN_CONFIG ", [database], how it is "
		    "reached, and give this command again.");
	if (status != EXIT_SUCCESS)
		return ctl_fail("the schema could not be brought up to date; "
				"the lines above say why");
	return EXIT_SUCCESS;
}

static enum err
fill(struct str template, const char *const pairs[][2], struct buf *out)
{
	while (template.len > 0) {
		struct str before = str_cut(&template, '@');
		struct str name;
		size_t i = 0;

		buf_put(out, before);
		if (template.len == 0)
			break;
		name = str_cut(&template, '@');
		while (pairs[i][0] != NULL &&
		       !str_equal(name, str_from(pairs[i][0])))
			i++;
		if (pairs[i][0] == NULL) {
			log_event(LOG_ERROR, "unknown name in nginx's part",
			    LOG_STR("name", name));
			return ERR_INTERNAL;
		}
		buf_put(out, str_from(pairs[i][1]));
	}
	return buf_check(out);
}

static enum err
write_parts(struct setup *s)
{
	static const char *const paths[] = {
	    [CONF_NGINX_SERVER] = NGINX_FOLDER "/limits.conf",
	    [CONF_NGINX_HTTP] = NGINX_FOLDER "/http.conf",
	    [CONF_NGINX_IMAGES] = NGINX_FOLDER "/images.conf",
	    [CONF_NGINX_LISTEN] = NGINX_FOLDER "/listen.conf"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct buf b = {0};
		enum err e;

		conf_put_nginx(&b, s->conf, (enum conf_nginx)i);
		e = buf_check(&b);
		if (e == OK)
			e = system_write(s->arena, paths[i], buf_str(&b));
		buf_free(&b);
		TRY(e);
	}
	return OK;
}

static enum err
write_site(struct setup *s)
{
	bool has_brotli = access(BROTLI, R_OK) == 0;
	struct str template, comfort;
	struct buf b = {0};
	const char *views;
	enum err e;

	TRY(system_read(
	    s->arena, PIXLPIX_DATADIR "/nginx/pixlpix.conf.in", &template));
	TRY(arena_printf(
	    s->arena, &comfort, "%.*s/static", STR_ARG(s->conf->views_dir)));
	views = comfort.at;
	TRY(arena_printf(s->arena, &comfort, "%s%s%s",
	    "include " PIXLPIX_DATADIR "/nginx/snippets/server.conf;",
	    has_brotli ? "\n\tinclude " PIXLPIX_DATADIR
			 "/nginx/snippets/brotli.conf;"
		       : "",
	    conf_nginx_speaks_tls(s->conf) ? "\n\tinclude " PIXLPIX_DATADIR
					     "/nginx/snippets/tls.conf;"
					   : ""));
	{
		const char *const pairs[][2] = {
		    {"LISTEN", "include " NGINX_FOLDER "/listen.conf;"},
		    {"COMFORT", comfort.at}, {"CACHE", PAGE_CACHE},
		    {"STATIC", views}, {"LIMITS", NGINX_FOLDER "/limits.conf"},
		    {"HTTP", NGINX_FOLDER "/http.conf"},
		    {"IMAGES", NGINX_FOLDER "/images.conf"},
		    {"SNIPPETS", SNIPPETS}, {NULL, NULL}};

		e = fill(template, pairs, &b);
	}
	if (e == OK)
		e = system_write(
		    s->arena, NGINX_FOLDER "/site.conf", buf_str(&b));
	buf_free(&b);
	return e;
}

/* Adds the digest and the path of a file. */
static enum err
put_digest(
    struct setup *s, const char *folder, const char *name, struct buf *out)
{
	unsigned char digest[DIGEST_BYTES];
	struct str path, content, hex;

	TRY(arena_printf(s->arena, &path, "%s/%s", folder, name));
	TRY(system_read(s->arena, path.at, &content));
	TRY(digest_sha256(content, digest));
	TRY(digest_hex(s->arena,
	    (struct str){(const char *)digest, sizeof(digest)}, &hex));
	buf_printf(out, "%.*s  %.*s\n", STR_ARG(hex), STR_ARG(path));
	return OK;
}

/* Those of all files in a folder, but for the one that they go to. */
static enum err
put_digests(struct setup *s, const char *folder, struct buf *out)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);
	enum err e = count < 0 ? ERR_IO : OK;

	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;

		if (e == OK && name[0] != '.' && strcmp(name, "loaded") != 0)
			e = put_digest(s, folder, name, out);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return e == OK ? buf_check(out) : e;
}

/* nginx 1.22 closes idle connections when it is reloaded, and a request that
 * is on its way there gets no answer: it is not reloaded without need. */
static enum err
reload_nginx(struct setup *s)
{
	static const char *const ask[] = {
	    "systemctl", "is-active", "nginx.service", NULL};
	static const char *const reload[] = {
	    "systemctl", "reload-or-try-restart", "nginx.service", NULL};
	struct str before = {0};
	struct buf now = {0};
	enum err e = put_digests(s, NGINX_FOLDER, &now);

	if (e == OK)
		e = put_digests(s, SNIPPETS, &now);
	if (system_run(true, ask) != 0) {
		(void)puts("nginx: it does not run; it will take the site when "
			   "it is started");
	} else if (e == OK && system_read(s->arena, LOADED, &before) == OK &&
		   str_equal(before, buf_str(&now))) {
		(void)puts("nginx: has all this already");
	} else if (system_run(true, reload) != 0) {
		(void)puts("nginx: could not be reloaded; systemctl status "
			   "nginx says why");
		e = ERR_IO;
	}
	if (e == OK)
		e = system_write(s->arena, LOADED, buf_str(&now));
	buf_free(&now);
	return e;
}

/* The site is nginx's only if nginx takes it, so that its other sites can be
 * started at any time. */
static int
prepare_nginx(struct setup *s)
{
	static const char *const test[] = {"nginx", "-t", "-q", NULL};
	bool was_enabled = access(SITE_ENABLED, F_OK) == 0;

	if (access("/etc/nginx/sites-enabled", F_OK) != 0)
		return ctl_fail("nginx is not installed: apt install nginx");
	errno = 0;
	if (mkdir(NGINX_FOLDER, 0755) != 0 && errno == EEXIST)
		errno = 0;
	if (errno != 0 || write_parts(s) != OK || write_site(s) != OK)
		return fail_at(
		    "nginx's part could not be written to", NGINX_FOLDER);
	if (!was_enabled && symlink(SITE_AVAILABLE, SITE_ENABLED) != 0)
		return fail_at("cannot make", SITE_ENABLED);
	if (system_run(false, test) != 0) {
		if (!was_enabled)
			(void)unlink(SITE_ENABLED);
		return ctl_fail(
		    "nginx refuses the site; its words are above.\n%s",
		    conf_nginx_speaks_tls(s->conf)
			? "Where the certificate is missing: certbot certonly "
			  "--webroot -w /var/www/html -d HOST, or name yours "
			  "in " MAIN_CONFIG ", [nginx]."
			: "Mend that and give this command again.");
	}
	if (!was_enabled)
		(void)unlink(LOADED);
	if (reload_nginx(s) != OK)
		return fail_at("nginx's state could not be noted in", LOADED);
	(void)printf("nginx: serves %.*s\n", STR_ARG(s->conf->site_url));
	return EXIT_SUCCESS;
}

static int
make_account(void *given)
{
	struct setup *s = given;
	struct account_complaints c = {0};
	struct account_joining joining = {.name = s->account,
	    .email = s->email,
	    .display = s->account,
	    .password = s->password,
	    .again = s->password,
	    .has_consented = true,
	    .terms = STR(ACCOUNT_TERMS_VERSION)};
	const struct str *const said[] = {&c.name, &c.email, &c.password};
	struct site site;
	bool is_admin = false;
	int64_t account;
	enum err e = site_open(s->arena, s->conf, &site);

	if (e == OK)
		e = arena_printf(s->arena, &joining.form_key, "setup %.*s",
		    STR_ARG(s->account));
	if (e == OK)
		e = account_join(&site, s->arena, &joining, &c, &account);
	if (e == OK)
		e = moderate_first_admin(&site, s->arena, account, &is_admin);
	if (e == OK) {
		(void)printf("account: %.*s%s\n", STR_ARG(s->account),
		    is_admin ? ", the site's first admin" : "");
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (said[i]->len > 0)
			(void)fprintf(stderr, "%.*s\n", STR_ARG(*said[i]));
	return ctl_fail("no account for %.*s (%s); the lines above say why",
	    STR_ARG(s->account), err_name(e));
}

static int
setup(const struct ctl *ctl, int count, char **words)
{
	struct setup s = {.arena = ctl->arena, .conf = ctl->conf};
	int status;

	if (!read_options(&s, count, words))
		return CTL_USAGE;
	if (geteuid() != 0)
		return ctl_fail(
		    "only root can set the site up: sudo pixlpixctl "
		    "setup");
	if (s.account.len > 0 &&
	    system_read_password(s.arena, s.account, &s.password) != OK)
		return ctl_fail("no password was given");
	status = make_account_of_service();
	if (status == EXIT_SUCCESS)
		status = make_folders(&s);
	if (status == EXIT_SUCCESS)
		status = prepare_database(&s);
	if (status == EXIT_SUCCESS)
		status = prepare_nginx(&s);
	if (status == EXIT_SUCCESS && s.account.len > 0)
		status =
		    system_in_service(s.arena, s.conf, false, make_account, &s);
	if (status == EXIT_SUCCESS)
		(void)puts("ready; start it, now and at every boot:\n"
			   "  systemctl enable --now pixlpix.target");
	return status;
}

const struct ctl_command ctl_setup_commands[] = {
    {.words = {"setup"},
	.arguments = "[--account NAME --email ADDRESS]",
	.help = "database, schema, folders, nginx's part, and a first\n"
		"account, an admin, whose password is asked for; can be\n"
		"given again at any time",
	.stays_root = true,
	.run = setup},
    {.run = NULL},
};
