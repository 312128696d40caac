import django.db.models.deletion
from django.db import migrations, models

import controls.models.period
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantKeys, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("controls", "0002_findings"),
        ("evidence", "0004_search"),
        ("inventory", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GapRun",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("as_of", models.DateField()),
                ("quarter", models.CharField(blank=True, help_text="such as 2026-Q4, when it was made by itself", max_length=7)),
                ("implemented", models.PositiveIntegerField()),
                ("in_scope", models.PositiveIntegerField()),
                ("gaps", models.PositiveIntegerField()),
                ("critical_gaps", models.PositiveIntegerField()),
                ("inputs_digest", models.CharField(max_length=64, verbose_name="SHA-256 of its inputs")),
                ("made_at", models.DateTimeField()),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gap_runs", to="controls.auditperiod"
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
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-made_at"], name="gap_run_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="gap_run_reference_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("quarter", ""), _negated=True),
                        fields=("tenant", "quarter"),
                        name="gap_run_quarter_unique",
                    ),
                    models.CheckConstraint(condition=models.Q(("critical_gaps__lte", models.F("gaps"))), name="gap_run_critical"),
                    models.CheckConstraint(
                        condition=models.Q(("implemented__lte", models.F("in_scope"))), name="gap_run_implemented"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="run",
            field=tenancy.models.TenantForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="controls.gaprun"
            ),
        ),
        migrations.CreateModel(
            name="Roadmap",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roadmaps", to="controls.auditperiod"
                    ),
                ),
                (
                    "run",
                    tenancy.models.TenantForeignKey(
                        help_text="the latest it was made from",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="controls.gaprun",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "period"), name="roadmap_unique")],
            },
        ),
        migrations.CreateModel(
            name="RoadmapTask",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "phase",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Months 1-2: critical gaps"),
                            (2, "Months 3-4: high priority"),
                            (3, "Months 5-6: medium and low priority"),
                            (4, "Months 7-9: evidence"),
                            (5, "Months 10-12: audit"),
                        ]
                    ),
                ),
                (
                    "key",
                    models.CharField(blank=True, help_text="what it was made for, once; empty when added by hand", max_length=60),
                ),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("criterion", models.CharField(blank=True, max_length=6, validators=[controls.models.period.known_criterion])),
                (
                    "priority",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, verbose_name="why it was dropped")),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roadmap_tasks",
                        to="controls.control",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roadmap_tasks",
                        to="inventory.person",
                    ),
                ),
                (
                    "roadmap",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="controls.roadmap"
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
                "ordering": ["phase", "due_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "status", "due_on"], name="roadmap_task_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("tenant", "roadmap", "key"),
                        name="roadmap_task_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "done", "dropped"])), name="roadmap_task_status"
                    ),
                    models.CheckConstraint(condition=models.Q(("phase__gte", 1), ("phase__lte", 5)), name="roadmap_task_phase"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "dropped"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="roadmap_task_dropped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True), ("done_at__isnull", False), _connector="OR"
                        ),
                        name="roadmap_task_done",
                    ),
                ],
            },
        ),
        TenantTable("GapRun"),
        TenantTable("Roadmap"),
        TenantTable("RoadmapTask"),
        TenantKeys("Finding", ["run"]),
        Immutable("GapRun"),
        Stateful("Roadmap"),
        Stateful("RoadmapTask", insert_parent="roadmap"),
    ]
