from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

# What had ended before has its moment in the trail. Nothing of it changes, so the trail has nothing to say.
_FILLED = ("changes_change", "changes_freezewindow", "changes_changefreezeoverride")
_FILL = """
UPDATE changes_change c SET over_at = COALESCE((
  SELECT min(e.at) FROM audit_event e WHERE e.tenant_id = c.tenant_id AND e.object_id = c.id
    AND e.verb IN ('change.fail', 'change.roll_back', 'change.review', 'change.close', 'change.reject', 'change.withdraw')
    AND e.at > COALESCE((SELECT max(r.at) FROM audit_event r WHERE r.tenant_id = c.tenant_id AND r.object_id = c.id
      AND r.verb = 'change.rework'), '-infinity')
), c.ended_at, c.reviewed_at)
WHERE c.status IN ('failed', 'rolled_back', 'reviewed', 'closed', 'rejected', 'withdrawn');
UPDATE changes_change c SET agreed_until = LEAST(c.agreed_until, e.at)
FROM (SELECT tenant_id, object_id, min(at) AS at FROM audit_event WHERE verb = 'change.reject_in_writing' GROUP BY 1, 2) e
WHERE e.tenant_id = c.tenant_id AND e.object_id = c.id AND c.agreed_until IS NOT NULL;
UPDATE changes_freezewindow f SET cancelled_at = COALESCE((
  SELECT max(e.at) FROM audit_event e WHERE e.tenant_id = f.tenant_id AND e.object_id = f.id AND e.verb = 'freeze.cancel'
), f.set_at)
WHERE f.status = 'cancelled';
UPDATE changes_changefreezeoverride o SET withdrawn_at = COALESCE((
  SELECT max(e.at) FROM audit_event e
  WHERE e.tenant_id = o.tenant_id AND e.object_id = o.id AND e.verb = 'freeze_override.withdraw'
), o.given_at)
WHERE o.status = 'withdrawn';
"""
_OPEN = "".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in (*_FILLED, "audit_event"))
_OPEN += "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in _FILLED)
_SHUT = "".join(f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in _FILLED)
_SHUT += "".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in (*_FILLED, "audit_event"))


class Migration(migrations.Migration):
    """Moments by which a deployment is judged as the gate would have been at its moment; more reasons and marks."""

    dependencies: ClassVar = [
        ("changes", "0014_agreements"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="change",
            name="over_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="changefreezeoverride",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="freezewindow",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="deployment",
            name="notes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("direct_push", "Direct push"),
                        ("self_merge", "Self-merge"),
                        ("redeploy", "Redeploy"),
                        ("revert", "Revert"),
                        ("bot", "Bot"),
                        ("outside_window", "Outside its window"),
                        ("carries", "Several merges"),
                        ("late", "Reported late"),
                        ("on_word", "On the pipeline's word"),
                    ],
                    max_length=14,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="deployment",
            name="reason",
            field=models.CharField(
                choices=[
                    ("no_change", "No change here has this commit, is named by it or was linked to it."),
                    ("named_other", "The change it names does not have this commit."),
                    ("pushed", "It was pushed to the default branch directly: there was no request that anybody could approve."),
                    ("withdrawn", "Its change had been withdrawn."),
                    ("rejected", "Its change had been rejected."),
                    ("agreed", "It was agreed to by word, as an emergency, and that was recorded before it was deployed."),
                    (
                        "agreed_later",
                        "The agreement by word was recorded only after it was deployed, and nobody has approved it in writing.",
                    ),
                    (
                        "agreement_over",
                        "The agreement by word did not count when it was deployed: it had ended, or the change did not say what it has to.",
                    ),
                    ("elsewhere", "Its change is meant for other environments."),
                    ("no_commit", "Its change names no commit: nobody can tell whether this is what was approved."),
                    ("not_approved", "Nobody has approved its change."),
                    ("approved_later", "Its change was approved only after it was deployed."),
                    ("expired", "The approval of its change had expired."),
                    ("unwritten", "The written approval of its emergency was overdue when it was deployed."),
                    ("over", "Its change was over when it was deployed: failed, rolled back, reviewed or closed."),
                    (
                        "other_commit",
                        "Its commit is not the one that was approved: neither the last of its change, nor its merge.",
                    ),
                    ("too_early", "It was deployed before the window began for which its change was approved."),
                    ("too_late", "It was deployed after the window had ended for which its change was approved."),
                    ("frozen", "A freeze held its change when it was deployed, and nobody had let it through."),
                    ("template", "Its change was approved by its template before it was deployed."),
                    ("approved", "Its change was approved before it was deployed."),
                    ("carries_none", "It also carried a change that nobody had approved."),
                    ("carries_later", "It also carried a change that was approved only after it was deployed."),
                ],
                default="no_change",
                max_length=14,
                verbose_name="why",
            ),
        ),
        migrations.RunSQL(_OPEN + _FILL + _SHUT, migrations.RunSQL.noop),
    ]
