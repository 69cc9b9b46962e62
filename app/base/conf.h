/* The configuration: one INI file, every key known here.
 *
 *	[site]
 *	name = PixlPix
 *
 * The table in conf.c holds each key's unit, limits and default; a key that
 * is not in it, a value outside its limits and a contradiction between two
 * values are refused with file and line.  Reading is libinih's.
 */
#ifndef PIXLPIX_BASE_CONF_H
#define PIXLPIX_BASE_CONF_H

#include "base/arena.h"
#include "base/buf.h"

struct conf {
	/* [site] */
	struct str site_name;
	struct str site_url; /* scheme://host[:port], no slash at the end */
	struct str contact;  /* an address that people may write to */
	/* [web] */
	struct str pages_socket;
	struct str slow_socket;
	int64_t pages_workers;
	int64_t slow_workers;
	int64_t watchdog_s;     /* a request longer than this is killed */
	struct str run_dir;     /* locks of the workers */
	struct str spool_dir;   /* files on their way */
	struct str views_dir;   /* templates and static/ */
	struct str overlay_dir; /* templates that replace ours; may be empty */
	struct str decoder;     /* path of pixlpix-decode */
	/* [database] */
	struct str database; /* libpq conninfo */
	struct str schema_dir;
	struct str password_file; /* conf_secret_path; may be empty */
	/* [nginx] */
	struct str certificate;     /* empty: Let's Encrypt's; or "none" */
	struct str certificate_key; /* empty: Let's Encrypt's */
	struct str pages_servers;   /* of several machines, or empty */
	struct str slow_servers;
	struct str trusted_proxies; /* addresses, with spaces between them */
	/* [store] */
	struct str store_kind; /* "directory" or "s3": conf_is_s3 */
	struct str mirror;     /* "none" or the other kind */
	struct str store_dir;
	struct str s3_endpoint; /* empty: there is none */
	struct str s3_region;
	struct str s3_public_bucket;
	struct str s3_hidden_bucket;
	struct str s3_access_key;
	struct str s3_secret_file; /* never the secret itself */
	struct str s3_ca_file;
	struct str s3_addressing; /* "path" or "virtual" */
	int64_t s3_connect_ms;
	int64_t s3_stall_s;
	int64_t s3_total_s;
	struct str cache_dir; /* of nginx, for images on the S3 server */
	int64_t cache_bytes;
	/* [backup] */
	struct str backup_database;   /* libpq conninfo, or empty */
	struct str backup_recipients; /* conf_secret_path; may be empty */
	int64_t backup_days;
	int64_t backup_weeks;
	int64_t backup_months;
	/* [limits] */
	int64_t image_bytes;
	int64_t image_pixels;
	int64_t post_images;
	int64_t caption_chars;
	int64_t comment_chars;
	int64_t login_burst;
	int64_t posts_per_hour; /* of an account; 0: as many as it likes */
	int64_t comments_per_hour;
	int64_t follows_per_hour;
	int64_t likes_per_hour;
	int64_t bookmarks_per_hour;
	int64_t api_calls;
	int64_t decoders;
	int64_t decoder_queue;
	int64_t decoder_memory_bytes;
	int64_t decoder_cpu_s;
	int64_t decoder_wall_ms;
	int64_t image_frames;
	/* [images] */
	int64_t large_px; /* longest edges, and the square's side */
	int64_t middle_px;
	int64_t square_px;
	int64_t large_quality;
	int64_t middle_quality;
	int64_t square_quality;
	int64_t background;     /* 0xRRGGBB */
	int64_t keep_originals; /* 1 or 0 */
	/* [password] */
	int64_t argon2_memory_kib;
	int64_t argon2_passes;
	int64_t argon2_lanes;
	int64_t hashes;     /* at a time, over all workers */
	int64_t hash_queue; /* waiting, over all workers */
	/* [session] */
	int64_t session_idle_minutes;
	int64_t session_days;
	/* [metrics] */
	struct str metrics_listen; /* as pages_socket; empty: nowhere */
	struct str token_file;     /* conf_secret_path; may be empty */
	/* [simulator] */
	struct str sim_prefix; /* "/sim", or empty: there is none */
	struct str sim_listen; /* address:port without the prefix, or empty */
	struct str sim_user;
	struct str sim_password_file; /* conf_secret_path */
	int64_t sim_local;            /* 1 or 0 */
	/* [mail] */
	struct str mail_server; /* smtp:// or smtps://; empty: no mail */
	struct str mail_tls;    /* "starttls" or "none", of smtp:// */
	struct str mail_ca_file;
	struct str mail_from;
	struct str mail_to;
	struct str mail_user;          /* empty: without a login */
	struct str mail_password_file; /* conf_secret_path */
	/* [log] */
	struct str log_level;
};

