/* Rendering: one walk over the steps that the parser made. */
#include "view/tpl_ops.h"

#include "base/clock.h"

#include <string.h>

_Static_assert(
    sizeof(size_t) == sizeof(int64_t), "a length is read as a 64-bit word");
_Static_assert(
    offsetof(struct html, text) == 0 && offsetof(struct url, text) == 0,
    "html and url are read as str");

struct frame {
	const char *at;
	size_t left; /* items, this one included */
};

static struct str
str_at(const char *at)
{
	struct str s;

	memcpy(&s, at, sizeof(s));
	return s;
}

static int64_t
word_at(const char *at)
{
	int64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static bool
bool_at(const char *at)
{
	return *at != 0;
}

static struct when
when_at(const char *at)
{
	return (struct when){word_at(at)};
}

static bool
loop_begin(const struct tpl_op *op, const char *at, struct frame *frames)
{
	struct list list;

	memcpy(&list, at, sizeof(list));
	if (list.count == 0)
		return false;
	frames[op->inner] = (struct frame){list.items, list.count};
	return true;
}

static bool
loop_goes_on(const struct tpl_op *op, struct frame *frames)
{
	struct frame *frame = &frames[op->inner];

	if (--frame->left == 0)
		return false;
	frame->at += op->stride;
	return true;
}

enum err
tpl_render(
    const struct tpl *tpl, const void *data, struct when now, struct buf *out)
{
	struct frame frames[TPL_MAX_LOOP_DEPTH + 1];
	const struct tpl_op *op = tpl->ops;

	for (size_t i = 0; i <= TPL_MAX_LOOP_DEPTH; i++)
		frames[i] = (struct frame){data, 1};
	for (;;) {
		const char *at = frames[op->frame].at + op->offset;
		bool jumps = false;

		buf_put(out, (struct str){op->text, op->text_len});
		switch ((enum tpl_code)op->code) {
		case TPL_TEXT:
			break;
		case TPL_END:
			return buf_check(out);
		case TPL_ESCAPED:
			buf_put_escaped(out, str_at(at));
			break;
		case TPL_PERCENT:
			buf_put_percent(out, str_at(at));
			break;
		case TPL_AS_IS:
			buf_put(out, str_at(at));
			break;
		case TPL_INT:
			buf_put_int(out, word_at(at));
			break;
		case TPL_ISO:
			clock_put_rfc3339(out, when_at(at));
			break;
		case TPL_DATE:
			clock_put_date(out, when_at(at));
			break;
		case TPL_DAY:
			clock_put_day(out, when_at(at));
			break;
		case TPL_AGO:
			clock_put_ago(out, when_at(at), now);
			break;
		case TPL_IF_BOOL:
			jumps = !bool_at(at);
			break;
		case TPL_IF_WORD:
			jumps = word_at(at) == 0;
			break;
		case TPL_IF_ONE:
			jumps = word_at(at) != 1;
			break;
		case TPL_UNLESS_BOOL:
			jumps = bool_at(at);
			break;
		case TPL_UNLESS_WORD:
			jumps = word_at(at) != 0;
			break;
		case TPL_UNLESS_ONE:
			jumps = word_at(at) == 1;
			break;
		case TPL_LOOP:
			jumps = !loop_begin(op, at, frames);
			break;
		case TPL_NEXT:
			if (buf_check(out) != OK)
				return buf_check(out);
			jumps = loop_goes_on(op, frames);
			break;
		}
		op = jumps ? tpl->ops + op->jump : op + 1;
	}
}
