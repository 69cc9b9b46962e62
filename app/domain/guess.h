/* Slowing down who guesses passwords.
 *
 * Failures are counted by the name that was typed, whether or not it exists,
 * and by the network that the guess came from.  A network that has failed
 * GUESS_TRIES times for one name must rest with that name; all others may
 * still try it, so that nobody can lock out somebody else from one place.
 * Past GUESS_TRIES_OF_ALL, a guess spread over many networks, the name rests
 * for everybody.
 */
#ifndef PIXLPIX_DOMAIN_GUESS_H
#define PIXLPIX_DOMAIN_GUESS_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	GUESS_TRIES = 10, /* within 15 minutes */
	GUESS_TRIES_OF_ALL = 100
};

struct guess {
	struct str who;     /* no longer than any name or address may be */
	struct str network; /* an IPv4 address, or the /64 of an IPv6 one,
	                     * which is what one subscriber has */
};

/* `who` as it was typed, `client` the visitor's address.  What is too long to
 * be anybody's name counts as the empty name.  ERR_MEMORY. */
enum err guess_make(
    struct arena *a, struct str who, struct str client, struct guess *out);

/* Queues the count of the failures. */
void guess_ask(const struct site *site, const struct guess *guess,
    struct sql_login_failures_row *out);

bool guess_must_rest(const struct sql_login_failures_row *failures);

/* Notes that the guess was wrong. */
enum err guess_note(
    const struct site *site, struct arena *a, const struct guess *guess);

/* Forgets the failures of the network with the name. */
enum err guess_forget(
    const struct site *site, struct arena *a, const struct guess *guess);

#endif
