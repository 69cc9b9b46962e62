/* What a service manager gives, and what it is told. */
#include "base/service.h"
#include "base/log.h"

#include "../helper/kit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(service, .init = kit_start, .fini = kit_end);

static struct service s;

static void
set_number(const char *name, long long number)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", number);
	cr_assert_eq(setenv(name, text, 1), 0);
}

/* A socket that listens, at an address that the kernel chooses. */
static void
listen_at(int fd)
{
	sa_family_t address = AF_UNIX;
	int made = socket(AF_UNIX, SOCK_STREAM, 0);

	if (bind(made, (const struct sockaddr *)(const void *)&address,
		sizeof(address)) != 0 ||
	    listen(made, 1) != 0 || dup2(made, fd) != fd)
		abort();
}

static void
give_two(void)
{
	listen_at(3);
	listen_at(4);
	set_number("LISTEN_PID", getpid());
	set_number("LISTEN_FDS", 2);
	cr_assert_eq(setenv("LISTEN_FDNAMES", "slow:pages", 1), 0);
}

/* A manager that listens at the address of NOTIFY_SOCKET. */
static int
manage(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	cr_assert_eq(
	    bind(fd, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
	    0);
	cr_assert_eq(setenv("NOTIFY_SOCKET", path, 1), 0);
	return fd;
}

static const char *
heard(int fd)
{
	static char text[256];
	ssize_t got = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[got < 0 ? 0 : got] = '\0';
	return text;
}

Test(service, without_a_manager_there_is_nothing_and_telling_is_no_fault)
{
	cr_assert_eq(unsetenv("NOTIFY_SOCKET"), 0);
	cr_assert_eq(service_take(&s), OK);
	cr_assert_eq(s.socket_count, 0);
	cr_assert_eq(s.watchdog_us, 0);
	cr_assert_eq(service_socket(&s, "pages"), -1);
	service_tell(&s, "READY=1");
}

/* The result of `look` in a process that was given the two sockets; Criterion
 * has descriptors 3 and 4 of this one. */
static int
with_two(int (*look)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
		give_two();
		_exit(look());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
take(void)
{
	return (int)service_take(&s);
}

static int
find_both(void)
{
	return take() == OK && service_socket(&s, "pages") == 4 &&
	       service_socket(&s, "slow") == 3 &&
	       service_socket(&s, "page") == -1 &&
	       fcntl(4, F_GETFD) == FD_CLOEXEC;
}

Test(service, sockets_are_found_by_name_in_whatever_order_they_come)
{
	cr_assert_eq(with_two(find_both), true);
}

static int
count_for_another(void)
{
	set_number("LISTEN_PID", getppid());
	return take() == OK ? s.socket_count : -1;
}

Test(service, sockets_of_another_process_are_not_ours)
{
	cr_assert_eq(with_two(count_for_another), 0);
}

static int
take_a_file(void)
{
	(void)dup2(STDERR_FILENO, 4);
	return take();
}

Test(service, a_descriptor_that_does_not_listen_is_refused)
{
	cr_assert_eq(with_two(take_a_file), ERR_INPUT);
}

static int
take_too_many(void)
{
	set_number("LISTEN_FDS", SERVICE_SOCKETS_MAX + 1);
	return take();
}

Test(service, more_sockets_than_there_is_room_for_are_refused)
{
	cr_assert_eq(with_two(take_too_many), ERR_INPUT);
}

static int
leaves_nothing(void)
{
	set_number("WATCHDOG_USEC", 1000);
	(void)setenv("NOTIFY_SOCKET", "@nobody", 1);
	return take() == OK && s.watchdog_us == 1000 &&
	       getenv("LISTEN_FDS") == NULL &&
	       getenv("NOTIFY_SOCKET") == NULL &&
	       getenv("WATCHDOG_USEC") == NULL;
}

Test(service, children_find_nothing_in_the_environment)
{
	cr_assert_eq(with_two(leaves_nothing), true);
}

Test(service, the_manager_hears_what_it_is_told)
{
	char path[64];
	int manager;

	(void)snprintf(
	    path, sizeof(path), "/tmp/pixlpix-test-notify.%d", (int)getpid());
	manager = manage(path);
	cr_assert_eq(service_take(&s), OK);
	service_tell(&s, "READY=1\nSTATUS=x");
	(void)unlink(path);
	cr_assert_str_eq(heard(manager), "READY=1\nSTATUS=x");
}

Test(service, a_manager_without_a_file_hears_as_well)
{
	char name[64];
	int manager;

	(void)snprintf(name, sizeof(name), "@pixlpix-test-%d", (int)getpid());
	manager = manage(name);
	cr_assert_eq(service_take(&s), OK);
	service_tell_reloading(&s);
	cr_assert(str_starts(
	    str_from(heard(manager)), STR("RELOADING=1\nMONOTONIC_USEC=")));
}

Test(service, a_watchdog_for_another_process_is_not_ours)
{
	set_number("WATCHDOG_USEC", 1000);
	set_number("WATCHDOG_PID", getppid());
	cr_assert_eq(service_take(&s), OK);
	cr_assert_eq(s.watchdog_us, 0);
}

Test(service, a_socket_of_our_own_replaces_a_file_and_is_for_the_group)
{
	char path[64];
	struct stat st;
	int fd;

	(void)snprintf(
	    path, sizeof(path), "/tmp/pixlpix-test-listen.%d", (int)getpid());
	(void)close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	cr_assert_eq(service_listen(path, &fd), OK);
	cr_assert_eq(stat(path, &st), 0);
	(void)unlink(path);
	cr_assert(S_ISSOCK(st.st_mode));
	cr_assert_eq(st.st_mode & 0777, 0660);
}

/* Connects to where fd listens; the family that it has there. */
static int
connect_to(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t size = sizeof(address);
	int client, family;

	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	family = address.ss_family;
	client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(connect(client, (struct sockaddr *)&address, size), 0);
	(void)close(client);
	return family;
}

Test(service, a_socket_of_our_own_may_be_an_address_and_a_port)
{
	int fd;

	cr_assert_eq(service_listen("127.0.0.1:0", &fd), OK);
	cr_assert_eq(connect_to(fd), AF_INET);
	(void)close(fd);
	cr_assert_eq(service_listen("[::1]:0", &fd), OK);
	cr_assert_eq(connect_to(fd), AF_INET6);
	(void)close(fd);
}

Test(service, what_is_neither_a_path_nor_an_address_is_refused)
{
	static const char *const bad[] = {
	    "name", "localhost:80", "[::1]", ":80", "127.0.0.1:http", ""};
	int fd;

	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(
		    service_listen(bad[i], &fd), ERR_INPUT, "%s", bad[i]);
}

Test(service, a_port_that_is_taken_is_refused)
{
	struct sockaddr_in address = {0};
	socklen_t size = sizeof(address);
	char where[32];
	int fd, other;

	log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
	cr_assert_eq(service_listen("127.0.0.1:0", &fd), OK);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	(void)snprintf(
	    where, sizeof(where), "127.0.0.1:%d", ntohs(address.sin_port));
	cr_assert_eq(service_listen(where, &other), ERR_IO);
	(void)close(fd);
}
