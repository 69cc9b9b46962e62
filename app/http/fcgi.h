/* FastCGI towards nginx; the only user of libfcgi.
 *
 * A worker is a loop:
 *
 *	TRY(fcgi_open(listen_fd, &server));
 *	while ((e = fcgi_accept(server, arena, &request)) == OK) {
 *		response = response_start(&body);
 *		... handle ...
 *		e = fcgi_reply(server, &response);
 *		arena_reset(arena);
 *	}
 *	fcgi_close(server);
 *
 * One request at a time, one process a server.  The socket is nginx's alone:
 * a peer that sends half a request holds the worker up, so a watchdog in the
 * master must know how long a worker has been at it.
 */
#ifndef PIXLPIX_HTTP_FCGI_H
#define PIXLPIX_HTTP_FCGI_H

#include "http/request.h"
#include "http/response.h"

struct fcgi;

/* A server on a listening socket, which is made not to block, for all who share
 * it, and should have a backlog of 1,024.  SIGTERM and SIGUSR1 are taken over:
 * after one of them the request at hand is finished and fcgi_accept says
 * ERR_ABSENT. SIGPIPE is ignored.  ERR_IO, ERR_MEMORY. */
enum err fcgi_open(int listen_fd, struct fcgi **out);

/* Waits for a request.  It lives in the server, the arena and the connection:
 * until fcgi_reply or fcgi_drop.  ERR_ABSENT after SIGTERM: end the process.
 * ERR_BUSY when the process has too few file descriptors, after a short wait;
 * ERR_IO where the socket does not work any more; ERR_MEMORY. */
enum err fcgi_accept(struct fcgi *f, struct arena *a, struct request **out);

/* Writes the answer with its Content-Length and ends the request.  ERR_IO where
 * nginx has gone away, the failure of the body's buffer where it has one
 * (nothing is sent then, and nginx says 502: look at buf_check before). */
enum err fcgi_reply(struct fcgi *f, const struct response *r);

/* Ends the request without an answer. */
void fcgi_drop(struct fcgi *f);

/* Takes everything back but the listening socket; NULL is allowed. */
void fcgi_close(struct fcgi *f);

#endif
