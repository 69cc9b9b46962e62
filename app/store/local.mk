# What reaches PostgreSQL and the object store.  store/sql.h and store/sql.c
# are made from sql/queries; they are only written when they change.
libpixlpix_a_SOURCES += \
	app/store/db.c app/store/db.h \
	app/store/db_codec.c app/store/db_codec.h \
	app/store/db_connect.c app/store/db_link.h \
	app/store/db_hosts.c app/store/db_hosts.h \
	app/store/db_rows.c \
	app/store/db_wire.c \
	app/store/migrate.c app/store/migrate.h \
	app/store/object.c app/store/object.h app/store/object_check.c app/store/object_dir.c \
	app/store/object_mirror.c \
	app/store/object_s3.c \
	app/store/checksum.c app/store/checksum.h \
	app/store/http_out.c app/store/http_out.h \
	app/store/s3.c app/store/s3.h \
	app/store/s3_xml.c app/store/s3_xml.h \
	app/store/sigv4.c app/store/sigv4.h \
	app/store/transfer.c app/store/transfer.h
nodist_libpixlpix_a_SOURCES += app/store/sql.c

sql_generated = app/store/sql.h app/store/sql.c
BUILT_SOURCES += $(sql_generated)
CLEANFILES += $(sql_generated) app/store/sql.stamp

app/store/sql.stamp: $(wildcard $(srcdir)/sql/queries/*.sql) \
    $(srcdir)/sql/queries $(srcdir)/tools/gen_sql.py
	$(AM_V_GEN)$(MKDIR_P) app/store && \
	$(PYTHON3) $(srcdir)/tools/gen_sql.py $(srcdir)/sql/queries \
	    $(sql_generated) && touch $@

$(sql_generated): app/store/sql.stamp
	@test -f $@ || { rm -f app/store/sql.stamp && \
	$(MAKE) $(AM_MAKEFLAGS) app/store/sql.stamp; }
