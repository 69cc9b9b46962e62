/* Which of several database servers is asked first. */
#ifndef PIXLPIX_STORE_DB_HOSTS_H
#define PIXLPIX_STORE_DB_HOSTS_H

#include "base/buf.h"

#include <stdbool.h>

/* Puts the hosts and ports of libpq's connection string, with commas between
 * them, in an order that ends with the given one: who has lost a server looks
 * for another before it waits for that one.  False, and nothing is put, where
 * the string names one host or none, or addresses beside hosts (hostaddr), or
 * the given one is not among them. */
bool hosts_after(const char *conninfo, const char *host, const char *port,
    struct buf *hosts, struct buf *ports);

#endif
