check_PROGRAMS += tests/view/test_view
TESTS += tests/view/test_view
tests_view_test_view_SOURCES = \
	tests/view/kit.c tests/view/kit.h \
	tests/view/tpl_mustache.c
tests_view_test_view_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
