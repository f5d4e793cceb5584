-- The tables of a projection in SQLite. Bodies are the nouns as JSON; the columns beside them are
-- only for finding and ordering. A change here changes the form: old projections are dropped.

-- name: make_meta
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID

-- name: make_areas
CREATE TABLE areas (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID

-- name: make_reports
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT

-- name: make_reports_by_source
CREATE INDEX reports_by_source ON reports (source, id)

-- name: make_report_parts
CREATE TABLE report_parts (
    id TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('claim', 'figure', 'watch', 'tally')),
    report TEXT NOT NULL REFERENCES reports (id),
    PRIMARY KEY (id, what, report)
) STRICT, WITHOUT ROWID

-- name: make_report_parts_by_report
CREATE INDEX report_parts_by_report ON report_parts (report)

-- name: make_standings
CREATE TABLE standings (
    report TEXT NOT NULL REFERENCES reports (id),
    entry INTEGER NOT NULL CHECK (entry >= 0),
    place TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (report, entry, place)
) STRICT, WITHOUT ROWID

-- name: make_quarantined
CREATE TABLE quarantined (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT

-- name: make_quarantined_standings
CREATE TABLE quarantined_standings (
    record TEXT NOT NULL REFERENCES quarantined (id),
    entry INTEGER NOT NULL CHECK (entry >= 0),
    PRIMARY KEY (record, entry)
) STRICT, WITHOUT ROWID

-- name: make_origins
CREATE TABLE origins (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT

-- name: make_incidents
CREATE TABLE incidents (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    earliest TEXT NOT NULL,
    latest TEXT NOT NULL,
    kind TEXT NOT NULL,
    region TEXT,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    body TEXT NOT NULL
) STRICT

-- name: make_incidents_by_time
CREATE INDEX incidents_by_time ON incidents (earliest, id)

-- name: make_incident_places
CREATE VIRTUAL TABLE incident_places USING rtree (n, west, east, south, north)

-- name: make_place_of_incident
CREATE TRIGGER place_of_incident AFTER INSERT ON incidents BEGIN
    INSERT INTO incident_places VALUES (new.n, new.lon, new.lon, new.lat, new.lat);
END

-- name: make_findings
CREATE TABLE findings (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL REFERENCES incidents (id),
    state TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT

-- name: make_findings_by_incident
CREATE INDEX findings_by_incident ON findings (incident, state)

-- name: make_assessments
CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL REFERENCES incidents (id),
    finding TEXT NOT NULL REFERENCES findings (id),
    outcome TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT

-- name: make_assessments_by_incident
CREATE INDEX assessments_by_incident ON assessments (incident, outcome)

-- name: make_assessments_by_finding
CREATE INDEX assessments_by_finding ON assessments (finding)

-- name: make_obligations
CREATE TABLE obligations (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT

-- name: make_summaries
CREATE TABLE summaries (
    name TEXT PRIMARY KEY CHECK (name IN ('coverage', 'compliance')),
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID

-- name: make_known_ids
CREATE VIEW known_ids (id, what, owner) AS
    SELECT id, 'report', id FROM reports
    UNION ALL SELECT id, what, report FROM report_parts
    UNION ALL SELECT id, 'origin', id FROM origins
    UNION ALL SELECT id, 'incident', id FROM incidents
    UNION ALL SELECT id, 'finding', id FROM findings
    UNION ALL SELECT id, 'assessment', id FROM assessments
    UNION ALL SELECT id, 'obligation', id FROM obligations
