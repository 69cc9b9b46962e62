/* What nginx has to know of the configuration, in its own words.  All that
 * does not depend on the configuration stands in nginx/. */
#include "base/conf.h"

#include <string.h>

#define HEAD "# Printed by `pixlpixctl config nginx%s`; do not edit.\n"

static bool
is_tls(const struct conf *conf)
{
	return str_starts(conf->s3_endpoint, STR("https://"));
}

static bool
is_virtual(const struct conf *conf)
{
	return str_equal(conf->s3_addressing, STR("virtual"));
}

/* The server's host and perhaps port. */
static void
put_endpoint(struct buf *b, const struct conf *conf)
{
	size_t scheme = is_tls(conf) ? strlen("https://") : strlen("http://");

	buf_put(b, str_slice(conf->s3_endpoint, scheme, conf->s3_endpoint.len));
}

/* A bucket's host, as the Host header has it. */
static void
put_host(struct buf *b, const struct conf *conf, struct str bucket)
{
	if (is_virtual(conf)) {
		buf_put(b, bucket);
		buf_put_char(b, '.');
	}
	put_endpoint(b, conf);
}

/* Behind the last ']' of an IPv6 address, or anywhere. */
static bool
has_port(struct str endpoint)
{
	while (endpoint.len > 0 && endpoint.at[endpoint.len - 1] >= '0' &&
	       endpoint.at[endpoint.len - 1] <= '9')
		endpoint.len--;
	return str_ends(endpoint, STR(":"));
}

/* Everybody is led to https, but for who proves to the authority that the
 * host is ours (ACME, RFC 8555, section 8.3). */
static void
put_redirect(struct buf *b, const struct conf *conf)
{
	struct str host = conf_host(conf);

	if (!conf_nginx_speaks_tls(conf) || conf_port(conf) == 80)
		return;
	buf_printf(b,
	    "server {\n\tlisten 80;\n\tlisten [::]:80;\n"
	    "\tserver_name %.*s;\n\tserver_tokens off;\n"
	    "\tlocation ^~ /.well-known/acme-challenge/ {\n"
	    "\t\troot /var/www/html;\n\t}\n"
	    "\tlocation / {\n\t\treturn 308 %.*s$request_uri;\n\t}\n}\n",
	    STR_ARG(host), STR_ARG(conf->site_url));
}

/* One server for each machine that has workers.  Where there are several, what
 * one of nginx's workers learns of a machine that is away all of them know, and
 * it is asked again after two seconds: another may go as soon as it is back. */
static void
put_upstream(
    struct buf *b, const char *name, struct str own, struct str servers)
{
	bool are_several = str_find(servers, ' ') < servers.len;

	buf_printf(b, "upstream %s {\n", name);
	if (are_several)
		buf_printf(b, "\tzone %s 64k;\n", name);
	if (servers.len == 0)
		servers = own;
	while (servers.len > 0) {
		struct str one = str_trim(str_cut(&servers, ' '));

		if (one.len > 0)
			buf_printf(b, "\tserver \"%s%.*s\"%s;\n",
			    one.at[0] == '/' ? "unix:" : "", STR_ARG(one),
			    are_several ? " fail_timeout=2s" : "");
	}
	buf_printf(b, "}\n");
}

/* At an address of its own the simulator's interface is without its prefix,
 * which everybody else here goes on knowing it by. */
static void
put_prefix(struct buf *b, const struct conf *conf)
{
	buf_printf(b, "map $server_port $pixlpix_prefix {\n\tdefault \"\";\n");
	if (conf->sim_listen.len > 0)
		buf_printf(b, "\t%lld \"%.*s\";\n",
		    (long long)conf_sim_port(conf), STR_ARG(conf->sim_prefix));
	buf_printf(b, "}\n");
}

/* Programs are told in JSON that no worker answers. */
static void
put_offline(struct buf *b, const struct conf *conf)
{
	buf_printf(b, "map $pixlpix_prefix$request_uri $pixlpix_offline {\n"
		      "\tdefault /error/offline;\n"
		      "\t\"~^/api/v1(?:[/?]|$)\" /error/offline-api;\n");
	if (conf->sim_prefix.len > 0)
		buf_printf(b, "\t\"~^%.*s(?:[/?]|$)\" /error/offline-sim;\n",
		    STR_ARG(conf->sim_prefix));
	buf_printf(b, "}\n");
}

/* A cached object is asked for again after a short while: one that was
 * fetched at the very moment it was deleted does not stay. */
