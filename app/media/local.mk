# The worker's side, in the library of all programs: no codec is in it.
libpixlpix_a_SOURCES += \
	app/media/camera.c app/media/camera.h \
	app/media/cascade.h app/media/fit.c \
	app/media/child.c app/media/child.h \
	app/media/derive.c app/media/derive.h \
	app/media/heif.c app/media/heif.h \
	app/media/probe.c app/media/probe.h \
	app/media/probe_formats.c app/media/probe_formats.h \
	app/media/refusal.c \
	app/media/report.h \
	app/media/slot.c app/media/slot.h \
	app/media/strip.c app/media/strip.h \
	app/media/strip_heif.c app/media/strip_heif.h

# The decoder's side.  Its inner loops are worth -O3.
noinst_LIBRARIES += libpixlpix_decode.a
libpixlpix_decode_a_CFLAGS = $(AM_CFLAGS) -O3
libpixlpix_decode_a_SOURCES = \
	app/media/cascade.c \
	app/media/colour.c app/media/colour.h \
	app/media/decode.h \
	app/media/decode_jpeg.c \
	app/media/decode_png.c \
	app/media/decode_webp.c \
	app/media/encode.c app/media/encode.h \
	app/media/encode_webp.c \
	app/media/flatten.c \
	app/media/plane.c app/media/plane.h \
	app/media/resample.c app/media/resample.h \
	app/media/sandbox.c app/media/sandbox.h \
	app/media/shrink.c app/media/shrink.h \
	app/media/ssim.c app/media/ssim.h

# Three programs: libgd takes 8 ms to load, so that only GIF pays for it.
# LIBS is what all programs link; --as-needed leaves out what these do not.
pkglibexec_PROGRAMS += pixlpix-decode pixlpix-decode-gd pixlpix-decode-heif
pixlpix_decode_SOURCES = app/media/decode_main.c
pixlpix_decode_LDADD = libpixlpix_decode.a libpixlpix.a $(PNG_LIBS)
pixlpix_decode_gd_SOURCES = app/media/decode_main.c app/media/decode_gif.c
pixlpix_decode_gd_CPPFLAGS = $(AM_CPPFLAGS) -DPIXLPIX_DECODE_GD
pixlpix_decode_gd_LDADD = libpixlpix_decode.a libpixlpix.a $(GD_LIBS) \
	$(PNG_LIBS)
pixlpix_decode_heif_SOURCES = app/media/decode_main.c app/media/decode_heif.c \
	app/media/codec.h app/media/codec_av1.c app/media/codec_hevc.c
pixlpix_decode_heif_CPPFLAGS = $(AM_CPPFLAGS) -DPIXLPIX_DECODE_HEIF
pixlpix_decode_heif_CFLAGS = $(AM_CFLAGS) -O3
pixlpix_decode_heif_LDADD = libpixlpix_decode.a libpixlpix.a $(DAV1D_LIBS) \
	$(DE265_LIBS) $(PNG_LIBS)
