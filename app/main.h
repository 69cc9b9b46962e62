/* What the three programs do alike before they begin. */
#ifndef PIXLPIX_MAIN_H
#define PIXLPIX_MAIN_H

#include "base/conf.h"

/* Reads the configuration of "--config FILE"; what is wrong with it comes into
 * `complaints`, for main_complain.  Sets the locale and the log's level. */
enum err main_start(struct arena *a, const char *path, struct buf *complaints,
    struct conf *out);

/* Says on stderr what is wrong, and empties `complaints`: to a person as it
 * is, in a service as lines of its log. */
void main_complain(struct buf *complaints, bool is_service);

#define MAIN_CONFIG PIXLPIX_SYSCONFDIR "/pixlpix.conf"

#endif
