/* Asking for what somebody looks for, for the page and for the API. */
#ifndef PIXLPIX_PAGES_SEARCH_H
#define PIXLPIX_PAGES_SEARCH_H

#include "pages/page.h"

/* Queues the statements; "@ann" looks for people alone, "#sea" for hashtags
 * alone.  `q` is not empty.  A list that is not asked for stays as it is. */
enum err search_ask(
    struct page *p, struct str q, struct list *people, struct list *tags);

#endif
