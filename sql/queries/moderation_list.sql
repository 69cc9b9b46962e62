-- The last things that moderators, admins and the shell have done.
-- out: at when, what str, actor str?, account str?, reason str
-- rows: many
SELECT m.at, m.what, w.name AS actor, a.name AS account, m.reason
FROM moderation m
LEFT JOIN account w ON w.id = m.actor_id
LEFT JOIN account a ON a.id = m.account_id
ORDER BY m.id DESC
LIMIT 20
