/* The configuration: reading it, refusing it, printing it. */
#include "base/conf.h"

#include "../helper/kit.h"

#include <stdio.h>
#include <string.h>

static struct buf complaints;
static struct conf conf;
static const char *path;

static void
end(void)
{
	buf_free(&complaints);
	kit_end();
}

TestSuite(conf, .init = kit_start, .fini = end);

static enum err
load(struct str text)
{
	buf_reset(&complaints);
	path = kit_file(text);
	return conf_load(kit_arena, path, &complaints, &conf);
}

/* The text is refused, with this complaint behind the file's path. */
static void
refuses(struct str text, const char *complaint)
{
	struct str wanted;

	ASSERT_ERR(load(text), ERR_INPUT);
	wanted = kit_text("%s%s\n", path, complaint);
	ASSERT_HAS(buf_str(&complaints), wanted.at);
}

Test(conf, an_empty_file_gives_the_defaults)
{
	ASSERT_OK(load(STR("")));
	ASSERT_STR(conf.site_name, "PixlPix");
	ASSERT_STR(conf.overlay_dir, "");
	ASSERT_INT(conf.post_images, 10);
	ASSERT_INT(conf.argon2_memory_kib, 19456);
	ASSERT_INT(conf.argon2_passes, 2);
	ASSERT_INT((long long)complaints.len, 0);
}

Test(conf, every_kind_of_line_is_read)
{
	ASSERT_OK(
	    load(STR("; a remark\n# another\n\n[site]\nname = Öl & Licht\n"
		     "url=https://pix.example  \n\n[limits]\n"
		     "post_images = 4 ; inline\n[web]\noverlay_dir =\n")));
	ASSERT_STR(conf.site_name, "Öl & Licht");
	ASSERT_STR(conf.site_url, "https://pix.example");
	ASSERT_INT(conf.post_images, 4);
	ASSERT_STR(conf.overlay_dir, "");
	ASSERT_STR(conf.contact, "the person who runs this site");
}

Test(conf, the_last_line_needs_no_end)
{
	ASSERT_OK(load(STR("[site]\nname = x")));
	ASSERT_STR(conf.site_name, "x");
}

Test(conf, a_missing_file_is_named)
{
	ASSERT_ERR(conf_load(kit_arena, "/nonexistent/pixlpix.conf",
		       &complaints, &conf),
	    ERR_IO);
	ASSERT_STR(buf_str(&complaints),
	    "/nonexistent/pixlpix.conf: No such file or directory\n");
}

Test(conf, a_folder_is_no_configuration)
{
	ASSERT_ERR(conf_load(kit_arena, "/tmp", &complaints, &conf), ERR_IO);
	ASSERT_STR(buf_str(&complaints), "/tmp: Is a directory\n");
}

Test(conf, an_unknown_key_is_refused_with_its_line)
{
	refuses(STR("[site]\nname = x\ncolour = red\n"),
	    ":3: there is no key \"colour\" in section [site]");
}

Test(conf, a_key_of_another_section_is_unknown)
{
	refuses(STR("[web]\nname = x\n"),
	    ":2: there is no key \"name\" in section [web]");
	refuses(
	    STR("name = x\n"), ":1: there is no key \"name\" in section []");
}

Test(conf, a_key_that_is_set_twice_is_refused)
{
	refuses(STR("[site]\nname = x\n\nname = y\n"),
	    ":4: name: is set a second time");
}

Test(conf, proxies_that_are_no_addresses_are_refused)
{
	refuses(STR("[nginx]\ntrusted_proxies = 10.0.0.1; evil on\n"),
	    ":2: trusted_proxies: must be addresses or networks (10.0.0.0/8, "
	    "2001:db8::/32) with spaces between them");
}

Test(conf, a_certificate_without_its_key_is_refused)
{
	refuses(STR("[nginx]\ncertificate = /c.pem\n"),
	    ":2: certificate_key: certificate and certificate_key go "
	    "together");
}

