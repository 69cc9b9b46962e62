check_PROGRAMS += tests/media/test_media tests/media/hostile_decoder
TESTS += tests/media/test_media
tests_media_test_media_SOURCES = \
	tests/media/camera.c \
	tests/media/derive.c \
	tests/media/fixture.c tests/media/fixture.h \
	tests/media/heif.c \
	tests/media/hostile.c tests/media/hostile.h \
	tests/media/hostile_heif.c \
	tests/media/limits.c \
	tests/media/make_heif.c tests/media/make_heif.h \
	tests/media/make_jpeg.c \
	tests/media/make_other.c \
	tests/media/probe.c \
	tests/media/resample.c \
	tests/media/sandbox.c \
	tests/media/strip.c \
	tests/media/webp.c
tests_media_test_media_LDADD = libpixlpix_decode.a libpixlpix.a \
	$(CRITERION_LIBS) $(PNG_LIBS) $(HEIF_LIBS) -lz $(LIBS)

# What an upload that has taken over the decoder would do.
tests_media_hostile_decoder_SOURCES = tests/media/hostile_decoder.c
# gcov would open files before a fork and an exec, and be stopped for that.
tests_media_hostile_decoder_CFLAGS = $(AM_CFLAGS) -fno-builtin
tests_media_hostile_decoder_LDADD = libpixlpix_decode.a libpixlpix.a $(LIBS)
