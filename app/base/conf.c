/* The table of keys, and reading and printing by it. */
#include "base/conf.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

enum key_kind {
	KEY_TEXT,
	KEY_NUMBER
};

struct key {
	const char *section;
	const char *name;
	size_t offset;
	enum key_kind kind;
	const char *text; /* default of a text */
	int64_t number;   /* default of a number */
	int64_t min;      /* of a number; of a text: least length */
	int64_t max;
	const char *help;
};

#define TEXT(section, name, member, value, min, help)                          \
	{                                                                      \
		section, name, offsetof(struct conf, member), KEY_TEXT, value, \
		    0, min, 1024, help                                         \
	}
#define NUMBER(section, name, member, value, min, max, help)                  \
	{                                                                     \
		section, name, offsetof(struct conf, member), KEY_NUMBER, "", \
		    value, min, max, help                                     \
	}

static const struct key keys[] = {
    TEXT("site", "name", site_name, "PixlPix", 1, "What the site is called."),
    TEXT("site", "url", site_url, "http://localhost:8080", 1,
	"The address that visitors use: scheme://host[:port]. With https,\n"
	"cookies are for https alone."),
    TEXT("site", "contact", contact, "the person who runs this site", 1,
	"Whom people turn to, as the terms and the privacy page name it."),
    TEXT("web", "pages_socket", pages_socket, "/run/pixlpix/pages.sock", 1,
	"Where the workers listen that show pages: the path of a UNIX socket,\n"
	"or address:port where nginx is on another machine, on a network\n"
	"that strangers cannot reach. systemd's sockets go before it."),
    TEXT("web", "slow_socket", slow_socket, "/run/pixlpix/slow.sock", 1,
	"The same of the workers that take uploads and hash passwords."),
    NUMBER("web", "pages_workers", pages_workers, 6, 1, 256,
	"Processes that show pages; 3 for each core serves well."),
    NUMBER("web", "slow_workers", slow_workers, 16, 3, 256,
	"Processes for uploads and logins; more than can be decoding\n"
	"or hashing and waiting for that (limits.decoders, decoder_queue,\n"
	"password.hashes, hash_queue), so that one is left to say \"busy\"."),
    NUMBER("web", "watchdog_s", watchdog_s, 150, 5, 3600,
	"Seconds after which a request that hangs is ended."),
    TEXT("web", "run_dir", run_dir, "/run/pixlpix", 1,
	"Folder for locks, writable; may be in memory."),
    TEXT("web", "spool_dir", spool_dir, "/var/lib/pixlpix/spool", 1,
	"Folder for uploads and images on their way, writable, on a disk with\n"
	"room for some of the largest posts. It is made where it is missing."),
    TEXT("web", "views_dir", views_dir, PIXLPIX_DATADIR "/views", 1,
	"Folder of the templates and of static/."),
    TEXT("web", "overlay_dir", overlay_dir, "", 0,
	"Folder of templates that replace single ones of ours; may be empty."),
    TEXT("web", "decoder", decoder, PIXLPIX_LIBEXECDIR "/pixlpix-decode", 1,
	"The program that decodes images."),
    TEXT("nginx", "certificate", certificate, "", 0,
	"Certificate chain for a site with https. Empty: the one of Let's\n"
	"Encrypt for the host; none: a proxy before nginx speaks TLS."),
    TEXT("nginx", "certificate_key", certificate_key, "", 0,
	"Its key; empty: the one of Let's Encrypt."),
    TEXT("nginx", "pages_servers", pages_servers, "", 0,
	"Where nginx finds the workers that show pages, if they are on "
	"several\n"
	"machines: address:port of each, with spaces between them. Empty: in\n"
	"web.pages_socket."),
    TEXT("nginx", "slow_servers", slow_servers, "", 0,
	"The same for uploads and passwords; empty: web.slow_socket."),
    TEXT("nginx", "trusted_proxies", trusted_proxies, "", 0,
	"Addresses or networks of proxies before nginx, with spaces between\n"
	"them: what these say in X-Forwarded-For is where a visitor comes "
	"from."),
    TEXT("database", "conninfo", database, "dbname=pixlpix", 1,
	"How to reach PostgreSQL (a libpq connection string)."),
    TEXT("database", "password_file", password_file, "", 0,
	"File with the database's password and nothing else, or empty. A name\n"
	"without a slash is a file in " PIXLPIX_SYSCONFDIR "/secrets, which\n"
	"systemd hands to the services as a credential."),
    TEXT("database", "schema_dir", schema_dir, PIXLPIX_DATADIR "/sql/schema", 1,
	"Folder of the schema's numbered files."),
    TEXT("store", "kind", store_kind, "directory", 1,
	"Where the images are kept: directory or s3."),
    TEXT("store", "mirror", mirror, "none", 1,
	"A second place for every image: none, or the kind that is not the\n"
	"first. An upload counts when both have it; one is read where the\n"
	"other has lost it. `pixlpixctl store copy` brings the older ones."),
    TEXT("store", "dir", store_dir, "/var/lib/pixlpix/store", 1,
	"Folder that holds the images, where the kind is directory."),
    TEXT("store", "s3_endpoint", s3_endpoint, "", 0,
	"The S3 server: http://host[:port] or https://host[:port]."),
    TEXT("store", "s3_region", s3_region, "us-east-1", 1,
	"The server's region; one of Ceph's is content with any."),
    TEXT("store", "s3_public_bucket", s3_public_bucket, "pixlpix-public", 1,
	"Bucket of the images that nginx serves: whoever knows a name in it\n"
	"may read it. `pixlpixctl store prepare` makes both."),
    TEXT("store", "s3_hidden_bucket", s3_hidden_bucket, "pixlpix-hidden", 1,
	"Bucket of deleted images, which nobody else may read."),
    TEXT("store", "s3_access_key", s3_access_key, "", 0,
	"The access key (its name; the secret stands in a file of its own)."),
    TEXT("store", "s3_secret_file", s3_secret_file, "s3", 1,
	"File with the access key's secret and nothing else, which not\n"
	"everybody may read (chmod 640). A name without a slash is a file "
	"in\n" PIXLPIX_SYSCONFDIR
	"/secrets, which systemd hands to the services as\n"
	"a credential."),
    TEXT("store", "s3_addressing", s3_addressing, "path", 1,
	"How a bucket is named: path (host/bucket) or virtual (bucket.host)."),
    TEXT("store", "s3_ca_file", s3_ca_file,
	"/etc/ssl/certs/ca-certificates.crt", 1,
	"With https: the certificates that vouch for the server's, for nginx\n"
	"and for us. One of your own authority may stand in it alone."),
    NUMBER("store", "s3_connect_ms", s3_connect_ms, 2000, 10, 60000,
	"Milliseconds until the server must have taken a connection."),
    NUMBER("store", "s3_stall_s", s3_stall_s, 10, 1, 600,
	"Seconds without a byte after which a transfer is given up."),
    NUMBER("store", "s3_total_s", s3_total_s, 30, 1, 3600,
	"Seconds for one object with all tries; less than web.watchdog_s."),
    TEXT("store", "cache_dir", cache_dir, "/var/cache/pixlpix", 1,
	"Folder in which nginx keeps images of the S3 server for a while. It\n"
	"belongs to nginx's workers; ours may write in it too, since what is\n"
	"deleted is taken out at once."),
    NUMBER("store", "cache_bytes", cache_bytes, 2147483648, 1048576,
	INT64_C(1099511627776), "The most bytes in that folder."),
    TEXT("backup", "conninfo", backup_database, "", 0,
	"From where a backup takes the database: the connection string of a\n"
	"standby. Empty: database.conninfo."),
    TEXT("backup", "recipients", backup_recipients, "", 0,
	"File with the public keys (age1..., one a line) of those who can "
	"read\n"
	"a backup, which is then encrypted with age; empty: everybody who has\n"
	"it can. A name without a slash is a file in\n" PIXLPIX_SYSCONFDIR
	"/secrets."),
    NUMBER("backup", "daily", backup_days, 14, 0, 10000,
	"Of the last days that have a backup, so many are kept."),
    NUMBER("backup", "weekly", backup_weeks, 8, 0, 10000,
	"Of the last weeks that have a backup: the newest of each is kept."),
    NUMBER("backup", "monthly", backup_months, 12, 0, 10000,
	"And of the months. Thinned with `pixlpixctl backup FOLDER --thin`."),
    NUMBER("limits", "image_bytes", image_bytes, 20971520, 65536, 1073741824,
	"The largest image file, in bytes."),
    NUMBER("limits", "image_pixels", image_pixels, 60000000, 65536, 400000000,
	"The most pixels of an image."),
    NUMBER("limits", "post_images", post_images, 10, 1, 10,
	"The most images in a post."),
    NUMBER("limits", "caption_chars", caption_chars, 2200, 1, 5000,
	"The longest caption, in characters."),
    NUMBER("limits", "comment_chars", comment_chars, 1000, 1, 5000,
	"The longest comment, in characters."),
    NUMBER("limits", "posts_per_hour", posts_per_hour, 60, 0, 1000000,
	"Posts of one account in an hour; 0: as many as it likes."),
    NUMBER("limits", "comments_per_hour", comments_per_hour, 120, 0, 1000000,
	"Comments of one account in an hour; 0: as many as it likes."),
    NUMBER("limits", "follows_per_hour", follows_per_hour, 200, 0, 1000000,
	"How many one account may begin to follow in an hour; 0: all."),
    NUMBER("limits", "likes_per_hour", likes_per_hour, 1000, 0, 1000000,
	"Likes of one account in an hour; 0: as many as it likes."),
    NUMBER("limits", "bookmarks_per_hour", bookmarks_per_hour, 1000, 0, 1000000,
	"Posts that one account may save in an hour; 0: all."),
    NUMBER("limits", "login_burst", login_burst, 300, 5, 100000,
	"How often an address may log in or join in a row; then twice a\n"
	"second."),
    NUMBER("limits", "image_frames", image_frames, 2000, 1, 100000,
	"The most frames of an animation, of which the first is shown."),
    NUMBER("limits", "api_calls", api_calls, 300, 1, 1000000,
	"How often a token may be used in a minute."),
    NUMBER("limits", "decoders", decoders, 2, 1, 64,
	"Images that are decoded at a time; one for each core."),
    NUMBER("limits", "decoder_queue", decoder_queue, 4, 0, 1024,
	"Uploads that may wait for a decoder; past that: try again."),
    NUMBER("limits", "decoder_memory_bytes", decoder_memory_bytes, 536870912,
	67108864, 8589934592, "Address space of one decoder, in bytes."),
    NUMBER("limits", "decoder_cpu_s", decoder_cpu_s, 10, 1, 600,
	"Processor seconds of one decoder."),
    NUMBER("limits", "decoder_wall_ms", decoder_wall_ms, 15000, 500, 600000,
	"Milliseconds until a decoder is killed."),
    NUMBER("images", "large_px", large_px, 1600, 320, 4096,
	"The longest edge of the large size, in pixels.  New images have the\n"
	"sizes and qualities that are set here; old ones stay as they are."),
    NUMBER("images", "middle_px", middle_px, 640, 160, 4096,
	"The longest edge of the middle size, in pixels."),
    NUMBER("images", "square_px", square_px, 320, 96, 1024,
	"The side of the square, in pixels."),
    NUMBER("images", "large_quality", large_quality, 82, 30, 98,
	"JPEG quality of the large size; its WebP is as good."),
    NUMBER("images", "middle_quality", middle_quality, 82, 30, 98,
	"JPEG quality of the middle size."),
    NUMBER("images", "square_quality", square_quality, 80, 30, 98,
	"JPEG quality of the square."),
    NUMBER("images", "background", background, 16777215, 0, 16777215,
	"The colour behind transparent pixels in a JPEG, as the number\n"
	"red * 65536 + green * 256 + blue: 16777215 is white, 0 black."),
    NUMBER("images", "keep_originals", keep_originals, 1, 0, 1,
	"1 keeps what was sent, without its metadata, for its owner alone;\n"
	"0 erases it as soon as the WebP is made of it."),
    NUMBER("password", "argon2_memory_kib", argon2_memory_kib, 19456, 8192,
	4194304,
	"Memory of one argon2id hash, in KiB (OWASP: at least 19456)."),
    NUMBER("password", "argon2_passes", argon2_passes, 2, 1, 64,
	"Passes of argon2id over its memory (OWASP: at least 2)."),
    NUMBER("password", "argon2_lanes", argon2_lanes, 1, 1, 16,
	"Lanes of argon2id."),
    NUMBER("password", "hashes", hashes, 1, 1, 64,
	"Passwords that are hashed at a time; one for each two cores."),
    NUMBER("password", "hash_queue", hash_queue, 8, 0, 200,
	"Visitors that may wait for a hash; past that: try again."),
    NUMBER("session", "idle_minutes", session_idle_minutes, 20160, 10, 525600,
	"Minutes without a visit after which a login ends."),
    NUMBER("session", "days", session_days, 90, 1, 3650,
	"Days after which a login ends in any case."),
    TEXT("metrics", "listen", metrics_listen, "127.0.0.1:9820", 0,
	"Where figures are told to Prometheus, at /metrics: address:port or\n"
	"the path of a UNIX socket; empty: nowhere. Who reaches the address\n"
	"may read them, unless there is a token."),
    TEXT("metrics", "token_file", token_file, "", 0,
	"File with the token that has to be sent with it (Authorization:\n"
	"Bearer ...), or empty. An address that other machines reach needs\n"
	"one. A name without a slash is a file in " PIXLPIX_SYSCONFDIR
	"/secrets."),
    TEXT("simulator", "prefix", sim_prefix, "", 0,
	"Where the interface of the MiniTwit simulator is, such as /sim;\n"
	"empty: nowhere. Its programs may register, write and follow as\n"
	"anybody, without the site's rules: for exercises alone."),
    TEXT("simulator", "listen", sim_listen, "", 0,
	"An address:port of its own for it, where nginx serves it without\n"
	"the prefix, as programs expect it that know no path, such as\n"
	"127.0.0.1:5001; empty: none."),
    TEXT("simulator", "user", sim_user, "simulator", 1,
	"The name that the simulator logs in with (HTTP Basic)."),
    TEXT("simulator", "password_file", sim_password_file, "simulator", 1,
	"File with its password. A name without a slash is a file "
	"in\n" PIXLPIX_SYSCONFDIR "/secrets."),
    NUMBER("simulator", "local_only", sim_local, 0, 0, 1,
	"1: it answers programs on this machine alone."),
    TEXT("mail", "server", mail_server, "", 0,
	"The server that takes mail: to the sysadmin, about backups that "
	"fail\n"
	"and jobs that are given up, and to members who forgot their "
	"password.\n"
	"smtp://host[:port], or smtps://host where it speaks TLS from the "
	"first\n"
	"byte. Empty: no mail is sent."),
    TEXT("mail", "tls", mail_tls, "starttls", 1,
	"With smtp://: starttls, and no mail without it; or none, for a "
	"server\n"
	"on this machine."),
    TEXT("mail", "ca_file", mail_ca_file, "", 0,
	"Certificates that vouch for the server's; empty: the system's."),
    TEXT("mail", "from", mail_from, "", 0, "The address that mail comes from."),
    TEXT("mail", "to", mail_to, "", 0, "The sysadmin's address."),
    TEXT("mail", "user", mail_user, "", 0,
	"The name to log in with; empty: without."),
    TEXT("mail", "password_file", mail_password_file, "mail", 1,
	"File with the password for that. A name without a slash is a file "
	"in\n" PIXLPIX_SYSCONFDIR "/secrets."),
    TEXT("log", "level", log_level, "info", 1,
	"The least level that is logged: debug, info, warn or error."),
};

