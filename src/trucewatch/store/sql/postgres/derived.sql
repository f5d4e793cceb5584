-- What follows from the reports; replaced as one whole.

-- name: drop_assessments
DELETE FROM assessments

-- name: drop_findings
DELETE FROM findings

-- name: drop_incidents
DELETE FROM incidents

-- name: drop_origins
DELETE FROM origins

-- name: drop_obligations
DELETE FROM obligations

-- name: drop_summaries
DELETE FROM summaries

-- name: add_origin
INSERT INTO origins (id, body) VALUES (%(id)s, %(body)s)

-- name: add_incident
INSERT INTO incidents (id, earliest, latest, kind, region, lat, lon, place, body)
VALUES (
    %(id)s, %(earliest)s::timestamptz, %(latest)s::timestamptz, %(kind)s, %(region)s,
    %(lat)s, %(lon)s,
    st_setsrid(st_makepoint(%(lon)s::float8, %(lat)s::float8), 4326)::geography,
    %(body)s
)

-- name: add_finding
INSERT INTO findings (id, incident, state, body) VALUES (%(id)s, %(incident)s, %(state)s, %(body)s)

-- name: add_assessment
INSERT INTO assessments (id, incident, finding, outcome, body)
VALUES (%(id)s, %(incident)s, %(finding)s, %(outcome)s, %(body)s)

-- name: add_obligation
INSERT INTO obligations (id, body) VALUES (%(id)s, %(body)s)

-- name: add_summary
INSERT INTO summaries (name, body) VALUES (%(name)s, %(body)s)

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
SELECT body FROM summaries WHERE name = %(name)s

-- name: get_origin
SELECT body FROM origins WHERE id = %(id)s

-- name: get_incident
SELECT body FROM incidents WHERE id = %(id)s

-- name: get_finding
SELECT body FROM findings WHERE id = %(id)s

-- name: get_assessment
SELECT body FROM assessments WHERE id = %(id)s

-- name: get_obligation
SELECT body FROM obligations WHERE id = %(id)s

-- name: ids_from
SELECT id, what, owner FROM known_ids
WHERE id >= %(first)s AND id < %(last)s AND (%(what)s::text IS NULL OR what = %(what)s)
ORDER BY id, what, owner LIMIT %(size)s

-- name: select_incidents
-- The index finds a little more than is asked for; the formula of the model (haversine on the mean
-- radius) then decides, so that every engine draws the same circle.
SELECT body FROM incidents AS i
WHERE (%(region)s::text IS NULL OR region = %(region)s)
AND (%(kinds)s::text IS NULL OR kind IN (
    SELECT jsonb_array_elements_text(%(kinds)s::jsonb)
))
AND (%(state)s::text IS NULL OR EXISTS (
    SELECT 1 FROM findings AS f WHERE f.incident = i.id AND f.state = %(state)s
))
AND (%(outcome)s::text IS NULL OR EXISTS (
    SELECT 1 FROM assessments AS a WHERE a.incident = i.id AND a.outcome = %(outcome)s
))
AND (%(start)s::timestamptz IS NULL
    OR latest > %(start)s::timestamptz OR earliest >= %(start)s::timestamptz)
AND (%(stop)s::timestamptz IS NULL OR earliest < %(stop)s::timestamptz)
AND (%(metres)s::float8 IS NULL OR (
    st_dwithin(
        place,
        st_setsrid(st_makepoint(%(lon)s::float8, %(lat)s::float8), 4326)::geography,
        %(metres)s::float8 * 1.0001 + 1,
        false
    )
    AND 2 * %(earth)s::float8 * asin(least(1, sqrt(
        power(sin(radians(i.lat - %(lat)s::float8) / 2), 2)
        + cos(radians(%(lat)s::float8)) * cos(radians(i.lat))
        * power(sin(radians(i.lon - %(lon)s::float8) / 2), 2)
    ))) <= %(metres)s::float8
))
ORDER BY earliest, id LIMIT %(limit)s::bigint
