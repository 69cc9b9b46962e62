# Requests and answers: bytes on one side, validated fields on the other.
libpixlpix_a_SOURCES += \
	app/http/body.h \
	app/http/cookie.h \
	app/http/fcgi.h \
	app/http/form.h \
	app/http/multipart.h \
	app/http/request.h \
	app/http/response.h \
	app/http/url.h