enum {
	KEY_COUNT = sizeof(keys) / sizeof(keys[0])
};

struct reading {
	struct arena *a;
	const char *path;
	struct buf *complaints;
	struct conf *conf;
	FILE *file;
	int line;             /* that libinih was given last */
	int lines[KEY_COUNT]; /* where each key was set, 0: nowhere */
	enum err failure;
};

static struct str *
text_of(struct conf *conf, const struct key *key)
{
	return (struct str *)(void *)((char *)conf + key->offset);
}

static int64_t *
number_of(struct conf *conf, const struct key *key)
{
	return (int64_t *)(void *)((char *)conf + key->offset);
}

static size_t
find_key(const char *section, const char *name)
{
	size_t i = 0;

	while (i < KEY_COUNT && (strcmp(keys[i].section, section) != 0 ||
				    strcmp(keys[i].name, name) != 0))
		i++;
	return i;
}

static void
set_defaults(struct conf *conf)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].kind == KEY_TEXT)
			*text_of(conf, &keys[i]) = str_from(keys[i].text);
		else
			*number_of(conf, &keys[i]) = keys[i].number;
}

static void
complain(struct reading *r, int line, const char *key, const char *sentence)
{
	buf_printf(
	    r->complaints, "%s:%d: %s: %s\n", r->path, line, key, sentence);
	r->failure = ERR_INPUT;
}

