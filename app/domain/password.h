/* Hashing passwords with argon2id (RFC 9106), a few at a time.
 *
 * A hash takes some 20 MB and 30 ms of a core on purpose.  At most
 * conf.hashes run at once in all processes together, at most conf.hash_queue
 * wait; past that ERR_BUSY at once.  The places are byte-range locks on one
 * file, so the kernel frees those of a process that dies.
 */
#ifndef PIXLPIX_DOMAIN_PASSWORD_H
#define PIXLPIX_DOMAIN_PASSWORD_H

#include "domain/site.h"

/* A hash with its salt and parameters, "$argon2id$v=19$m=...", in `a`.
 * ERR_BUSY, ERR_MEMORY, ERR_IO. */
enum err password_hash(const struct site *site, struct arena *a,
    struct str password, struct str *out);

/* The same with the least parameters that the configuration allows, a fifth of
 * the default's work, and outside the queue: for accounts of the simulator,
 * which waits 0.3 s.  A login makes it anew with the right ones
 * (password_check says is_stale).  ERR_MEMORY. */
enum err password_hash_quickly(
    struct arena *a, struct str password, struct str *out);

/* Whether the password belongs to the hash, and whether the hash was made
 * with other parameters than the configuration's.  With the absent hash it
 * takes as long as with one, and does not match.  Errors as above. */
enum err password_check(const struct site *site, struct arena *a,
    struct str password, struct str hash, bool *matches, bool *is_stale);

/* How many hash and how many wait for it, over all processes; the caller does
 * neither. */
void password_queue(
    const struct site *site, int64_t *running, int64_t *waiting);

#endif
