# The Criterion programs, one for each layer.  `make check` builds and runs
# them; tools/with_postgres gives each of them a database cluster to use and
# hands their TAP to automake's driver, so that its summary counts tests.
#
# A layer's own fragment adds its program:
#
#	check_PROGRAMS += tests/http/test_http
#	TESTS += tests/http/test_http
#	tests_http_test_http_SOURCES = tests/http/form.c tests/http/cookie.c
#	tests_http_test_http_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)

check_PROGRAMS =
TESTS =

if COVERAGE
libpixlpix_a_SOURCES += tests/helper/counts_end.c tests/helper/counts.h
libpixlpix_decode_a_SOURCES += tests/helper/counts_sandbox.c
endif

if HAVE_CRITERION
include tests/base/local.mk
include tests/http/local.mk
include tests/view/local.mk
include tests/store/local.mk
include tests/store_s3/local.mk
include tests/object/local.mk
include tests/media/local.mk
include tests/domain/local.mk
include tests/pages/local.mk
include tests/work/local.mk
else
check-local:
	@echo 'make check needs Criterion, libheif and libavif: install' \
	    'libcriterion-dev, libheif-dev and libavif-dev and run configure' \
	    'again.' >&2; exit 1
endif

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(top_srcdir)/tools/with_postgres $(top_srcdir)/tools/criterion_tap
AM_TESTS_ENVIRONMENT = \
	PIXLPIX_SRCDIR='$(abs_top_srcdir)'; export PIXLPIX_SRCDIR; \
	PIXLPIX_BUILDDIR='$(abs_top_builddir)'; export PIXLPIX_BUILDDIR;
