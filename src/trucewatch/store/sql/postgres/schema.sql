-- The tables of a projection in PostgreSQL with PostGIS. Bodies are the nouns as JSON; the columns
-- beside them are only for finding and ordering, by bytes ("C") as everywhere in the house. A change
-- here changes the form: old projections are dropped.

-- name: make_meta
CREATE TABLE meta (
    key TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
)

-- name: make_areas
CREATE TABLE areas (
    id TEXT COLLATE "C" PRIMARY KEY,
    body TEXT NOT NULL
)

-- name: make_reports
CREATE TABLE reports (
    id TEXT COLLATE "C" PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
)

-- name: make_reports_by_source
CREATE INDEX reports_by_source ON reports (source, id)

-- name: make_report_parts
CREATE TABLE report_parts (
    id TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL CHECK (what IN ('claim', 'figure', 'watch', 'tally')),
    report TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    PRIMARY KEY (id, what, report)
)

-- name: make_report_parts_by_report
CREATE INDEX report_parts_by_report ON report_parts (report)

-- name: make_standings
CREATE TABLE standings (
    report TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    entry BIGINT NOT NULL CHECK (entry >= 0),
    place TEXT COLLATE "C" NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (report, entry, place)
)

-- name: make_quarantined
CREATE TABLE quarantined (
    id TEXT COLLATE "C" PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
)

-- name: make_quarantined_standings
CREATE TABLE quarantined_standings (
    record TEXT COLLATE "C" NOT NULL REFERENCES quarantined (id),
    entry BIGINT NOT NULL CHECK (entry >= 0),
    PRIMARY KEY (record, entry)
)

-- name: make_origins
CREATE TABLE origins (
    id TEXT COLLATE "C" PRIMARY KEY,
    body TEXT NOT NULL
)

-- name: make_incidents
CREATE TABLE incidents (
    id TEXT COLLATE "C" PRIMARY KEY,
    earliest TIMESTAMPTZ NOT NULL,
    latest TIMESTAMPTZ NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C",
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    place geography(Point, 4326) NOT NULL,
    body TEXT NOT NULL
)

-- name: make_incidents_by_time
CREATE INDEX incidents_by_time ON incidents (earliest, id)

-- name: make_incidents_by_place
CREATE INDEX incidents_by_place ON incidents USING gist (place)

-- name: make_findings
CREATE TABLE findings (
    id TEXT COLLATE "C" PRIMARY KEY,
    incident TEXT COLLATE "C" NOT NULL REFERENCES incidents (id),
    state TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
)

-- name: make_findings_by_incident
CREATE INDEX findings_by_incident ON findings (incident, state)

-- name: make_assessments
CREATE TABLE assessments (
    id TEXT COLLATE "C" PRIMARY KEY,
    incident TEXT COLLATE "C" NOT NULL REFERENCES incidents (id),
    finding TEXT COLLATE "C" NOT NULL REFERENCES findings (id),
    outcome TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
)

-- name: make_assessments_by_incident
CREATE INDEX assessments_by_incident ON assessments (incident, outcome)

-- name: make_assessments_by_finding
CREATE INDEX assessments_by_finding ON assessments (finding)

-- name: make_obligations
CREATE TABLE obligations (
    id TEXT COLLATE "C" PRIMARY KEY,
    body TEXT NOT NULL
)

-- name: make_summaries
CREATE TABLE summaries (
    name TEXT COLLATE "C" PRIMARY KEY CHECK (name IN ('coverage', 'compliance')),
    body TEXT NOT NULL
)

-- name: make_known_ids
CREATE VIEW known_ids (id, what, owner) AS
    SELECT id, 'report' COLLATE "C", id FROM reports
    UNION ALL SELECT id, what, report FROM report_parts
    UNION ALL SELECT id, 'origin' COLLATE "C", id FROM origins
    UNION ALL SELECT id, 'incident' COLLATE "C", id FROM incidents
    UNION ALL SELECT id, 'finding' COLLATE "C", id FROM findings
    UNION ALL SELECT id, 'assessment' COLLATE "C", id FROM assessments
    UNION ALL SELECT id, 'obligation' COLLATE "C", id FROM obligations
