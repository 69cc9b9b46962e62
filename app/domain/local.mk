# Rules and transactions.
libpixlpix_a_SOURCES += \
	app/domain/account.c app/domain/account.h \
	app/domain/backup_keep.c app/domain/backup_keep.h \
	app/domain/bookmark.c app/domain/bookmark.h \
	app/domain/comment.c app/domain/comment.h \
	app/domain/erase.c app/domain/erase.h \
	app/domain/figures.c app/domain/figures.h \
	app/domain/follow.c app/domain/follow.h \
	app/domain/fsck.c app/domain/fsck.h \
	app/domain/guess.c app/domain/guess.h \
	app/domain/health.c app/domain/health.h \
	app/domain/image.c app/domain/image.h app/domain/image_parts.h \
	app/domain/image_sums.c app/domain/image_webp.c \
	app/domain/incident.c app/domain/incident.h \
	app/domain/like.c app/domain/like.h \
	app/domain/moderate.c app/domain/moderate.h \
	app/domain/notify.c app/domain/notify.h \
	app/domain/password.c app/domain/password.h \
	app/domain/post.c app/domain/post.h \
	app/domain/privacy.c app/domain/privacy.h \
	app/domain/rate.c app/domain/rate.h \
	app/domain/reach.c app/domain/reach.h \
	app/domain/reset.c app/domain/reset.h \
	app/domain/rules.c app/domain/rules.h \
	app/domain/session.c app/domain/session.h \
	app/domain/sim.c app/domain/sim.h \
	app/domain/site.c app/domain/site.h \
	app/domain/token.c app/domain/token.h \
	app/domain/viewer.c app/domain/viewer.h
