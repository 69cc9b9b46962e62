/* What the three programs do alike before they begin. */
#ifndef PIXLPIX_MAIN_H
#define PIXLPIX_MAIN_H

#include "base/conf.h"

/* Reads the configuration of "--config FILE" and says on stderr what is wrong
 * with it; sets the locale and the log's level. */
enum err main_start(struct arena *a, const char *path, struct conf *out);

#define MAIN_CONFIG PIXLPIX_SYSCONFDIR "/pixlpix.conf"

#endif
