# The store's tests have a schema and query files of their own.
check_PROGRAMS += tests/store/test_store
TESTS += tests/store/test_store
tests_store_test_store_SOURCES = \
	tests/helper/db.c tests/helper/db.h \
	tests/helper/faults.c tests/helper/faults.h \
	tests/store/capture.c tests/store/capture.h \
	tests/store/connection.c \
	tests/store/generator.c \
	tests/store/hosts.c \
	tests/store/migrate.c \
	tests/store/object.c \
	tests/store/net_fault.c \
	tests/store/object_fault.c \
	tests/store/pipeline.c \
	tests/store/site.c \
	tests/store/transaction.c
nodist_tests_store_test_store_SOURCES = tests/store/sql_test.c
tests_store_test_store_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/tests/store
tests_store_test_store_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)

sql_test_generated = tests/store/sql_test.h tests/store/sql_test.c
BUILT_SOURCES += $(sql_test_generated)
CLEANFILES += $(sql_test_generated) tests/store/sql_test.stamp
EXTRA_DIST += tests/store/queries tests/store/schema tests/store/test_gen_sql.py

tests/store/sql_test.stamp: $(wildcard $(srcdir)/tests/store/queries/*.sql) \
    $(srcdir)/tests/store/queries $(srcdir)/tools/gen_sql.py
	$(AM_V_GEN)$(MKDIR_P) tests/store && \
	$(PYTHON3) $(srcdir)/tools/gen_sql.py $(srcdir)/tests/store/queries \
	    $(sql_test_generated) --table test_statements && touch $@

$(sql_test_generated): tests/store/sql_test.stamp
	@test -f $@ || { rm -f tests/store/sql_test.stamp && \
	$(MAKE) $(AM_MAKEFLAGS) tests/store/sql_test.stamp; }
