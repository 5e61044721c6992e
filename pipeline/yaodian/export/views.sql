-- Views of yaodian.duckdb. Each row of a view leads back to its words by doc_id, an id, start and "end", or counts rows
-- of a view that does. `end` is a word of SQL and stands in quotes.

CREATE VIEW section_paths AS
WITH RECURSIVE walk AS (
    SELECT doc_id, id, level, concat(number, heading) AS path, start, "end" FROM sections WHERE parent IS NULL
    UNION ALL
    SELECT s.doc_id, s.id, s.level, concat(walk.path, ' > ', s.number, s.heading), s.start, s."end"
    FROM sections s JOIN walk ON s.doc_id = walk.doc_id AND s.parent = walk.id
)
SELECT doc_id, id AS section, level, path, start, "end" FROM walk;
COMMENT ON VIEW section_paths IS 'Sections with the headings above them.';
COMMENT ON COLUMN section_paths.section IS 'id of the section (sections.id)';
COMMENT ON COLUMN section_paths.path IS 'numbers and headings from the outermost section to this one, joined with ` > `';

CREATE VIEW acting_bodies AS
SELECT r.doc_id, r.tail AS measure, r.head AS entity, coalesce(e.canonical, e.text) AS body,
    coalesce(max(CASE WHEN r.type <> 'actor_of' THEN r.type END), 'acts') AS role, e.start, e."end"
FROM relations r JOIN entities e ON e.doc_id = r.doc_id AND e.id = r.head
WHERE r.type IN ('actor_of', 'leads', 'supports', 'responsible_for')
GROUP BY ALL;
COMMENT ON VIEW acting_bodies IS 'Bodies that a measure names as acting, one row a mention; start and end are those of the mention.';
COMMENT ON COLUMN acting_bodies.measure IS 'id of the measure (measures.id)';
COMMENT ON COLUMN acting_bodies.entity IS 'id of the mention (entities.id)';
COMMENT ON COLUMN acting_bodies.body IS 'canonical name of the body';
COMMENT ON COLUMN acting_bodies.role IS 'leads, supports or responsible_for; acts where the text does not tell';

CREATE VIEW measures_full AS
WITH named AS (
    SELECT doc_id, measure, string_agg(body, '; ' ORDER BY first) AS actors
    FROM (SELECT doc_id, measure, body, min(start) AS first FROM acting_bodies GROUP BY ALL) GROUP BY ALL
)
SELECT m.doc_id, m.id AS measure, d.title, d.issuer, d.plan_year, m.section, s.path AS section_path,
    m.function, m.function_secondary, m.function_score, m.phase, m.instrument, named.actors, m.actions, m.deadline,
    m.qualitative_goals, m.text, m.start, m."end", p.page, p.line
FROM measures m
JOIN documents d ON d.doc_id = m.doc_id
LEFT JOIN section_paths s ON s.doc_id = m.doc_id AND s.section = m.section
LEFT JOIN named ON named.doc_id = m.doc_id AND named.measure = m.id
ASOF LEFT JOIN places p ON p.doc_id = m.doc_id AND m.start >= p.start;
COMMENT ON VIEW measures_full IS 'Measures with their document, the headings above them, names of the acting bodies, and page and line.';
COMMENT ON COLUMN measures_full.measure IS 'id of the measure (measures.id)';
COMMENT ON COLUMN measures_full.section_path IS 'numbers and headings above the measure';
COMMENT ON COLUMN measures_full.actors IS 'canonical names of the bodies the measure names, in order of mention, joined with `; `';
COMMENT ON COLUMN measures_full.page IS 'page of the source on which the measure begins';
COMMENT ON COLUMN measures_full.line IS 'line of the source in which the measure begins';

CREATE VIEW entities_full AS
SELECT e.doc_id, e.id AS entity, d.title, d.issuer, d.plan_year, e.type, coalesce(e.canonical, e.text) AS name, e.text,
    e.* EXCLUDE (doc_id, id, type, start, "end", text, measure, canonical), e.measure, m.function, m.phase,
    m.instrument, m.text AS sentence, e.start, e."end", p.page, p.line
