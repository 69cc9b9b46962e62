/* What a service manager gives to a service, and what it is told: the protocols
 * of sd_listen_fds(3) and sd_notify(3), which systemd documents as stable and
 * made to be written again.  libsystemd would do the same, and load liblzma,
 * libzstd, liblz4, libgcrypt and libcap into every process that strangers
 * speak to.
 *
 * Without a service manager there are no sockets, and telling does nothing.
 */
#ifndef PIXLPIX_BASE_SERVICE_H
#define PIXLPIX_BASE_SERVICE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
	SERVICE_SOCKETS_MAX = 8,
	SERVICE_NAME_MAX = 255 /* bytes of a socket's name, as systemd has it */
};

struct service {
	struct sockaddr_un address; /* that is told */
	socklen_t address_len;      /* 0: there is nobody to tell */
	int64_t watchdog_us;        /* to be told at least so often; 0: not */
	int socket_count;
	struct {
		char name[SERVICE_NAME_MAX + 1]; /* FileDescriptorName= */
		int fd;                          /* listening, close-on-exec */
	} sockets[SERVICE_SOCKETS_MAX];
};

/* Takes what stands in the environment and clears it from there, so that no
 * child takes it for its own; what was meant for another process, and what
 * is malformed, counts as absent.  ERR_INPUT: sockets were given that are
 * too many, or not sockets that listen. */
enum err service_take(struct service *out);

/* The socket of that name, or -1. */
int service_socket(const struct service *s, const char *name);

/* Makes a socket that listens, for use without a service manager.  `where` is
 * an absolute path: its group may connect, and what stood there is replaced;
 * or address:port, an IPv6 address in brackets: whoever reaches it may connect.
 * The caller closes it.  ERR_INPUT: it is neither, or the path is too long;
 * ERR_IO. */
enum err service_listen(const char *where, int *out);

/* Sends "READY=1" and the like, lines with \n between them (sd_notify(3)).
 * A manager that does not listen loses it: that is in the log. */
void service_tell(const struct service *s, const char *state);

/* "RELOADING=1" with the time that systemd wants with it. */
void service_tell_reloading(const struct service *s);

#endif