static void
set_text(struct reading *r, size_t i, int line, struct str value)
{
	if (value.len < (size_t)keys[i].min) {
		complain(r, line, keys[i].name, "must not be empty");
		return;
	}
	if (value.len > (size_t)keys[i].max || !str_is_text(value)) {
		complain(r, line, keys[i].name,
		    "must be UTF-8 text of at most 1024 bytes");
		return;
	}
	/* Only "key=;" without a blank comes here; printed, it has one. */
	if (str_starts(value, STR(";"))) {
		complain(r, line, keys[i].name,
		    "must not begin with ; since that begins a comment");
		return;
	}
	if (arena_copy(r->a, value, text_of(r->conf, &keys[i])) != OK)
		r->failure = ERR_MEMORY;
}

static void
set_number(struct reading *r, size_t i, int line, struct str value)
{
	struct str sentence;

	if (str_parse_int(value, keys[i].min, keys[i].max,
		number_of(r->conf, &keys[i])) == OK)
		return;
	if (arena_printf(r->a, &sentence,
		"must be a whole number from %lld to %lld",
		(long long)keys[i].min, (long long)keys[i].max) != OK)
		r->failure = ERR_MEMORY;
	else
		complain(r, line, keys[i].name, sentence.at);
}

/* libinih's reader.  Debian's libinih does not tell its handler the line, so
 * lines are counted where they are read. */