FROM entities e
JOIN documents d ON d.doc_id = e.doc_id
LEFT JOIN measures m ON m.doc_id = e.doc_id AND m.id = e.measure
ASOF LEFT JOIN places p ON p.doc_id = e.doc_id AND e.start >= p.start;
COMMENT ON VIEW entities_full IS 'Entities with their attributes, their document, the measure they stand in, and page and line.';
COMMENT ON COLUMN entities_full.entity IS 'id of the entity (entities.id)';
COMMENT ON COLUMN entities_full.name IS 'canonical name, or the wording where there is none';
COMMENT ON COLUMN entities_full.sentence IS 'wording of the measure; NULL outside of measures';
COMMENT ON COLUMN entities_full.page IS 'page of the source on which the entity begins';
COMMENT ON COLUMN entities_full.line IS 'line of the source in which the entity begins';

CREATE VIEW targets_full AS
SELECT t.doc_id, t.entity, t.measure, d.title, t.* EXCLUDE (doc_id, entity, measure, section_heading, start, "end"),
    s.path AS section_path, m.phase, m.instrument, t.start, t."end", p.page, p.line
FROM targets t
JOIN documents d ON d.doc_id = t.doc_id
JOIN measures m ON m.doc_id = t.doc_id AND m.id = t.measure
LEFT JOIN section_paths s ON s.doc_id = m.doc_id AND s.section = m.section
ASOF LEFT JOIN places p ON p.doc_id = t.doc_id AND t.start >= p.start;
COMMENT ON VIEW targets_full IS 'Targets with title, headings, classes of the measure, and page and line.';
COMMENT ON COLUMN targets_full.section_path IS 'numbers and headings above the measure';
COMMENT ON COLUMN targets_full.page IS 'page of the source on which the target begins';
COMMENT ON COLUMN targets_full.line IS 'line of the source in which the target begins';

CREATE VIEW function_shares AS
SELECT doc_id, title, issuer, plan_year, function, count(*) AS n,
    100.0 * count(*) / sum(count(*)) OVER (PARTITION BY doc_id) AS percent,
    CASE WHEN function <> 'none' THEN
        100.0 * count(*) / sum(count(*)) FILTER (function <> 'none') OVER (PARTITION BY doc_id)
    END AS percent_without_none
FROM measures_full GROUP BY doc_id, title, issuer, plan_year, function;
COMMENT ON VIEW function_shares IS 'Functions by document: number of measures and their share; counts measures_full.';
COMMENT ON COLUMN function_shares.n IS 'number of measures of this function in the document';
COMMENT ON COLUMN function_shares.percent IS 'share of all measures of the document, in percent';
COMMENT ON COLUMN function_shares.percent_without_none IS 'share of those measures that have a function, in percent; NULL for none';

CREATE VIEW instrument_by_phase AS
SELECT phase, instrument, count(*) AS n, count(DISTINCT doc_id) AS documents,
    100.0 * count(*) / sum(count(*)) OVER (PARTITION BY phase) AS percent
FROM measures_full GROUP BY phase, instrument;
COMMENT ON VIEW instrument_by_phase IS 'Policy instruments by phase of emergency management; counts measures_full.';
COMMENT ON COLUMN instrument_by_phase.n IS 'number of measures';
COMMENT ON COLUMN instrument_by_phase.documents IS 'number of documents they stand in';
COMMENT ON COLUMN instrument_by_phase.percent IS 'share of all measures of the phase, in percent';

CREATE VIEW regulation_mentions AS
SELECT name AS regulation, plan_year, issuer, count(*) AS mentions, count(DISTINCT doc_id) AS documents,
    string_agg(DISTINCT status, '; ' ORDER BY status) AS statuses,
    min(min(plan_year)) OVER (PARTITION BY name) AS first_seen,
    max(max(plan_year)) OVER (PARTITION BY name) AS last_seen,
    min(struct_pack(doc_id, start, "end", entity)) AS first_mention
