/* An answer as FastCGI records, written at once; the half of http/fcgi.c that
 * writes.
 *
 * libfcgi writes in pieces of 8 KB and then waits until nginx has closed,
 * which costs a page of 30 KB ten system calls and a dozen wake-ups.
 */
#ifndef PIXLPIX_HTTP_FCGI_OUT_H
#define PIXLPIX_HTTP_FCGI_OUT_H

#include "base/err.h"
#include "base/str.h"

/* Writes `head` and `body` as the whole standard output of the request `id`
 * (1 to 65535) to the socket `fd`, which must be blocking, and the request's
 * end with status 0 (FastCGI specification 1.0, sections 3.3 and 5.5).  ERR_IO
 * where the peer has gone away or the socket fails; ERR_TOO_BIG over 64 MB. */
enum err fcgi_out_write(int fd, int id, struct str head, struct str body);

#endif
