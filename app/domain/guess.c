/* Counting failures by name and network. */
#include "domain/guess.h"
#include "base/metrics.h"
#include "domain/rules.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	SUBSCRIBER_BYTES = 8 /* of an IPv6 address */
};

static enum err
network_of(struct arena *a, struct str client, struct str *out)
{
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN];
	const char *z;

	TRY(arena_z(a, client, &z));
	*out = str_from(z);
	if (inet_pton(AF_INET6, z, &address) != 1 ||
	    IN6_IS_ADDR_V4MAPPED(&address))
		return OK;
	memset(address.s6_addr + SUBSCRIBER_BYTES, 0,
	    sizeof(address.s6_addr) - SUBSCRIBER_BYTES);
	if (inet_ntop(AF_INET6, &address, text, sizeof(text)) == NULL)
		return ERR_INTERNAL;
	return arena_copy(a, str_from(text), out);
}

enum err
guess_make(
    struct arena *a, struct str who, struct str client, struct guess *out)
{
	struct guess guess = {.who = who};

	if (who.len > RULES_EMAIL_MAX_BYTES)
		guess.who = STR("");
	TRY(network_of(a, client, &guess.network));
	*out = guess;
	return OK;
}

void
guess_ask(const struct site *site, const struct guess *guess,
    struct sql_login_failures_row *out)
{
	sql_login_failures_ask(site->db,
	    &(struct sql_login_failures_in){guess->who, guess->network}, out);
}

bool
guess_must_rest(const struct sql_login_failures_row *failures)
{
	return failures->of_network >= GUESS_TRIES ||
	       failures->of_all >= GUESS_TRIES_OF_ALL;
}

enum err
guess_note(const struct site *site, struct arena *a, const struct guess *guess)
{
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_LOGIN_FAILED), 1);
	return sql_login_failure_insert(site->db, a,
	    &(struct sql_login_failure_insert_in){guess->who, guess->network},
	    NULL);
}

enum err
guess_forget(
    const struct site *site, struct arena *a, const struct guess *guess)
{
	return sql_login_failure_clear(site->db, a,
	    &(struct sql_login_failure_clear_in){guess->who, guess->network},
	    NULL);
}
