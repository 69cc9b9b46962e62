libpixlpix_a_SOURCES += \
	app/view/text.c app/view/text.h \
	app/view/text_char.c app/view/text_char.h \
	app/view/text_scan.c app/view/text_scan.h \
	app/view/tpl.h app/view/tpl_ops.h \
	app/view/tpl_address.c app/view/tpl_address.h \
	app/view/tpl_build.c app/view/tpl_build.h \
	app/view/tpl_html.c app/view/tpl_html.h \
	app/view/tpl_parse.c app/view/tpl_parse.h \
	app/view/tpl_render.c \
	app/view/tpl_scope.c app/view/tpl_scope.h \
	app/view/tpl_set.c \
	app/view/api.c app/view/api.h \
	app/view/json.c app/view/json.h \
	app/view/sim.c app/view/sim.h \
	app/view/models.c app/view/models.h
