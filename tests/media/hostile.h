/* What every file of the hostile corpus is held to. */
#ifndef PIXLPIX_TESTS_MEDIA_HOSTILE_H
#define PIXLPIX_TESTS_MEDIA_HOSTILE_H

#include "fixture.h"

/* The upload ends in that way within 2 s and 512 MB. */
void expect(const char *name, struct blob upload, enum media_refusal want);

#endif
