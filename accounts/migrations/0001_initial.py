import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import accounts.models.invitation
import tenancy.ids
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120)),
                ("last_sign_in_at", models.DateTimeField(editable=False, null=True, verbose_name="last sign-in")),
                ("is_active", models.BooleanField(default=True)),
                ("is_superuser", models.BooleanField(default=False, editable=False)),
                ("session_version", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "email"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="user_email_unique",
                        violation_error_message="Somebody already uses this e-mail.",
                    ),
                    models.CheckConstraint(condition=models.Q(("is_superuser", False)), name="user_never_superuser"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecoveryDevice",
            fields=[
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts."),
                ),
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user",), name="recoverydevice_one")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="accounts.recoverydevice"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("device", "digest"), name="recoverycode_unique")],
            },
        ),
        migrations.CreateModel(
            name="TotpDevice",
            fields=[
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts."),
                ),
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sealed_secret", models.TextField(editable=False)),
                ("last_t", models.BigIntegerField(default=-1, editable=False)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed", True)), fields=("user",), name="totpdevice_one_confirmed"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("administrator", "Administrator"),
                                ("compliance_manager", "Compliance manager"),
                                ("reviewer", "Reviewer"),
                                ("approver", "Approver"),
                                ("executive", "Executive"),
                                ("auditor", "Auditor"),
                                ("viewer", "Viewer"),
                                ("employee", "Employee"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                ("access_ends_on", models.DateField(blank=True, null=True)),
                ("token_hash", models.CharField(editable=False, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("revoked", "Revoked")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("expires_at", models.DateTimeField(default=accounts.models.invitation.default_expiry)),
                ("invited_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "ordering": ["-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "token_hash"), name="invitation_token_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "roles__contained_by",
                                [
                                    "administrator",
                                    "compliance_manager",
                                    "reviewer",
                                    "approver",
                                    "executive",
                                    "auditor",
                                    "viewer",
                                    "employee",
                                ],
                            ),
                            ("roles__len__gt", 0),
                        ),
                        name="invitation_roles_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "accepted", "revoked"])), name="invitation_status_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("administrator", "Administrator"),
                                ("compliance_manager", "Compliance manager"),
                                ("reviewer", "Reviewer"),
                                ("approver", "Approver"),
                                ("executive", "Executive"),
                                ("auditor", "Auditor"),
                                ("viewer", "Viewer"),
                                ("employee", "Employee"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(choices=[("active", "Active"), ("removed", "Removed")], default="active", max_length=10),
                ),
                ("access_ends_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.organization"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["user__name", "user__email"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "user"), name="member_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "roles__contained_by",
                                [
                                    "administrator",
                                    "compliance_manager",
                                    "reviewer",
                                    "approver",
                                    "executive",
                                    "auditor",
                                    "viewer",
                                    "employee",
                                ],
                            ),
                            ("roles__len__gt", 0),
                        ),
                        name="member_roles_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "removed"])), name="member_status_known"),
                ],
            },
        ),
        TenantTable("Invitation"),
        Stateful("Invitation"),
    ]
