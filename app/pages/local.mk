# The gate, then one file a noun.
libpixlpix_a_SOURCES += \
	app/pages/about.c \
	app/pages/admin.c \
	app/pages/api.c app/pages/api.h \
	app/pages/api_doc.c \
	app/pages/api_key.c \
	app/pages/api_moderate.c \
	app/pages/api_openapi.c \
	app/pages/api_read.c \
	app/pages/api_tag.c \
	app/pages/api_write.c \
	app/pages/assets.c app/pages/assets.h \
	app/pages/bookmark.c \
	app/pages/fill.c app/pages/fill.h \
	app/pages/gate.c app/pages/gate.h \
	app/pages/handlers.h \
	app/pages/health.c \
	app/pages/join.c \
	app/pages/moderate.c \
	app/pages/notify.c \
	app/pages/original.c \
	app/pages/page.c app/pages/page.h \
	app/pages/plot.c app/pages/plot.h \
	app/pages/post.c \
	app/pages/post_new.c \
	app/pages/private.c \
	app/pages/profile.c \
	app/pages/pulse.c app/pages/pulse.h \
	app/pages/requests.c \
	app/pages/reset.c \
	app/pages/routes.c app/pages/routes.h \
	app/pages/search.c app/pages/search.h \
	app/pages/settings.c \
	app/pages/status.c \
	app/pages/sim.c app/pages/sim.h \
	app/pages/timeline.c \
	app/pages/tokens.c
