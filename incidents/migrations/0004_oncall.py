import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("incidents", "0003_papers"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertChannel",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail list"),
                            ("webhook", "Webhook (JSON, signed)"),
                            ("slack", "Webhook (Slack format)"),
                        ],
                        default="email",
                        max_length=7,
                    ),
                ),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=260)),
                ("url", models.CharField(blank=True, editable=False, max_length=3000, verbose_name="address")),
                ("secret", models.CharField(blank=True, editable=False, max_length=400)),
                ("secret_at", models.DateTimeField(null=True, verbose_name="secret made")),
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
                        name="alert_channel_name_unique",
                        violation_error_message="There is a channel of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "webhook", "slack"])), name="alert_channel_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="alert_channel_status"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertDelivery",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200)),
                ("event", models.CharField(max_length=40)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("failed", "Given up"),
                            ("kept", "Kept here: an example sends nothing"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("tries", models.JSONField(default=list)),
                ("next_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="incidents.alertchannel"
                    ),
                ),
                (
                    "incident",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"
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
                "verbose_name_plural": "alert deliveries",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["tenant", "next_at"], name="alert_delivery_due"
                    ),
                    models.Index(fields=["tenant", "channel", "-created_at"], name="alert_delivery_channel"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key"), name="alert_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "delivered", "failed", "kept"])), name="alert_delivery_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertSettings",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "opens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="alert_settings_one")],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("steps", models.JSONField()),
                ("rounds", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("running", "Telling"),
                            ("acknowledged", "Acknowledged"),
                            ("ended", "Ended"),
                            ("unheard", "Nobody acknowledged"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "incident",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="incidents.incident"
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
                "ordering": ["-started_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(condition=models.Q(("status", "running")), fields=["tenant", "due_at"], name="escalation_due")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "running")), fields=("tenant", "incident"), name="escalation_one_running"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["running", "acknowledged", "ended", "unheard"])),
                        name="escalation_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "running"), ("ended_at__isnull", False), _connector="OR"),
                        name="escalation_ended_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationNotice",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("round", models.PositiveSmallIntegerField()),
                ("step", models.PositiveSmallIntegerField()),
                ("target", models.CharField(max_length=60)),
                ("told_as", models.CharField(max_length=200)),
                ("told_at", models.DateTimeField()),
                (
                    "escalation",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="incidents.escalation"
                    ),
                ),
                (
                    "member",
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
                "ordering": ["told_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "escalation", "round", "step", "target"), name="escalation_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationPolicy",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "severities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                            max_length=8,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("security", "Security"),
                                ("availability", "Availability"),
                                ("privacy", "Privacy"),
                                ("integrity", "Integrity"),
                                ("vendor", "Vendor"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("repeats", models.PositiveSmallIntegerField(default=2, verbose_name="times it begins again")),
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
                "verbose_name_plural": "escalation policies",
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="escalation_policy_name_unique",
                        violation_error_message="There is a policy of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="escalation_policy_status"
                    ),
                    models.CheckConstraint(condition=models.Q(("repeats__lte", 10)), name="escalation_policy_repeats"),
                ],
            },
        ),
        migrations.AddField(
            model_name="escalation",
            name="policy",
            field=tenancy.models.TenantForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.escalationpolicy"
            ),
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveSmallIntegerField(default=10, verbose_name="minutes until the next step")),
                ("targets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                (
                    "policy",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="incidents.escalationpolicy"
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
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("tenant", "policy", "position"),
                        name="escalation_step_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)), name="escalation_step_minutes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingAlert",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=100)),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("title", models.CharField(max_length=200)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=40, verbose_name="severity, as sent")),
                (
                    "state",
                    models.CharField(choices=[("firing", "Firing"), ("resolved", "Resolved")], default="firing", max_length=8),
                ),
                ("labels", models.JSONField(default=dict)),
                ("times_seen", models.PositiveIntegerField(default=1)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "event",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.securityevent"
                    ),
                ),
                (
                    "incident",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.incident"
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
                "ordering": ["-last_seen_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "-last_seen_at", "-id"], name="incoming_alert_seen"),
                    models.Index(fields=["tenant", "state", "-last_seen_at"], name="incoming_alert_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "fingerprint"), name="incoming_alert_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["firing", "resolved"])), name="incoming_alert_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallSchedule",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("is_default", models.BooleanField(default=False, verbose_name="the one that critical incidents go by")),
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
                (
                    "fallback",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
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
                "ordering": ["-is_default", "name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="on_call_schedule_name_unique",
                        violation_error_message="There is a schedule of this name already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("tenant",), name="on_call_schedule_one_default"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="on_call_schedule_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_default", False), ("status", "active"), _connector="OR"),
                        name="on_call_schedule_default_in_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallRotation",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("in_force_from", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                ("every", models.PositiveSmallIntegerField(default=1)),
                ("unit", models.CharField(choices=[("day", "days"), ("week", "weeks")], default="week", max_length=4)),
                ("starts_on", models.DateField(verbose_name="first hand-over")),
                ("hands_over_at", models.TimeField(verbose_name="hour of the hand-over")),
                ("made_at", models.DateTimeField()),
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
                (
                    "schedule",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rotations", to="incidents.oncallschedule"
                    ),
                ),
            ],
            options={
                "ordering": ["in_force_from", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "schedule", "in_force_from"], name="on_call_rotation_force")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1), ("every__lte", 366)), name="on_call_rotation_every"
                    ),
                    models.CheckConstraint(condition=models.Q(("unit__in", ["day", "week"])), name="on_call_rotation_unit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallOverride",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "status",
                    models.CharField(
                        choices=[("set", "Set"), ("withdrawn", "Withdrawn")], default="set", max_length=9, verbose_name="state"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
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
                (
                    "schedule",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="incidents.oncallschedule"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "schedule", "ends_at"], name="on_call_override_ends")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="on_call_override_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["set", "withdrawn"])), name="on_call_override_status"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallTurn",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "rotation",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="incidents.oncallrotation"
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
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "rotation", "position"), name="on_call_turn_unique")],
            },
        ),
        TenantTable("OnCallSchedule"),
        TenantTable("OnCallRotation"),
        TenantTable("OnCallTurn"),
        TenantTable("OnCallOverride"),
        TenantTable("EscalationPolicy"),
        TenantTable("EscalationStep"),
        TenantTable("Escalation"),
        TenantTable("EscalationNotice"),
        TenantTable("AlertChannel"),
        TenantTable("AlertDelivery"),
        TenantTable("IncomingAlert"),
        TenantTable("AlertSettings"),
        Stateful("OnCallSchedule"),
        Stateful("OnCallRotation", insert_parent="schedule"),
        Immutable("OnCallRotation"),
        Immutable("OnCallTurn"),
        Stateful("OnCallOverride"),
        Stateful("EscalationPolicy"),
        Stateful("Escalation"),
        Stateful("EscalationNotice", insert_parent="escalation"),
        Immutable("EscalationNotice"),
        Stateful("AlertChannel"),
        Stateful("AlertSettings"),
    ]