Test(conf, the_simulators_prefix_is_a_plain_path)
{
	static const char *const others[] = {
	    "sim", "/", "/sim/", "//sim", "/s im", "/S", "/a\\.b"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char text[64];

		(void)snprintf(text, sizeof(text), "[simulator]\nprefix = %s\n",
		    others[i]);
		refuses(str_from(text),
		    ":2: prefix: must be a path of a-z, 0-9, - and _, such as "
		    "/sim, or empty");
	}
	refuses(STR("[simulator]\nprefix = /sim\nlisten = 5001\n"),
	    ":3: listen: must be address:port, or empty");
	refuses(STR("[simulator]\nprefix = /sim\nlisten = /run/sim.sock\n"),
	    ":3: listen: must be address:port, or empty");
	refuses(STR("[simulator]\nlisten = 127.0.0.1:5001\n"),
	    ":2: listen: needs a prefix, too: where the site itself has "
	    "it");
	refuses(STR("[site]\nurl = http://localhost:5001\n"
		    "[simulator]\nprefix = /sim\nlisten = 127.0.0.1:5001\n"),
	    ":5: listen: the site itself is at this port: choose another");
	refuses(STR("[simulator]\nuser = a:b\n"),
	    ":2: user: must be without a colon");
}

Test(conf, a_password_file_beside_a_uri_is_refused)
{
	refuses(STR("[database]\nconninfo = postgresql://db/pixlpix\n"
		    "password_file = database\n"),
	    ":3: password_file: goes with a conninfo of words like "
	    "\"host=db\" alone, not with a URI");
}

Test(conf, a_number_below_its_limit_is_refused)
{
	refuses(STR("[limits]\npost_images = 0\n"),
	    ":2: post_images: must be a whole number from 1 to 10");
}

Test(conf, a_number_above_its_limit_is_refused)
{
	refuses(STR("[limits]\n\npost_images = 11\n"),
	    ":3: post_images: must be a whole number from 1 to 10");
}

