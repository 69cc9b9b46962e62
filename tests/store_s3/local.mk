# The S3 back end without a gateway: signing, answers, faults.
check_PROGRAMS += tests/store_s3/test_store_s3
TESTS += tests/store_s3/test_store_s3
tests_store_s3_test_store_s3_SOURCES = \
	tests/helper/kit.c tests/helper/kit.h \
	tests/store_s3/fake.c tests/store_s3/fake.h \
	tests/store_s3/faults.c \
	tests/store_s3/opened.c tests/store_s3/opened.h \
	tests/store_s3/rights.c \
	tests/store_s3/sigv4.c \
	tests/store_s3/vectors.c tests/store_s3/vectors.h
tests_store_s3_test_store_s3_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
