/* The FastCGI server, spoken to over a UNIX socket in nginx's place. */
#include "http/fcgi.h"
#include "base/log.h"
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Record types (FastCGI specification 1.0, section 8). */
enum {
	BEGIN_REQUEST = 1,
	ABORT_REQUEST = 2,
	END_REQUEST = 3,
	PARAMS = 4,
	STDIN = 5,
	STDOUT = 6,
	WAIT_S = 10
};

static int listen_fd = -1;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static pid_t worker;

/* gcc's, where the tests are built for coverage, which _exit leaves out. */
void __gcov_dump(void) __attribute__((weak));

static _Noreturn void
leave(int status)
{
	if (__gcov_dump != NULL)
		__gcov_dump();
	_exit(status);
}

/* What the worker answers: the method and path, then the body that came. */
static void
answer(struct arena *a, const struct request *r, struct response *out)
{
	struct str text;
	enum err e = body_read_all(r->body, a, 1 << 20, &text);

	if (str_equal(r->path, STR("/big"))) {
		for (int i = 0; i < 300000; i++)
			buf_put_char(out->body, (char)('a' + i % 26));
		return;
	}
	if (str_equal(r->path, STR("/slow")))
		(void)usleep(300 * 1000);
	if (r->fault != OK || e != OK)
		out->status = 400;
	buf_printf(out->body, "%d %.*s %s ", (int)r->method, STR_ARG(r->path),
	    err_name(e));
	if (e == OK)
		buf_put(out->body, text);
}

static void
work(int ready_fd)
{
	struct arena *a = arena_make(4 << 20);
	struct buf body = {0};
	struct fcgi *server;
	struct request *r;
	enum err e;

	if (fcgi_open(listen_fd, &server) != OK)
		leave(2);
	(void)close(ready_fd);
	while ((e = fcgi_accept(server, a, &r)) == OK || e == ERR_BUSY) {
		struct response response = response_start(&body);

		if (e == ERR_BUSY)
			leave(3);
		answer(a, r, &response);
		if (fcgi_reply(server, &response) != OK)
			log_event(LOG_INFO, "reply failed");
		arena_reset(a);
	}
	fcgi_close(server);
	buf_free(&body);
	arena_free(a);
	leave(e == ERR_ABSENT ? 0 : 4);
}

