check_PROGRAMS += tests/domain/test_domain
TESTS += tests/domain/test_domain
tests_domain_test_domain_SOURCES = \
	tests/domain/backup_keep.c \
	tests/domain/bookmark.c \
	tests/domain/comment.c \
	tests/domain/erase.c \
	tests/domain/figures.c \
	tests/domain/follow.c \
	tests/domain/fsck.c \
	tests/domain/image.c \
	tests/domain/image_webp.c \
	tests/domain/incident.c \
	tests/domain/join.c \
	tests/domain/like.c \
	tests/domain/log_in.c \
	tests/domain/moderate.c \
	tests/domain/notify.c \
	tests/domain/password.c \
	tests/domain/picture.c \
	tests/domain/post_delete.c \
	tests/domain/post_make.c \
	tests/domain/privacy.c \
	tests/domain/races.c \
	tests/domain/rate.c \
	tests/domain/reset.c \
	tests/domain/rules.c \
	tests/domain/session.c \
	tests/domain/site.c \
	tests/domain/token.c \
	tests/helper/db.c tests/helper/db.h \
	tests/helper/kit.c tests/helper/kit.h \
	tests/helper/stage.c tests/helper/stage.h
tests_domain_test_domain_LDADD = libpixlpix.a $(CRITERION_LIBS) $(LIBS)
