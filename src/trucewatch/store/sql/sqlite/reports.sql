-- What is read from the log: reports, where they stand, and what could not be used.

-- name: set_meta
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- name: get_meta
SELECT value FROM meta WHERE key = :key

-- name: known_reports
SELECT id, digest FROM reports WHERE id IN (SELECT value FROM json_each(:ids))

-- name: put_report
INSERT INTO reports (id, source, digest, body) VALUES (:id, :source, :digest, :body)
ON CONFLICT (id) DO UPDATE
SET source = excluded.source, digest = excluded.digest, body = excluded.body

-- name: drop_parts
DELETE FROM report_parts WHERE report = :id

-- name: add_part
INSERT INTO report_parts (id, what, report) VALUES (:id, :what, :report)
ON CONFLICT DO NOTHING

-- name: add_standing
INSERT INTO standings (report, entry, place, raw)
VALUES (:report, :entry, :place, :raw)
ON CONFLICT DO NOTHING

-- name: add_area
INSERT INTO areas (id, body) VALUES (:id, :body)
ON CONFLICT DO NOTHING

-- name: get_area
SELECT body FROM areas WHERE id = :id

-- name: add_quarantined
INSERT INTO quarantined (id, source, body) VALUES (:id, :source, :body)
ON CONFLICT DO NOTHING

-- name: add_quarantined_standing
INSERT INTO quarantined_standings (record, entry) VALUES (:record, :entry)
ON CONFLICT DO NOTHING

-- name: page_of_reports
SELECT id, body FROM reports WHERE id > :after ORDER BY id LIMIT :size

-- name: page_of_source
SELECT id, body FROM reports WHERE source = :source AND id > :after ORDER BY id LIMIT :size

-- name: get_report
SELECT body FROM reports WHERE id = :id

-- name: standings_of
SELECT entry, raw FROM standings WHERE report = :report

-- name: all_standings
SELECT DISTINCT report, entry FROM standings ORDER BY report, entry

-- name: all_quarantined
SELECT body FROM quarantined

-- name: intake
SELECT source, sum(accepted), sum(stood) - sum(accepted) - sum(quarantined), sum(quarantined)
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
)
GROUP BY source ORDER BY source

-- name: report_digests
SELECT digest FROM reports ORDER BY id

-- name: quarantined_ids
SELECT id FROM quarantined ORDER BY id
