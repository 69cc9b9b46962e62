# The bodies of background jobs.
libpixlpix_a_SOURCES += \
	app/work/jobs.c app/work/jobs.h \
	app/work/mail.c app/work/mail.h \
	app/work/measure.c app/work/measure.h \
	app/work/pulse.c app/work/pulse.h \
	app/work/thin.c app/work/thin.h \
	app/work/trace.c app/work/trace.h
