check_PROGRAMS += tests/view/test_view
TESTS += tests/view/test_view
tests_view_test_view_SOURCES = \
	tests/view/kit.c tests/view/kit.h \
	tests/view/json.c \
	tests/view/models.c \
	tests/view/text.c \
	tests/view/tpl_context.c \
	tests/view/tpl_mustache.c \
	tests/view/tpl_refuse.c \
	tests/view/tpl_set.c
tests_view_test_view_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
