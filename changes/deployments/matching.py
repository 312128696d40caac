"""Which change a deployment belongs to, its class and its notes: one statement over any number of deployments.

Somebody's link outweighs what the pipeline named, that the commit. Of two changes with the same commit the one that was
not turned down counts, then the one that was raised later. docs/deployments.md has it in words.
"""

from changes.deployments.judging import CARRYING_SQL, FREEZES, IS_ALLOWED, class_sql, reason_sql

# Which deployments; each takes the parameters `tenant` and `keys`.
ALL = "true"
OF_BATCH = "d.batch_id = ANY(%(keys)s)"
THESE = "d.id = ANY(%(keys)s)"
# Those that a change has or may have now.
OF_CHANGES = """d.id IN (
  SELECT e.id FROM changes_deployment e WHERE e.tenant_id = %(tenant)s AND e.change_id = ANY(%(keys)s)
  UNION SELECT l.deployment_id FROM changes_deploymentlink l WHERE l.tenant_id = %(tenant)s AND l.change_id = ANY(%(keys)s)
  UNION SELECT e.id FROM changes_change c JOIN changes_deployment e
    ON e.tenant_id = c.tenant_id AND e.change_named = c.reference AND e.change_named <> ''
    WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(keys)s)
  UNION SELECT e.id FROM changes_change c JOIN changes_deployment e
    ON e.tenant_id = c.tenant_id AND e.commit IN (c.merge_sha, c.head_sha) AND e.commit <> ''
    WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(keys)s)
  UNION SELECT e.id FROM changes_changecommit k JOIN changes_deployment e
    ON e.tenant_id = k.tenant_id AND e.commit = k.sha AND e.commit <> ''
    WHERE k.tenant_id = %(tenant)s AND k.change_id = ANY(%(keys)s)
  UNION SELECT e.id FROM changes_change c CROSS JOIN LATERAL (
    SELECT m.merge_sha FROM changes_change m WHERE m.tenant_id = c.tenant_id AND m.repository = c.repository
      AND m.merged_at > c.merged_at ORDER BY m.merged_at LIMIT 30
  ) m JOIN changes_deployment e ON e.tenant_id = c.tenant_id AND e.commit = m.merge_sha AND e.commit <> ''
    WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(keys)s) AND c.merge_sha <> '' AND c.repository <> ''
)"""

_SAME = "(c.repository = '' OR d.repository = '' OR lower(c.repository) = lower(d.repository))"
_KNOWN = "EXISTS (SELECT FROM changes_changecommit k WHERE k.tenant_id = c.tenant_id AND k.change_id = c.id{})"
# A change that a pipeline names is its change unless it has other commits than the one that was deployed.
_AGREES = f"""(d.commit = '' OR d.commit IN (c.merge_sha, c.head_sha) OR {_KNOWN.format(" AND k.sha = d.commit")}
  OR (c.merge_sha = '' AND c.head_sha = '' AND NOT {_KNOWN.format("")}))"""

# What a change `c` and a deployment `d` are to each other, as classes.Beside: whether it went where the change is not meant for,
# whether it names a commit where the change names none, and whether another than was approved: approved is the last commit of a
# request and what it was merged as; without these any of its commits. What somebody linked by hand is not asked for its commit.
_BARE = "(c.merge_sha = '' AND c.head_sha = '')"
_ELSEWHERE = """c.environments <> '{}'
    AND NOT EXISTS (SELECT FROM unnest(c.environments) e(name) WHERE lower(e.name) = lower(d.environment))"""
_STRANGE = """d.commit <> '' AND d.commit NOT IN (c.merge_sha, c.head_sha) AND NOT EXISTS (
    SELECT FROM changes_deploymentlink l WHERE l.tenant_id = %(tenant)s AND l.deployment_id = d.id AND l.status = 'linked')"""
TOGETHER = f"""CROSS JOIN LATERAL (SELECT {_ELSEWHERE} AS elsewhere, {_STRANGE} AS strange) y
CROSS JOIN LATERAL (SELECT y.elsewhere, y.strange AND {_BARE} AND NOT {_KNOWN.format("")} AS no_commit,
  y.strange AND (NOT {_BARE} OR {_KNOWN.format("")} AND NOT {_KNOWN.format(" AND k.sha = d.commit")}) AS other_commit) x"""
_MEANT = f"CROSS JOIN LATERAL (SELECT {_ELSEWHERE} AS elsewhere, false AS no_commit, false AS other_commit) x"

