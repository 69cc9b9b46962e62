check_PROGRAMS += tests/work/test_work
TESTS += tests/work/test_work
tests_work_test_work_SOURCES = \
	tests/helper/db.c tests/helper/db.h \
	tests/helper/kit.c tests/helper/kit.h \
	tests/helper/stage.c tests/helper/stage.h \
	tests/work/jobs.c \
	tests/work/measure.c \
	tests/work/pulse.c \
	tests/work/thin.c
tests_work_test_work_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
