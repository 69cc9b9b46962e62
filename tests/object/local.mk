# The contract of store/object.h.  `make check` holds the folder to it, and a
# mirror of two;
# tools/check store runs the same program, and one with what is S3's alone,
# beside a gateway.
check_PROGRAMS += tests/object/test_contract tests/object/test_mirror \
	tests/object/test_s3
TESTS += tests/object/test_contract tests/object/test_mirror
object_test_common = \
	tests/helper/kit.c tests/helper/kit.h \
	tests/object/place.c tests/object/place.h
tests_object_test_contract_SOURCES = $(object_test_common) \
	tests/object/contract.c
tests_object_test_contract_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
tests_object_test_s3_SOURCES = $(object_test_common) \
	tests/object/s3.c
tests_object_test_s3_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
# The contract again, on a mirror of two folders, and what is a mirror's alone.
tests_object_test_mirror_CPPFLAGS = $(AM_CPPFLAGS) -DPLACE_IS_MIRROR
tests_object_test_mirror_SOURCES = $(object_test_common) \
	tests/object/contract.c \
	tests/object/mirror.c \
	tests/object/transfer.c \
	tests/object/wrapper.c tests/object/wrapper.h
tests_object_test_mirror_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
