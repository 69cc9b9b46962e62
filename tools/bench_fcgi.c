/* The floor of the page bench: a FastCGI worker that does nothing.
 *
 *	bench_fcgi SOCKET PROCESSES BYTES
 *
 * Answers every request with the same body of BYTES, written at once.  Ends
 * on SIGTERM, with all its processes.
 */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BACKLOG = 1024,
	BYTES_MAX = 1024 * 1024
};

static char answer[BYTES_MAX + 256];

static int
serve(int listen_fd, int length)
{
	FCGX_Request request;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, listen_fd, 0) != 0)
		return EXIT_FAILURE;
	while (FCGX_Accept_r(&request) >= 0) {
		(void)FCGX_PutStr(answer, length, request.out);
		FCGX_Finish_r(&request);
	}
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	int processes = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
	int bytes = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	int head, listen_fd;

	if (processes < 1 || bytes < 1 || bytes > BYTES_MAX) {
		(void)fputs(
		    "usage: bench_fcgi SOCKET PROCESSES BYTES\n", stderr);
		return EXIT_FAILURE;
	}
	listen_fd = FCGX_OpenSocket(argv[1], BACKLOG);
	if (listen_fd < 0)
		return EXIT_FAILURE;
	head = snprintf(answer, sizeof(answer),
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: %d\r\n\r\n",
	    bytes);
	(void)memset(answer + head, 'x', (size_t)bytes);
	for (int i = 1; i < processes; i++)
		if (fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
			return serve(listen_fd, head + bytes);
		}
	return serve(listen_fd, head + bytes);
}
