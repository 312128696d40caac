import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

BUILT_IN = [
    "administrator",
    "compliance_manager",
    "reviewer",
    "approver",
    "executive",
    "auditor",
    "viewer",
    "employee",
    "pipeline",
]
KEYS = django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_idle_limit"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="invitation", name="invitation_roles_known"),
        migrations.RemoveConstraint(model_name="member", name="member_roles_known"),
        migrations.AlterField(model_name="invitation", name="roles", field=KEYS.clone()),
        migrations.AlterField(model_name="member", name="roles", field=KEYS.clone()),
        migrations.AddField(
            model_name="member",
            name="titles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="further",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, default=list, editable=False, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(condition=models.Q(("roles__len__gt", 0)), name="invitation_roles_known"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("roles__len__gt", 0),
                    models.Q(
                        models.Q(("further", []), ("titles", [])),
                        models.Q(("roles__contained_by", BUILT_IN), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="member_roles_known",
            ),
        ),
        migrations.CreateModel(
            name="CustomRole",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.SlugField(editable=False, max_length=30)),
                ("name", models.CharField(max_length=60)),
                ("description", models.CharField(max_length=300, verbose_name="what it is for")),
                (
                    "grants",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("copied_from", models.CharField(blank=True, editable=False, max_length=30)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
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
            },
        ),
        migrations.CreateModel(
            name="DutyAcceptance",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("duty", models.CharField(editable=False, max_length=30, verbose_name="conflict")),
                ("reason", models.CharField(editable=False, max_length=500)),
                ("ends_on", models.DateField(editable=False, verbose_name="until")),
                ("accepted_at", models.DateTimeField(auto_now_add=True, verbose_name="accepted")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "role",
                    tenancy.models.TenantForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="accounts.customrole",
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
                "ordering": ["-accepted_at"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.UniqueConstraint(fields=("tenant", "key"), name="custom_role_key"),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("status", "active")),
                name="custom_role_name",
                violation_error_message="There is a role of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(condition=models.Q(("grants__len__gt", 0)), name="custom_role_grants"),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__in", BUILT_IN), _negated=True), name="custom_role_not_built_in"
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "retired"])), name="custom_role_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member", None), ("role__isnull", False)),
                    models.Q(("member__isnull", False), ("role", None)),
                    _connector="OR",
                ),
                name="duty_acceptance_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyacceptance",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="duty_acceptance_reason"),
        ),
        TenantTable("CustomRole"),
        TenantTable("DutyAcceptance"),
        Stateful("CustomRole"),
        Stateful("DutyAcceptance"),
        Immutable("DutyAcceptance"),
    ]
