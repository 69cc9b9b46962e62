/* Wall clock and stop-watch. */
#ifndef PIXLPIX_BASE_CLOCK_H
#define PIXLPIX_BASE_CLOCK_H

#include "base/buf.h"
#include "base/str.h"

/* Now, UTC. */
struct when clock_now(void);

/* Microseconds of a clock that never jumps; only differences mean
 * anything. */
int64_t clock_monotonic_us(void);

/* "2026-11-21T09:05:07Z" (RFC 3339, seconds). */
void clock_put_rfc3339(struct buf *b, struct when t);

/* "21 November 2026, 09:05 UTC", for a person. */
void clock_put_date(struct buf *b, struct when t);

/* "21 November 2026", the day alone. */
void clock_put_day(struct buf *b, struct when t);

/* "2026-11-21T09:05", UTC: what a form's datetime-local sends (HTML,
 * local date and time string), also with a space for the T and with seconds,
 * which are dropped.  Years 1970 to 9999.  ERR_INPUT where it is none. */
enum err clock_parse_minute(struct str s, struct when *out);

/* "2026-11-21T09:05:07Z", "2026-11-21T10:05:07.25+01:00" (RFC 3339 section
 * 5.6); fractions of a second are dropped.  From 1970 to 9999, without leap
 * seconds.  ERR_INPUT where it is none. */
enum err clock_parse_rfc3339(struct str s, struct when *out);

/* A minute, as clock_parse_minute reads it. */
void clock_put_minute(struct buf *b, struct when t);

/* How long ago, short: "now", "5 min", "3 h", "2 d", and from 30 days on the
 * date, "21 Nov 2026".  What lies in the future is "now". */
void clock_put_ago(struct buf *b, struct when t, struct when now);

#endif
