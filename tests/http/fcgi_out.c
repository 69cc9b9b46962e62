/* Answers as FastCGI records, read back from the other end of a socket. */
#include "http/fcgi_out.h"
#include "base/buf.h"
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static void
start(void)
{
	test_arena_start();
	(void)signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

TestSuite(fcgi_out, .init = start, .fini = test_arena_end, .timeout = 60);

/* Writes from a child, so that a full socket does not hold the test up. */
static void
write_all(struct str head, struct str body)
{
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child == 0) {
		enum err e = fcgi_out_write(ends[1], 0x0102, head, body);

		_exit(e == OK ? 0 : 1);
	}
	(void)close(ends[1]);
}

static void
read_exactly(void *at, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = read(ends[0], (char *)at + got, len - got);

		cr_assert(n > 0);
		got += (size_t)n;
	}
}

/* Reads records to the request's end; their output goes to `out`. */
static size_t
read_records(struct buf *out)
{
	unsigned char header[8], rest[8];
	static char content[65536];
	bool is_ended = false;
	size_t count = 0;

	for (;;) {
		size_t len;

		read_exactly(header, sizeof(header));
		len = (size_t)header[4] << 8 | header[5];
		cr_assert_eq(header[0], 1);
		cr_assert_eq(header[2] << 8 | header[3], 0x0102);
		read_exactly(content, len);
		if (header[1] == 3)
			break;
		cr_assert_eq(header[1], 6);
		cr_assert(!is_ended, "output after the end of the output");
		is_ended = len == 0;
		buf_put(out, (struct str){content, len});
		count++;
	}
	cr_assert(is_ended);
	for (size_t i = 0; i < 8; i++)
		cr_assert_eq(content[i], 0);
	cr_assert_eq(read(ends[0], rest, sizeof(rest)), 0);
	return count;
}

static void
assert_arrives(size_t len, size_t records)
{
	struct buf body = {0}, got = {0};
	int status;

	for (size_t i = 0; i < len; i++)
		buf_put_char(&body, (char)(i * 31 + i / 7919));
	write_all(STR("Status: 200 OK\r\n\r\n"), buf_str(&body));
	cr_assert_eq(read_records(&got), records);
	cr_assert_eq(got.len, len + 18);
	cr_assert(str_equal(str_slice(buf_str(&got), 18, len), buf_str(&body)));
	cr_assert(wait(&status) > 0 && WIFEXITED(status));
	cr_assert_eq(WEXITSTATUS(status), 0);
	buf_free(&body);
	buf_free(&got);
}

Test(fcgi_out, without_a_body_is_the_head_alone)
{
	assert_arrives(0, 2);
}

Test(fcgi_out, of_a_page_is_one_record)
{
	assert_arrives(65528, 3);
}

Test(fcgi_out, of_one_byte_more_is_two_records)
{
	assert_arrives(65529, 4);
}

Test(fcgi_out, of_many_records_arrives_whole)
{
	assert_arrives((size_t)65528 * 70 + 1, 73);
}

Test(fcgi_out, to_a_peer_that_has_gone_is_an_error)
{
	(void)close(ends[0]);
	ASSERT_ERR(fcgi_out_write(ends[1], 1, STR("x"), STR("y")), ERR_IO);
}

Test(fcgi_out, of_more_than_64_mb_is_refused)
{
	struct str huge = {"", ((size_t)64 << 20) + 1};

	ASSERT_ERR(fcgi_out_write(ends[1], 1, STR("x"), huge), ERR_TOO_BIG);
}