static void
start(void)
{
	char folder[] = "/tmp/pixlpix-fcgi-XXXXXX", nothing;
	int ready[2];

	test_arena_start();
	cr_assert_not_null(mkdtemp(folder));
	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	listen_fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	cr_assert_eq(
	    bind(listen_fd, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(listen_fd, 1024), 0);
	cr_assert_eq(pipe(ready), 0);
	worker = fork();
	if (worker == 0) {
		log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
		(void)close(ready[0]);
		work(ready[1]);
	}
	/* it closes its end when SIGTERM would find it prepared */
	(void)close(ready[1]);
	cr_assert_eq(read(ready[0], &nothing, 1), 0);
	(void)close(ready[0]);
}

/* Waits for the worker's end; its exit status, or -1. */
static int
reap(void)
{
	int status = 0;
	pid_t pid = waitpid(worker, &status, 0);

	worker = 0;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
end(void)
{
	if (worker > 0) {
		(void)kill(worker, SIGTERM);
		cr_assert_eq(reap(), 0);
	}
	(void)unlink(address.sun_path);
	*strrchr(address.sun_path, '/') = '\0';
	(void)rmdir(address.sun_path);
	test_arena_end();
}

TestSuite(fcgi, .init = start, .fini = end, .timeout = 60);

static int
dial(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
put_record(struct buf *b, int type, struct str content)
{
	const unsigned char header[] = {1, (unsigned char)type, 0, 1,
	    (unsigned char)(content.len >> 8), (unsigned char)content.len, 0,
	    0};

	buf_put(b, (struct str){(const char *)header, sizeof(header)});
	buf_put(b, content);
}

static void
put_param(struct buf *b, const char *name, const char *value)
{
	cr_assert(strlen(name) < 128 && strlen(value) < 128);
	buf_put_char(b, (char)strlen(name));
	buf_put_char(b, (char)strlen(value));
	buf_put(b, str_from(name));
	buf_put(b, str_from(value));
}

/* A request up to the end of its parameters. */
static void
put_request(struct buf *b, const char *method, const char *uri, size_t length)
{
	struct buf params = {0};
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%zu", length);
	put_param(&params, "REQUEST_METHOD", method);
	put_param(&params, "REQUEST_URI", uri);
	put_param(&params, "CONTENT_LENGTH", digits);
	put_record(b, BEGIN_REQUEST, STR("\0\1\0\0\0\0\0\0"));
	put_record(b, PARAMS, buf_str(&params));
	put_record(b, PARAMS, STR(""));
	buf_free(&params);
}

static void
send_all(int fd, struct buf *b)
{
	ASSERT_ERR(buf_check(b), OK);
	cr_assert_eq(send(fd, b->at, b->len, MSG_NOSIGNAL), (ssize_t)b->len);
	buf_free(b);
}

/* What came on stdout until the request's end or the connection's. */
static struct str
receive(int fd, bool *is_ended)
{
	struct buf raw = {0}, out = {0};
	struct str rest, copy;
	char bytes[8192];
	struct pollfd wait = {fd, POLLIN, 0};
	ssize_t got = 1;

	while (got > 0 && poll(&wait, 1, WAIT_S * 1000) == 1) {
		got = read(fd, bytes, sizeof(bytes));
		if (got > 0)
			buf_put(&raw, (struct str){bytes, (size_t)got});
	}
	*is_ended = false;
	for (rest = buf_str(&raw); rest.len >= 8;) {
		const unsigned char *h = (const unsigned char *)rest.at;
		size_t len = (size_t)(h[4] << 8 | h[5]);

		if (h[1] == STDOUT)
			buf_put(&out, str_slice(rest, 8, len));
		if (h[1] == END_REQUEST)
			*is_ended = true;
		rest = str_slice(rest, 8 + len + h[6], rest.len);
	}
	cr_assert(arena_copy(test_arena, buf_str(&out), &copy) == OK);
	buf_free(&raw);
	buf_free(&out);
	close(fd);
	return copy;
}

/* The body of a whole exchange. */
static struct str
exchange(const char *method, const char *uri, struct str body, struct str *head)
{
	struct buf b = {0};
	struct str text;
	const char *gap;
	bool is_ended;
	int fd = dial();

	put_request(&b, method, uri, body.len);
	while (body.len > 0) {
		put_record(&b, STDIN, str_slice(body, 0, 60000));
		body = str_slice(body, 60000, body.len);
	}
	put_record(&b, STDIN, STR(""));
	send_all(fd, &b);
	text = receive(fd, &is_ended);
	cr_assert(is_ended, "no END_REQUEST");
	gap = memmem(text.at, text.len, "\r\n\r\n", 4);
	cr_assert_not_null(gap);
	*head = str_slice(text, 0, (size_t)(gap + 2 - text.at));
	return str_slice(text, head->len + 2, text.len);
}

Test(fcgi, a_get_is_answered_with_status_length_and_body)
{
	struct str head;

	ASSERT_STR(exchange("GET", "/a%20b?c", STR(""), &head), "1 /a b ok ");
	cr_assert(str_starts(head, STR("Status: 200 OK\r\n")));
	cr_assert_not_null(strstr(z(head), "\r\nContent-Length: 10\r\n"));
}

Test(fcgi, a_posted_body_arrives_whole)
{
	static char body[200000];
	struct str head, got;

	memset(body, 'x', sizeof(body));
	got = exchange("POST", "/", (struct str){body, sizeof(body)}, &head);
	cr_assert(str_starts(got, STR("3 / ok xxx")));
	cr_assert_eq(got.len, sizeof(body) + strlen("3 / ok "));
}

Test(fcgi, requests_follow_one_another)
{
	struct str head;

	for (int i = 0; i < 50; i++)
		ASSERT_STR(
		    exchange("POST", "/x", STR("ab"), &head), "3 /x ok ab");
}

Test(fcgi, a_big_page_arrives_whole)
{
	struct str head;

	cr_assert_eq(exchange("GET", "/big", STR(""), &head).len, 300000);
	cr_assert_not_null(strstr(z(head), "\r\nContent-Length: 300000\r\n"));
}

Test(fcgi, head_has_the_length_and_no_body)
{
	struct str head;

	cr_assert_eq(exchange("HEAD", "/big", STR(""), &head).len, 0);
	cr_assert_not_null(strstr(z(head), "\r\nContent-Length: 300000\r\n"));
}

Test(fcgi, a_faulty_address_reaches_the_handler_as_a_fault)
{
	struct str head;

	(void)exchange("GET", "/%zz", STR(""), &head);
	cr_assert(str_starts(head, STR("Status: 400 Bad Request\r\n")));
}

/* Sends a request whose stdin ends in some wrong way. */
static struct str
cut_short(int type, struct str bytes)
{
	struct buf b = {0};
	bool is_ended;
	int fd = dial();

	put_request(&b, "POST", "/", 100);
	put_record(&b, STDIN, STR("only this"));
	if (type != 0)
		put_record(&b, type, bytes);
	send_all(fd, &b);
	(void)shutdown(fd, SHUT_WR);
	return receive(fd, &is_ended);
}

Test(fcgi, a_body_that_ends_early_is_an_input_error)
{
	cr_assert_not_null(strstr(z(cut_short(STDIN, STR(""))), " input "));
}

Test(fcgi, a_connection_that_breaks_in_the_body_harms_nobody)
{
	struct str head;

	(void)cut_short(0, STR(""));
	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
}

Test(fcgi, an_aborted_request_harms_nobody)
{
	struct str head;

	(void)cut_short(ABORT_REQUEST, STR(""));
	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
}

Test(fcgi, garbage_on_the_socket_harms_nobody)
{
	struct buf b = {0};
	struct str head;
	bool is_ended;
	int fd = dial();

	buf_put(&b, STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	send_all(fd, &b);
	(void)shutdown(fd, SHUT_WR);
	(void)receive(fd, &is_ended);
	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
}

Test(fcgi, nginx_that_goes_away_harms_nobody)
{
	struct buf b = {0};
	struct str head;
	int fd = dial();

	put_request(&b, "GET", "/big", 0);
	put_record(&b, STDIN, STR(""));
	send_all(fd, &b);
	close(fd);
	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
}

Test(fcgi, sigterm_ends_an_idle_worker)
{
	struct str head;

	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
	cr_assert_eq(kill(worker, SIGTERM), 0);
	cr_assert_eq(reap(), 0);
}

Test(fcgi, sigterm_lets_the_request_at_hand_finish)
{
	struct buf b = {0};
	bool is_ended;
	int fd = dial();

	put_request(&b, "GET", "/slow", 0);
	put_record(&b, STDIN, STR(""));
	send_all(fd, &b);
	(void)usleep(100 * 1000); /* it has begun and takes 300 ms */
	cr_assert_eq(kill(worker, SIGTERM), 0);
	cr_assert_not_null(strstr(z(receive(fd, &is_ended)), "1 /slow ok "));
	cr_assert(is_ended);
	cr_assert_eq(reap(), 0);
}

Test(fcgi, sigterm_lets_a_body_that_is_still_coming_arrive_whole)
{
	struct buf b = {0};
	bool is_ended;
	int fd = dial();

	put_request(&b, "POST", "/", 8);
	put_record(&b, STDIN, STR("half"));
	send_all(fd, &b);
	for (int i = 0; i < 5; i++) { /* the master tells again and again */
		(void)usleep(50 * 1000);
		cr_assert_eq(kill(worker, SIGTERM), 0);
	}
	put_record(&b, STDIN, STR("done"));
	put_record(&b, STDIN, STR(""));
	send_all(fd, &b);
	cr_assert_not_null(strstr(z(receive(fd, &is_ended)), "ok halfdone"));
	cr_assert(is_ended);
	cr_assert_eq(reap(), 0);
}

/* libfcgi polls a connection that says nothing yet; interrupted there, it would
 * drop it and then look at the closed descriptor for ever. */
Test(fcgi, sigterm_before_the_first_byte_drops_no_request)
{
	struct buf b = {0};
	bool is_ended;
	int fd = dial();

	(void)usleep(100 * 1000); /* it has been accepted */
	cr_assert_eq(kill(worker, SIGTERM), 0);
	(void)usleep(50 * 1000);
	put_request(&b, "GET", "/", 0);
	put_record(&b, STDIN, STR(""));
	send_all(fd, &b);
	cr_assert_not_null(strstr(z(receive(fd, &is_ended)), "1 / ok "));
	cr_assert(is_ended);
	cr_assert_eq(reap(), 0);
}

Test(fcgi, a_worker_without_descriptors_says_busy)
{
	struct rlimit none = {1, 1}; /* of which fd 0 is one */
	struct str head;
	struct buf b = {0};

	ASSERT_STR(exchange("GET", "/", STR(""), &head), "1 / ok ");
	cr_assert_eq(prlimit(worker, RLIMIT_NOFILE, &none, NULL), 0);
	put_request(&b, "GET", "/", 0);
	send_all(dial(), &b); /* the accept() that it waits in may still work */
	put_request(&b, "GET", "/", 0);
	send_all(dial(), &b);
	cr_assert_eq(reap(), 3);
}

Test(fcgi, what_is_no_socket_is_refused)
{
	struct fcgi *server = NULL;

	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
	ASSERT_ERR(fcgi_open(-1, &server), ERR_IO);
	cr_assert_null(server);
}
