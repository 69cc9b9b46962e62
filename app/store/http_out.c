/* One libcurl handle, and the rules for its use. */
#include "store/http_out.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct http_out {
	CURL *curl;
	char *ca_file; /* or NULL */
	char why[CURL_ERROR_SIZE];
};

/* A request under way. */
struct exchange {
	const struct http_out_request *request;
	struct http_out_reply *reply;
	CURL *curl;
	int64_t sent;
	enum err failure; /* of ours, not the network's */
};

enum err
http_out_open(const char *ca_file, struct http_out **out)
{
	struct http_out *client;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_INTERNAL;
	client = calloc(1, sizeof(*client));
	if (client == NULL)
		return ERR_MEMORY;
	client->curl = curl_easy_init();
	client->ca_file = ca_file == NULL ? NULL : strdup(ca_file);
	if (client->curl == NULL ||
	    (ca_file != NULL && client->ca_file == NULL)) {
		http_out_close(client);
		return ERR_MEMORY;
	}
	*out = client;
	return OK;
}

void
http_out_close(struct http_out *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->curl);
	free(client->ca_file);
	free(client);
}

/* ---- what libcurl calls ---- */

static size_t
read_file(struct exchange *x, char *at, size_t room)
{
	int64_t left = x->request->body_bytes - x->sent;
	size_t want = left < (int64_t)room ? (size_t)left : room;
	ssize_t n;

	if (want == 0)
		return 0;
	do
		n = pread(x->request->body_fd, at, want, x->sent);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		x->failure = n < 0 ? ERR_IO : ERR_INPUT;
		return CURL_READFUNC_ABORT;
	}
	return (size_t)n;
}

static size_t
send_some(char *at, size_t size, size_t count, void *user)
{
	struct exchange *x = user;
	size_t room = size * count, n;

	if (x->request->body_fd >= 0) {
		n = read_file(x, at, room);
		if (n == CURL_READFUNC_ABORT)
			return n;
	} else {
		struct str rest =
		    str_slice(x->request->body, (size_t)x->sent, room);

		n = rest.len;
		if (n > 0)
			memcpy(at, rest.at, n);
	}
	x->sent += (int64_t)n;
	return n;
}

/* A kept connection that turns out dead makes libcurl begin again. */
static int
seek_body(void *user, curl_off_t offset, int origin)
{
	struct exchange *x = user;

	if (origin != SEEK_SET)
		return CURL_SEEKFUNC_FAIL;
	x->sent = offset;
	return CURL_SEEKFUNC_OK;
}

static size_t
take_some(char *at, size_t size, size_t count, void *user)
{
	struct exchange *x = user;
	struct str bytes = {at, size * count};
	long status = 0;

	(void)curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	if (x->request->sink != NULL && status == 200) {
		x->failure = x->request->sink(x->request->user, bytes);
	} else {
		buf_put(&x->reply->body, bytes);
		x->failure = buf_check(&x->reply->body);
	}
	return x->failure == OK ? bytes.len : 0;
}

/* ---- setting up ---- */

static struct curl_slist *
make_headers(const struct http_out_request *r)
{
	/* libcurl would wait a second for a 100 that few servers send. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (size_t i = 0; i < r->header_count && list != NULL; i++) {
		struct curl_slist *longer =
		    curl_slist_append(list, r->headers[i]);

		if (longer == NULL)
			curl_slist_free_all(list);
		list = longer;
	}
	return list;
}

/* The options that hold for every request. */
static CURLcode
set_rules(struct http_out *client)
{
	CURL *c = client->curl;
	CURLcode bad = CURLE_OK;

	curl_easy_reset(c); /* keeps the connection */
	bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, client->why);
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	if (client->ca_file != NULL)
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, client->ca_file);
	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(
	    c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(c, CURLOPT_HTTP09_ALLOWED, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_MAXCONNECTS, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_FILETIME, 1L);
	bad |=
	    curl_easy_setopt(c, CURLOPT_USERAGENT, "PixlPix/" PIXLPIX_VERSION);
	return bad;
}

