# The maker of demo and test photographs; it shares no code with the site.
noinst_PROGRAMS += tools/demo_photos/demo_photos
tools_demo_photos_demo_photos_SOURCES = \
	tools/demo_photos/camera.c \
	tools/demo_photos/camera.h \
	tools/demo_photos/catalog.c \
	tools/demo_photos/catalog.h \
	tools/demo_photos/conifer.c \
	tools/demo_photos/conifer.h \
	tools/demo_photos/develop.c \
	tools/demo_photos/develop.h \
	tools/demo_photos/exif.c \
	tools/demo_photos/exif.h \
	tools/demo_photos/frame.c \
	tools/demo_photos/frame.h \
	tools/demo_photos/jpeg.c \
	tools/demo_photos/jpeg.h \
	tools/demo_photos/main.c \
	tools/demo_photos/noise.c \
	tools/demo_photos/noise.h \
	tools/demo_photos/scene.h \
	tools/demo_photos/scene_alps.c \
	tools/demo_photos/scene_arcade.c \
	tools/demo_photos/scene_aurora.c \
	tools/demo_photos/scene_beach.c \
	tools/demo_photos/scene_birches.c \
	tools/demo_photos/scene_citrus.c \
	tools/demo_photos/scene_clouds.c \
	tools/demo_photos/scene_dahlia.c \
	tools/demo_photos/scene_desert.c \
	tools/demo_photos/scene_field.c \
	tools/demo_photos/scene_latte.c \
	tools/demo_photos/scene_milkyway.c \
	tools/demo_photos/scene_mountains.c \
	tools/demo_photos/scene_person.c \
	tools/demo_photos/scene_pines.c \
	tools/demo_photos/scene_pool.c \
	tools/demo_photos/scene_raindrops.c \
	tools/demo_photos/scene_sea.c \
	tools/demo_photos/scene_skyline.c \
	tools/demo_photos/terrain.c \
	tools/demo_photos/terrain.h \
	tools/demo_photos/vec.h
# Pictures are worth the compiler's freest arithmetic.
tools_demo_photos_demo_photos_CFLAGS = $(AM_CFLAGS) -ffast-math
tools_demo_photos_demo_photos_LDADD = -ljpeg -lm
if COVERAGE
tools_demo_photos_demo_photos_SOURCES += tests/helper/counts_end.c
endif
