/* Opening what a process works with. */
#include "domain/site.h"
#include "base/digest.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that only its locks matter of; opened anew by every process, since
 * the locks belong to the open file. */
static enum err
open_lock(struct arena *a, struct str folder, const char *name, int *out)
{
	struct str path;

	TRY(arena_printf(a, &path, "%.*s/%s", STR_ARG(folder), name));
	*out = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*out < 0) {
		log_event(LOG_ERROR, "no lock file", LOG_STR("path", path),
		    LOG_ERRNO());
		return ERR_IO;
	}
	return OK;
}

/* `parent` itself where the name is NULL. */
static enum err
make_folder(struct arena *a, struct str parent, const char *name, mode_t mode,
    struct str *out)
{
	struct str path;

	if (name != NULL)
		TRY(arena_printf(a, &path, "%.*s/%s", STR_ARG(parent), name));
	else
		TRY(arena_printf(a, &path, "%.*s", STR_ARG(parent)));
	/* Whatever the umask. */
	if (mkdir(path.at, mode) == 0 ? chmod(path.at, mode) != 0
				      : errno != EEXIST) {
		log_event(
		    LOG_ERROR, "no folder", LOG_STR("path", path), LOG_ERRNO());
		return ERR_IO;
	}
	*out = path;
	return OK;
}

static enum err
make_spool(struct arena *a, const struct conf *conf, struct str *out)
{
	TRY(make_folder(a, conf->spool_dir, NULL, 0700, out));
	if (access(out->at, W_OK | X_OK) != 0) {
		log_event(LOG_ERROR, "no folder for files on their way",
		    LOG_STR("path", *out), LOG_ERRNO());
		return ERR_IO;
	}
	return OK;
}

static enum err
open_s3(struct arena *a, const struct conf *c, struct object_store **out)
{
	struct object_s3_settings settings = {.endpoint = c->s3_endpoint,
	    .region = c->s3_region,
	    .public_bucket = c->s3_public_bucket,
	    .hidden_bucket = c->s3_hidden_bucket,
	    .access_key = c->s3_access_key,
	    .ca_file = c->s3_ca_file,
	    .is_host_style = str_equal(c->s3_addressing, STR("virtual")),
	    .connect_ms = c->s3_connect_ms,
	    .stall_s = c->s3_stall_s,
	    .total_s = c->s3_total_s,
	    .cache_dir = c->cache_dir};

	TRY(conf_secret_path(a, c->s3_secret_file, &settings.secret_file));
	TRY(make_spool(a, c, &settings.spool_dir));
	/* Nginx may look for a name that it knows already, and list none. */
	TRY(make_folder(a, c->run_dir, "gone", 0711, &settings.gone_dir));
	return object_s3_open(&settings, out);
}

enum err
site_store_open(struct arena *a, const struct conf *conf, bool is_s3,
    struct object_store **out)
{
	const char *folder;

	if (is_s3)
		return open_s3(a, conf, out);
	TRY(arena_z(a, conf->store_dir, &folder));
	return object_dir_open(folder, out);
}

static enum err
open_mirrored(struct arena *a, const struct conf *c, struct object_store **out)
{
	struct object_store *first, *second;
	enum err e;

	TRY(site_store_open(a, c, conf_is_s3(c), &first));
	if (!conf_has_mirror(c)) {
		*out = first;
		return OK;
	}
	e = site_store_open(a, c, !conf_is_s3(c), &second);
	if (e == OK) {
		e = object_mirror_open(first, second, out);
		if (e != OK)
			object_close(second);
	}
	if (e != OK)
		object_close(first);
	return e;
}

/* RFC 7617, section 2. */
static enum err
read_sim_login(struct arena *a, struct site *site)
{
	const struct conf *c = site->conf;
	struct str password, both;

	if (c->sim_prefix.len == 0)
		return OK;
	TRY(conf_secret(
	    a, c->sim_password_file, "the simulator's password", &password));
	if (password.len == 0) {
		log_event(LOG_ERROR, "the simulator's password is empty");
		return ERR_INPUT;
	}
	TRY(arena_printf(
	    a, &both, "%.*s:%.*s", STR_ARG(c->sim_user), STR_ARG(password)));
	return digest_base64(a, both, &site->sim_login);
}

static enum err
open_parts(struct arena *a, struct site *site)
{
	const struct conf *c = site->conf;
	const char *conninfo;
	struct str spool;

	TRY(arena_z(a, c->decoder, &site->decoder));
	TRY(make_spool(a, c, &spool));
	site->spool = spool.at;
	TRY(read_sim_login(a, site));
	TRY(open_lock(a, c->run_dir, "hash.lock", &site->hash_lock));
	TRY(open_lock(a, c->run_dir, "decoder.lock", &site->decoder_lock));
	TRY(open_mirrored(a, c, &site->store));
	TRY(conf_conninfo(a, c, &conninfo));
	return db_open(conninfo, &site->db);
}

enum err
site_open(struct arena *a, const struct conf *conf, struct site *out)
{
	enum err e;

	*out = (struct site){.conf = conf, .hash_lock = -1, .decoder_lock = -1};
	e = open_parts(a, out);
	if (e != OK)
		site_close(out);
	return e;
}

void
site_close(struct site *site)
{
	db_close(site->db);
	object_close(site->store);
	if (site->hash_lock >= 0)
		(void)close(site->hash_lock);
	if (site->decoder_lock >= 0)
		(void)close(site->decoder_lock);
	*site = (struct site){.hash_lock = -1, .decoder_lock = -1};
}
