/* Answers as FastCGI records. */
#include "http/fcgi_out.h"

#include <errno.h>
#include <fastcgi.h>
#include <sys/uio.h>

enum {
	RECORD_BYTES = 65528, /* the most that needs no padding */
	BODY_BYTES = 64 << 20,
	PIECES = 64 /* iovecs of one call */
};

struct out {
	int fd, id;
	enum err failure;
	size_t pieces;
	struct iovec piece[PIECES];
	FCGI_Header header[PIECES]; /* what pieces point at */
};

/* Leaves out of the pieces what has been written. */
static void
skip(struct iovec **piece, size_t *count, size_t written)
{
	while (*count > 0 && written >= (*piece)->iov_len) {
		written -= (*piece)->iov_len;
		(*piece)++;
		(*count)--;
	}
	if (*count > 0) {
		(*piece)->iov_base = (char *)(*piece)->iov_base + written;
		(*piece)->iov_len -= written;
	}
}

static void
flush(struct out *o)
{
	struct iovec *piece = o->piece;
	size_t count = o->pieces;

	while (count > 0 && o->failure == OK) {
		ssize_t n = writev(o->fd, piece, (int)count);

		if (n >= 0)
			skip(&piece, &count, (size_t)n);
		else if (errno != EINTR)
			o->failure = ERR_IO;
	}
	o->pieces = 0;
}

static void
put(struct out *o, const void *at, size_t len)
{
	/* writev only reads through its pointers */
	union {
		const void *in;
		void *out;
	} pointer = {at};

	o->piece[o->pieces++] = (struct iovec){pointer.out, len};
}

static void
put_record(struct out *o, unsigned char type, struct str content)
{
	FCGI_Header *h;

	if (o->pieces + 2 > PIECES)
		flush(o);
	h = &o->header[o->pieces];
	*h = (FCGI_Header){.version = FCGI_VERSION_1,
	    .type = type,
	    .requestIdB1 = (unsigned char)(o->id >> 8),
	    .requestIdB0 = (unsigned char)o->id,
	    .contentLengthB1 = (unsigned char)(content.len >> 8),
	    .contentLengthB0 = (unsigned char)content.len};
	put(o, h, sizeof(*h));
	if (content.len > 0)
		put(o, content.at, content.len);
}

static void
put_output(struct out *o, struct str s)
{
	while (s.len > 0) {
		struct str record = str_slice(s, 0, RECORD_BYTES);

		put_record(o, FCGI_STDOUT, record);
		s = str_slice(s, record.len, s.len);
	}
}

enum err
fcgi_out_write(int fd, int id, struct str head, struct str body)
{
	static const FCGI_EndRequestBody done = {
	    .protocolStatus = FCGI_REQUEST_COMPLETE};
	struct out o = {.fd = fd, .id = id};

	if (head.len > BODY_BYTES || body.len > BODY_BYTES)
		return ERR_TOO_BIG;
	put_output(&o, head);
	put_output(&o, body);
	put_record(&o, FCGI_STDOUT, (struct str){0});
	put_record(&o, FCGI_END_REQUEST,
	    (struct str){(const char *)&done, sizeof(done)});
	flush(&o);
	return o.failure;
}