static char *
read_line(char *at, int size, void *user)
{
	struct reading *r = user;
	size_t length;

	if (fgets(at, size, r->file) == NULL)
		return NULL;
	r->line++;
	length = strlen(at);
	if (length + 1 == (size_t)size && at[length - 1] != '\n') {
		buf_printf(r->complaints, "%s:%d: longer than %d bytes\n",
		    r->path, r->line, size - 2);
		r->failure = ERR_INPUT;
		while (length > 0 && at[length - 1] != '\n' &&
		       fgets(at, size, r->file) != NULL)
			length = strlen(at);
		at[0] = '\0';
	}
	return at;
}

/* libinih's handler: 1 goes on, and so we always do, to find all faults. */
static int
take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	size_t i = find_key(section, name);

	if (i == KEY_COUNT) {
		buf_printf(r->complaints,
		    "%s:%d: there is no key \"%s\" in section [%s]\n", r->path,
		    r->line, name, section);
		r->failure = ERR_INPUT;
		return 1;
	}
	if (r->lines[i] != 0)
		complain(r, r->line, name, "is set a second time");
	else if (keys[i].kind == KEY_TEXT)
		set_text(r, i, r->line, str_from(value));
	else
		set_number(r, i, r->line, str_from(value));
	r->lines[i] = r->line;
	return 1;
}

