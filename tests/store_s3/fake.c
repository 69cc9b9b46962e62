/* See fake.h: a process that takes one connection after the other. */
#include "fake.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const struct fake_seen *fake_seen;

static struct fake_seen *seen;
static pid_t server;

struct request {
	char head[8192];
	size_t head_bytes;
	int64_t length;
};

/* The value of a header, into `out`; empty where there is none. */
static void
header_of(const struct request *r, const char *name, char *out, size_t room)
{
	const char *at = strcasestr(r->head, name);
	size_t n = at == NULL ? 0 : strcspn(at + strlen(name), "\r");

	out[0] = '\0';
	if (at != NULL && n < room)
		(void)snprintf(out, room, "%.*s", (int)n, at + strlen(name));
}

static void
note_line(const struct request *r)
{
	size_t used = strlen(seen->lines);
	int len = (int)strcspn(r->head, " ");

	len += 1 + (int)strcspn(r->head + len + 1, " ");
	(void)snprintf(seen->lines + used, sizeof(seen->lines) - used,
	    "%s%.*s\n", strcasestr(r->head, "\nAuthorization: ") ? "" : "-",
	    len, r->head);
}

static bool
read_head(int fd, struct request *r)
{
	char length[32];

	*r = (struct request){0};
	while (strstr(r->head, "\r\n\r\n") == NULL) {
		if (r->head_bytes + 1 == sizeof(r->head) ||
		    read(fd, r->head + r->head_bytes, 1) != 1)
			return false;
		r->head_bytes++;
	}
	header_of(r, "\nContent-Length: ", length, sizeof(length));
	r->length = strtoll(length, NULL, 10);
	seen->methods[seen->requests % 63] = r->head[0];
	seen->requests++;
	note_line(r);
	header_of(r, "\nContent-Type: ", seen->type, sizeof(seen->type));
	if (r->head[0] == 'P')
		header_of(
		    r, "\nx-amz-meta-put: ", seen->word, sizeof(seen->word));
	return true;
}

static void
read_body(int fd, int64_t length)
{
	char block[4096];

	seen->body_bytes = 0;
	memset(seen->body, 0, sizeof(seen->body));
	while (seen->body_bytes < length) {
		ssize_t n = read(fd, block, sizeof(block));
		size_t room = sizeof(seen->body) - 1;

		if (n <= 0)
			return;
		if (seen->body_bytes < (int64_t)room)
			memcpy(seen->body + seen->body_bytes, block,
			    (size_t)n < room - (size_t)seen->body_bytes
				? (size_t)n
				: room - (size_t)seen->body_bytes);
		seen->body_bytes += n;
	}
}

static bool
send_all(int fd, const char *at, size_t bytes, size_t at_once, bool is_slow)
{
	for (size_t n = 0; n < bytes; n += at_once) {
		size_t part = bytes - n < at_once ? bytes - n : at_once;

		if (send(fd, at + n, part, MSG_NOSIGNAL) != (ssize_t)part)
			return false;
		if (is_slow)
			(void)usleep(100000);
	}
	return true;
}

static bool
answer(int fd, const struct fake_step *step, bool is_head)
{
	const char *body = step->body != NULL ? step->body : "";
	char head[2048], word[128] = "";
	size_t bytes = is_head ? 0 : strlen(body);
	int n;

	if (step->echoes_word)
		(void)snprintf(
		    word, sizeof(word), "x-amz-meta-put: %s\r\n", seen->word);
	n = snprintf(head, sizeof(head),
	    "HTTP/1.1 %d Word\r\nContent-Length: %zu\r\n%s%s\r\n", step->status,
	    strlen(body), word, step->headers != NULL ? step->headers : "");
	if (step->act == FAKE_CUT_ANSWER)
		bytes /= 2;
	if (step->act == FAKE_DRIP)
		return send_all(fd, head, (size_t)n, 1, true);
	return send_all(fd, head, (size_t)n, (size_t)n, false) &&
	       send_all(fd, body, bytes, bytes + 1, false) &&
	       step->act == FAKE_ANSWER;
}

/* False where the connection is to end. */
static bool
serve_one(int fd, const struct fake_step *step)
{
	struct request r;
	char nothing;

	if (!read_head(fd, &r))
		return false;
	if (step->act == FAKE_CUT_REQUEST) {
		read_body(fd, r.length / 2);
		return false;
	}
	read_body(fd, r.length);
	if (step->act == FAKE_HANG)
		return read(fd, &nothing, 1) > 0;
	return answer(fd, step, r.head[0] == 'H');
}

static void
serve(int listener, const struct fake_step *steps, size_t count)
{
	for (;;) {
		/* What is unread at the end makes it a reset. */
		int fd = accept(listener, NULL, NULL);
		size_t at;

		if (fd < 0)
			_exit(1);
		seen->connections++;
		do
			at = (size_t)seen->requests < count
			         ? (size_t)seen->requests
			         : count - 1;
		while (serve_one(fd, &steps[at]));
		(void)close(fd);
	}
}

const char *
fake_start(const struct fake_step *steps, size_t count)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert(
	    listener >= 0 &&
	    bind(listener, (struct sockaddr *)&address, length) == 0 &&
	    listen(listener, 16) == 0 &&
	    getsockname(listener, (struct sockaddr *)&address, &length) == 0);
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert(seen != MAP_FAILED);
	fake_seen = seen;
	server = fork();
	cr_assert(server >= 0);
	if (server == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, steps, count);
	}
	(void)close(listener);
	return kit_text("http://127.0.0.1:%d", ntohs(address.sin_port)).at;
}

void
fake_end(void)
{
	if (server <= 0)
		return;
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	server = 0;
	(void)munmap(seen, sizeof(*seen));
}
