# What the layer below all others is made of.
libpixlpix_a_SOURCES += \
	app/base/arena.c app/base/arena.h \
	app/base/buf.c app/base/buf.h \
	app/base/clock.c app/base/clock.h \
	app/base/conf.c app/base/conf.h \
	app/base/conf_nginx.c app/base/conf_use.c \
	app/base/digest.c app/base/digest.h \
	app/base/err.c app/base/err.h \
	app/base/log.c app/base/log.h \
	app/base/metrics.c app/base/metrics.h \
	app/base/random.c app/base/random.h \
	app/base/service.c app/base/service.h \
	app/base/shape.c app/base/shape.h \
	app/base/str.c app/base/str.h \
	app/base/usage.c app/base/usage.h