FROM entities_full WHERE type = 'REGULATION' GROUP BY name, plan_year, issuer;
COMMENT ON VIEW regulation_mentions IS 'Regulations by year and issuer, and over all the first and last year of a plan that mentions them; counts entities_full.';
COMMENT ON COLUMN regulation_mentions.regulation IS 'canonical name';
COMMENT ON COLUMN regulation_mentions.mentions IS 'number of mentions in plans of this issuer for this year';
COMMENT ON COLUMN regulation_mentions.documents IS 'number of documents they stand in';
COMMENT ON COLUMN regulation_mentions.statuses IS 'what is done with it, joined with `; `';
COMMENT ON COLUMN regulation_mentions.first_seen IS 'first plan year of any issuer that mentions it';
COMMENT ON COLUMN regulation_mentions.last_seen IS 'last plan year of any issuer that mentions it';
COMMENT ON COLUMN regulation_mentions.first_mention IS 'doc_id, start, end and entity of the first of these mentions';

CREATE VIEW hazard_by_function AS
SELECT name AS hazard, category, function, count(DISTINCT (doc_id, measure)) AS measures,
    count(DISTINCT doc_id) AS documents
FROM entities_full WHERE type = 'HAZARD' AND measure IS NOT NULL GROUP BY ALL;
COMMENT ON VIEW hazard_by_function IS 'What is done about a hazard: measures that name it, by function; counts entities_full.';
COMMENT ON COLUMN hazard_by_function.hazard IS 'canonical name';
COMMENT ON COLUMN hazard_by_function.measures IS 'number of measures of this function that name the hazard';
COMMENT ON COLUMN hazard_by_function.documents IS 'number of documents they stand in';

CREATE VIEW actor_pairs AS
WITH bodies AS (
    SELECT doc_id, measure, body, any_value(role ORDER BY start) AS role FROM acting_bodies GROUP BY ALL
)
SELECT a.doc_id, a.measure, a.body AS body_a, a.role AS role_a, b.body AS body_b, b.role AS role_b, m.start, m."end"
FROM bodies a
JOIN bodies b ON b.doc_id = a.doc_id AND b.measure = a.measure AND b.body > a.body
JOIN measures m ON m.doc_id = a.doc_id AND m.id = a.measure;
COMMENT ON VIEW actor_pairs IS 'Pairs of bodies that act in the same measure, one row a pair and measure; start and end are those of the measure.';
COMMENT ON COLUMN actor_pairs.measure IS 'id of the measure (measures.id)';
COMMENT ON COLUMN actor_pairs.body_a IS 'canonical name of the one that comes first in the order of characters';
COMMENT ON COLUMN actor_pairs.role_a IS 'its role: leads, supports, responsible_for or acts';
COMMENT ON COLUMN actor_pairs.body_b IS 'canonical name of the other';
COMMENT ON COLUMN actor_pairs.role_b IS 'its role';

CREATE VIEW lead_body_load AS
SELECT a.doc_id, issuer, plan_year, body,
    count(DISTINCT a.measure) FILTER (role = 'leads') AS leads,
    count(DISTINCT a.measure) FILTER (role = 'supports') AS supports,
    count(DISTINCT a.measure) FILTER (role = 'responsible_for') AS responsible_for,
    count(DISTINCT a.measure) FILTER (role = 'acts') AS acts,
    count(DISTINCT a.measure) AS measures
FROM acting_bodies a JOIN documents d ON d.doc_id = a.doc_id GROUP BY ALL;
COMMENT ON VIEW lead_body_load IS 'In how many measures of a document a body acts, by role; counts acting_bodies.';
COMMENT ON COLUMN lead_body_load.body IS 'canonical name';
COMMENT ON COLUMN lead_body_load.leads IS 'number of measures it leads';
COMMENT ON COLUMN lead_body_load.supports IS 'number of measures in which it supports';
COMMENT ON COLUMN lead_body_load.responsible_for IS 'number of measures it is responsible for';
COMMENT ON COLUMN lead_body_load.acts IS 'number of measures in which it acts in a role that is not told';
COMMENT ON COLUMN lead_body_load.measures IS 'number of measures in which it acts';
