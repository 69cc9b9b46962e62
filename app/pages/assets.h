/* The addresses of stylesheet, script and icon, with what they hold in them.
 */
#ifndef PIXLPIX_PAGES_ASSETS_H
#define PIXLPIX_PAGES_ASSETS_H

#include "base/arena.h"

struct assets {
	struct url css;
	struct url js;
	struct url icon;
};

/* "/static/HASH/site.css" and so on, where HASH changes with the content of
 * any of the files in VIEWS/static, so that they may be cached for ever.
 * ERR_IO where one cannot be read. */
enum err assets_load(struct arena *a, struct str views_dir, struct assets *out);

#endif
