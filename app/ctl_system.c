/* Processes, accounts and files. */
#include "ctl_system.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum {
	NOT_RUN = 127,
	READ_MAX = 1024 * 1024,
	PASSWORD_MAX = 1024,
	ASKED_TIMES = 3
};

extern char **environ;

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return NOT_RUN;
	return WIFEXITED(status) ? WEXITSTATUS(status) : NOT_RUN;
}

/* posix_spawn wants strings that it could write to, and never does. */
static char *const *
as_argv(const char *const words[])
{
	union {
		const char *const *given;
		char *const *wanted;
	} u = {words};

	return u.wanted;
}

int
system_run(bool is_quiet, const char *const words[])
{
	posix_spawn_file_actions_t files;
	pid_t pid;
	int e = posix_spawn_file_actions_init(&files);

	if (e != 0)
		return NOT_RUN;
	e = posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (e == 0 && is_quiet)
		e = posix_spawn_file_actions_addopen(
		    &files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (e == 0 && is_quiet)
		e = posix_spawn_file_actions_adddup2(
		    &files, STDOUT_FILENO, STDERR_FILENO);
	(void)fflush(stdout);
	if (e == 0)
		e = posix_spawnp(
		    &pid, words[0], &files, NULL, as_argv(words), environ);
	(void)posix_spawn_file_actions_destroy(&files);
	return e == 0 ? wait_for(pid) : NOT_RUN;
}

static int
redirect(posix_spawn_file_actions_t *files, int fd, int to)
{
	if (fd < 0)
		return posix_spawn_file_actions_addopen(files, to, "/dev/null",
		    to == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
	return posix_spawn_file_actions_adddup2(files, fd, to);
}

pid_t
system_start(const char *const words[], int in, int out)
{
	posix_spawn_file_actions_t files;
	pid_t pid;
	int e = posix_spawn_file_actions_init(&files);

	if (e != 0)
		return -1;
	e = redirect(&files, in, STDIN_FILENO);
	if (e == 0)
		e = redirect(&files, out, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawnp(
		    &pid, words[0], &files, NULL, as_argv(words), environ);
	(void)posix_spawn_file_actions_destroy(&files);
	if (e == 0)
		return pid;
	log_event(
	    LOG_ERROR, "program cannot be run", LOG_Z("program", words[0]));
	return -1;
}

int
system_end(pid_t pid)
{
	return pid > 0 ? wait_for(pid) : NOT_RUN;
}

enum err
system_become_service(struct arena *a, const struct conf *conf)
{
	const struct passwd *account;
	const char *folder;
	struct stat st;

	TRY(arena_z(a, conf->run_dir, &folder));
	if (geteuid() != 0 || stat(folder, &st) != 0 || st.st_uid == 0)
		return OK;
	account = getpwuid(st.st_uid);
	if (account == NULL ||
	    initgroups(account->pw_name, account->pw_gid) != 0 ||
	    setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0 ||
	    /* Where libpq looks for a certificate: root's may not be read. */
	    setenv("HOME", account->pw_dir, 1) != 0) {
		log_event(LOG_ERROR, "cannot act as the site's account",
		    LOG_INT("uid", st.st_uid), LOG_ERRNO());
		return ERR_IO;
	}
	return OK;
}

int
system_in_service(struct arena *a, const struct conf *conf, bool is_quiet,
    int (*work)(void *), void *given)
{
	pid_t pid;
	int status;

	(void)fflush(stdout);
	pid = fork();
	if (pid < 0)
		return NOT_RUN;
	if (pid > 0)
		return wait_for(pid);
	if (is_quiet) {
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
	}
	if (chdir("/") != 0 || system_become_service(a, conf) != OK)
		_exit(EXIT_FAILURE);
	status = work(given);
	(void)fflush(stdout);
	_exit(status);
}

enum err
system_write(struct arena *a, const char *path, struct str content)
{
	struct str making;
	FILE *file;
	bool is_whole;

	TRY(arena_printf(a, &making, "%s.making", path));
	file = fopen(making.at, "we");
	if (file == NULL)
		return ERR_IO;
	is_whole = fwrite(content.at, 1, content.len, file) == content.len;
	is_whole = is_whole && fchmod(fileno(file), 0644) == 0;
	is_whole = fclose(file) == 0 && is_whole;
	if (is_whole && rename(making.at, path) == 0)
		return OK;
	(void)unlink(making.at);
	return ERR_IO;
}

enum err
system_read(struct arena *a, const char *path, struct str *out)
{
	FILE *file = fopen(path, "re");
	enum err e = ERR_IO;
	char *text;
	size_t got;

	if (file == NULL)
		return ERR_IO;
	text = malloc(READ_MAX);
	if (text != NULL) {
		got = fread(text, 1, READ_MAX, file);
		if (got < READ_MAX && !ferror(file))
			e = arena_copy(a, (struct str){text, got}, out);
	}
	free(text);
	(void)fclose(file);
	return e;
}

/* One line from the standard input, without its end. */
static bool
read_line(char text[PASSWORD_MAX])
{
	if (fgets(text, PASSWORD_MAX, stdin) == NULL)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* What is typed is not seen, so that it is typed twice, until both are the
 * same. */
static bool
ask_twice(struct str account, char text[PASSWORD_MAX])
{
	char again[PASSWORD_MAX];
	bool is_read = false, is_same = false;

	for (int i = 0; i < ASKED_TIMES && !is_same; i++) {
		(void)fprintf(
		    stderr, "A password for %.*s: ", STR_ARG(account));
		is_read = read_line(text);
		(void)fputs("\nThe same again: ", stderr);
		is_read = is_read && read_line(again);
		(void)fputc('\n', stderr);
		if (!is_read)
			break;
		is_same = strcmp(text, again) == 0;
		if (!is_same)
			(void)fputs("Those two differ.\n", stderr);
	}
	explicit_bzero(again, sizeof(again));
	return is_read && is_same;
}

enum err
system_read_password(struct arena *a, struct str account, struct str *out)
{
	char text[PASSWORD_MAX];
	struct termios before, silent;
	bool is_had;
	enum err e = ERR_INPUT;

	if (tcgetattr(STDIN_FILENO, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
		is_had = ask_twice(account, text);
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	} else {
		is_had = read_line(text);
	}
	if (is_had)
		e = arena_copy(a, str_from(text), out);
	explicit_bzero(text, sizeof(text));
	return e;
}
