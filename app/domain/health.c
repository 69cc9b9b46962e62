/* One query, one look at the store, one decoded pixel. */
#include "domain/health.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/image_parts.h"
#include "media/derive.h"
#include "store/sql.h"

#include <sys/mman.h>
#include <unistd.h>

enum {
	GOOD_FOR_US = 2000000
};

/* A PNG of one grey pixel. */
static const unsigned char pixel[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a,
    0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e,
    0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda,
    0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0xda, 0x45, 0x08, 0x3b,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static bool
asks_database(const struct site *site, struct arena *a)
{
	struct sql_account_any_row row;

	return sql_account_any(site->db, a, &row) == OK;
}

static enum err
try_decoder(const struct site *site, bool *works)
{
	const struct media_size size = {.edge_px = 16, .quality = 80};
	struct media_limits limits = image_limits(site);
	struct media_result result;
	int in = memfd_create("pixel", MFD_CLOEXEC);
	int out = memfd_create("picture", MFD_CLOEXEC);
	enum err e = ERR_IO;

	/* Who only asks does not wait for those who upload. */
	limits.queue = 0;
	if (in >= 0 && out >= 0 &&
	    write(in, pixel, sizeof(pixel)) == (ssize_t)sizeof(pixel)) {
		e = media_derive(
		    &limits, site->decoder, in, &size, 1, &out, &result);
		*works = e == OK || e == ERR_BUSY;
		e = OK;
	}
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
	return e;
}

enum err
health_check(const struct site *site, struct arena *a, struct health *out)
{
	/* Of this process, which serves one site and one request at a time. */
	static struct health last;
	static int64_t last_us;
	int64_t now = clock_monotonic_us();

	if (last_us == 0 || now - last_us >= GOOD_FOR_US) {
		TRY(try_decoder(site, &last.has_decoder));
		last.has_database = asks_database(site, a);
		last.has_store = object_ready(site->store, a) == OK;
		last_us = now;
	}
	*out = last;
	return OK;
}
