"""When an agreement by word was recorded, what it was about and how long it counts; more reasons of deployments."""

from typing import ClassVar

from django.db import migrations, models

# What was recorded before counted from the moment that was said; it counts until its written approval was due.
FILL = """
ALTER TABLE changes_change NO FORCE ROW LEVEL SECURITY;
ALTER TABLE changes_change DISABLE TRIGGER USER;
UPDATE changes_change SET agreed_recorded_at = agreed_at,
  agreed_until = COALESCE(written_due_at, approved_until, agreed_at + interval '1 day')
WHERE agreed_at IS NOT NULL;
ALTER TABLE changes_change ENABLE TRIGGER USER;
ALTER TABLE changes_change FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("changes", "0013_views_move")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="change",
            name="agreed_recorded_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="agreed_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="agreed_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
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
                        "The agreement by word did not count when it was deployed: it had ended, or the change did not say what it has to.",
                    ),
                    ("elsewhere", "Its change is meant for other environments."),
                    ("no_commit", "Its change names no commit: nobody can tell whether this is what was approved."),
                    ("not_approved", "Nobody has approved its change."),
                    ("approved_later", "Its change was approved only after it was deployed."),
                    ("expired", "The approval of its change had expired."),
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
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
