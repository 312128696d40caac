import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# What somebody decides of a source. When it was last heard, and who was refused, is kept without events.
DECIDED = (
    "name", "provider", "repositories", "branches", "environments", "directory_id", "signed_only", "status", "secret",
    "secret_at", "former_secret", "former_until",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("changes", "0003_deployments"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]
    operations = [
        migrations.CreateModel(
            name="ChangeSource",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "provider",
                    models.CharField(choices=[("github", "GitHub"), ("gitlab", "GitLab")], default="github", max_length=6),
                ),
                (
                    "repositories",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None),
                ),
                (
                    "branches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("signed_only", models.BooleanField(default=False, verbose_name="refuse what is not signed")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("secret", models.CharField(blank=True, editable=False, max_length=400)),
                ("secret_at", models.DateTimeField(null=True, verbose_name="secret made")),
                ("former_secret", models.CharField(blank=True, editable=False, max_length=400)),
                ("former_until", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="last delivery")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="deliveries refused")),
                ("refused_at", models.DateTimeField(null=True)),
                ("refused_why", models.CharField(blank=True, max_length=200)),
                (
                    "directory",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.system",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="change_source_name_unique",
                        violation_error_message="There is a source of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="change_source_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider__in", ["github", "gitlab"])), name="change_source_provider"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "source",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="systems", to="changes.changesource"
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.system"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "source", "system"), name="source_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="SourceRequest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(choices=[("open", "Open"), ("closed", "Closed"), ("merged", "Merged")], max_length=6)),
                ("is_draft", models.BooleanField(default=False)),
                ("is_submitted", models.BooleanField(default=False)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("head_branch", models.CharField(blank=True, max_length=300)),
                ("base_branch", models.CharField(blank=True, max_length=300)),
                (
                    "former_heads",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                ("text_digest", models.CharField(max_length=64)),
                ("updated_at", models.DateTimeField()),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="changes.change"
                    ),
                ),
                (
                    "source",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="changes.changesource"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "change"), name="source_request_unique")],
            },
        ),
        migrations.CreateModel(
            name="SourceReview",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100)),
                ("login", models.CharField(max_length=100)),
                ("is_bot", models.BooleanField(default=False)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("here", "Here"),
                            ("github", "Review on GitHub"),
                            ("gitlab", "Approval on GitLab"),
                            ("file", "Imported file"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "judgement",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("changes_requested", "Asked for changes"),
                            ("dismissed", "Taken back"),
                        ],
                        max_length=17,
                    ),
                ),
                ("sha", models.CharField(blank=True, max_length=64)),
                ("note", models.TextField(blank=True, max_length=5000)),
                ("reviewed_at", models.DateTimeField()),
                ("why_not", models.CharField(blank=True, max_length=300)),
                (
                    "approval",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="changes.approval"
                    ),
                ),
                (
                    "brought_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="changes.change"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["reviewed_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "key"), name="source_review_unique")],
            },
        ),
        migrations.CreateModel(
            name="SourceCheck",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("github", "GitHub"), ("gitlab", "GitLab")], max_length=6)),
                ("repository", models.CharField(max_length=200)),
                ("sha", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("outcome", models.CharField(max_length=9)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "sha", "name", "repository", "provider"), name="source_check_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourcePush",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(choices=[("github", "GitHub"), ("gitlab", "GitLab")], max_length=6)),
                ("repository", models.CharField(max_length=200)),
                ("branch", models.CharField(max_length=300)),
                ("to_default", models.BooleanField(default=False)),
                ("before", models.CharField(blank=True, max_length=64)),
                ("after", models.CharField(max_length=64)),
                ("is_forced", models.BooleanField(default=False)),
                ("pusher", models.CharField(blank=True, max_length=200)),
                ("is_bot", models.BooleanField(default=False)),
                ("commits", models.JSONField(default=list)),
                ("received_at", models.DateTimeField()),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "source",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pushes", to="changes.changesource"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "after"], name="source_push_after"),
                    models.Index(
                        condition=models.Q(("to_default", True)),
                        fields=["tenant", "source", "-received_at"],
                        name="source_push_default",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100, verbose_name="its id there")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("event", models.CharField(max_length=60)),
                ("act", models.CharField(blank=True, max_length=40, verbose_name="action")),
                ("repository", models.CharField(blank=True, max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("nothing", "Nothing to do"),
                            ("unknown", "Unknown event"),
                            ("failed", "Failed"),
                        ],
                        max_length=7,
                    ),
                ),
                ("detail", models.CharField(max_length=500, verbose_name="what became of it")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("repeats", models.PositiveIntegerField(default=0, verbose_name="times sent again")),
                ("repeated_at", models.DateTimeField(null=True)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="changes.change"
                    ),
                ),
                (
                    "source",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="changes.changesource"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "source", "-received_at"], name="delivery_received")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "failed"), _negated=True),
                        fields=("tenant", "source", "key"),
                        name="delivery_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "failed"), _negated=True),
                        fields=("tenant", "source", "digest"),
                        name="delivery_body_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "nothing", "unknown", "failed"])), name="delivery_outcome"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="changecommit", name="change_commit_unique"),
        migrations.AddConstraint(
            model_name="changecommit",
            constraint=models.UniqueConstraint(
                fields=("tenant", "change", "sha", "author", "email"), name="change_commit_unique"
            ),
        ),
        TenantTable("ChangeSource"),
        TenantTable("SourceSystem"),
        TenantTable("SourceRequest"),
        TenantTable("SourceReview"),
        TenantTable("SourceCheck"),
        TenantTable("SourcePush"),
        TenantTable("Delivery"),
        Stateful("ChangeSource", columns=DECIDED),
        Immutable("SourcePush"),
    ]
