-- What is read from the log: reports, where they stand, and what could not be used.

-- name: set_meta
INSERT INTO meta (key, value) VALUES (%(key)s, %(value)s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- name: get_meta
SELECT value FROM meta WHERE key = %(key)s

-- name: known_reports
SELECT id, digest FROM reports WHERE id IN (SELECT jsonb_array_elements_text(%(ids)s::jsonb))

-- name: put_report
INSERT INTO reports (id, source, digest, body) VALUES (%(id)s, %(source)s, %(digest)s, %(body)s)
ON CONFLICT (id) DO UPDATE
SET source = excluded.source, digest = excluded.digest, body = excluded.body

-- name: drop_parts
DELETE FROM report_parts WHERE report = %(id)s

-- name: add_part
INSERT INTO report_parts (id, what, report) VALUES (%(id)s, %(what)s, %(report)s)
ON CONFLICT DO NOTHING

-- name: add_standing
INSERT INTO standings (report, entry, place, raw)
VALUES (%(report)s, %(entry)s, %(place)s, %(raw)s)
ON CONFLICT DO NOTHING

-- name: add_area
INSERT INTO areas (id, body) VALUES (%(id)s, %(body)s)
ON CONFLICT DO NOTHING

-- name: get_area
SELECT body FROM areas WHERE id = %(id)s

-- name: add_quarantined
INSERT INTO quarantined (id, source, body) VALUES (%(id)s, %(source)s, %(body)s)
ON CONFLICT DO NOTHING

-- name: add_quarantined_standing
INSERT INTO quarantined_standings (record, entry) VALUES (%(record)s, %(entry)s)
ON CONFLICT DO NOTHING

-- name: page_of_reports
SELECT id, body FROM reports WHERE id > %(after)s ORDER BY id LIMIT %(size)s

-- name: page_of_source
SELECT id, body FROM reports WHERE source = %(source)s AND id > %(after)s ORDER BY id LIMIT %(size)s

-- name: get_report
SELECT body FROM reports WHERE id = %(id)s

-- name: standings_of
SELECT entry, raw FROM standings WHERE report = %(report)s

-- name: all_standings
SELECT DISTINCT report, entry FROM standings ORDER BY report, entry

-- name: all_quarantined
SELECT body FROM quarantined

-- name: intake
SELECT source,
    sum(accepted)::bigint,
    (sum(stood) - sum(accepted) - sum(quarantined))::bigint,
    sum(quarantined)::bigint
FROM (
    SELECT source, count(*) AS accepted, 0 AS stood, 0 AS quarantined
    FROM reports GROUP BY source
    UNION ALL
    SELECT r.source, 0, count(*), 0
    FROM standings AS s JOIN reports AS r ON r.id = s.report GROUP BY r.source
    UNION ALL
    SELECT source, 0, 0, count(*)
    FROM quarantined GROUP BY source
    UNION ALL
    SELECT q.source, 0, count(*), 0
    FROM quarantined_standings AS s JOIN quarantined AS q ON q.id = s.record GROUP BY q.source
) AS counted
GROUP BY source ORDER BY source

-- name: report_digests
SELECT digest FROM reports ORDER BY id

-- name: quarantined_ids
SELECT id FROM quarantined ORDER BY id
