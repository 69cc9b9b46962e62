/* The FastCGI server.
 *
 * libfcgi takes every call that a signal interrupts for an end: of the body, or
 * of the connection that it has just accepted, after which its loop spins.  So
 * no signal reaches it.  It accepts without waiting, and the waiting is ours:
 * in epoll_pwait(2), the one place where SIGTERM may come.  EPOLLEXCLUSIVE
 * wakes one of the workers that share the socket, not all.
 */
#include "http/fcgi.h"

#include "base/log.h"
#include "http/fcgi_out.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	RETRY_WAIT_MS = 50
};

struct fcgi {
	FCGX_Request fcgx;
	struct request request;
	struct body body;
	struct buf head;
	int ready_fd;  /* epoll: somebody may be waiting to be accepted */
	bool is_open;  /* a request is at hand */
	bool has_body; /* it came with one */
};

static volatile sig_atomic_t is_stopped;

static void
stop(int signal_number)
{
	(void)signal_number;
	is_stopped = 1;
}

static enum err
take_signals(void)
{
	struct sigaction action = {.sa_handler = stop}; /* no SA_RESTART */
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&ignore.sa_mask);
	if (sigaction(SIGTERM, &action, NULL) != 0 ||
	    sigaction(SIGUSR1, &action, NULL) != 0 ||
	    sigaction(SIGPIPE, &ignore, NULL) != 0)
		return ERR_IO;
	return OK;
}

/* SIG_BLOCK or SIG_UNBLOCK for the signals that end the worker. */
static void
hold_signals(int how)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(how, &set, NULL);
}

static enum err
watch_socket(int listen_fd, int *out)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int flags = fcntl(listen_fd, F_GETFL);

	*out = epoll_create1(EPOLL_CLOEXEC);
	if (*out >= 0 && flags >= 0 &&
	    fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    epoll_ctl(*out, EPOLL_CTL_ADD, listen_fd, &event) == 0)
		return OK;
	log_event(LOG_ERROR, "not a socket to listen on", LOG_ERRNO());
	if (*out >= 0)
		(void)close(*out);
	return ERR_IO;
}

enum err
fcgi_open(int listen_fd, struct fcgi **out)
{
	struct fcgi *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return ERR_MEMORY;
	if (watch_socket(listen_fd, &f->ready_fd) != OK) {
		free(f);
		return ERR_IO;
	}
	if (FCGX_Init() != 0 || FCGX_InitRequest(&f->fcgx, listen_fd, 0) != 0 ||
	    take_signals() != OK) {
		log_event(LOG_ERROR, "cannot start FastCGI", LOG_ERRNO());
		(void)close(f->ready_fd);
		free(f);
		return ERR_IO;
	}
	*out = f;
	return OK;
}

/* The body reader of http/body.h. */
static enum err
read_stdin(void *source, void *at, size_t size, size_t *len)
{
	FCGX_Stream *in = ((FCGX_Request *)source)->in;
	int wanted = size > INT_MAX ? INT_MAX : (int)size;
	int got = FCGX_GetStr(at, wanted, in);

	if (got < 0 || (got < wanted && FCGX_GetError(in) != 0))
		return ERR_INPUT;
	*len = (size_t)got;
	return OK;
}

/* What the negative result of FCGX_Accept_r means; libfcgi negates errno. */
static enum err
accept_failed(int result)
{
	struct timespec wait = {0, RETRY_WAIT_MS * 1000000L};

	log_event(LOG_ERROR, "cannot accept a request",
	    LOG_INT("result", result), LOG_Z("why", strerror(-result)));
	if (result == -EBADF || result == -EINVAL || result == -ENOTSOCK)
		return ERR_IO;
	(void)nanosleep(&wait, NULL);
	return ERR_BUSY;
}

/* Until somebody knocks, or we are told to stop.  Only here do signals come
 * in. */
static void
wait_for_knock(const struct fcgi *f)
{
	struct epoll_event event;
	sigset_t mask;

	(void)sigprocmask(SIG_SETMASK, NULL, &mask);
	(void)sigdelset(&mask, SIGTERM);
	(void)sigdelset(&mask, SIGUSR1);
	(void)epoll_pwait(f->ready_fd, &event, 1, -1, &mask);
}

/* The result of FCGX_Accept_r, or of somebody else's having been faster. */
static int
accept_one(struct fcgi *f)
{
	int result;

	/* What has come in while a request was at hand. */
	hold_signals(SIG_UNBLOCK);
	hold_signals(SIG_BLOCK);
	while (!is_stopped) {
		result = FCGX_Accept_r(&f->fcgx);
		if (result != -EAGAIN)
			return result;
		wait_for_knock(f);
	}
	return -EAGAIN;
}

enum err
fcgi_accept(struct fcgi *f, struct arena *a, struct request **out)
{
	int result;
	enum err e;

	fcgi_drop(f);
	result = accept_one(f);
	if (result == -EAGAIN)
		return ERR_ABSENT;
	if (result < 0)
		return accept_failed(result);
	f->is_open = true;
	f->body = (struct body){read_stdin, &f->fcgx, 0};
	e = request_make(
	    a, (const char *const *)f->fcgx.envp, &f->body, &f->request);
	if (e != OK) {
		fcgi_drop(f);
		return e;
	}
	f->has_body = f->body.left_bytes > 0;
	*out = &f->request;
	return OK;
}

/* Ends the connection.  libfcgi's way waits until nginx has closed its side, so
 * that nothing of the request is unread when we do: an answer that has not
 * been read yet would be lost with it.  A request without a body has come
 * whole. */
static void
hang_up(struct fcgi *f)
{
	char rest[64];

	if (!f->has_body) {
		(void)recv(f->fcgx.ipcFd, rest, sizeof(rest), MSG_DONTWAIT);
		FCGX_Detach(&f->fcgx);
	}
	FCGX_Free(&f->fcgx, 1); /* writes nothing, unlike FCGX_Finish_r */
	FCGX_Attach(&f->fcgx);
	f->is_open = false;
}

enum err
fcgi_reply(struct fcgi *f, const struct response *r)
{
	enum err e;

	buf_reset(&f->head);
	e = buf_check(r->body);
	if (e == OK)
		e = response_head(r, &f->head);
	if (e == OK)
		e = buf_check(&f->head);
	if (e != OK) {
		fcgi_drop(f);
		return e;
	}
	e = fcgi_out_write(f->fcgx.ipcFd, f->fcgx.requestId, buf_str(&f->head),
	    response_has_body(r, f->request.method) ? buf_str(r->body)
						    : (struct str){0});
	hang_up(f);
	return e;
}

void
fcgi_drop(struct fcgi *f)
{
	if (f->is_open)
		FCGX_Finish_r(&f->fcgx);
	f->is_open = false;
}

void
fcgi_close(struct fcgi *f)
{
	if (f == NULL)
		return;
	fcgi_drop(f);
	FCGX_Free(&f->fcgx, 1);
	buf_free(&f->head);
	(void)close(f->ready_fd);
	hold_signals(SIG_UNBLOCK);
	free(f);
}
