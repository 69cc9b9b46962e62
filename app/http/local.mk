# Requests and answers: bytes on one side, validated fields on the other.
libpixlpix_a_SOURCES += \
	app/http/body.c app/http/body.h \
	app/http/cookie.c app/http/cookie.h \
	app/http/disposition.c app/http/disposition.h \
	app/http/fcgi.c app/http/fcgi.h \
	app/http/fcgi_out.c app/http/fcgi_out.h \
	app/http/form.c app/http/form.h \
	app/http/json.c app/http/json.h \
	app/http/multipart.c app/http/multipart.h \
	app/http/plain.c app/http/plain.h \
	app/http/request.c app/http/request.h \
	app/http/response.c app/http/response.h \
	app/http/spool.c app/http/spool.h \
	app/http/url.c app/http/url.h