static void
put_http(struct buf *b, const struct conf *conf)
{
	buf_printf(b, HEAD, " http");
	put_redirect(b, conf);
	put_prefix(b, conf);
	put_offline(b, conf);
	put_upstream(
	    b, "pixlpix_pages", conf->pages_socket, conf->pages_servers);
	put_upstream(b, "pixlpix_slow", conf->slow_socket, conf->slow_servers);
	if (!conf_is_s3(conf))
		return;
	/* Of both buckets, whatever they are called. */
	buf_printf(b, "upstream pixlpix_store {\n\tserver ");
	put_endpoint(b, conf);
	if (!has_port(conf->s3_endpoint))
		buf_printf(b, ":%d", is_tls(conf) ? 443 : 80);
	buf_printf(b,
	    " max_fails=0;\n\tkeepalive 32;\n}\n"
	    "proxy_cache_path \"%.*s\" keys_zone=pixlpix_images:16m\n"
	    "\tmax_size=%lld inactive=7d use_temp_path=off;\n",
	    STR_ARG(conf->cache_dir), (long long)conf->cache_bytes);
}

static void
put_trust(struct buf *b, const struct conf *conf, struct str bucket)
{
	if (!is_tls(conf))
		return;
	buf_printf(b, "proxy_ssl_server_name on;\nproxy_ssl_name \"");
	put_host(b, conf, bucket);
	buf_printf(b,
	    "\";\nproxy_ssl_verify on;\nproxy_ssl_verify_depth 4;\n"
	    "proxy_ssl_trusted_certificate \"%.*s\";\n",
	    STR_ARG(conf->s3_ca_file));
}

static void
put_times(struct buf *b, const struct conf *conf)
{
	buf_printf(b,
	    "proxy_connect_timeout %lldms;\n"
	    "proxy_read_timeout %llds;\n"
	    "proxy_send_timeout %llds;\n",
	    (long long)conf->s3_connect_ms, (long long)conf->s3_stall_s,
	    (long long)conf->s3_stall_s);
}

static void
put_images_s3(struct buf *b, const struct conf *conf)
{
	/* What has left public space this very moment. */
	buf_printf(b, "if (-f \"%.*s/gone/$3\") {\n\treturn 404;\n}\n",
	    STR_ARG(conf->run_dir));
	buf_printf(b, "proxy_pass http%s://pixlpix_store/%.*s%s$3;\n",
	    is_tls(conf) ? "s" : "",
	    is_virtual(conf) ? 0 : (int)conf->s3_public_bucket.len,
	    conf->s3_public_bucket.at, is_virtual(conf) ? "" : "/");
	buf_printf(b, "proxy_set_header Host \"");
	put_host(b, conf, conf->s3_public_bucket);
	/* The connection's header would close it. */
	buf_printf(b, "\";\nproxy_set_header Connection \"\";\n"
		      "proxy_cache pixlpix_images;\n");
	put_times(b, conf);
	put_trust(b, conf, conf->s3_public_bucket);
}

