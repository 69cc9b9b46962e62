/* Incidents: what admins tell visitors about outages on the status page. */
#ifndef PIXLPIX_DOMAIN_INCIDENT_H
#define PIXLPIX_DOMAIN_INCIDENT_H

#include "domain/site.h"

enum {
	INCIDENT_TITLE_MAX = 100, /* characters */
	INCIDENT_BODY_MAX = 2000
};

/* What an admin has typed. */
struct incident_draft {
	int64_t author;
	struct str title;
	struct str severity; /* "maintenance", "degraded", "outage" */
	struct str began;    /* "2026-11-21T10:30", UTC; empty: now */
	struct str ended;    /* the same; empty: it goes on */
	struct str body;     /* of an update: may be empty */
	struct str form_key;
};

struct incident_complaints {
	struct str title;
	struct str severity;
	struct str began;
	struct str ended;
	struct str body;
};

/* Writes a new one.  ERR_INPUT with complaints; the same form sent again gives
 * the incident that it made. */
enum err incident_open(const struct site *site, struct arena *a,
    const struct incident_draft *draft, struct incident_complaints *complaints,
    int64_t *incident);

/* Changes one, with a further note where there is one.  ERR_ABSENT;
 * ERR_INPUT. */
enum err incident_change(const struct site *site, struct arena *a,
    int64_t incident, const struct incident_draft *draft,
    struct incident_complaints *complaints);

#endif
