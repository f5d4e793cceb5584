-- What follows from the reports; replaced as one whole.

-- name: drop_assessments
DELETE FROM assessments

-- name: drop_findings
DELETE FROM findings

-- name: drop_incident_places
DELETE FROM incident_places

-- name: drop_incidents
DELETE FROM incidents

-- name: drop_origins
DELETE FROM origins

-- name: drop_obligations
DELETE FROM obligations

-- name: drop_summaries
DELETE FROM summaries

-- name: add_origin
INSERT INTO origins (id, body) VALUES (:id, :body)

-- name: add_incident
INSERT INTO incidents (id, earliest, latest, kind, region, lat, lon, body)
VALUES (:id, :earliest, :latest, :kind, :region, :lat, :lon, :body)

-- name: add_finding
INSERT INTO findings (id, incident, state, body) VALUES (:id, :incident, :state, :body)

-- name: add_assessment
INSERT INTO assessments (id, incident, finding, outcome, body)
VALUES (:id, :incident, :finding, :outcome, :body)

-- name: add_obligation
INSERT INTO obligations (id, body) VALUES (:id, :body)

-- name: add_summary
INSERT INTO summaries (name, body) VALUES (:name, :body)

-- name: all_origins
SELECT body FROM origins ORDER BY id

-- name: all_incidents
SELECT body FROM incidents ORDER BY earliest, id

-- name: all_findings
SELECT body FROM findings ORDER BY id

-- name: all_assessments
SELECT body FROM assessments ORDER BY id

-- name: all_obligations
SELECT body FROM obligations ORDER BY id

-- name: get_summary
SELECT body FROM summaries WHERE name = :name

-- name: get_origin
SELECT body FROM origins WHERE id = :id

-- name: get_incident
SELECT body FROM incidents WHERE id = :id

-- name: get_finding
SELECT body FROM findings WHERE id = :id

-- name: get_assessment
SELECT body FROM assessments WHERE id = :id

-- name: get_obligation
SELECT body FROM obligations WHERE id = :id

-- name: ids_from
SELECT id, what, owner FROM known_ids
WHERE id >= :first AND id < :last AND (:what IS NULL OR what = :what)
ORDER BY id, what, owner LIMIT :size

-- name: select_incidents
-- The box around a place may reach across the date line: then it is two boxes.
SELECT body FROM incidents AS i
WHERE (:region IS NULL OR region = :region)
AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
AND (:state IS NULL OR EXISTS (
    SELECT 1 FROM findings AS f WHERE f.incident = i.id AND f.state = :state
))
AND (:outcome IS NULL OR EXISTS (
    SELECT 1 FROM assessments AS a WHERE a.incident = i.id AND a.outcome = :outcome
))
AND (:start IS NULL OR latest > :start OR earliest >= :start)
AND (:stop IS NULL OR earliest < :stop)
AND (:metres IS NULL OR (
    n IN (
        SELECT n FROM incident_places
        WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west
        UNION ALL
        SELECT n FROM incident_places
        WHERE south <= :north AND north >= :south AND west <= :east_b AND east >= :west_b
    )
    AND distance_m(:lat, :lon, i.lat, i.lon) <= :metres
))
ORDER BY earliest, id LIMIT coalesce(:limit, -1)
