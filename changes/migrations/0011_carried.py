"""What a deployment carried beside its own change, and the order of merges."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("changes", "0010_words"),
        ("controls", "0008_noted"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
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
                    ("agreed", "It was agreed to by word, as an emergency, before it was deployed."),
                    ("agreed_later", "It was agreed to only after it was deployed, and nobody has approved it in writing."),
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
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("merged_at__isnull", False)),
                fields=["tenant", "repository", "merged_at"],
                name="change_merged",
            ),
        ),
    ]
