import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import inventory.models.system
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=320, verbose_name="e-mail")),
                ("email_key", models.CharField(blank=True, editable=False, max_length=320)),
                ("employee_number", models.CharField(blank=True, max_length=100)),
                ("department", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("employee", "Employee"), ("contractor", "Contractor")], default="employee", max_length=12
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("on_leave", "On leave"), ("left", "Left")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="started")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="last working day")),
                ("contract_ends_on", models.DateField(blank=True, null=True, verbose_name="contract ends")),
                (
                    "manager",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="inventory.person",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="accounts.member",
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
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "name"], name="person_name"),
                    models.Index(fields=["tenant", "manager"], name="person_manager"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email_key", ""), _negated=True),
                        fields=("tenant", "email_key"),
                        name="person_email_unique",
                        violation_error_message="Somebody with this e-mail is on the roster already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("employee_number", ""), _negated=True),
                        fields=("tenant", "employee_number"),
                        name="person_number_unique",
                        violation_error_message="Somebody with this employee number is on the roster already.",
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "member"),
                        name="person_member_unique",
                        violation_error_message="This member is somebody else on the roster already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "on_leave", "left"])), name="person_status"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["employee", "contractor"])), name="person_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.CharField(max_length=500, verbose_name="id at the source")),
                ("name", models.CharField(max_length=500, verbose_name="user name")),
                ("display_name", models.CharField(blank=True, max_length=500)),
                ("email", models.CharField(blank=True, max_length=500)),
                ("email_key", models.CharField(blank=True, max_length=500)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "A person's"),
                            ("shared", "Shared"),
                            ("service", "Service"),
                            ("unmatched", "Unmatched"),
                        ],
                        default="unmatched",
                        max_length=10,
                    ),
                ),
                (
                    "matched_by",
                    models.CharField(
                        blank=True, choices=[("email", "E-mail"), ("alias", "Alias"), ("confirmed", "Confirmed")], max_length=10
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
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
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="inventory.person",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "person"], name="account_person"),
                    models.Index(fields=["tenant", "email_key"], name="account_email"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "person"), ("person__isnull", False)),
                            models.Q(models.Q(("kind", "person"), _negated=True), ("person", None)),
                            _connector="OR",
                        ),
                        name="account_match",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "shared", "service", "unmatched"])), name="account_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonAlias",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=320)),
                ("confirmed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="inventory.person"
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "key"),
                        name="person_alias_unique",
                        violation_error_message="This address belongs to somebody already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("reading", "Being read"),
                            ("ready", "Ready to import"),
                            ("importing", "Being imported"),
                            ("imported", "Imported"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("source_format", models.CharField(max_length=30)),
                ("mapping", models.JSONField(blank=True, default=dict)),
                (
                    "identified_by",
                    models.CharField(blank=True, help_text="what account ids are made of in these files", max_length=255),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                (
                    "as_of_basis",
                    models.CharField(
                        choices=[("file", "Stated by the file"), ("asserted", "Asserted by the importer")],
                        default="asserted",
                        max_length=10,
                    ),
                ),
                ("extracted_by", models.CharField(max_length=200, verbose_name="extracted by")),
                ("query", models.TextField(verbose_name="report or query")),
                ("filters", models.TextField(blank=True, verbose_name="filters used")),
                (
                    "stated_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="count that the source itself shows"),
                ),
                (
                    "stated_count_unit",
                    models.CharField(
                        choices=[("accounts", "Accounts"), ("rows", "Rows of the file"), ("entitlements", "Entitlements")],
                        default="accounts",
                        max_length=12,
                    ),
                ),
                ("full_export", models.BooleanField(default=False, verbose_name="this is a full export")),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_accepted", models.PositiveIntegerField(default=0)),
                ("rows_rejected", models.PositiveIntegerField(default=0)),
                ("rows_duplicate", models.PositiveIntegerField(default=0)),
                ("account_count", models.PositiveIntegerField(default=0)),
                ("notices", models.JSONField(blank=True, default=list)),
                ("sample", models.JSONField(blank=True, default=list, help_text="the first rows as read, for the preview")),
                ("complete", models.BooleanField(default=False)),
                ("incomplete_reasons", models.JSONField(blank=True, default=list)),
                ("shrink_reason", models.TextField(blank=True)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 over the ordered accepted rows", max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("imported_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "shrink_confirmed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "stated_count_file",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storedfile",
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
                "ordering": ["-as_of", "-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "reading", "ready", "importing", "imported", "discarded"])),
                        name="snapshot_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complete", True), _negated=True),
                            models.Q(
                                ("full_export", True),
                                ("rows_accepted__gt", 0),
                                ("rows_rejected", 0),
                                ("stated_count__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="snapshot_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RejectedRow",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("part", models.CharField(blank=True, max_length=40)),
                ("row_number", models.PositiveIntegerField()),
                ("raw", models.TextField()),
                ("reasons", models.JSONField(default=list)),
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
                    "snapshot",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rejected", to="inventory.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["part", "row_number"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "snapshot", "part", "row_number"], name="rejected_row")],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "position",
                    models.PositiveIntegerField(default=0, help_text="place among the accepted rows, from 1: the digest's order"),
                ),
                ("row_number", models.PositiveIntegerField()),
                ("part", models.CharField(blank=True, max_length=40)),
                ("entitlement_key", models.CharField(max_length=500)),
                ("role", models.CharField(max_length=500)),
                ("meaning", models.CharField(blank=True, max_length=2000)),
                ("resource", models.CharField(blank=True, max_length=500)),
                ("privileged", models.BooleanField(null=True)),
                ("account_state", models.CharField(blank=True, max_length=100)),
                ("no_access", models.BooleanField(default=False)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "last_used_state",
                    models.CharField(
                        choices=[
                            ("known", "Known"),
                            ("never", "Never, says the source"),
                            ("no_information", "No information at the source"),
                            ("not_applicable", "Not applicable"),
                            ("not_supported", "Not supported for this account"),
                            ("not_in_file", "Not in the file"),
                        ],
                        max_length=15,
                    ),
                ),
                ("granted_at", models.DateTimeField(null=True)),
                ("granted_by", models.CharField(blank=True, max_length=500)),
                ("owner_email", models.CharField(blank=True, max_length=320)),
                (
                    "account",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlements",
                        to="inventory.account",
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
                    "snapshot",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlements",
                        to="inventory.snapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "account", "snapshot"], name="entitlement_account")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("snapshot"),
                        models.F("account"),
                        django.db.models.functions.text.MD5("entitlement_key"),
                        django.db.models.functions.text.MD5("resource"),
                        name="entitlement_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("last_used_at__isnull", False), ("last_used_state", "known")),
                            models.Q(models.Q(("last_used_state", "known"), _negated=True), ("last_used_at", None)),
                            _connector="OR",
                        ),
                        name="entitlement_last_used",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="first_snapshot",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.snapshot"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="last_snapshot",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.snapshot"
            ),
        ),
        migrations.CreateModel(
            name="SnapshotFile",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("part", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=255)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "snapshot",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="inventory.snapshot"
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
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "Identity provider"),
                            ("cloud", "Cloud infrastructure"),
                            ("saas", "Software as a service"),
                            ("code", "Source code"),
                            ("database", "Database"),
                            ("internal", "Internal application"),
                            ("finance", "Payments and finance"),
                            ("hr", "HR system"),
                            ("other", "Other"),
                        ],
                        default="saas",
                        max_length=12,
                    ),
                ),
                ("source_format", models.CharField(default="generic", max_length=30, verbose_name="export format")),
                (
                    "criticality",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=10,
                    ),
                ),
                ("account_meaning", models.TextField(blank=True, verbose_name="what an account there can do")),
                (
                    "no_access_states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="account states that count as no access",
                    ),
                ),
                (
                    "reviewer_order",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("entitlement_owner", "Entitlement owner"),
                                ("system_owner", "System owner"),
                                ("line_manager", "Line manager"),
                                ("backup", "Backup reviewer"),
                            ],
                            max_length=20,
                        ),
                        default=inventory.models.system.default_route,
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "backup_reviewer",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="backed_up_systems",
                        to="inventory.person",
                    ),
                ),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_systems",
                        to="inventory.person",
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
                        name="system_name_unique",
                        violation_error_message="There is a system of this name already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="system_status"),
                ],
            },
        ),
        migrations.AddField(
            model_name="snapshot",
            name="system",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="inventory.system"
            ),
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20)),
                ("kind", models.CharField(choices=[("remove", "Remove"), ("change", "Change")], default="remove", max_length=6)),
                ("origin", models.CharField(choices=[("review", "Access review"), ("leaver", "Leaver")], max_length=6)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("claimed", "Claimed done"),
                            ("verified_removed", "Verified removed"),
                            ("verified_changed", "Verified changed"),
                            ("still_active", "Still active"),
                            ("cannot_be_verified", "Cannot be verified"),
                            ("accepted", "Accepted by name"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("urgent", "Privileged or leaver"), ("normal", "Normal")], default="normal", max_length=6
                    ),
                ),
                ("entitlement_key", models.CharField(blank=True, max_length=500)),
                ("resource", models.CharField(blank=True, max_length=500)),
                ("role", models.CharField(blank=True, max_length=500)),
                ("part", models.CharField(blank=True, max_length=40)),
                ("target_role", models.CharField(blank=True, max_length=500)),
                ("reason", models.TextField()),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.UUIDField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claim_note", models.TextField(blank=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("finding", models.TextField(blank=True, help_text="what the last check found, as a sentence")),
                ("times_reopened", models.PositiveSmallIntegerField(default=0)),
                ("regranted_at", models.DateTimeField(help_text="as-of of the snapshot in which it came back", null=True)),
                ("accepted_reason", models.TextField(blank=True)),
                ("accepted_until", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "account",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="removals", to="inventory.account"
                    ),
                ),
                (
                    "assignee",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "claim_file",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storedfile",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="removals", to="inventory.person"
                    ),
                ),
                (
                    "requested_by",
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
                    "base_snapshot",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.snapshot"
                    ),
                ),
                (
                    "checked_snapshot",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.snapshot"
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="removals", to="inventory.system"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "system", "status"], name="removal_system"),
                    models.Index(fields=["tenant", "account"], name="removal_account"),
                    models.Index(fields=["tenant", "source_id"], name="removal_source"),
                    models.Index(fields=["tenant", "status", "due_on"], name="removal_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="removal_reference_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("origin", "leaver"), ("status__in", ["requested", "claimed", "still_active", "cannot_be_verified"])
                        ),
                        fields=("tenant", "account"),
                        name="removal_leaver_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "requested",
                                    "claimed",
                                    "verified_removed",
                                    "verified_changed",
                                    "still_active",
                                    "cannot_be_verified",
                                    "accepted",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="removal_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), _negated=True), ("origin", "leaver"), _connector="OR"
                        ),
                        name="removal_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            models.Q(
                                ("accepted_by__isnull", False),
                                ("accepted_until__isnull", False),
                                models.Q(("accepted_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="removal_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["verified_removed", "verified_changed"]), _negated=True),
                            ("checked_snapshot__isnull", False),
                            _connector="OR",
                        ),
                        name="removal_verified",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("entitlements", "Entitlements"), ("roster", "Roster")], max_length=12)),
                ("fingerprint", models.CharField(max_length=64)),
                ("mapping", models.JSONField()),
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
                    "system",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="mappings", to="inventory.system"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "system", "kind", "fingerprint"), name="import_mapping_unique", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="system",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="inventory.system"
            ),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["tenant", "system", "-as_of"], name="snapshot_system"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["tenant", "system", "kind"], name="account_kind"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("tenant", "system", "account_id"), name="account_unique"),
        ),
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=255)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Columns to be checked"),
                            ("ready", "Ready to apply"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("full_roster", models.BooleanField(default=True, verbose_name="the file lists everybody who works here")),
                ("counts", models.JSONField(blank=True, default=dict)),
                (
                    "plan_digest",
                    models.CharField(blank=True, help_text="SHA-256 over the previewed changes", max_length=64),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
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
                "ordering": ["-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "ready", "applying", "applied", "discarded"])),
                        name="roster_import_status",
                    )
                ],
            },
        ),
        TenantTable("Person"),
        TenantTable("PersonAlias"),
        TenantTable("System"),
        TenantTable("Snapshot"),
        TenantTable("SnapshotFile"),
        TenantTable("RejectedRow"),
        TenantTable("ImportMapping"),
        TenantTable("Account"),
        TenantTable("Entitlement"),
        TenantTable("Removal"),
        TenantTable("RosterImport"),
        Stateful("Person"),
        Stateful("System"),
        Stateful("Snapshot"),
        Stateful("Account", insert_parent="first_snapshot", columns=("kind", "person_id", "owner_id")),
        Stateful("Entitlement", insert_parent="snapshot"),
        Stateful("Removal"),
        Stateful("RosterImport"),
        Immutable("Entitlement"),
        Immutable("Snapshot", status="imported"),
        Immutable("SnapshotFile", status="imported", parent="snapshot"),
        Immutable("RejectedRow", status="imported", parent="snapshot"),
    ]
