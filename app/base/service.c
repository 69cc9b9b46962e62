/* sd_listen_fds(3) and sd_notify(3) by hand. */
#include "base/service.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FIRST_FD = 3, /* SD_LISTEN_FDS_START */
	BACKLOG = 1024
};

/* A variable's whole number; 0 where there is none. */
static int64_t
number_of(const char *variable)
{
	int64_t number;

	if (str_parse_int(str_from(getenv(variable)), 1, INT64_MAX, &number) !=
	    OK)
		return 0;
	return number;
}

static bool
listens(int fd)
{
	int is_listening = 0;
	socklen_t size = sizeof(is_listening);

	return getsockopt(
		   fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) == 0 &&
	       is_listening != 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static enum err
take_sockets(struct service *s)
{
	struct str names = str_from(getenv("LISTEN_FDNAMES"));
	int64_t count = number_of("LISTEN_FDS");

	if (number_of("LISTEN_PID") != getpid())
		return OK;
	if (count > SERVICE_SOCKETS_MAX) {
		log_event(
		    LOG_ERROR, "too many sockets", LOG_INT("count", count));
		return ERR_INPUT;
	}
	for (int i = 0; i < (int)count; i++) {
		struct str name = str_cut(&names, ':');

		if (name.len > SERVICE_NAME_MAX || !listens(FIRST_FD + i)) {
			log_event(LOG_ERROR, "not a socket that listens",
			    LOG_INT("fd", FIRST_FD + i), LOG_STR("name", name));
			return ERR_INPUT;
		}
		(void)snprintf(s->sockets[i].name, sizeof(s->sockets[i].name),
		    "%.*s", STR_ARG(name));
		s->sockets[i].fd = FIRST_FD + i;
		s->socket_count = i + 1;
	}
	return OK;
}

/* A path, or '@' and a name that no file has. */
static void
take_address(struct service *s)
{
	struct str path = str_from(getenv("NOTIFY_SOCKET"));

	if (path.len < 2 || path.len >= sizeof(s->address.sun_path) ||
	    (path.at[0] != '/' && path.at[0] != '@'))
		return;
	s->address.sun_family = AF_UNIX;
	memcpy(s->address.sun_path, path.at, path.len);
	if (path.at[0] == '@')
		s->address.sun_path[0] = '\0';
	s->address_len =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.len);
}

static void
take_watchdog(struct service *s)
{
	int64_t pid = number_of("WATCHDOG_PID");

	if (pid == 0 || pid == getpid())
		s->watchdog_us = number_of("WATCHDOG_USEC");
}

enum err
service_take(struct service *out)
{
	static const char *const variables[] = {"LISTEN_PID", "LISTEN_FDS",
	    "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"};
	struct service s = {0};

	TRY(take_sockets(&s));
	take_address(&s);
	take_watchdog(&s);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		(void)unsetenv(variables[i]);
	*out = s;
	return OK;
}

int
service_socket(const struct service *s, const char *name)
{
	for (int i = 0; i < s->socket_count; i++)
		if (strcmp(s->sockets[i].name, name) == 0)
			return s->sockets[i].fd;
	return -1;
}

static enum err
refuse_socket(int fd, const char *where)
{
	log_event(LOG_ERROR, "no socket", LOG_Z("path", where), LOG_ERRNO());
	if (fd >= 0)
		(void)close(fd);
	return ERR_IO;
}

static enum err
listen_unix(const char *path, int *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int fd;

	if (length >= sizeof(address.sun_path)) {
		log_event(
		    LOG_ERROR, "socket path is too long", LOG_Z("path", path));
		return ERR_INPUT;
	}
	memcpy(address.sun_path, path, length + 1);
	(void)unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0)
		return refuse_socket(fd, path);
	*out = fd;
	return OK;
}

/* The host without brackets, and the port behind the last colon. */
static enum err
find_address(const char *where, struct addrinfo **out)
{
	static const struct addrinfo numeric = {
	    .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
	    .ai_socktype = SOCK_STREAM};
	const char *colon = strrchr(where, ':');
	char host[INET6_ADDRSTRLEN + 1];
	struct str name;

	if (colon == NULL)
		return ERR_INPUT;
	name = (struct str){where, (size_t)(colon - where)};
	if (str_starts(name, STR("[")) && str_ends(name, STR("]")))
		name = str_slice(name, 1, name.len - 2);
	if (name.len == 0 || name.len >= sizeof(host))
		return ERR_INPUT;
	memcpy(host, name.at, name.len);
	host[name.len] = '\0';
	return getaddrinfo(host, colon + 1, &numeric, out) == 0 ? OK
	                                                        : ERR_INPUT;
}

static enum err
listen_tcp(const char *where, int *out)
{
	static const int yes = 1;
	struct addrinfo *address;
	enum err e = OK;
	int fd;

	if (find_address(where, &address) != OK) {
		log_event(LOG_ERROR, "neither a path nor address:port",
		    LOG_Z("path", where));
		return ERR_INPUT;
	}
	fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(fd, address->ai_addr, address->ai_addrlen) != 0 ||
	    listen(fd, BACKLOG) != 0)
		e = refuse_socket(fd, where);
	else
		*out = fd;
	freeaddrinfo(address);
	return e;
}

enum err
service_listen(const char *where, int *out)
{
	return where[0] == '/' ? listen_unix(where, out)
	                       : listen_tcp(where, out);
}

void
service_tell(const struct service *s, const char *state)
{
	ssize_t sent = -1;
	int fd;

	if (s->address_len == 0)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		    (const struct sockaddr *)&s->address, s->address_len);
	if (sent < 0)
		log_event(LOG_WARN, "service manager not told", LOG_ERRNO());
	if (fd >= 0)
		(void)close(fd);
}

void
service_tell_reloading(const struct service *s)
{
	char state[64];

	(void)snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_monotonic_us());
	service_tell(s, state);
}
