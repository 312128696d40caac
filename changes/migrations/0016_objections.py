"""Whoever is named as having agreed by word may say that they did not; what is grave is reviewed by somebody else."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.models
from tenancy.operations import TenantKeys

# The review of a change of high risk and of an emergency is neither by whoever asked for it nor by whoever carried it out. Judged
# when it is recorded: what was reviewed before stays as it is.
GUARD = """
CREATE FUNCTION changes_require_other_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reviewed_by_id = NEW.raised_by_id OR EXISTS (
    SELECT 1 FROM inventory_person p
    WHERE p.tenant_id = NEW.tenant_id AND p.member_id = NEW.reviewed_by_id AND p.id IN (NEW.requester_id, NEW.implementer_id)
  ) THEN
    RAISE EXCEPTION 'Change % is reviewed by whoever asked for it or carried it out.', NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reviewed_by_another AFTER UPDATE OF reviewed_by_id ON changes_change
  FOR EACH ROW WHEN (
    NEW.reviewed_by_id IS NOT NULL AND NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id
    AND (NEW.risk = 'high' OR NEW.type = 'emergency')
  )
  EXECUTE FUNCTION changes_require_other_reviewer();
"""
FREE = "DROP TRIGGER reviewed_by_another ON changes_change; DROP FUNCTION changes_require_other_reviewer;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("changes", "0015_deployment_moments"), ("inventory", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="change",
            name="objected_by",
            field=tenancy.models.TenantForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.person",
            ),
        ),
        TenantKeys("Change", ["objected_by"]),
        migrations.AddField(
            model_name="change",
            name="objected_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="objection",
            field=models.TextField(
                blank=True, default="", editable=False, max_length=5000, verbose_name="what they said instead"
            ),
            preserve_default=False,
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
                        "The agreement by word did not count when it was deployed: it had ended, the change did not say what it has to, or whoever was named said that they had not agreed.",
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
        migrations.RunSQL(GUARD, FREE),
    ]
