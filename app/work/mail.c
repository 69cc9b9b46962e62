/* One message, one connection. */
#include "work/mail.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "store/sql.h"

#include <curl/curl.h>
#include <poll.h>
#include <string.h>
#include <time.h>

enum {
	CONNECT_MS = 10000,
	TOTAL_MS = 30000,
	REPLY_MS = 10000,
	REPLY_MAX = 4096,
	SUBJECT_MAX = 150,
	NO_MAILBOX = 550,
	NO_MAILBOX_LAST = 553,
	HEADERS = 5
};

bool
mail_is_on(const struct conf *conf)
{
	return conf->mail_server.len > 0;
}

void
mail_ask(const struct site *site, enum mail_about about, struct str text,
    int64_t wait_s)
{
	if (mail_is_on(site->conf))
		sql_mail_later_ask(site->db,
		    &(struct sql_mail_later_in){about, text, wait_s}, NULL);
}

/* One connection and what it needs until it is closed. */
struct mailer {
	CURL *curl;
	curl_mime *mime;
	struct curl_slist *headers;
	struct curl_slist *to;
	char why[CURL_ERROR_SIZE];
};

static void
mailer_close(struct mailer *m)
{
	curl_easy_cleanup(m->curl);
	curl_mime_free(m->mime);
	curl_slist_free_all(m->headers);
	curl_slist_free_all(m->to);
}

static enum err
log_in(struct mailer *m, const struct conf *conf, struct arena *a)
{
	struct str password;
	const char *user, *secret;

	if (conf->mail_user.len == 0)
		return OK;
	TRY(conf_secret(a, conf->mail_password_file, "mail", &password));
	TRY(arena_z(a, conf->mail_user, &user));
	TRY(arena_z(a, password, &secret));
	return curl_easy_setopt(m->curl, CURLOPT_USERNAME, user) == CURLE_OK &&
	               curl_easy_setopt(m->curl, CURLOPT_PASSWORD, secret) ==
	                   CURLE_OK
	           ? OK
	           : ERR_MEMORY;
}

/* TLS is demanded, and its certificate looked at, unless the configuration
 * says that there is none. */
