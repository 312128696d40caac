import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# What somebody decides of a scope. When it is due next, and was last tried, follows from its scans.
DECIDED_OF_SCOPES = ("name", "tool", "target", "host", "port", "system_id", "owner_id", "every_days", "status")
# What somebody, or a scan, decides of a vulnerability. What each scan tells of it anew is in its sightings.
DECIDED = (
    "scope_id", "engagement_id", "severity", "severity_reason", "owner_id", "finding_id", "first_seen_at", "due_on", "status",
    "fixed_at", "times_reopened", "accepted_by_id", "accepted_at", "accepted_reason", "accepted_until", "done",
    "handed_in_by_id", "handed_in_at", "retested_by_id", "retested_on", "retest_note",
)  # fmt: skip


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_tokens"),
        ("controls", "0008_noted"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="PenetrationTest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("title", models.CharField(max_length=200)),
                (
                    "firm",
                    models.CharField(help_text="Who tests: an outside firm, or people who did not build it.", max_length=200),
                ),
                ("scope", models.TextField(max_length=10000, verbose_name="what is tested, and how")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("every_days", models.PositiveSmallIntegerField(default=365, verbose_name="days until the next")),
                ("reported_on", models.DateField(blank=True, null=True, verbose_name="report dated")),
                ("summary", models.TextField(blank=True, max_length=10000, verbose_name="what the report says in short")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("reported", "Reported"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "made_by",
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
                        related_name="penetration_tests",
                        to="inventory.person",
                    ),
                ),
                (
                    "report",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penetration_tests",
                        to="evidence.evidence",
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penetration_tests",
                        to="inventory.system",
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
                "ordering": ["-starts_on", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="penetration_test_reference"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["planned", "reported", "closed", "cancelled"])),
                        name="penetration_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="penetration_test_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_days__gte", 30), ("every_days__lte", 1100)), name="penetration_test_every"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["reported", "closed"]), _negated=True),
                            models.Q(("report__isnull", False), ("reported_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="penetration_test_reported",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.member"),
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
                        fields=("tenant", "member", "name"),
                        name="vulnerability_search_name",
                        violation_error_message="You have a view of this name already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanScope",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "tool",
                    models.CharField(
                        choices=[
                            ("npm_audit", "npm audit"),
                            ("pip_audit", "pip-audit"),
                            ("trivy", "Trivy"),
                            ("grype", "Grype"),
                            ("osv_scanner", "OSV-Scanner"),
                            ("sarif", "Another tool, as SARIF"),
                            ("tls", "TLS check by Plumbline"),
                        ],
                        max_length=11,
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=300, verbose_name="what is scanned")),
                ("host", models.CharField(blank=True, max_length=253)),
                ("port", models.PositiveIntegerField(blank=True, null=True)),
                ("every_days", models.PositiveSmallIntegerField(default=7, verbose_name="days between scans")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Scanned"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("next_due_on", models.DateField(verbose_name="next scan")),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "made_by",
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
                        related_name="scan_scopes",
                        to="inventory.person",
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scan_scopes",
                        to="inventory.system",
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
                "indexes": [models.Index(fields=["tenant", "status", "next_due_on"], name="scan_scope_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="scan_scope_name",
                        violation_error_message="There is a scope of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tool__in", ["npm_audit", "pip_audit", "trivy", "grype", "osv_scanner", "sarif", "tls"])
                        ),
                        name="scan_scope_tool",
                    ),
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="scan_scope_status"),
                    models.CheckConstraint(
                        condition=models.Q(("every_days__gte", 1), ("every_days__lte", 366)), name="scan_scope_every"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("tool", "tls"), _negated=True),
                            models.Q(models.Q(("host", ""), _negated=True), ("port__gte", 1), ("port__lte", 65535)),
                            _connector="OR",
                        ),
                        name="scan_scope_endpoint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tool", "tls"), models.Q(("host", ""), ("port", None)), _connector="OR"),
                        name="scan_scope_no_endpoint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                (
                    "tool",
                    models.CharField(
                        choices=[
                            ("npm_audit", "npm audit"),
                            ("pip_audit", "pip-audit"),
                            ("trivy", "Trivy"),
                            ("grype", "Grype"),
                            ("osv_scanner", "OSV-Scanner"),
                            ("sarif", "Another tool, as SARIF"),
                            ("tls", "TLS check by Plumbline"),
                        ],
                        max_length=11,
                    ),
                ),
                ("tool_name", models.CharField(blank=True, max_length=120, verbose_name="tool, as it calls itself")),
                ("tool_version", models.CharField(blank=True, max_length=60, verbose_name="version")),
                ("target", models.CharField(blank=True, max_length=500, verbose_name="what it scanned")),
                ("ran_at", models.DateTimeField(verbose_name="ran")),
                (
                    "ran_basis",
                    models.CharField(
                        choices=[
                            ("file", "said by the file"),
                            ("stated", "stated by whoever imported it"),
                            ("imported", "taken from the import, as nobody said"),
                            ("own", "by Plumbline itself"),
                        ],
                        max_length=8,
                        verbose_name="when it ran is",
                    ),
                ),
                ("imported_at", models.DateTimeField(verbose_name="imported")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("evaluable", models.BooleanField(verbose_name="can be evaluated")),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500), default=list, size=None
                    ),
                ),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500), default=list, size=None
                    ),
                ),
                (
                    "targets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500), default=list, size=None
                    ),
                ),
                ("checked", models.PositiveIntegerField(null=True, verbose_name="packages checked")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="packages skipped")),
                ("found", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("reopened", models.PositiveIntegerField(default=0, verbose_name="back again")),
                ("fixed", models.PositiveIntegerField(default=0, verbose_name="gone")),
                ("suppressed", models.PositiveIntegerField(default=0, verbose_name="ignored by rules of the tool")),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="evidence.storedfile"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="evidence.evidence"
                    ),
                ),
                (
                    "imported_by",
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
                    "scope",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="vulnerabilities.scanscope"
                    ),
                ),
            ],
            options={
                "ordering": ["-ran_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "scope", "-ran_at"], name="scan_scope_ran"),
                    models.Index(fields=["tenant", "-ran_at", "-id"], name="scan_ran"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="scan_reference"),
                    models.UniqueConstraint(fields=("tenant", "scope", "sha256", "ran_at"), name="scan_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evaluable", True), ("reasons", [])),
                            models.Q(("evaluable", False), models.Q(("reasons", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="scan_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evaluable", True), ("fixed", 0), _connector="OR"), name="scan_closes_nothing"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TlsResult",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("address", models.CharField(max_length=60, verbose_name="address connected to")),
                ("protocol", models.CharField(max_length=12)),
                ("cipher", models.CharField(max_length=80)),
                ("accepts_old", models.BooleanField(null=True, verbose_name="accepts TLS 1.1 or older")),
                ("subject", models.CharField(max_length=500)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), default=list, size=None
                    ),
                ),
                ("issuer", models.CharField(max_length=500)),
                ("not_before", models.DateTimeField(verbose_name="valid from")),
                ("not_after", models.DateTimeField(verbose_name="valid until")),
                ("serial", models.CharField(max_length=60, verbose_name="serial number")),
                ("key", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64, verbose_name="fingerprint of the certificate")),
                ("trusted", models.BooleanField(verbose_name="chain valid")),
                ("trust_error", models.CharField(blank=True, max_length=300, verbose_name="why not")),
                (
                    "scan",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tls", to="vulnerabilities.scan"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "scan"), name="tls_result_once")],
            },
        ),
        migrations.CreateModel(
            name="Vulnerability",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("identifier", models.CharField(max_length=200)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("description", models.TextField(blank=True, max_length=20000)),
                ("remediation", models.TextField(blank=True, max_length=10000, verbose_name="what has to be done")),
                ("package", models.CharField(blank=True, max_length=300)),
                ("version", models.CharField(blank=True, max_length=120, verbose_name="version in use")),
                ("fixed_in", models.CharField(blank=True, max_length=300, verbose_name="fixed in")),
                ("location", models.CharField(blank=True, max_length=500, verbose_name="where")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="more about it")),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=8
                    ),
                ),
                ("severity_told", models.CharField(blank=True, max_length=120, verbose_name="severity as it was told")),
                (
                    "severity_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="why the severity was changed by hand"),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="last seen")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("ready_for_retest", "Ready for retest"),
                            ("fixed", "Fixed"),
                            ("accepted", "Accepted"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("fixed_at", models.DateTimeField(null=True, verbose_name="fixed")),
                ("times_reopened", models.PositiveSmallIntegerField(default=0)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_reason", models.TextField(blank=True, max_length=5000)),
                ("accepted_until", models.DateField(null=True)),
                ("done", models.TextField(blank=True, max_length=10000, verbose_name="what was done")),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("retested_on", models.DateField(null=True)),
                ("retest_note", models.TextField(blank=True, max_length=10000, verbose_name="what the retest found")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "accepter_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "engagement",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vulnerabilities",
                        to="vulnerabilities.penetrationtest",
                    ),
                ),
                (
                    "finding",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vulnerabilities",
                        to="controls.finding",
                    ),
                ),
                (
                    "handed_in_by",
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
                        related_name="vulnerabilities",
                        to="inventory.person",
                    ),
                ),
                (
                    "retested_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "retester_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "scope",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vulnerabilities",
                        to="vulnerabilities.scanscope",
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
                "ordering": ["due_on", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "status", "due_on"], name="vulnerability_due"),
                    models.Index(fields=["tenant", "severity", "status"], name="vulnerability_severity"),
                    models.Index(fields=["tenant", "scope", "status"], name="vulnerability_scope"),
                    models.Index(fields=["tenant", "owner", "status"], name="vulnerability_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="vulnerability_reference"),
                    models.UniqueConstraint(
                        condition=models.Q(("scope__isnull", False)),
                        fields=("tenant", "scope", "fingerprint"),
                        name="vulnerability_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("engagement__isnull", True), ("scope__isnull", False)),
                            models.Q(("engagement__isnull", False), ("scope__isnull", True)),
                            _connector="OR",
                        ),
                        name="vulnerability_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "ready_for_retest", "fixed", "accepted"])),
                        name="vulnerability_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["critical", "high", "medium", "low"])), name="vulnerability_severity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_seen_at__lte", models.F("last_seen_at"))), name="vulnerability_seen"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fixed_at__isnull", False), ("status", "fixed")),
                            models.Q(models.Q(("status", "fixed"), _negated=True), ("fixed_at", None)),
                            _connector="OR",
                        ),
                        name="vulnerability_fixed_when",
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
                        name="vulnerability_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            ("accepter_person__isnull", True),
                            ("owner__isnull", True),
                            models.Q(("accepter_person", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="vulnerability_accepted_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ready_for_retest"), _negated=True),
                            ("engagement__isnull", False),
                            _connector="OR",
                        ),
                        name="vulnerability_retest_of_tests",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("engagement__isnull", False), ("status", "fixed"), _negated=True),
                            models.Q(
                                ("retested_by__isnull", False),
                                ("retested_on__isnull", False),
                                models.Q(("retested_by", models.F("handed_in_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="vulnerability_retested_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=8,
                        verbose_name="severity it told",
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=120)),
                ("is_suppressed", models.BooleanField(default=False, verbose_name="ignored by a rule of the tool")),
                (
                    "scan",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sightings", to="vulnerabilities.scan"
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
                    "vulnerability",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sightings", to="vulnerabilities.vulnerability"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "vulnerability"], name="sighting_vulnerability")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "scan", "vulnerability"), name="sighting_once")],
            },
        ),
        migrations.CreateModel(
            name="VulnerabilitySettings",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("days_critical", models.PositiveSmallIntegerField(default=7, verbose_name="days for a critical one")),
                ("days_high", models.PositiveSmallIntegerField(default=30, verbose_name="days for a high one")),
                ("days_medium", models.PositiveSmallIntegerField(default=90, verbose_name="days for a medium one")),
                ("days_low", models.PositiveSmallIntegerField(default=180, verbose_name="days for a low one")),
                (
                    "certificate_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="days that a certificate must still be valid"),
                ),
                (
                    "acceptance_days",
                    models.PositiveSmallIntegerField(default=365, verbose_name="days that one may be accepted for at most"),
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
                    models.UniqueConstraint(fields=("tenant",), name="vulnerability_settings_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_critical__gte", 1),
                            ("days_high__gte", models.F("days_critical")),
                            ("days_low__gte", models.F("days_medium")),
                            ("days_low__lte", 1000),
                            ("days_medium__gte", models.F("days_high")),
                        ),
                        name="vulnerability_settings_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certificate_days__gte", 1), ("certificate_days__lte", 365)),
                        name="vulnerability_settings_certificate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("acceptance_days__gte", 1), ("acceptance_days__lte", 1100)),
                        name="vulnerability_settings_acceptance",
                    ),
                ],
            },
        ),
        TenantTable("ScanScope"),
        TenantTable("PenetrationTest"),
        TenantTable("Vulnerability"),
        TenantTable("Scan"),
        TenantTable("Sighting"),
        TenantTable("TlsResult"),
        TenantTable("VulnerabilitySettings"),
        TenantTable("SavedSearch"),
        Immutable("Scan"),
        Immutable("Sighting"),
        Immutable("TlsResult"),
        Stateful("ScanScope", columns=DECIDED_OF_SCOPES),
        Stateful("PenetrationTest"),
        Stateful("Vulnerability", columns=DECIDED),
        Stateful("Scan"),
        Stateful("Sighting", insert_parent="scan"),
        Stateful("TlsResult", insert_parent="scan"),
        Stateful("VulnerabilitySettings"),
    ]
