/* A decoder that an upload has taken over.
 *
 * Enters the sandbox as pixlpix-decode does and then does what the upload's
 * last bytes say: "[free:]ACT argument", between '<' and '>'.  "free:" leaves
 * the sandbox out, so that a test can see that the act works without it.
 */
#include "media/report.h"
#include "media/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile unsigned char sink;

static void
say(bool is_good)
{
	static struct media_report report = {.magic = MEDIA_REPORT_MAGIC};
	report.failure = is_good ? OK : ERR_INPUT;
	(void)!write(STDOUT_FILENO, &report, sizeof report);
	_exit(0);
}

static void
act_open(const char *path)
{
	(void)!open(path, O_CREAT | O_WRONLY, 0600);
}

static void
act_read(const char *path)
{
	(void)!open(path, O_RDONLY);
	say(true);
}

static void
act_connect(const char *port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtol(port, NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	(void)!connect(fd, (struct sockaddr *)&to, sizeof to);
}

static void
act_exec(const char *path)
{
	(void)execl("/usr/bin/touch", "touch", path, (char *)NULL);
}

static void
act_fork(const char *path)
{
	if (fork() == 0) {
		act_open(path);
		_exit(0);
	}
}

static void
act_clone(const char *path)
{
	if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) {
		act_open(path);
		_exit(0);
	}
}

static void
act_ptrace(const char *pid)
{
	(void)ptrace(PTRACE_SEIZE, (pid_t)strtol(pid, NULL, 10), NULL, NULL);
}

static void
act_kill(const char *pid)
{
	(void)kill((pid_t)strtol(pid, NULL, 10), SIGTERM);
}

static void
act_code(const char *unused)
{
	(void)unused;
	(void)!mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
act_protect(const char *unused)
{
	(void)unused;
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static void
act_map_file(const char *unused)
{
	(void)unused;
	(void)!mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, MEDIA_FIRST_OUT, 0);
}

static void
act_stderr(const char *text)
{
	(void)!write(STDERR_FILENO, text, strlen(text));
}

static void
act_limits(const char *unused)
{
	(void)unused;
	(void)syscall(SYS_prlimit64, 0, 0, NULL, NULL);
}

static void
act_loop(const char *unused)
{
	(void)unused;
	for (;;)
		sink++;
}

/* Waits for what never comes, without the CPU; futex is left to it. */
static void
act_sleep(const char *unused)
{
	(void)unused;
	static int word;
	for (;;)
		(void)syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 0, NULL);
}

static void
act_memory(const char *unused)
{
	(void)unused;
	for (;;) {
		char *at = malloc(16 << 20);
		if (at == NULL) {
			static struct media_report report = {
			    .magic = MEDIA_REPORT_MAGIC, .failure = ERR_MEMORY};
			(void)!write(STDOUT_FILENO, &report, sizeof report);
			_exit(0);
		}
		memset(at, 1, 16 << 20);
	}
}

static void
act_fill_disk(const char *unused)
{
	(void)unused;
	static char block[1 << 20];
	while (write(MEDIA_FIRST_OUT, block, sizeof block) > 0)
		;
	say(true);
}

static void
act_crash(const char *unused)
{
	(void)unused;
	*(volatile int *)(uintptr_t)sink = 1;
}

static void
act_lie(const char *unused)
{
	(void)unused;
	static const char page[] = "<html><script>alert(1)</script></html>";
	(void)!write(MEDIA_FIRST_OUT, page, sizeof page);
	say(true);
}

static void
act_nothing(const char *unused)
{
	(void)unused;
	say(true);
}

static void
act_silence(const char *unused)
{
	(void)unused;
	_exit(0);
}

static void
act_half(const char *unused)
{
	(void)unused;
	(void)!write(STDOUT_FILENO, "half a report", 13);
	_exit(0);
}

static void
act_chatter(const char *unused)
{
	(void)unused;
	static char block[4096];
	while (write(STDOUT_FILENO, block, sizeof block) > 0)
		;
	_exit(0);
}

/* What the kernel does to the largest process when memory is short. */
static void
act_killed(const char *unused)
{
	(void)unused;
	(void)raise(SIGKILL);
}

/* A report with a failure of that number. */
static void
act_report(const char *number)
{
	static struct media_report report = {.magic = MEDIA_REPORT_MAGIC};
	report.failure = (enum err)strtol(number, NULL, 10);
	(void)!write(STDOUT_FILENO, &report, sizeof report);
	_exit(0);
}

static const struct {
	const char *name;
	void (*run)(const char *argument);
} acts[] = {
    {"open", act_open},
    {"read", act_read},
    {"connect", act_connect},
    {"exec", act_exec},
    {"fork", act_fork},
    {"clone", act_clone},
    {"ptrace", act_ptrace},
    {"kill", act_kill},
    {"code", act_code},
    {"protect", act_protect},
    {"map_file", act_map_file},
    {"stderr", act_stderr},
    {"limits", act_limits},
    {"loop", act_loop},
    {"sleep", act_sleep},
    {"memory", act_memory},
    {"fill_disk", act_fill_disk},
    {"crash", act_crash},
    {"lie", act_lie},
    {"nothing", act_nothing},
    {"silence", act_silence},
    {"half", act_half},
    {"chatter", act_chatter},
    {"killed", act_killed},
    {"report", act_report},
};

/* The text between the last '<' and '>' of the upload. */
static char *
orders(void)
{
	static char text[512];
	struct stat st;
	if (fstat(STDIN_FILENO, &st) != 0)
		return NULL;
	off_t from = st.st_size > 511 ? st.st_size - 511 : 0;
	ssize_t n = pread(STDIN_FILENO, text, 511, from);
	char *start = n <= 0 ? NULL : memrchr(text, '<', (size_t)n);
	char *end = n <= 0 ? NULL : memrchr(text, '>', (size_t)n);
	if (start == NULL || end == NULL || end < start)
		return NULL;
	*end = '\0';
	return start + 1;
}

int
main(int argc, char **argv)
{
	char *order = orders();
	if (order == NULL || argc < 1 + MEDIA_ARGUMENTS)
		return 1;
	struct sandbox s = {strtoll(argv[1], NULL, 10),
	    strtoll(argv[2], NULL, 10), strtoll(argv[3], NULL, 10),
	    MEDIA_FIRST_OUT, MEDIA_FIRST_OUT};
	bool is_free = strncmp(order, "free:", 5) == 0;
	if (!is_free && sandbox_enter(&s) != OK)
		return 1;
	char *name = is_free ? order + 5 : order;
	char *argument = strchr(name, ' ');
	if (argument != NULL)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (strcmp(acts[i].name, name) == 0)
			acts[i].run(argument);
	/* Whoever comes here has done it and lived. */
	say(true);
}