/* Reads the file at `path`.  On ERR_INPUT `complaints` holds lines
 * "path:line: sentence"; ERR_IO where it cannot be read.  The strings of
 * `out` belong to `a`. */
enum err conf_load(struct arena *a, const char *path, struct buf *complaints,
    struct conf *out);

/* Puts the configuration as an INI file with every key's meaning above it;
 * NULL prints the defaults. */
void conf_put(struct buf *b, const struct conf *conf);

/* Puts the keys as sections of a manual page (mdoc(7)), with what each means
 * and its default. */
void conf_put_man(struct buf *b);

/* Where a part of what nginx has to know stands (nginx/pixlpix.conf.in). */
enum conf_nginx {
	CONF_NGINX_SERVER, /* the server block: the same limits as ours */
	CONF_NGINX_HTTP,   /* the http block: the S3 server and the cache */
	CONF_NGINX_IMAGES, /* the location of images: where they come from */
	CONF_NGINX_LISTEN  /* the server block: ports, TLS, proxies before it */
};

/* Puts the directives of that part. */
void conf_put_nginx(
    struct buf *b, const struct conf *conf, enum conf_nginx part);

/* The largest request body that is read: all images of a post and their
 * texts. */
int64_t conf_body_bytes(const struct conf *conf);

/* The path of a secret's file: a name without a slash is what systemd hands
 * over by LoadCredential=, or for who is not started by systemd a file in
 * SYSCONFDIR/secrets.  ERR_MEMORY. */
enum err conf_secret_path(struct arena *a, struct str name, struct str *out);

/* The libpq conninfo with the password of password_file, where there is one.
 * The file is read at each call; the log says why it cannot be.  ERR_IO,
 * ERR_MEMORY. */
enum err conf_conninfo(
    struct arena *a, const struct conf *conf, const char **out);

/* What a secret's file holds, without white space around it, in `a`; at most
 * 1023 bytes.  `what` names it in the log, which says why it cannot be read.
 * ERR_IO, ERR_MEMORY. */
enum err conf_secret(
    struct arena *a, struct str name, const char *what, struct str *out);

/* Whether an address can stand between the angle brackets of SMTP and in a
 * header: name@host in ASCII, without what has a meaning there. */
bool conf_is_mail_address(struct str text);

/* The host in the site's address, as DNS has it; an IPv6 address stands in
 * brackets. */
struct str conf_host(const struct conf *conf);

/* The port in it; 80 or 443 where there is none. */
int64_t conf_port(const struct conf *conf);

/* The port of simulator.listen; 0 where there is none. */
int64_t conf_sim_port(const struct conf *conf);

/* True where nginx itself speaks TLS, and no proxy before it does. */
bool conf_nginx_speaks_tls(const struct conf *conf);

/* True where images are kept on the S3 server. */
bool conf_is_s3(const struct conf *conf);

/* Whether all that is written goes to the other kind of store as well. */
bool conf_has_mirror(const struct conf *conf);

/* True where visitors come by https, so that cookies can insist on it. */
bool conf_is_https(const struct conf *conf);

#endif
