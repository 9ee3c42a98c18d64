"""The figures of a month's report counted by hand: one statement counts, writes figures and people, and tells them.

Each table is read once, by the municipality and the month's days. `said` holds a row for each part of a figure and each
person behind it; a rate has the days it is divided by as its count, and those it is a part of as its part.
"""

from infra.bench.floors.definitions import FIGURES, Defined, parts_of

# Who is supported at the end, as the enrolments say; as the journal tells of status and firm, else as they are now.
PEOPLE = """
enrolled AS (
  SELECT participant_id,
         (array_agg(id ORDER BY starts_on DESC) FILTER (WHERE ends_on IS NULL OR ends_on > %(last)s))[1] AS running
  FROM enrolment WHERE tenant_id = %(t)s AND starts_on <= %(last)s GROUP BY participant_id
), told AS (
  SELECT p.id AS who, e.participant_id IS NOT NULL AS was_taken_in, e.running,
         coalesce(j.before[1], j.after[1], p.status) AS status,
         coalesce(j.firm_before[1], j.firm_after[1], p.delivery_firm_id::text, 'own') AS delivery
  FROM participant p LEFT JOIN enrolled e ON e.participant_id = p.id
  LEFT JOIN LATERAL (
    SELECT array_agg(status_after ORDER BY at DESC, id DESC) FILTER (WHERE changed AND at < %(until)s) AS before,
           array_agg(status_before ORDER BY at, id) FILTER (WHERE changed AND at >= %(until)s) AS after,
           array_agg(coalesce(firm ->> 1, 'own') ORDER BY at DESC, id DESC) FILTER (WHERE moved AND at < %(until)s)
             AS firm_before,
           array_agg(coalesce(firm ->> 0, 'own') ORDER BY at, id) FILTER (WHERE moved AND at >= %(until)s) AS firm_after
    FROM (SELECT id, at, status_before, status_after, status_after IS NOT NULL AS changed,
                 changes -> 'delivery_firm_id' AS firm, changes ? 'delivery_firm_id' AS moved
          FROM journal_entry WHERE tenant_id = %(t)s AND subject_id = p.id AND subject = 'participant') entry
    WHERE changed OR moved
  ) j ON true
  WHERE p.tenant_id = %(t)s AND (e.participant_id IS NOT NULL OR p.created_at < %(until)s)
), standing AS (
  SELECT who, running, delivery, running IS NOT NULL AS supported,
         CASE WHEN running IS NOT NULL THEN CASE status WHEN 'paused' THEN 'paused' ELSE 'active' END
              WHEN was_taken_in OR status = 'ended' THEN 'ended' ELSE 'candidate' END AS status
  FROM told
), agreed AS (
  SELECT DISTINCT ON (enrolment_id) enrolment_id, kind::text AS kind FROM goal
  WHERE tenant_id = %(t)s AND agreed_on <= %(last)s ORDER BY enrolment_id, version DESC
)
"""
# The lines of weeks that were handed in, from them each person's days, and from those the sums by week and in all.
DAYS = """
line AS MATERIALIZED (
  SELECT v.participant_id AS who, d.held_on, d.menu_id, d.placement_id, d.attendance
  FROM weekly_record w
  JOIN record_version v ON v.tenant_id = %(t)s AND v.weekly_record_id = w.id AND v.is_current
  JOIN record_day d ON d.tenant_id = %(t)s AND d.record_version_id = v.id
  WHERE w.tenant_id = %(t)s AND w.week_start BETWEEN %(first_week)s AND %(last)s AND v.submitted_at IS NOT NULL
    AND d.held_on BETWEEN %(first)s AND %(last)s
), day AS (
  SELECT who, held_on - extract(isodow FROM held_on)::int + 1 AS monday, bool_or(attendance = 'attended') AS attended,
         bool_or(attendance = 'absent') AS absent
  FROM line WHERE attendance IN ('attended', 'absent', 'absent_notified') GROUP BY who, held_on
), attended AS (
  SELECT who, monday::text AS week, count(*) AS planned, count(*) FILTER (WHERE attended) AS attended,
         count(*) FILTER (WHERE NOT attended AND absent) AS absent,
         count(*) FILTER (WHERE NOT attended AND NOT absent) AS notified
  FROM day GROUP BY GROUPING SETS ((who), (who, monday))
), taken_part AS (
  SELECT l.who, coalesce(l.menu_id::text, CASE WHEN l.placement_id IS NULL THEN 'none' ELSE 'experience' END) AS menu,
         max(m.name) AS name, min(to_char(m.position, '0000000') || m.name) AS place,
         count(DISTINCT l.held_on) AS days
  FROM line l LEFT JOIN menu m ON m.tenant_id = %(t)s AND m.id = l.menu_id
  WHERE l.attendance = 'attended' GROUP BY 1, 2
), week AS (
  SELECT participant_id AS who, count(*) FILTER (WHERE status <> 'skipped') AS expected,
         count(*) FILTER (WHERE status <> 'skipped' AND came <= due_on) AS on_time,
         count(*) FILTER (WHERE status <> 'skipped' AND came > due_on) AS late,
         count(*) FILTER (WHERE waits AND due_on < %(known_on)s) AS missing,
         count(*) FILTER (WHERE waits AND due_on >= %(known_on)s) AS not_due,
         count(*) FILTER (WHERE status = 'accepted') AS accepted,
         count(*) FILTER (WHERE status = 'skipped') AS skipped
  FROM (SELECT participant_id, status, due_on, (first_submitted_at AT TIME ZONE 'Asia/Tokyo')::date AS came,
               first_submitted_at IS NULL AND status IN ('expected', 'draft') AS waits
        FROM weekly_record WHERE tenant_id = %(t)s AND week_start BETWEEN %(first)s AND %(last)s) of_month
  GROUP BY participant_id
)
"""
# Days of experience and money, each in all and by employer.
WORK = """
experience AS (
  SELECT participant_id AS who, employer_id, CASE status WHEN 'confirmed' THEN '' ELSE '_open' END AS open,
         count(*) AS days
  FROM experience_day
  WHERE tenant_id = %(t)s AND held_on BETWEEN %(first)s AND %(last)s AND status IN ('confirmed', 'recorded', 'disputed')
  GROUP BY GROUPING SETS ((1, 3), (1, 2, 3))
), statement AS (
  SELECT id, employer_id, status, total - net AS on_top FROM fee_statement
  WHERE tenant_id = %(t)s AND month = %(first)s AND status IN ('approved', 'submitted')
), fee AS (
  SELECT who, employer_id, status, sum(amount) AS amount
  FROM (SELECT c.participant_id AS who, s.employer_id, s.status, l.amount
        FROM statement s JOIN fee_line l ON l.tenant_id = %(t)s AND l.statement_id = s.id
        LEFT JOIN placement c ON c.tenant_id = %(t)s AND c.id = l.placement_id
        UNION ALL SELECT NULL, employer_id, status, on_top FROM statement WHERE on_top <> 0) paid
  GROUP BY GROUPING SETS ((1, 3), (1, 2, 3))
)
"""
SAID = """
said (key, dimension, label, sort, who, count, part) AS (
  SELECT f.key, f.dimension, f.label, f.sort, s.who, 1, 0
  FROM standing s LEFT JOIN agreed a ON a.enrolment_id = s.running LEFT JOIN firm ON firm.id::text = s.delivery
  CROSS JOIN LATERAL (VALUES
    ('people_in_support', '', NULL, '', s.supported),
    ('people_by_status', s.status, NULL, '', true),
    ('people_by_delivery', s.delivery, firm.name, CASE s.delivery WHEN 'own' THEN '0' ELSE '1' || firm.kana END,
     s.supported),
    ('goals_by_kind', coalesce(a.kind, 'none'), NULL, '', s.supported)) f (key, dimension, label, sort, counts)
  WHERE f.counts
  UNION ALL SELECT DISTINCT 'people_new', '', NULL, '', participant_id, 1, 0 FROM enrolment
  WHERE tenant_id = %(t)s AND starts_on BETWEEN %(first)s AND %(last)s
  UNION ALL SELECT DISTINCT f.key, f.reason, NULL, '', participant_id, 1, 0 FROM enrolment
  CROSS JOIN LATERAL (VALUES ('people_ended', ''), ('people_ended_by_reason', end_reason)) f (key, reason)
  WHERE tenant_id = %(t)s AND ends_on BETWEEN %(first)s AND %(last)s AND status = 'ended'
  UNION ALL SELECT f.key || CASE WHEN a.week IS NULL THEN '' ELSE '_by_week' END, coalesce(a.week, ''), NULL,
         coalesce(a.week, ''), a.who, f.count, f.part
  FROM attended a CROSS JOIN LATERAL (VALUES
    ('attendance_planned', a.planned, 0), ('attendance_attended', a.attended, 0), ('attendance_absent', a.absent, 0),
    ('attendance_absent_notified', a.notified, 0), ('attendance_rate', a.planned, a.attended)) f (key, count, part)
  WHERE f.count > 0
  UNION ALL SELECT f.key, m.menu, m.name, coalesce(m.place, '~' || m.menu), m.who, f.count, 0
  FROM taken_part m CROSS JOIN LATERAL (VALUES ('menu_people', 1), ('menu_days', m.days)) f (key, count)
  UNION ALL SELECT f.key, '', NULL, '', w.who, f.count, 0
  FROM week w CROSS JOIN LATERAL (VALUES
    ('records_expected', w.expected), ('records_on_time', w.on_time), ('records_late', w.late),
    ('records_missing', w.missing), ('records_not_due', w.not_due), ('records_accepted', w.accepted),
    ('records_skipped', w.skipped)) f (key, count)
  WHERE f.count > 0
  UNION ALL SELECT 'experience' || x.open || f.key || CASE WHEN x.employer_id IS NULL THEN '' ELSE '_by_employer' END,
         coalesce(x.employer_id::text, ''), e.name, concat(e.kana, e.name), x.who, f.count, 0
  FROM experience x LEFT JOIN employer e ON e.tenant_id = %(t)s AND e.id = x.employer_id
  CROSS JOIN LATERAL (VALUES ('_people', 1), ('_days', x.days)) f (key, count)
  UNION ALL SELECT 'fees_' || p.status || CASE WHEN p.employer_id IS NULL THEN '' ELSE '_by_employer' END,
         coalesce(p.employer_id::text, ''), e.name, concat(e.kana, e.name), p.who, p.amount, 0
  FROM fee p LEFT JOIN employer e ON e.tenant_id = %(t)s AND e.id = p.employer_id
  UNION ALL SELECT 'goals_changed', '', NULL, '', participant_id, count(*), 0 FROM goal
  WHERE tenant_id = %(t)s AND version > 1 AND agreed_on BETWEEN %(first)s AND %(last)s GROUP BY participant_id
  UNION ALL SELECT f.key, '', NULL, '', participant_id, count(*), 0
  FROM concern CROSS JOIN LATERAL (VALUES
    ('concerns_raised', raised_at >= %(since)s AND raised_at < %(until)s),
    ('concerns_acknowledged', acknowledged_at >= %(since)s AND acknowledged_at < %(until)s),
    ('concerns_open', raised_at < %(until)s AND (acknowledged_at IS NULL OR acknowledged_at >= %(until)s)))
    f (key, counts)
  WHERE tenant_id = %(t)s AND f.counts GROUP BY f.key, participant_id
  UNION ALL SELECT DISTINCT 'consents_withdrawn', '', NULL, '', participant_id, 1, 0 FROM consent
  WHERE tenant_id = %(t)s AND status = 'withdrawn' AND withdrawn_on BETWEEN %(first)s AND %(last)s
)
"""
WRITTEN = """
summed AS (
  SELECT s.key, s.dimension, max(s.label) AS label,
         CASE d.unit WHEN 'people' THEN count(*) WHEN 'rate' THEN round(1000.0 * sum(s.part) / sum(s.count))
                     ELSE sum(s.count) END::int AS value,
         d.position + 100 + row_number() OVER (PARTITION BY s.key ORDER BY min(s.sort), s.dimension) AS position,
         md5(coalesce(string_agg(s.who || ':' || s.count, ',' ORDER BY s.who), ':')) AS people
  FROM said s JOIN defined d ON d.key = s.key GROUP BY s.key, s.dimension, d.unit, d.position
), figure AS (
  INSERT INTO report_figure (tenant_id, id, report_id, key, dimension, label, value, unit, position)
  SELECT %(t)s, gen_random_uuid(), %(report)s, key, dimension, s.label, coalesce(s.value, 0), d.unit,
         coalesce(p.position, s.position)
  FROM summed s FULL JOIN part p USING (key, dimension) JOIN defined d USING (key)
  WHERE s.value IS NOT NULL OR p.always
  RETURNING id, key, dimension, label, value, unit, position
), behind AS (
  INSERT INTO report_figure_person (tenant_id, id, figure_id, participant_id, count)
  SELECT %(t)s, gen_random_uuid(), f.id, s.who, s.count
  FROM said s JOIN figure f ON f.key = s.key AND f.dimension = s.dimension WHERE s.who IS NOT NULL
)
SELECT f.key, f.dimension, f.label, f.value, f.unit, coalesce(s.people, md5(':')) AS people
FROM figure f LEFT JOIN summed s USING (key, dimension) ORDER BY f.position, f.dimension
"""


def _rows_of(name: str, columns: str, rows: list[str]) -> str:
    return f"{name} ({columns}) AS (VALUES {', '.join(rows)})"


def _known() -> list[str]:
    """What the definitions say, as rows of the statement: they are the same for everybody."""
    return [
        _rows_of(
            "defined", "key, unit, position", [f"('{d.key}', '{d.unit}', {d.position})" for d in FIGURES.values()]
        ),
        _rows_of("part", "key, dimension, position, always", [row for d in FIGURES.values() for row in _parts(d)]),
    ]


def _parts(defined: Defined) -> list[str]:
    return [f"('{defined.key}', '{word}', {place}, {always})" for word, place, always in parts_of(defined)]


COUNT = "WITH " + ", ".join([*_known(), PEOPLE, DAYS, WORK, SAID, WRITTEN])
