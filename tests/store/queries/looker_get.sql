-- Who looks, as the other statements of a page see it.
-- out: viewer str
-- rows: one
SELECT coalesce(current_setting('pixlpix.viewer', true), '') AS viewer
