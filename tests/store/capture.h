/* What the code under test writes to its log. */
#ifndef PIXLPIX_TESTS_STORE_CAPTURE_H
#define PIXLPIX_TESTS_STORE_CAPTURE_H

#include <stdbool.h>

/* From now on log lines go into memory. */
void capture_log(void);

/* Whether one captured line has all of these strings; ended by NULL. */
bool captured_line_with(const char *first, ...);

#endif