static int
line_of(const struct reading *r, const char *section, const char *name)
{
	return r->lines[find_key(section, name)];
}

/* scheme://host[:port] and nothing else: it is put before paths. */
static bool
is_site_url(struct str url)
{
	size_t scheme = str_starts(url, STR("http://"))    ? 7
	                : str_starts(url, STR("https://")) ? 8
	                                                   : url.len;
	struct str host = str_slice(url, scheme, url.len);

	for (size_t i = 0; i < host.len; i++)
		if (host.at[i] <= ' ' || host.at[i] == '/' ||
		    host.at[i] == '?' || host.at[i] == '#' || host.at[i] == '@')
			return false;
	return host.len > 0;
}

/* These go into nginx's configuration in double quotes. */
static bool
is_quotable(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] < ' ' || text.at[i] == '"' ||
		    text.at[i] == '\\' || text.at[i] == '$')
			return false;
	return true;
}

/* And these as they are. */
static bool
is_host_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!(text.at[i] >= 'a' && text.at[i] <= 'z') &&
		    !(text.at[i] >= 'A' && text.at[i] <= 'Z') &&
		    !(text.at[i] >= '-' && text.at[i] <= ':') &&
		    text.at[i] != '[' && text.at[i] != ']')
			return false;
	return true;
}

static void
check_words(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!is_quotable(c->store_dir))
		complain(r, line_of(r, "store", "dir"), "dir",
		    "must not hold any of \" \\ $");
	if (!is_quotable(c->run_dir))
		complain(r, line_of(r, "web", "run_dir"), "run_dir",
		    "must not hold any of \" \\ $");
	if (!is_quotable(c->s3_ca_file))
		complain(r, line_of(r, "store", "s3_ca_file"), "s3_ca_file",
		    "must not hold any of \" \\ $");
	if (!is_quotable(c->cache_dir))
		complain(r, line_of(r, "store", "cache_dir"), "cache_dir",
		    "must not hold any of \" \\ $");
	if (!is_host_text(c->s3_public_bucket))
		complain(r, line_of(r, "store", "s3_public_bucket"),
		    "s3_public_bucket", "must be of a-z, 0-9 and -");
}

/* What of the S3 server is said must be whole, also where the images are in
 * the folder: they may be on their way. */
