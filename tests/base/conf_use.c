/* What follows from the configuration. */
#include "base/conf.h"
#include "base/log.h"

#include "../helper/kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct conf conf;
static struct buf b;

static void
end(void)
{
	buf_free(&b);
	kit_end();
}

TestSuite(conf_use, .init = kit_start, .fini = end);

static const char *
printed(enum conf_nginx part)
{
	buf_reset(&b);
	conf_put_nginx(&b, &conf, part);
	buf_put_char(&b, '\0');
	cr_assert_eq(buf_check(&b), OK);
	return b.at;
}

#define cr_assert_has(text, words) \
	cr_assert_not_null(strstr((text), (words)), "%s", (text))

/* A file with those words, by its absolute path. */
static struct str
file_of(const char *words)
{
	static char path[] = "/tmp/pixlpix-test-secret.XXXXXX";
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, words, strlen(words)), (ssize_t)strlen(words));
	(void)close(fd);
	return str_from(path);
}

Test(conf_use, the_host_and_the_port_are_those_of_the_address)
{
	static const struct {
		const char *url, *host;
		int64_t port;
	} cases[] = {
	    {"http://a.example", "a.example", 80},
	    {"https://a.example", "a.example", 443},
	    {"https://a.example:8443", "a.example", 8443},
	    {"http://[2001:db8::1]", "[2001:db8::1]", 80},
	    {"http://[2001:db8::1]:8080", "[2001:db8::1]", 8080},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		conf.site_url = str_from(cases[i].url);
		cr_assert(str_equal(conf_host(&conf), str_from(cases[i].host)));
		cr_assert_eq(conf_port(&conf), cases[i].port);
	}
}

Test(conf_use, a_name_is_a_secret_that_systemd_hands_over)
{
	struct str path;

	cr_assert_eq(setenv("CREDENTIALS_DIRECTORY", "/run/c", 1), 0);
	cr_assert_eq(conf_secret_path(kit_arena, STR("s3"), &path), OK);
	cr_assert(str_equal(path, STR("/run/c/secret_s3")));
	cr_assert_eq(conf_secret_path(kit_arena, STR("/etc/s3"), &path), OK);
	cr_assert(str_equal(path, STR("/etc/s3")));
}

Test(conf_use, without_systemd_a_secret_is_in_the_folder_of_secrets)
{
	struct str path;

	cr_assert_eq(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	cr_assert_eq(conf_secret_path(kit_arena, STR("s3"), &path), OK);
	cr_assert(str_ends(path, STR("/pixlpix/secrets/s3")));
}

Test(conf_use, the_password_of_a_file_is_quoted_for_libpq)
{
	const char *conninfo;

	conf.database = STR("host=db");
	conf.password_file = file_of("it's a \\ b\n");
	cr_assert_eq(conf_conninfo(kit_arena, &conf, &conninfo), OK);
	(void)unlink(conf.password_file.at);
	cr_assert_str_eq(conninfo, "host=db password='it\\'s a \\\\ b'");
}

Test(conf_use, without_a_file_the_conninfo_is_as_it_stands)
{
	const char *conninfo;

	conf.database = STR("host=db");
	cr_assert_eq(conf_conninfo(kit_arena, &conf, &conninfo), OK);
	cr_assert_str_eq(conninfo, "host=db");
}

Test(conf_use, a_password_that_cannot_be_read_is_an_error)
{
	const char *conninfo;

	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
	conf.database = STR("host=db");
	conf.password_file = STR("/nonexistent/password");
	cr_assert_eq(conf_conninfo(kit_arena, &conf, &conninfo), ERR_IO);
}

Test(conf_use, nginx_takes_the_certificate_of_the_host_unless_told_otherwise)
{
	conf.site_url = STR("https://a.example");
	cr_assert_has(printed(CONF_NGINX_LISTEN), "listen 443 ssl http2;");
	cr_assert_has(printed(CONF_NGINX_LISTEN),
	    "/etc/letsencrypt/live/a.example/fullchain.pem");
	cr_assert_has(printed(CONF_NGINX_HTTP), "return 308 https://a.example");
	conf.certificate = STR("/c.pem");
	conf.certificate_key = STR("/k.pem");
	cr_assert_has(
	    printed(CONF_NGINX_LISTEN), "ssl_certificate \"/c.pem\";");
}

Test(conf_use, nginx_speaks_no_tls_behind_a_proxy_that_does)
{
	conf.site_url = STR("https://a.example");
	conf.certificate = STR("none");
	conf.trusted_proxies = STR("10.0.0.1  2001:db8::/32");
	cr_assert_has(printed(CONF_NGINX_LISTEN), "listen 80;");
	cr_assert_has(
	    printed(CONF_NGINX_LISTEN), "set_real_ip_from 10.0.0.1;\n");
	cr_assert_has(
	    printed(CONF_NGINX_LISTEN), "set_real_ip_from 2001:db8::/32;\n");
	cr_assert_null(strstr(printed(CONF_NGINX_LISTEN), "ssl"));
	cr_assert_null(strstr(printed(CONF_NGINX_HTTP), "return 308"));
}

Test(conf_use, without_trusted_proxies_nobody_may_say_where_they_come_from)
{
	conf.site_url = STR("http://a.example");
	cr_assert_null(strstr(printed(CONF_NGINX_LISTEN), "real_ip"));
}

Test(conf_use, a_secret_is_what_its_file_holds_without_the_end_of_the_line)
{
	struct str secret = {0};
	struct str path = str_from(kit_file(STR(" hush hush \n")));

	ASSERT_OK(conf_secret(kit_arena, path, "a test", &secret));
	ASSERT_STR(secret, "hush hush");
}

Test(conf_use, a_secret_that_is_not_there_is_named_and_never_logged)
{
	struct str secret = {0};
	char text[2048];

	kit_log_capture();
	ASSERT_ERR(conf_secret(kit_arena, STR("/nowhere/x"), "a test", &secret),
	    ERR_IO);
	ASSERT_HAS(kit_log(), "\"what\":\"a test\",\"path\":\"/nowhere/x\"");
	memset(text, 'k', sizeof(text));
	ASSERT_ERR(conf_secret(kit_arena,
		       str_from(kit_file((struct str){text, sizeof(text)})),
		       "a test", &secret),
	    ERR_IO);
	ASSERT_HAS(kit_log(), "a secret is too long");
	ASSERT_LACKS(kit_log(), "kkk");
}

Test(conf_use, programs_are_told_in_json_that_nobody_answers)
{
	const char *text;

	conf.sim_prefix = STR("");
	text = printed(CONF_NGINX_HTTP);
	cr_assert_has(text, "default /error/offline;");
	cr_assert_has(text, "\"~^/api/v1(?:[/?]|$)\" /error/offline-api;");
	cr_assert_null(strstr(text, "offline-sim"));
	conf.sim_prefix = STR("/sim");
	cr_assert_has(printed(CONF_NGINX_HTTP),
	    "\"~^/sim(?:[/?]|$)\" /error/offline-sim;");
}