static CURLcode
set_method(CURL *c, const struct http_out_request *r)
{
	CURLcode bad = CURLE_OK;

	if (strcmp(r->method, "HEAD") == 0)
		return curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	if (strcmp(r->method, "PUT") == 0) {
		int64_t bytes =
		    r->body_fd >= 0 ? r->body_bytes : (int64_t)r->body.len;

		bad |= curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
		bad |= curl_easy_setopt(
		    c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes);
		return bad;
	}
	return curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
}

static CURLcode
set_request(
    struct http_out *client, struct exchange *x, struct curl_slist *headers)
{
	const struct http_out_request *r = x->request;
	CURL *c = client->curl;
	CURLcode bad = set_rules(client);

	bad |= set_method(c, r);
	bad |= curl_easy_setopt(c, CURLOPT_URL, r->url);
	bad |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	bad |= curl_easy_setopt(c, CURLOPT_READFUNCTION, send_some);
	bad |= curl_easy_setopt(c, CURLOPT_READDATA, x);
	bad |= curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, seek_body);
	bad |= curl_easy_setopt(c, CURLOPT_SEEKDATA, x);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_some);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	bad |=
	    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
	bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
	bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)r->stall_s);
	return bad;
}

/* ---- the answer ---- */

/* 0 where the server does not say when it is. */
static int64_t
clock_off(const struct http_out *client)
{
	struct str date = http_out_header(client, "Date");
	time_t server = date.len > 0 ? curl_getdate(date.at, NULL) : -1;

	return server < 0 ? 0 : (int64_t)server - (int64_t)time(NULL);
}

static void
take_facts(struct http_out *client, struct http_out_reply *reply)
{
	curl_off_t number = -1;
	long status = 0;

	(void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	reply->status = (int)status;
	(void)curl_easy_getinfo(
	    client->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &number);
	reply->size_bytes = number;
	number = -1;
	(void)curl_easy_getinfo(client->curl, CURLINFO_FILETIME_T, &number);
	reply->changed_s = number;
	number = 0;
	(void)curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &number);
	reply->retry_after_s = number;
	reply->clock_off_s = clock_off(client);
}

static enum http_out_end
end_of(struct http_out *client, CURLcode result)
{
	long spoken = 0;

	if (result == CURLE_OK)
		return HTTP_OUT_ANSWERED;
	/* Bytes of a request went out only over a connection. */
	(void)curl_easy_getinfo(client->curl, CURLINFO_REQUEST_SIZE, &spoken);
	return spoken == 0 ? HTTP_OUT_UNREACHED : HTTP_OUT_BROKEN;
}

static enum err
result_of(struct http_out *client, const struct exchange *x, CURLcode result)
{
	struct http_out_reply *reply = x->reply;

	reply->end = end_of(client, result);
	take_facts(client, reply);
	if (result == CURLE_OK)
		return OK;
	if (x->failure != OK)
		return x->failure;
	if (result == CURLE_OUT_OF_MEMORY)
		return ERR_MEMORY;
	reply->why =
	    client->why[0] != '\0' ? client->why : curl_easy_strerror(result);
	return ERR_LOST;
}

enum err
http_out_send(struct http_out *client, const struct http_out_request *request,
    struct http_out_reply *reply)
{
	struct exchange x = {
	    .request = request, .reply = reply, .curl = client->curl};
	struct curl_slist *headers = make_headers(request);
	enum err e;

	if (headers == NULL)
		return ERR_MEMORY;
	buf_reset(&reply->body);
	*reply = (struct http_out_reply){.body = reply->body};
	client->why[0] = '\0';
	if (set_request(client, &x, headers) != CURLE_OK)
		e = ERR_MEMORY;
	else
		e = result_of(client, &x, curl_easy_perform(client->curl));
	/* Nothing of this call is left in the handle but what http_out_header
	 * finds; the next one begins with set_rules. */
	(void)curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	return e;
}

struct str
http_out_header(const struct http_out *client, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(
		client->curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return (struct str){0};
	return str_from(header->value);
}