static void
check_store(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!str_equal(c->store_kind, STR("directory")) && !conf_is_s3(c))
		complain(r, line_of(r, "store", "kind"), "kind",
		    "must be directory or s3");
	if (conf_is_s3(c) && c->s3_endpoint.len == 0)
		complain(r, line_of(r, "store", "kind"), "kind",
		    "s3 needs store.s3_endpoint");
	if (conf_has_mirror(c) &&
	    !str_equal(c->mirror, conf_is_s3(c) ? STR("directory") : STR("s3")))
		complain(r, line_of(r, "store", "mirror"), "mirror",
		    "must be none, or the kind that store.kind is not");
	if (str_equal(c->mirror, STR("s3")) && c->s3_endpoint.len == 0)
		complain(r, line_of(r, "store", "mirror"), "mirror",
		    "s3 needs store.s3_endpoint");
	check_words(r);
	if (c->s3_endpoint.len == 0)
		return;
	if (c->s3_access_key.len == 0)
		complain(r, line_of(r, "store", "s3_endpoint"), "s3_endpoint",
		    "needs store.s3_access_key");
	if (!is_site_url(c->s3_endpoint) || !is_host_text(c->s3_endpoint))
		complain(r, line_of(r, "store", "s3_endpoint"), "s3_endpoint",
		    "must be http:// or https:// and a host, with nothing "
		    "behind it but a port");
	if (str_equal(c->s3_public_bucket, c->s3_hidden_bucket))
		complain(r, line_of(r, "store", "s3_hidden_bucket"),
		    "s3_hidden_bucket",
		    "must be another than store.s3_public_bucket");
	if (!str_equal(c->s3_addressing, STR("path")) &&
	    !str_equal(c->s3_addressing, STR("virtual")))
		complain(r, line_of(r, "store", "s3_addressing"),
		    "s3_addressing", "must be path or virtual");
	if (c->s3_total_s >= c->watchdog_s)
		complain(r, line_of(r, "store", "s3_total_s"), "s3_total_s",
		    "must be less than web.watchdog_s");
}

/* What is put into nginx's words: addresses and nothing that would end one. */
static bool
are_addresses(struct str list)
{
	for (size_t i = 0; i < list.len; i++)
		if (strchr("0123456789abcdefABCDEF.:/ ", list.at[i]) == NULL)
			return false;
	return true;
}

/* A path, or address:port with an IPv6 address in brackets. */
static bool
is_socket(struct str where)
{
	struct str address = where, port = {0};
	int64_t number;

	if (str_starts(where, STR("/")))
		return is_quotable(where);
	for (size_t i = 0; i < where.len; i++)
		if (where.at[i] == ':') {
			address = str_slice(where, 0, i);
			port = str_slice(where, i + 1, where.len);
		}
	if (str_starts(address, STR("[")) && str_ends(address, STR("]")))
		address = str_slice(address, 1, address.len - 2);
	else if (str_find(address, ':') < address.len)
		return false;
	return address.len > 0 && are_addresses(address) &&
	       str_find(address, ' ') == address.len &&
	       str_find(address, '/') == address.len &&
	       str_parse_int(port, 1, 65535, &number) == OK;
}

static bool
are_sockets(struct str list)
{
	while (list.len > 0) {
		struct str one = str_trim(str_cut(&list, ' '));

		if (one.len > 0 && !is_socket(one))
			return false;
	}
	return true;
}

static void
check_sockets(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!is_socket(c->pages_socket))
		complain(r, line_of(r, "web", "pages_socket"), "pages_socket",
		    "must be an absolute path, or address:port");
	if (!is_socket(c->slow_socket))
		complain(r, line_of(r, "web", "slow_socket"), "slow_socket",
		    "must be an absolute path, or address:port");
	if (!are_sockets(c->pages_servers))
		complain(r, line_of(r, "nginx", "pages_servers"),
		    "pages_servers",
		    "must be address:port with spaces between them");
	if (!are_sockets(c->slow_servers))
		complain(r, line_of(r, "nginx", "slow_servers"), "slow_servers",
		    "must be address:port with spaces between them");
}

/* Where nobody else than this machine comes. */
static bool
is_of_this_machine(struct str where)
{
	return str_starts(where, STR("/")) || str_starts(where, STR("127.")) ||
	       str_starts(where, STR("[::1]:"));
}

static void
check_metrics(struct reading *r)
{
	const struct conf *c = r->conf;
	struct str where = c->metrics_listen;

	if (where.len == 0)
		return;
	if (!is_socket(where))
		complain(r, line_of(r, "metrics", "listen"), "listen",
		    "must be an absolute path, address:port, or empty");
	else if (c->token_file.len == 0 && !is_of_this_machine(where))
		complain(r, line_of(r, "metrics", "listen"), "listen",
		    "an address that other machines reach needs "
		    "metrics.token_file");
}

/* A path of plain segments. */
static bool
is_prefix(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '/' ? i + 1 == s.len || s.at[i + 1] == '/'
				   : s.at[i] != '-' && s.at[i] != '_' &&
					 !(s.at[i] >= 'a' && s.at[i] <= 'z') &&
					 !(s.at[i] >= '0' && s.at[i] <= '9'))
			return false;
	return str_starts(s, STR("/"));
}

