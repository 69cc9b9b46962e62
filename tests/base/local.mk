check_PROGRAMS += tests/base/test_base
TESTS += tests/base/test_base
tests_base_test_base_SOURCES = \
	tests/base/arena.c \
	tests/base/buf.c \
	tests/base/clock.c \
	tests/base/conf.c \
	tests/base/conf_use.c \
	tests/base/digest.c \
	tests/base/err.c \
	tests/base/log.c \
	tests/base/metrics.c \
	tests/base/random.c \
	tests/base/service.c \
	tests/base/shape.c \
	tests/base/str.c \
	tests/helper/kit.c tests/helper/kit.h
tests_base_test_base_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