_FOUND = f"""
found AS (
  SELECT d.id, l.change_id, 0 AS place FROM d JOIN changes_deploymentlink l
    ON l.tenant_id = %(tenant)s AND l.deployment_id = d.id AND l.status = 'linked'
  UNION ALL SELECT d.id, c.id, 1 FROM d JOIN changes_change c
    ON c.tenant_id = %(tenant)s AND c.reference = d.change_named WHERE d.change_named <> '' AND {_AGREES}
  UNION ALL SELECT d.id, c.id, 2 FROM d JOIN changes_change c
    ON c.tenant_id = %(tenant)s AND c.merge_sha = d.commit AND c.merge_sha <> '' WHERE d.commit <> '' AND {_SAME}
  UNION ALL SELECT d.id, c.id, 3 FROM d JOIN changes_change c
    ON c.tenant_id = %(tenant)s AND c.head_sha = d.commit AND c.head_sha <> '' WHERE d.commit <> '' AND {_SAME}
  UNION ALL SELECT d.id, k.change_id, 4 FROM d JOIN changes_changecommit k
    ON k.tenant_id = %(tenant)s AND k.sha = d.commit JOIN changes_change c ON c.tenant_id = %(tenant)s AND c.id = k.change_id
    WHERE d.commit <> '' AND {_SAME}
),
best AS (
  SELECT DISTINCT ON (f.id) f.id, f.place, c.id AS change_id
  FROM found f JOIN changes_change c ON c.tenant_id = %(tenant)s AND c.id = f.change_id
  ORDER BY f.id, f.place, (c.status IN ('rejected', 'withdrawn')), c.raised_at DESC, c.id
)
"""  # noqa: S608 - constants

# What was there before a deployment: the last commit, and whether this one had been. For a few by the index, for all by sorting.
_TRACK = "environment, repository, service"
_BEFORE_FEW = """
history AS (
  SELECT d.id, last.commit AS last_commit, EXISTS (
    SELECT FROM changes_deployment p WHERE p.tenant_id = %(tenant)s AND p.environment = d.environment
      AND p.repository = d.repository AND p.service = d.service AND p.commit = d.commit
      AND (p.deployed_at, p.id) < (d.deployed_at, d.id)
  ) AS was_there
  FROM d LEFT JOIN LATERAL (
    SELECT p.commit FROM changes_deployment p WHERE p.tenant_id = %(tenant)s AND p.environment = d.environment
      AND p.repository = d.repository AND p.service = d.service AND (p.deployed_at, p.id) < (d.deployed_at, d.id)
    ORDER BY p.deployed_at DESC, p.id DESC LIMIT 1
  ) last ON true
  WHERE d.commit <> ''
)
"""
_BEFORE_ALL = f"""
history AS (
  SELECT id, lag(commit) OVER (PARTITION BY {_TRACK} ORDER BY deployed_at, id) AS last_commit,
    row_number() OVER (PARTITION BY {_TRACK}, commit ORDER BY deployed_at, id) > 1 AS was_there
  FROM d
)
"""  # noqa: S608 - constants

# What else went with it: the changes that were merged to its repository between the commit that was there before and its own.
# Only where both commits are merges that are known; a commit that was there before carries nothing new.
_CARRIED = f"""
carried AS (
  SELECT x.id, bool_or(x.carried_class = 'unapproved') AS none, bool_or(x.carried_class = 'approved_after') AS later
  FROM (
    SELECT id, {class_sql()} AS carried_class FROM (
      SELECT d.id, {reason_sql(carried=True)} AS reason
      FROM known d
      JOIN history h ON h.id = d.id AND h.last_commit <> d.commit AND h.last_commit <> ''
      JOIN changes_change m ON m.tenant_id = %(tenant)s AND m.merge_sha = d.commit AND m.merge_sha <> '' AND m.repository <> ''
      JOIN changes_change p ON p.tenant_id = %(tenant)s AND p.merge_sha = h.last_commit AND p.merge_sha <> ''
        AND p.repository = m.repository AND p.merged_at < m.merged_at
      JOIN changes_change c ON c.tenant_id = %(tenant)s AND c.repository = m.repository
        AND c.merged_at > p.merged_at AND c.merged_at < m.merged_at AND c.merge_sha <> ''
      {_MEANT}
      WHERE d.commit <> ''
    ) y
  ) x
  GROUP BY x.id
)
"""  # noqa: S608 - constants

