/* What follows from the configuration. */
#include "base/conf.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SECRET_MAX = 1024
};

int64_t
conf_body_bytes(const struct conf *conf)
{
	return conf->image_bytes * conf->post_images + 1024 * 1024;
}

bool
conf_has_mirror(const struct conf *conf)
{
	return !str_equal(conf->mirror, STR("none"));
}

bool
conf_is_s3(const struct conf *conf)
{
	return str_equal(conf->store_kind, STR("s3"));
}

bool
conf_is_https(const struct conf *conf)
{
	return str_starts(conf->site_url, STR("https://"));
}

bool
conf_nginx_speaks_tls(const struct conf *conf)
{
	return conf_is_https(conf) &&
	       !str_equal(conf->certificate, STR("none"));
}

/* host[:port] */
static struct str
authority(const struct conf *conf)
{
	size_t scheme =
	    conf_is_https(conf) ? strlen("https://") : strlen("http://");

	return str_slice(conf->site_url, scheme, conf->site_url.len);
}

struct str
conf_host(const struct conf *conf)
{
	struct str host = authority(conf);
	size_t bracket = str_find(host, ']');

	if (bracket < host.len)
		return str_slice(host, 0, bracket + 1);
	return str_slice(host, 0, str_find(host, ':'));
}

int64_t
conf_port(const struct conf *conf)
{
	size_t host = conf_host(conf).len + 1; /* and a colon */
	int64_t port;

	if (str_parse_int(
		str_slice(authority(conf), host, 5), 1, 65535, &port) == OK)
		return port;
	return conf_is_https(conf) ? 443 : 80;
}

int64_t
conf_sim_port(const struct conf *conf)
{
	struct str listen = conf->sim_listen;
	size_t colon = listen.len;
	int64_t port;

	while (colon > 0 && listen.at[colon - 1] != ':')
		colon--;
	return str_parse_int(str_slice(listen, colon, 5), 1, 65535, &port) == OK
	           ? port
	           : 0;
}

/* systemd puts "secret_" before the name of each file of the folder that
 * LoadCredential=secret:FOLDER names. */
enum err
conf_secret_path(struct arena *a, struct str name, struct str *out)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (str_find(name, '/') < name.len)
		return arena_copy(a, name, out);
	if (folder != NULL)
		return arena_printf(
		    a, out, "%s/secret_%.*s", folder, STR_ARG(name));
	return arena_printf(
	    a, out, PIXLPIX_SYSCONFDIR "/secrets/%.*s", STR_ARG(name));
}

enum err
conf_secret(struct arena *a, struct str name, const char *what, struct str *out)
{
	char text[SECRET_MAX];
	const char *path_z;
	struct str path;
	size_t got;
	FILE *file;

	TRY(conf_secret_path(a, name, &path));
	TRY(arena_z(a, path, &path_z));
	file = fopen(path_z, "re");
	if (file == NULL) {
		log_event(LOG_ERROR, "a secret cannot be read",
		    LOG_Z("what", what), LOG_STR("path", path), LOG_ERRNO());
		return ERR_IO;
	}
	got = fread(text, 1, sizeof(text), file);
	(void)fclose(file);
	if (got == sizeof(text)) {
		log_event(LOG_ERROR, "a secret is too long",
		    LOG_Z("what", what), LOG_STR("path", path));
		return ERR_IO;
	}
	return arena_copy(a, str_trim((struct str){text, got}), out);
}

/* A value is quoted as libpq's manual, 34.1.1.1, says. */
enum err
conf_conninfo(struct arena *a, const struct conf *conf, const char **out)
{
	struct str password, whole;
	struct buf b = {0};
	enum err e;

	if (conf->password_file.len == 0)
		return arena_z(a, conf->database, out);
	TRY(conf_secret(
	    a, conf->password_file, "the database's password", &password));
	buf_put(&b, conf->database);
	buf_put(&b, STR(" password='"));
	for (size_t i = 0; i < password.len; i++) {
		if (password.at[i] == '\'' || password.at[i] == '\\')
			buf_put_char(&b, '\\');
		buf_put_char(&b, password.at[i]);
	}
	buf_put_char(&b, '\'');
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(a, buf_str(&b), &whole);
	if (e == OK)
		e = arena_z(a, whole, out);
	buf_free(&b);
	return e;
}
