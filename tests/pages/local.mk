check_PROGRAMS += tests/pages/test_pages
TESTS += tests/pages/test_pages
tests_pages_test_pages_SOURCES = \
	tests/helper/faults.c tests/helper/faults.h \
	tests/pages/api.c \
	tests/pages/bookmark.c \
	tests/pages/errors.c \
	tests/pages/faults.c \
	tests/pages/forms.c \
	tests/pages/notify.c \
	tests/pages/plot.c \
	tests/pages/gate.c \
	tests/pages/sim.c \
	tests/pages/kit.c tests/pages/kit.h \
	tests/helper/db.c tests/helper/db.h
tests_pages_test_pages_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_pages_test_pages_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
