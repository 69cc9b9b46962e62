check_PROGRAMS += tests/http/test_http
TESTS += tests/http/test_http
tests_http_test_http_SOURCES = \
	tests/http/cookie.c \
	tests/http/fcgi.c \
	tests/http/fcgi_out.c \
	tests/http/form.c \
	tests/http/json.c \
	tests/http/multipart.c \
	tests/http/plain.c \
	tests/http/request.c \
	tests/http/response.c \
	tests/http/spool.c \
	tests/helper/faults.c tests/helper/faults.h \
	tests/http/support.c tests/http/support.h \
	tests/http/url.c
tests_http_test_http_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