Test(conf, what_is_no_number_is_refused)
{
	static const char *const words[] = {
	    "", "ten", "5x", "5.0", "0x5", "+5", "5 5", "99999999999999999999"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		refuses(kit_text("[limits]\npost_images = %s\n", words[i]),
		    ":2: post_images: must be a whole number from 1 to 10");
}

Test(conf, a_text_that_must_not_be_empty_is_refused_so)
{
	refuses(STR("[site]\nname =\n"), ":2: name: must not be empty");
}

Test(conf, a_text_that_is_no_utf8_is_refused)
{
	refuses(STR("[site]\nname = a\xff\n"),
	    ":2: name: must be UTF-8 text of at most 1024 bytes");
}

Test(conf, a_text_that_reads_back_as_a_comment_is_refused)
{
	refuses(STR("[site]\nname =;ours\n"),
	    ":2: name: must not begin with ; since that begins a comment");
}

Test(conf, a_line_that_is_no_pair_is_refused)
{
	refuses(STR("[site]\nname\n"),
	    ":2: is neither \"[section]\" nor \"key = value\"");
	refuses(STR("\n\n[site\n"),
	    ":3: is neither \"[section]\" nor \"key = value\"");
}

Test(conf, a_line_that_is_too_long_is_refused_and_the_next_one_read)
{
	char name[3000];

	memset(name, 'x', sizeof(name));
	refuses(kit_text("[site]\nname = %.*s\ncolour = red\n",
		    (int)sizeof(name), name),
	    ":3: there is no key \"colour\" in section [site]");
	ASSERT_HAS(buf_str(&complaints), ":2: longer than ");
}

Test(conf, all_faults_are_told_at_once)
{
	refuses(STR("[site]\ncolour = red\n[limits]\npost_images = 99\n"),
	    ":2: there is no key \"colour\" in section [site]");
	ASSERT_HAS(buf_str(&complaints), ":4: post_images: must be");
}

Test(conf, out_is_untouched_when_it_is_refused)
{
	ASSERT_OK(load(STR("[site]\nname = before\n")));
	ASSERT_ERR(load(STR("[site]\nname = after\nx = y\n")), ERR_INPUT);
	ASSERT_STR(conf.site_name, "before");
}

Test(conf, an_address_must_be_a_scheme_and_a_host_alone)
{
	static const char *const urls[] = {"pix.example", "ftp://pix.example",
	    "https://pix.example/", "https://", "http:///x",
	    "https://pix.example/photos", "https://pix.example?x",
	    "https://me@pix.example"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		refuses(kit_text("[site]\nurl = %s\n", urls[i]),
		    ":2: url: must be http:// or https:// and a host, with "
		    "nothing behind it but a port");
	ASSERT_OK(load(STR("[site]\nurl = http://[::1]:8080\n")));
}

Test(conf, slow_workers_must_outnumber_what_waits_in_them)
{
	refuses(STR("[password]\nhashes = 1\nhash_queue = 3\n[limits]\n"
		    "decoders = 2\ndecoder_queue = 4\n[web]\n"
		    "slow_workers = 10\n"),
	    ":8: slow_workers: must be more than password.hashes and "
	    "hash_queue, limits.decoders and decoder_queue together");
	ASSERT_OK(load(STR("[password]\nhashes = 1\nhash_queue = 3\n[limits]\n"
			   "decoders = 2\ndecoder_queue = 4\n[web]\n"
			   "slow_workers = 11\n")));
}

Test(conf, texts_have_a_limit_of_their_own)
{
	refuses(STR("[limits]\ncaption_chars = 5001\n"),
	    ":2: caption_chars: must be a whole number from 1 to 5000");
	refuses(STR("[limits]\ncomment_chars = 5001\n"),
	    ":2: comment_chars: must be a whole number from 1 to 5000");
}

Test(conf, the_level_of_the_log_is_one_of_four)
{
	refuses(STR("[log]\nlevel = verbose\n"),
	    ":2: level: must be debug, info, warn or error");
	ASSERT_OK(load(STR("[log]\nlevel = debug\n")));
	ASSERT_OK(load(STR("[log]\nlevel = info\n")));
	ASSERT_OK(load(STR("[log]\nlevel = warn\n")));
	ASSERT_OK(load(STR("[log]\nlevel = error\n")));
}

Test(conf, a_full_arena_is_no_memory)
{
	struct arena *small = arena_make(32);

	path = kit_file(STR("[site]\nname = twenty-two characters.\n"
			    "contact = twenty-two characters.\n"));
	ASSERT_ERR(conf_load(small, path, &complaints, &conf), ERR_MEMORY);
	arena_free(small);
}

Test(conf, what_is_printed_reads_back_the_same)
{
	struct buf first = {0}, second = {0};

	ASSERT_OK(load(STR("[site]\nname = Öl\nurl = https://pix.example\n"
			   "[limits]\npost_images = 3\n[web]\n"
			   "overlay_dir = /srv/views\nslow_workers = 40\n"
			   "[log]\nlevel = warn\n")));
	conf_put(&first, &conf);
	ASSERT_OK(load(buf_str(&first)));
	ASSERT_STR(conf.site_name, "Öl");
	ASSERT_INT(conf.post_images, 3);
	conf_put(&second, &conf);
	cr_assert(str_equal(buf_str(&first), buf_str(&second)));
	buf_free(&first);
	buf_free(&second);
}

Test(conf, the_printed_defaults_are_the_defaults)
{
	struct buf printed = {0}, read = {0};

	conf_put(&printed, NULL);
	ASSERT_OK(load(buf_str(&printed)));
	conf_put(&read, &conf);
	cr_assert(str_equal(buf_str(&printed), buf_str(&read)));
	ASSERT_HAS(buf_str(&printed),
	    "\n[limits]\n; The largest image file, in bytes.\n"
	    "; (from 65536 to 1073741824; by default 20971520)\n"
	    "image_bytes = 20971520\n");
	buf_free(&printed);
	buf_free(&read);
}

Test(conf, what_is_printed_has_the_defaults_beside_other_values)
{
	struct buf printed = {0};

	ASSERT_OK(load(STR("[site]\nname = Öl\n[log]\nlevel = warn\n[mail]\n"
			   "server = smtp://m.example\nfrom = a@b\nto = a@b\n"
			   "[limits]\npost_images = 3\n")));
	conf_put(&printed, &conf);
	ASSERT_HAS(buf_str(&printed), "\n; (by default: PixlPix)\nname = Öl\n");
	ASSERT_HAS(buf_str(&printed), "\n; (by default: info)\nlevel = warn\n");
	ASSERT_HAS(buf_str(&printed),
	    "\n; (by default empty)\nserver = smtp://m.example\n");
	ASSERT_HAS(buf_str(&printed),
	    "\n; (from 1 to 10; by default 10)\npost_images = 3\n");
	buf_free(&printed);
}

Test(conf, a_body_has_room_for_every_image_and_the_texts)
{
	ASSERT_OK(load(STR("[limits]\nimage_bytes = 1000000\n"
			   "post_images = 3\n")));
	ASSERT_INT(conf_body_bytes(&conf), 3000000 + 1024 * 1024);
}

Test(conf, nginx_is_told_the_same_limits)
{
	struct buf b = {0};

	ASSERT_OK(load(STR("[limits]\nimage_bytes = 1000000\npost_images = 3\n"
			   "[web]\nwatchdog_s = 70\n")));
	conf_put_nginx(&b, &conf, CONF_NGINX_SERVER);
	ASSERT_HAS(buf_str(&b), "\nclient_max_body_size 4048576;\n");
	ASSERT_HAS(buf_str(&b), "\nfastcgi_read_timeout 75s;\n");
	buf_free(&b);
}

Test(conf, https_is_what_the_address_says)
{
	ASSERT_OK(load(STR("[site]\nurl = https://pix.example\n")));
	cr_assert(conf_is_https(&conf));
	ASSERT_OK(load(STR("[site]\nurl = http://pix.example\n")));
	cr_assert(!conf_is_https(&conf));
}

/* ---- [store] ---- */

#define S3                                                       \
	"[store]\nkind = s3\ns3_endpoint = https://s3.example\n" \
	"s3_access_key = K\n"

Test(conf, images_are_in_a_folder_unless_it_says_otherwise)
{
	ASSERT_OK(load(STR("")));
	cr_assert(!conf_is_s3(&conf));
	ASSERT_OK(load(STR(S3)));
	cr_assert(conf_is_s3(&conf));
	ASSERT_STR(conf.s3_endpoint, "https://s3.example");
	ASSERT_STR(conf.s3_addressing, "path");
}

Test(conf, mirror_is_the_other_kind)
{
	ASSERT_OK(load(STR("")));
	cr_assert(!conf_has_mirror(&conf));
	ASSERT_OK(load(STR(S3 "mirror = directory\n")));
	cr_assert(conf_has_mirror(&conf));
	ASSERT_OK(load(STR("[store]\nmirror = s3\n"
			   "s3_endpoint = https://s3.example\n"
			   "s3_access_key = K\n")));
	cr_assert(conf_has_mirror(&conf));
	refuses(STR("[store]\nmirror = directory\n"),
	    ":2: mirror: must be none, or the kind that store.kind is not");
	refuses(STR("[store]\nmirror = tape\n"),
	    ":2: mirror: must be none, or the kind that store.kind is not");
	refuses(STR("[store]\nmirror = s3\n"),
	    ":2: mirror: s3 needs store.s3_endpoint");
}

Test(conf, kind_of_store_is_one_of_two)
{
	refuses(
	    STR("[store]\nkind = tape\n"), ":2: kind: must be directory or s3");
}

Test(conf, s3_store_needs_an_endpoint_and_a_key)
{
	refuses(STR("[store]\nkind = s3\n"),
	    ":2: kind: s3 needs store.s3_endpoint");
	refuses(STR("[store]\nkind = s3\ns3_endpoint = http://s3.example\n"),
	    ":3: s3_endpoint: needs store.s3_access_key");
}

Test(conf, endpoint_is_a_scheme_and_a_host_alone)
{
	static const char *const urls[] = {"s3.example", "s3://x",
	    "http://s3.example/bucket", "http://user@s3.example",
	    "http://s3.example;", "http://s3.ex\"ample"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		refuses(kit_text("[store]\ns3_access_key = K\n"
				 "s3_endpoint = %s\n",
			    urls[i]),
		    ":3: s3_endpoint: must be http:// or https:// and a host, "
		    "with nothing behind it but a port");
}

Test(conf, hidden_images_have_a_bucket_of_their_own)
{
	refuses(STR(S3 "s3_public_bucket = one\ns3_hidden_bucket = one\n"),
	    ":6: s3_hidden_bucket: must be another than "
	    "store.s3_public_bucket");
}

Test(conf, buckets_are_addressed_in_one_of_two_ways)
{
	refuses(STR(S3 "s3_addressing = dns\n"),
	    ":5: s3_addressing: must be path or virtual");
	ASSERT_OK(load(STR(S3 "s3_addressing = virtual\n")));
}

Test(conf, an_object_is_given_up_before_its_request_is)
{
	refuses(STR(S3 "s3_total_s = 150\n"),
	    ":5: s3_total_s: must be less than web.watchdog_s");
	ASSERT_OK(load(STR(S3 "s3_total_s = 149\n")));
}

static struct str
nginx_part(enum conf_nginx part)
{
	struct buf b = {0};
	struct str out;

	conf_put_nginx(&b, &conf, part);
	ASSERT_OK(arena_copy(kit_arena, buf_str(&b), &out));
	buf_free(&b);
	return out;
}

Test(conf, nginx_takes_images_from_the_folder)
{
	ASSERT_OK(load(STR("[store]\ndir = /srv/images\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "\nalias \"/srv/images/public/$1\";\n");
	ASSERT_LACKS(nginx_part(CONF_NGINX_HTTP), "upstream pixlpix_store");
}

Test(conf, nginx_sends_originals_where_a_worker_tells_it_to)
{
	ASSERT_OK(load(STR("[store]\ndir = /srv/images\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER), "location ^~ /hidden/ {\n"
						  "internal;\n");
	ASSERT_HAS(
	    nginx_part(CONF_NGINX_SERVER), "alias \"/srv/images/hidden/\";\n");
	ASSERT_OK(load(STR(S3)));
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER),
	    "proxy_set_header Host \"s3.example\";");
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER), "proxy_cache off;");
}

Test(conf, nginx_sends_what_is_on_its_way_where_a_worker_tells_it_to)
{
	ASSERT_OK(load(STR("[store]\ndir = /srv/images\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER), "location ^~ /shown/ {\n"
						  "internal;\n");
	ASSERT_HAS(
	    nginx_part(CONF_NGINX_SERVER), "alias \"/srv/images/public/\";\n");
	/* A part of it, and the version that is there, are the store's. */
	ASSERT_OK(load(STR(S3)));
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER),
	    "proxy_set_header Range $http_range;");
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER),
	    "proxy_set_header If-None-Match $http_if_none_match;");
}

Test(conf, workers_listen_on_a_path_or_on_an_address_with_a_port)
{
	static const char *const good[] = {
	    "/run/a.sock", "10.0.0.11:9101", "[fd00::11]:9101"};
	static const char *const bad[] = {"run/a.sock", "10.0.0.11",
	    "10.0.0.11:0", "10.0.0.11:70000", "fd00::11:9101", ":9101",
	    "host:9101", "10.0.0.11:9101:1", "[]:1", "10.0.0.0/8:1"};
	struct str text;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ASSERT_OK(arena_printf(kit_arena, &text,
		    "[web]\npages_socket = %s\n[nginx]\nslow_servers = "
		    "10.0.0.12:9102  [fd00::12]:9102\n",
		    good[i]));
		ASSERT_OK(load(text));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ASSERT_OK(arena_printf(
		    kit_arena, &text, "[web]\nslow_socket = %s\n", bad[i]));
		refuses(text, ":2: slow_socket: must be an absolute path, or "
			      "address:port");
		ASSERT_OK(arena_printf(kit_arena, &text,
		    "[nginx]\npages_servers = 10.0.0.11:9101 %s\n", bad[i]));
		refuses(text,
		    ":2: pages_servers: must be address:port with spaces "
		    "between them");
	}
}

Test(conf, nginx_asks_the_workers_of_this_machine_once)
{
	ASSERT_OK(load(STR("[web]\npages_socket = /run/a.sock\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP),
	    "upstream pixlpix_pages {\n\tserver \"unix:/run/a.sock\";\n}\n");
	ASSERT_HAS(
	    nginx_part(CONF_NGINX_SERVER), "fastcgi_next_upstream off;\n");
}

Test(conf, nginx_asks_another_machine_where_one_does_not_answer)
{
	ASSERT_OK(load(STR("[nginx]\npages_servers = 10.0.0.11:1 10.0.0.12:1\n"
			   "slow_servers = 10.0.0.11:2\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP),
	    "upstream pixlpix_pages {\n\tzone pixlpix_pages 64k;\n"
	    "\tserver \"10.0.0.11:1\" fail_timeout=2s;\n"
	    "\tserver \"10.0.0.12:1\" fail_timeout=2s;\n}\n");
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP),
	    "upstream pixlpix_slow {\n\tserver \"10.0.0.11:2\";\n}\n");
	ASSERT_HAS(nginx_part(CONF_NGINX_SERVER),
	    "fastcgi_next_upstream error timeout;\n");
	ASSERT_HAS(
	    nginx_part(CONF_NGINX_SERVER), "fastcgi_next_upstream_tries 2;\n");
}

Test(conf, sizes_of_images_keep_their_order)
{
	refuses(STR("[images]\nlarge_px = 600\n"),
	    ":0: middle_px: must be less than large_px");
	refuses(STR("[images]\nlarge_px = 500\nmiddle_px = 300\n"
		    "square_px = 501\n"),
	    ":4: square_px: must not be more than large_px");
	ASSERT_OK(load(STR("[images]\nlarge_px = 500\nmiddle_px = 499\n"
			   "square_px = 500\n")));
}

Test(conf, nginx_takes_images_from_the_s3_server)
{
	ASSERT_OK(load(STR(S3 "cache_dir = /srv/cache\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP), "server s3.example:443 ");
	ASSERT_HAS(
	    nginx_part(CONF_NGINX_HTTP), "proxy_cache_path \"/srv/cache\" ");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_pass https://pixlpix_store/pixlpix-public/$3;");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_set_header Host \"s3.example\";");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES), "proxy_ssl_verify on;");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_ssl_trusted_certificate "
	    "\"/etc/ssl/certs/ca-certificates.crt\";");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES), "/gone/$3\")");
}

Test(conf, nginx_names_the_bucket_as_we_do)
{
	ASSERT_OK(
	    load(STR("[store]\nkind = s3\ns3_endpoint = http://127.0.0.1:7480\n"
		     "s3_access_key = K\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP), "server 127.0.0.1:7480 ");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_pass http://pixlpix_store/pixlpix-public/$3;");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_set_header Host \"127.0.0.1:7480\";");
	ASSERT_LACKS(nginx_part(CONF_NGINX_IMAGES), "proxy_ssl");
	ASSERT_OK(
	    load(STR("[store]\nkind = s3\ns3_endpoint = http://s3.example:81\n"
		     "s3_access_key = K\ns3_addressing = virtual\n")));
	ASSERT_HAS(nginx_part(CONF_NGINX_HTTP), "server s3.example:81 ");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_pass http://pixlpix_store/$3;");
	ASSERT_HAS(nginx_part(CONF_NGINX_IMAGES),
	    "proxy_set_header Host \"pixlpix-public.s3.example:81\";");
}

Test(conf, names_that_nginx_could_misread_are_refused)
{
	refuses(STR("[store]\ndir = /srv/\"x\n"),
	    ":2: dir: must not hold any of \" \\ $");
	refuses(STR("[web]\nrun_dir = /run/$x\n"),
	    ":2: run_dir: must not hold any of \" \\ $");
	refuses(STR("[store]\ns3_ca_file = /srv/$x\n"),
	    ":2: s3_ca_file: must not hold any of \" \\ $");
	refuses(STR("[store]\ncache_dir = /srv/$x\n"),
	    ":2: cache_dir: must not hold any of \" \\ $");
	refuses(STR("[store]\ns3_public_bucket = a;b\n"),
	    ":2: s3_public_bucket: must be of a-z, 0-9 and -");
}

Test(conf, figures_are_told_to_this_machine_alone_unless_there_is_a_token)
{
	static const char *const here[] = {
	    "127.0.0.1:9820", "[::1]:1", "127.9.9.9:65535", "/run/m.sock", ""};
	static const char *const elsewhere[] = {
	    "0.0.0.0:9820", "[::]:9820", "10.0.0.1:9820", "[fd00::1]:9820"};
	struct str text;

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
		ASSERT_OK(arena_printf(
		    kit_arena, &text, "[metrics]\nlisten = %s\n", here[i]));
		ASSERT_OK(load(text));
	}
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(char *); i++) {
		ASSERT_OK(arena_printf(kit_arena, &text,
		    "[metrics]\nlisten = %s\n", elsewhere[i]));
		refuses(text, ":2: listen: an address that other machines "
			      "reach needs metrics.token_file");
		ASSERT_OK(arena_printf(kit_arena, &text,
		    "[metrics]\nlisten = %s\ntoken_file = metrics\n",
		    elsewhere[i]));
		ASSERT_OK(load(text));
	}
	refuses(STR("[metrics]\nlisten = here\n"), ":2: listen: must be an "
						   "absolute path, "
						   "address:port, or empty");
}