/* What the worker has told a program of its rate goes on with the file. */
static void
put_rate(struct buf *b)
{
	static const char *const names[] = {"Limit", "Remaining", "Reset"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		buf_printf(b,
		    "set $pixlpix_rate_%s $upstream_http_ratelimit_%s;\n"
		    "add_header RateLimit-%s $pixlpix_rate_%s always;\n",
		    names[i], names[i], names[i], names[i]);
}

/* What nobody may have but whom a worker lets: it answers with an address
 * there, and no other request comes to it.  A signature of an S3 server's is
 * in the address, for a GET; of the visitor's request it is told which part is
 * wanted, and which version is there already. */
static void
put_inner(struct buf *b, const struct conf *conf, const char *place,
    const char *folder, struct str bucket)
{
	buf_printf(b,
	    "location ^~ /%s/ {\ninternal;\n"
	    "add_header X-Content-Type-Options nosniff always;\n"
	    "add_header Content-Security-Policy "
	    "\"default-src 'none'; sandbox\" always;\n"
	    "add_header Cross-Origin-Resource-Policy same-origin "
	    "always;\n",
	    place);
	put_rate(b);
	if (conf_is_s3(conf)) {
		buf_printf(b,
		    "proxy_pass http%s://pixlpix_store/;\n"
		    "proxy_method GET;\nproxy_cache off;\n"
		    "proxy_set_header Connection \"\";\n"
		    "proxy_set_header Range $http_range;\n"
		    "proxy_set_header If-Range $http_if_range;\n"
		    "proxy_set_header If-None-Match $http_if_none_match;\n"
		    "proxy_set_header Host \"",
		    is_tls(conf) ? "s" : "");
		put_host(b, conf, bucket);
		buf_printf(b, "\";\n");
		put_times(b, conf);
		put_trust(b, conf, bucket);
	} else {
		buf_printf(b, "alias \"%.*s/%s/\";\n", STR_ARG(conf->store_dir),
		    folder);
	}
	buf_printf(b, "}\n");
}

/* Where there is one machine, a request must not kill a second worker after
 * the first.  Where there are several, one that dies takes no page with it:
 * what reads is asked of one more machine, what writes only where it was not
 * sent yet (nginx's default); and a machine that is silent is soon known. */
static void
put_next(struct buf *b, const struct conf *conf)
{
	if (conf->pages_servers.len == 0 && conf->slow_servers.len == 0)
		buf_printf(b, "fastcgi_next_upstream off;\n"
			      "fastcgi_connect_timeout 5s;\n");
	else
		buf_printf(b, "fastcgi_next_upstream error timeout;\n"
			      "fastcgi_next_upstream_tries 2;\n"
			      "fastcgi_next_upstream_timeout 10s;\n"
			      "fastcgi_socket_keepalive on;\n"
			      "fastcgi_connect_timeout 1s;\n");
}

static void
put_server(struct buf *b, const struct conf *conf)
{
	buf_printf(b,
	    HEAD "client_max_body_size %lld;\n"
		 "limit_req zone=pixlpix_guess burst=%lld nodelay;\n"
		 "limit_req_status 429;\n"
		 "fastcgi_read_timeout %llds;\n",
	    "", (long long)conf_body_bytes(conf), (long long)conf->login_burst,
	    (long long)conf->watchdog_s + 5);
	if (conf->sim_listen.len > 0)
		buf_printf(b, "listen %.*s;\n", STR_ARG(conf->sim_listen));
	put_next(b, conf);
	put_inner(b, conf, "hidden", "hidden", conf->s3_hidden_bucket);
	put_inner(b, conf, "shown", "public", conf->s3_public_bucket);
}

static void
put_certificate(struct buf *b, const struct conf *conf)
{
	struct str host = conf_host(conf);

	buf_printf(b, "ssl_dhparam %s;\n",
	    PIXLPIX_DATADIR "/nginx/snippets/ffdhe2048.pem");
	if (conf->certificate.len > 0)
		buf_printf(b,
		    "ssl_certificate \"%.*s\";\n"
		    "ssl_certificate_key \"%.*s\";\n",
		    STR_ARG(conf->certificate), STR_ARG(conf->certificate_key));
	else
		buf_printf(b,
		    "ssl_certificate "
		    "/etc/letsencrypt/live/%.*s/fullchain.pem;\n"
		    "ssl_certificate_key "
		    "/etc/letsencrypt/live/%.*s/privkey.pem;\n",
		    STR_ARG(host), STR_ARG(host));
}

static void
put_listen(struct buf *b, const struct conf *conf)
{
	bool is_tls_here = conf_nginx_speaks_tls(conf);
	struct str proxies = conf->trusted_proxies;
	const char *how = is_tls_here ? " ssl http2" : "";
	long long port =
	    conf_is_https(conf) && !is_tls_here ? 80 : conf_port(conf);

	buf_printf(b,
	    HEAD "listen %lld%s;\nlisten [::]:%lld%s;\nserver_name %.*s;\n",
	    " listen", port, how, port, how, STR_ARG(conf_host(conf)));
	if (is_tls_here)
		put_certificate(b, conf);
	while (proxies.len > 0) {
		struct str one = str_trim(str_cut(&proxies, ' '));

		if (one.len > 0)
			buf_printf(b, "set_real_ip_from %.*s;\n", STR_ARG(one));
	}
	if (conf->trusted_proxies.len > 0)
		buf_printf(b, "real_ip_header X-Forwarded-For;\n"
			      "real_ip_recursive on;\n");
}

static void
put_images(struct buf *b, const struct conf *conf)
{
	buf_printf(b, HEAD, " images");
	if (conf_is_s3(conf))
		put_images_s3(b, conf);
	else
		buf_printf(
		    b, "alias \"%.*s/public/$1\";\n", STR_ARG(conf->store_dir));
}

void
conf_put_nginx(struct buf *b, const struct conf *conf, enum conf_nginx part)
{
	switch (part) {
	case CONF_NGINX_SERVER:
		put_server(b, conf);
		break;
	case CONF_NGINX_HTTP:
		put_http(b, conf);
		break;
	case CONF_NGINX_IMAGES:
		put_images(b, conf);
		break;
	case CONF_NGINX_LISTEN:
		put_listen(b, conf);
		break;
	}
}