static enum err
set_tls(struct mailer *m, const struct conf *conf, struct arena *a)
{
	bool is_plain = str_equal(conf->mail_tls, STR("none"));
	CURLcode bad = curl_easy_setopt(m->curl, CURLOPT_USE_SSL,
	    is_plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	const char *path;

	if (conf->mail_ca_file.len > 0) {
		TRY(arena_z(a, conf->mail_ca_file, &path));
		bad |= curl_easy_setopt(m->curl, CURLOPT_CAINFO, path);
	}
	return bad == CURLE_OK ? OK : ERR_INTERNAL;
}

static enum err
mailer_open(struct mailer *m, const struct conf *conf, struct arena *a)
{
	struct str url;
	CURLcode bad = CURLE_OK;

	*m = (struct mailer){.curl = curl_easy_init()};
	if (m->curl == NULL)
		return ERR_MEMORY;
	/* The path is the name for EHLO. */
	TRY(arena_printf(a, &url, "%.*s/%.*s", STR_ARG(conf->mail_server),
	    STR_ARG(conf_host(conf))));
	bad |= curl_easy_setopt(m->curl, CURLOPT_ERRORBUFFER, m->why);
	bad |= curl_easy_setopt(m->curl, CURLOPT_URL, url.at);
	bad |= curl_easy_setopt(m->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	bad |= curl_easy_setopt(m->curl, CURLOPT_PROXY, "");
	bad |=
	    curl_easy_setopt(m->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(m->curl, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(
	    m->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	bad |= curl_easy_setopt(m->curl, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
	if (bad != CURLE_OK)
		return ERR_INTERNAL;
	TRY(set_tls(m, conf, a));
	return log_in(m, conf, a);
}

static enum err
add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer == NULL)
		return ERR_MEMORY;
	*list = longer;
	return OK;
}

/* A header of ASCII, one line, whatever it is made of. */
static void
make_plain(char *at)
{
	for (; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || (unsigned char)*at > '~')
			*at = '?';
}

static enum err
add_header(
    struct mailer *m, struct arena *a, const char *name, struct str value)
{
	struct str text;
	char line[SUBJECT_MAX + 300];

	TRY(arena_printf(a, &text, "%s: %.*s", name, STR_ARG(value)));
	if (text.len >= sizeof(line))
		text.len = sizeof(line) - 1;
	memcpy(line, text.at, text.len);
	line[text.len] = '\0';
	make_plain(line);
	return add_line(&m->headers, line);
}

/* RFC 5322 section 3.3. */
static enum err
add_date(struct mailer *m, struct arena *a)
{
	time_t now = (time_t)(clock_now().us / 1000000);
	char text[64];
	struct tm parts;

	if (gmtime_r(&now, &parts) == NULL ||
	    strftime(
		text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &parts) == 0)
		return ERR_INTERNAL;
	return add_header(m, a, "Date", str_from(text));
}

static enum err
add_headers(struct mailer *m, const struct conf *conf, struct arena *a,
    struct str to, struct str subject)
{
	struct str id, unique;

	if (subject.len > SUBJECT_MAX)
		subject.len = SUBJECT_MAX;
	TRY(random_token(a, 16, &unique));
	TRY(arena_printf(
	    a, &id, "<%.*s@%.*s>", STR_ARG(unique), STR_ARG(conf_host(conf))));
	TRY(add_header(m, a, "From", conf->mail_from));
	TRY(add_header(m, a, "To", to));
	TRY(add_header(m, a, "Subject", subject));
	TRY(add_header(m, a, "Message-ID", id));
	TRY(add_header(m, a, "Auto-Submitted", STR("auto-generated")));
	return add_date(m, a);
}

static enum err
set_message(struct mailer *m, const struct conf *conf, struct arena *a,
    struct str to, struct str text)
{
	struct str subject = str_cut(&text, '\n');
	const char *from, *rcpt;
	curl_mimepart *part;
	CURLcode bad = CURLE_OK;

	TRY(add_headers(m, conf, a, to, subject));
	TRY(arena_z(a, conf->mail_from, &from));
	TRY(arena_z(a, to, &rcpt));
	TRY(add_line(&m->to, rcpt));
	m->mime = curl_mime_init(m->curl);
	part = m->mime == NULL ? NULL : curl_mime_addpart(m->mime);
	if (part == NULL)
		return ERR_MEMORY;
	bad |= curl_mime_data(part, text.at, text.len);
	bad |= curl_mime_type(part, "text/plain; charset=utf-8");
	bad |= curl_mime_encoder(part, "quoted-printable");
	bad |= curl_easy_setopt(m->curl, CURLOPT_MAIL_FROM, from);
	bad |= curl_easy_setopt(m->curl, CURLOPT_MAIL_RCPT, m->to);
	bad |= curl_easy_setopt(m->curl, CURLOPT_HTTPHEADER, m->headers);
	bad |= curl_easy_setopt(m->curl, CURLOPT_MIMEPOST, m->mime);
	return bad == CURLE_OK ? OK : ERR_MEMORY;
}

/* The words of the failure: the server's, or libcurl's. */
static const char *
reason(const struct mailer *m, CURLcode code)
{
	return m->why[0] != '\0' ? m->why : curl_easy_strerror(code);
}

/* Whether the server has no such mailbox and never will. */
static bool
is_refused_for_good(const struct mailer *m)
{
	long reply = 0;

	return curl_easy_getinfo(m->curl, CURLINFO_RESPONSE_CODE, &reply) ==
	           CURLE_OK &&
	       reply >= NO_MAILBOX && reply <= NO_MAILBOX_LAST;
}

enum err
mail_send(
    const struct conf *conf, struct arena *a, struct str to, struct str text)
{
	struct mailer m;
	CURLcode code = CURLE_OK;
	enum err e;

	if (!conf_is_mail_address(to))
		return ERR_INPUT;
	e = mailer_open(&m, conf, a);
	if (e == OK)
		e = set_message(&m, conf, a, to, text);
	if (e == OK) {
		code = curl_easy_perform(m.curl);
		if (code != CURLE_OK) {
			e = is_refused_for_good(&m) ? ERR_INPUT : ERR_IO;
			log_event(LOG_WARN, "mail not taken",
			    LOG_STR("server", conf->mail_server),
			    LOG_Z("why", reason(&m, code)));
		}
	}
	if (e == OK)
		log_event(LOG_INFO, "mail sent");
	mailer_close(&m);
	return e;
}

/* ---- asking without sending ---- */

static enum err
wait_for(struct mailer *m, short what)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct pollfd p;

	if (curl_easy_getinfo(m->curl, CURLINFO_ACTIVESOCKET, &fd) !=
		CURLE_OK ||
	    fd == CURL_SOCKET_BAD)
		return ERR_IO;
	p = (struct pollfd){.fd = fd, .events = what};
	return poll(&p, 1, REPLY_MS) == 1 ? OK : ERR_IO;
}

static enum err
say(struct mailer *m, struct str line)
{
	while (line.len > 0) {
		size_t sent = 0;
		CURLcode code =
		    curl_easy_send(m->curl, line.at, line.len, &sent);

		if (code == CURLE_AGAIN)
			TRY(wait_for(m, POLLOUT));
		else if (code != CURLE_OK)
			return ERR_IO;
		line = str_slice(line, sent, line.len);
	}
	return OK;
}

/* RFC 5321 section 4.2: "250-more" lines, then "250 last". */
static bool
is_whole_reply(struct str reply)
{
	struct str line = STR("");

	if (!str_ends(reply, STR("\n")))
		return false;
	while (reply.len > 0)
		line = str_cut(&reply, '\n');
	return line.len < 4 || line.at[3] != '-';
}

static enum err
hear(struct mailer *m, char text[REPLY_MAX], struct str *out)
{
	size_t have = 0;

	while (have < REPLY_MAX) {
		size_t got = 0;
		CURLcode code = curl_easy_recv(
		    m->curl, text + have, REPLY_MAX - have, &got);

		if (code == CURLE_AGAIN) {
			TRY(wait_for(m, POLLIN));
			continue;
		}
		if (code != CURLE_OK || got == 0)
			return ERR_IO;
		have += got;
		*out = (struct str){text, have};
		if (is_whole_reply(*out))
			return OK;
	}
	return ERR_IO;
}

/* ERR_INPUT where the server refuses the line; *why is its answer. */
static enum err
ask(struct mailer *m, struct arena *a, const char *verb, struct str address,
    struct str *why)
{
	char text[REPLY_MAX];
	struct str line, reply;

	TRY(arena_printf(a, &line, "%s<%.*s>\r\n", verb, STR_ARG(address)));
	TRY(say(m, line));
	TRY(hear(m, text, &reply));
	TRY(arena_copy(a, str_trim(reply), why));
	return reply.at[0] == '2' ? OK : ERR_INPUT;
}

enum err
mail_check(const struct conf *conf, struct arena *a, struct str *why)
{
	struct mailer m;
	CURLcode code;
	enum err e = mailer_open(&m, conf, a);

	*why = str_from(err_name(e));
	if (e == OK) {
		(void)curl_easy_setopt(m.curl, CURLOPT_CONNECT_ONLY, 1L);
		code = curl_easy_perform(m.curl);
		if (code != CURLE_OK) {
			e = ERR_IO;
			if (arena_copy(a, str_from(reason(&m, code)), why) !=
			    OK)
				e = ERR_MEMORY;
		}
	}
	if (e == OK) {
		*why = STR("it does not answer");
		e = ask(&m, a, "MAIL FROM:", conf->mail_from, why);
		if (e == OK)
			e = ask(&m, a, "RCPT TO:", conf->mail_to, why);
		(void)say(&m, STR("QUIT\r\n"));
	}
	mailer_close(&m);
	return e;
}