_NOTES = """
array_remove(ARRAY[
  CASE WHEN d.pushed THEN 'direct_push' END,
  CASE WHEN c.merged_by <> '' AND own.self_merge THEN 'self_merge' END,
  CASE WHEN d.commit <> '' AND h.last_commit = d.commit THEN 'redeploy' END,
  CASE WHEN d.commit <> '' AND h.was_there AND h.last_commit <> d.commit OR own.reverts THEN 'revert' END,
  CASE WHEN d.is_bot OR own.by_bot THEN 'bot' END,
  CASE WHEN d.at < c.window_from OR d.at >= c.window_until THEN 'outside_window' END
]::varchar[], NULL)
"""
# The marks of what was reported: late, by more than an hour or after something that decides about it had happened; and whether
# it would not have gone when the report came, so that its class rests on the moment that was stated. Of an imported file all
# came later: that is said once, of the file.
_MARKS = f"""
  CASE WHEN r.then_reason IS NOT NULL AND (r.received_at > r.at + interval '1 hour' OR r.then_reason <> r.own_reason)
    THEN 'late' END,
  CASE WHEN r.own_class {IS_ALLOWED} AND r.then_class NOT {IS_ALLOWED} THEN 'on_word' END
"""
# What a change's commits say of whoever wrote them; once for a change, however often it was deployed.
_COMMITS = """commits AS (
  SELECT k.change_id, bool_or(lower(k.author) = lower(c.merged_by)) AS self_merge, bool_and(k.is_bot) AS by_bot,
    bool_or(k.message LIKE 'Revert %%') AS reverts
  FROM changes_changecommit k JOIN changes_change c ON c.tenant_id = %(tenant)s AND c.id = k.change_id
  WHERE k.tenant_id = %(tenant)s AND k.change_id IN (SELECT change_id FROM best)
  GROUP BY k.change_id
),"""
_MATCHED_BY = "COALESCE((ARRAY['hand', 'name', 'merge', 'head', 'commit'])[b.place + 1], '')"
_TOLD = "classification, reason, notes, change_id, matched_by"
# It went when it was reported at the latest: a clock that is ahead makes nothing better.
_REPORTED = f"""
  SELECT d.id, d.environment, d.repository, d.service, d.commit, d.deployed_at, d.is_bot, d.change_named,
    d.change_named <> '' AS named_other, {", ".join(f"d.{name}" for name in _TOLD.split(", "))},
    LEAST(d.deployed_at, r.received_at) AS at, r.received_at, r.via
  FROM changes_deployment d JOIN changes_deploymentbatch r ON r.tenant_id = d.tenant_id AND r.id = d.batch_id
  WHERE d.tenant_id = %(tenant)s
"""  # noqa: S608 - constants


def statement(scope: str) -> str:
    """The statement for a scope. It returns (id, class before, class now) of each row that it changed.

    Rows are locked in the order of their ids before they are changed: two at a time wait for each other, never in a circle.
    """
    history = _BEFORE_ALL if scope == ALL else _BEFORE_FEW
    return f"""
WITH d AS (
  {_REPORTED} AND {scope}
),
{FREEZES},
{_FOUND},
{history},
-- Pushed to the default branch, and neither the merge nor a commit of any request.
pushed AS (
  SELECT DISTINCT d.id FROM d JOIN changes_sourcepush p ON p.tenant_id = %(tenant)s AND p.after = d.commit AND p.to_default
  WHERE d.commit <> '' AND d.id NOT IN (SELECT id FROM found WHERE place >= 2)
),
known AS (SELECT d.*, pushed.id IS NOT NULL AS pushed FROM d LEFT JOIN pushed ON pushed.id = d.id),
{_COMMITS}
reasoned AS (
  SELECT d.id, {reason_sql()} AS own_reason, {_NOTES} AS notes, c.id AS change_id, {_MATCHED_BY} AS matched_by,
    d.at, d.received_at, CASE WHEN d.via = 'api' AND d.received_at > d.at THEN {reason_sql("d.received_at")} END AS then_reason,
    d.classification AS was, d.reason AS was_reason, d.notes AS was_notes, d.change_id AS was_change, d.matched_by AS was_matched
  FROM known d
  LEFT JOIN best b ON b.id = d.id
  LEFT JOIN changes_change c ON c.tenant_id = %(tenant)s AND c.id = b.change_id
  {TOGETHER}
  LEFT JOIN history h ON h.id = d.id
  LEFT JOIN commits own ON own.change_id = c.id
),
{_CARRIED},
classed AS (
  SELECT r.*, r.own_reason AS reason, {class_sql("r.own_reason")} AS own_class, {class_sql("r.then_reason")} AS then_class
  FROM reasoned r
),
weighed AS (
  SELECT r.id, {CARRYING_SQL} AS reason,
    array_remove(r.notes || ARRAY[CASE WHEN k.id IS NOT NULL THEN 'carries' END, {_MARKS}]::varchar[], NULL) AS notes,
    r.change_id, r.matched_by, r.was, r.was_reason, r.was_notes, r.was_change, r.was_matched
  FROM classed r LEFT JOIN carried k ON k.id = r.id
),
judged AS (
  SELECT id, {class_sql()} AS classification, reason, notes, change_id, matched_by, was
  FROM weighed
  WHERE (reason, notes, change_id, matched_by) IS DISTINCT FROM (was_reason, was_notes, was_change, was_matched)
),
held AS (
  SELECT t.id FROM changes_deployment t WHERE t.tenant_id = %(tenant)s AND t.id IN (SELECT id FROM judged)
  ORDER BY t.id FOR NO KEY UPDATE
)
UPDATE changes_deployment t
SET classification = j.classification, reason = j.reason, notes = j.notes, change_id = j.change_id, matched_by = j.matched_by
FROM judged j JOIN held ON held.id = j.id
WHERE t.tenant_id = %(tenant)s AND t.id = j.id
RETURNING t.id, j.was, t.classification
"""  # noqa: S608 - constants