static void
check_simulator(struct reading *r)
{
	const struct conf *c = r->conf;

	if (c->sim_prefix.len > 0 && !is_prefix(c->sim_prefix))
		complain(r, line_of(r, "simulator", "prefix"), "prefix",
		    "must be a path of a-z, 0-9, - and _, such as /sim, or "
		    "empty");
	if (c->sim_listen.len > 0 &&
	    (!is_socket(c->sim_listen) || c->sim_listen.at[0] == '/'))
		complain(r, line_of(r, "simulator", "listen"), "listen",
		    "must be address:port, or empty");
	else if (c->sim_listen.len > 0 && c->sim_prefix.len == 0)
		complain(r, line_of(r, "simulator", "listen"), "listen",
		    "needs a prefix, too: where the site itself has it");
	else if (c->sim_listen.len > 0 && conf_sim_port(c) == conf_port(c))
		complain(r, line_of(r, "simulator", "listen"), "listen",
		    "the site itself is at this port: choose another");
	if (str_find(c->sim_user, ':') < c->sim_user.len)
		complain(r, line_of(r, "simulator", "user"), "user",
		    "must be without a colon");
}

bool
conf_is_mail_address(struct str text)
{
	size_t at = str_find(text, '@');

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' ||
		    strchr("<>(),;:\\\"[]", text.at[i]) != NULL)
			return false;
	return at > 0 && at + 1 < text.len;
}

static bool
is_mail_server(struct str url)
{
	size_t scheme = str_starts(url, STR("smtp://"))    ? 7
	                : str_starts(url, STR("smtps://")) ? 8
	                                                   : url.len;
	struct str host = str_slice(url, scheme, url.len);

	return host.len > 0 && is_host_text(host) &&
	       str_find(host, '/') == host.len;
}

static void
check_mail(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!str_equal(c->mail_tls, STR("starttls")) &&
	    !str_equal(c->mail_tls, STR("none")))
		complain(r, line_of(r, "mail", "tls"), "tls",
		    "must be starttls or none");
	if (c->mail_server.len == 0)
		return;
	if (!is_mail_server(c->mail_server))
		complain(r, line_of(r, "mail", "server"), "server",
		    "must be smtp://host[:port] or smtps://host[:port]");
	if (!conf_is_mail_address(c->mail_from))
		complain(r, line_of(r, "mail", "server"), "from",
		    "must be an address, name@host, for mail to be sent");
	if (!conf_is_mail_address(c->mail_to))
		complain(r, line_of(r, "mail", "server"), "to",
		    "must be an address, name@host, for mail to be sent");
	if (c->mail_user.len > 0 && str_equal(c->mail_tls, STR("none")) &&
	    str_starts(c->mail_server, STR("smtp://")))
		complain(r, line_of(r, "mail", "user"), "user",
		    "would send the password without TLS (mail.tls)");
}

static void
check_nginx(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!are_addresses(c->trusted_proxies))
		complain(r, line_of(r, "nginx", "trusted_proxies"),
		    "trusted_proxies",
		    "must be addresses or networks (10.0.0.0/8, 2001:db8::/32) "
		    "with spaces between them");
	if ((c->certificate.len == 0) != (c->certificate_key.len == 0) &&
	    !str_equal(c->certificate, STR("none")))
		complain(r,
		    line_of(r, "nginx",
			c->certificate.len > 0 ? "certificate"
					       : "certificate_key"),
		    "certificate_key",
		    "certificate and certificate_key go together");
	if (!is_quotable(c->certificate) || !is_quotable(c->certificate_key))
		complain(r, line_of(r, "nginx", "certificate"), "certificate",
		    "must be paths without quotation mark and backslash");
	if (c->password_file.len > 0 &&
	    str_starts(c->database, STR("postgres")) &&
	    str_find(c->database, ':') < c->database.len)
		complain(r, line_of(r, "database", "password_file"),
		    "password_file",
		    "goes with a conninfo of words like \"host=db\" alone, not "
		    "with a URI");
}

static void
check_together(struct reading *r)
{
	const struct conf *c = r->conf;

	if (!is_site_url(c->site_url))
		complain(r, line_of(r, "site", "url"), "url",
		    "must be http:// or https:// and a host, with nothing "
		    "behind it but a port");
	if (c->slow_workers <=
	    c->hashes + c->hash_queue + c->decoders + c->decoder_queue)
		complain(r, line_of(r, "web", "slow_workers"), "slow_workers",
		    "must be more than password.hashes and hash_queue, "
		    "limits.decoders and decoder_queue together");
	if (c->middle_px >= c->large_px)
		complain(r, line_of(r, "images", "middle_px"), "middle_px",
		    "must be less than large_px");
	if (c->square_px > c->large_px)
		complain(r, line_of(r, "images", "square_px"), "square_px",
		    "must not be more than large_px");
	if (!str_equal(c->log_level, STR("debug")) &&
	    !str_equal(c->log_level, STR("info")) &&
	    !str_equal(c->log_level, STR("warn")) &&
	    !str_equal(c->log_level, STR("error")))
		complain(r, line_of(r, "log", "level"), "level",
		    "must be debug, info, warn or error");
	check_store(r);
	check_sockets(r);
	check_metrics(r);
	check_simulator(r);
	check_nginx(r);
	check_mail(r);
	if (c->argon2_memory_kib < 8 * c->argon2_lanes)
		complain(r, line_of(r, "password", "argon2_memory_kib"),
		    "argon2_memory_kib",
		    "must be 8 times argon2_lanes or more");
}

enum err
conf_load(
    struct arena *a, const char *path, struct buf *complaints, struct conf *out)
{
	struct conf conf = {0};
	struct reading r = {
	    .a = a, .path = path, .complaints = complaints, .conf = &conf};
	int line;

	set_defaults(&conf);
	r.file = fopen(path, "re");
	if (r.file == NULL) {
		buf_printf(complaints, "%s: %s\n", path, strerror(errno));
		return ERR_IO;
	}
	line = ini_parse_stream(read_line, &r, take_pair, &r);
	if (ferror(r.file)) {
		buf_printf(complaints, "%s: %s\n", path, strerror(errno));
		r.failure = ERR_IO;
	}
	(void)fclose(r.file);
	if (r.failure == ERR_IO)
		return ERR_IO;
	if (line < 0)
		return ERR_MEMORY;
	if (line > 0) {
		buf_printf(complaints,
		    "%s:%d: is neither \"[section]\" nor \"key = value\"\n",
		    path, line);
		return ERR_INPUT;
	}
	if (r.failure == OK)
		check_together(&r);
	TRY(r.failure);
	*out = conf;
	return OK;
}

static void
put_help(struct buf *b, const char *help)
{
	struct str rest = str_from(help);

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');

		buf_printf(b, "; %.*s\n", STR_ARG(line));
	}
}

/* Which who has set another value wants to know. */
static void
put_default(struct buf *b, const struct key *key)
{
	if (key->kind == KEY_NUMBER)
		buf_printf(b, "; (from %lld to %lld; by default %lld)\n",
		    (long long)key->min, (long long)key->max,
		    (long long)key->number);
	else if (key->text[0] == '\0')
		buf_put(b, STR("; (by default empty)\n"));
	else
		buf_printf(b, "; (by default: %s)\n", key->text);
}

void
conf_put(struct buf *b, const struct conf *conf)
{
	const char *section = "";
	struct conf shown;

	if (conf != NULL)
		shown = *conf;
	else
		set_defaults(&shown);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(section, keys[i].section) != 0)
			buf_printf(
			    b, "%s[%s]\n", i > 0 ? "\n" : "", keys[i].section);
		section = keys[i].section;
		put_help(b, keys[i].help);
		put_default(b, &keys[i]);
		if (keys[i].kind == KEY_TEXT) {
			struct str text = *text_of(&shown, &keys[i]);

			buf_printf(
			    b, "%s = %.*s\n", keys[i].name, STR_ARG(text));
		} else {
			buf_printf(b, "%s = %lld\n", keys[i].name,
			    (long long)*number_of(&shown, &keys[i]));
		}
	}
}

static void
put_man_key(struct buf *b, const struct key *key)
{
	buf_printf(b, ".It Cm %s\n", key->name);
	buf_put_mdoc(b, str_from(key->help));
	if (key->kind == KEY_NUMBER)
		buf_printf(b, "From %lld to %lld; the default is %lld.\n",
		    (long long)key->min, (long long)key->max,
		    (long long)key->number);
	else if (key->text[0] == '\0')
		buf_put(b, STR("By default empty.\n"));
	else {
		buf_put(b, STR("The default is\n.Dq Li \\&"));
		buf_put_mdoc(b, str_from(key->text));
	}
}

void
conf_put_man(struct buf *b)
{
	const char *section = NULL;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (section == NULL || strcmp(section, keys[i].section) != 0) {
			if (section != NULL)
				buf_put(b, STR(".El\n"));
			buf_printf(b, ".Ss [%s]\n.Bl -tag -width Ds\n",
			    keys[i].section);
		}
		section = keys[i].section;
		put_man_key(b, &keys[i]);
	}
	buf_put(b, STR(".El\n"));
}
