import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# What somebody decides of a schedule. When it last ran follows from its certificates.
DECIDED = (
    "name", "kind", "system_id", "control_id", "days", "counted_from", "reason", "method", "automatic", "report_days", "owner_id",
    "status",
)  # fmt: skip


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_pipeline"),
        ("controls", "0008_noted"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataClass",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("rank", models.PositiveSmallIntegerField(help_text="1 is the most sensitive.", verbose_name="order")),
                ("label", models.CharField(max_length=80, verbose_name="label on documents")),
                ("personal", models.BooleanField(default=False, verbose_name="personal data")),
                ("meaning", models.TextField(max_length=4000, verbose_name="what belongs to it")),
                ("handling", models.TextField(max_length=4000, verbose_name="how it is handled")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
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
                "ordering": ["rank", "name"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DataSet",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("content", models.TextField(max_length=4000, verbose_name="what it is")),
                (
                    "location",
                    models.CharField(
                        help_text="Such as a database, a region, a cabinet.", max_length=300, verbose_name="where it is"
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="whose it is",
                    ),
                ),
                ("purpose", models.TextField(max_length=4000, verbose_name="what it is for")),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No personal data"),
                            ("consent", "Consent (a)"),
                            ("contract", "Contract (b)"),
                            ("obligation", "Legal obligation (c)"),
                            ("vital", "Vital interests (d)"),
                            ("public", "Public task (e)"),
                            ("interest", "Legitimate interests (f)"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="legal basis",
                    ),
                ),
                ("basis_note", models.CharField(blank=True, max_length=500, verbose_name="more on the basis")),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="who gets it",
                    ),
                ),
                ("transfers", models.CharField(blank=True, max_length=500, verbose_name="sent to other countries")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                (
                    "data_class",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="datasets",
                        to="privacy.dataclass",
                        verbose_name="class",
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
                    "system",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
            },
        ),
        migrations.CreateModel(
            name="EndedCustomer",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("name", models.CharField(max_length=200, verbose_name="customer")),
                ("ended_on", models.DateField(verbose_name="contract ended")),
                ("due_on", models.DateField(help_text="The day agreed in the contract.", verbose_name="due")),
                ("agreed", models.TextField(blank=True, max_length=4000, verbose_name="what was agreed")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "opened_by",
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
                        related_name="+",
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
                "ordering": ["due_on", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CustomerStep",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[("return", "Return it"), ("destroy", "Destroy it")],
                        default="destroy",
                        max_length=7,
                        verbose_name="what is done",
                    ),
                ),
                ("place", models.CharField(max_length=300, verbose_name="which data, where")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                ("records", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="records")),
                ("method", models.CharField(blank=True, max_length=300, verbose_name="how")),
                ("verified", models.CharField(blank=True, max_length=300, verbose_name="how it was checked")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done")], default="open", max_length=4, verbose_name="state"
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
                        related_name="+",
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
                (
                    "dataset",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.dataset",
                        verbose_name="entry of the inventory",
                    ),
                ),
                (
                    "customer",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="privacy.endedcustomer"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("matter", models.CharField(max_length=200)),
                ("reason", models.TextField(max_length=4000, verbose_name="why")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="of which data",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=320, verbose_name="whose data")),
                ("since", models.DateField(blank=True, null=True, verbose_name="data from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="data to")),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_reason", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("in_force", "In force"), ("lifted", "Lifted")],
                        default="in_force",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "placed_by",
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
                "ordering": ["-placed_at"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("audience", models.CharField(max_length=200, verbose_name="for whom")),
                ("place", models.CharField(blank=True, max_length=300, verbose_name="where it is shown")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
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
            name="NoticeVersion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(max_length=60000)),
                ("changed", models.CharField(blank=True, max_length=500, verbose_name="what is new")),
                ("in_force_from", models.DateField(blank=True, null=True, verbose_name="in force from")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "notice",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="privacy.notice"
                    ),
                ),
                (
                    "published_by",
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
                    "written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "ordering": ["notice", "-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="who")),
                ("email", models.EmailField(max_length=320, verbose_name="e-mail")),
                ("purpose", models.CharField(max_length=300, verbose_name="what for")),
                ("how", models.CharField(max_length=300, verbose_name="how it was given")),
                ("given_at", models.DateTimeField(verbose_name="given")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                ("note", models.TextField(blank=True, max_length=4000)),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "Given"), ("withdrawn", "Withdrawn")],
                        default="given",
                        max_length=9,
                        verbose_name="state",
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
                    "version",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="privacy.noticeversion",
                        verbose_name="version of the notice",
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RetentionSchedule",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(blank=True, max_length=30, verbose_name="data of the product")),
                ("days", models.PositiveIntegerField(verbose_name="days kept")),
                ("counted_from", models.CharField(max_length=200, verbose_name="counted from")),
                ("reason", models.TextField(max_length=4000, verbose_name="why so long")),
                ("method", models.CharField(max_length=300, verbose_name="how it is deleted")),
                ("automatic", models.BooleanField(default=False, verbose_name="deleted by itself")),
                (
                    "report_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of data elsewhere: a deletion is reported at least so often.",
                        null=True,
                        verbose_name="days between reports",
                    ),
                ),
                ("ran_on", models.DateField(editable=False, null=True, verbose_name="last run")),
                ("made_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="controls.control",
                        verbose_name="control that deletions are of",
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
                    "system",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "ordering": ["reference"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="schedule",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datasets",
                to="privacy.retentionschedule",
                verbose_name="retention schedule",
            ),
        ),
        migrations.CreateModel(
            name="SubjectRequest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "A copy of their data"),
                            ("correction", "A correction"),
                            ("erasure", "Erasure"),
                            ("restriction", "Restriction"),
                            ("portability", "Their data, to take along"),
                            ("objection", "An objection"),
                        ],
                        max_length=11,
                        verbose_name="what is asked for",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="who asks")),
                ("email", models.EmailField(max_length=320, verbose_name="e-mail")),
                ("relation", models.CharField(blank=True, max_length=200, verbose_name="who they are to us")),
                ("channel", models.CharField(max_length=200, verbose_name="how it came")),
                ("details", models.TextField(blank=True, max_length=4000, verbose_name="what they said")),
                ("received_on", models.DateField(verbose_name="received")),
                ("first_due_on", models.DateField(editable=False, verbose_name="first due")),
                ("due_on", models.DateField(editable=False, verbose_name="due")),
                ("extended_reason", models.TextField(blank=True, max_length=4000, verbose_name="why longer")),
                ("extended_told_on", models.DateField(null=True, verbose_name="told that it takes longer")),
                ("identity_how", models.TextField(blank=True, max_length=4000, verbose_name="how the identity was checked")),
                ("identity_at", models.DateTimeField(null=True, verbose_name="identity checked")),
                ("answer", models.TextField(blank=True, max_length=4000, verbose_name="what was answered")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased")),
                (
                    "letter",
                    tenancy.models.TenantForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storedfile",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("verified", "Identity checked"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="received",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "identity_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "opened_by",
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
                        related_name="+",
                        to="inventory.person",
                        verbose_name="with",
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                        verbose_name="on the roster",
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
            },
        ),
        migrations.CreateModel(
            name="RequestTask",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="what has to be done")),
                ("due_on", models.DateField(verbose_name="due")),
                ("outcome", models.TextField(blank=True, max_length=4000, verbose_name="what came of it")),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done")], default="open", max_length=4, verbose_name="state"
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
                        related_name="+",
                        to="inventory.person",
                        verbose_name="with",
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
                    "request",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="privacy.subjectrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DeletionCertificate",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("what", models.CharField(max_length=200)),
                ("count", models.PositiveIntegerField(verbose_name="how many")),
                ("held", models.PositiveIntegerField(default=0, verbose_name="kept for a legal hold")),
                ("older_than", models.DateTimeField(null=True, verbose_name="older than")),
                ("under", models.CharField(max_length=300, verbose_name="under")),
                ("method", models.CharField(max_length=300, verbose_name="how")),
                ("by", models.CharField(max_length=254, verbose_name="by")),
                ("made_at", models.DateTimeField(verbose_name="when")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "listed",
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
                    "customer",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="privacy.endedcustomer",
                    ),
                ),
                (
                    "schedule",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="privacy.retentionschedule",
                    ),
                ),
                (
                    "request",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="privacy.subjectrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-reference"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="dataclass",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name"), name="data_class_name", violation_error_message="There is a class of this name."
            ),
        ),
        migrations.AddConstraint(
            model_name="dataclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "retired"])), name="data_class_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="endedcustomer",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="ended_customer_reference"),
        ),
        migrations.AddConstraint(
            model_name="endedcustomer",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "closed", "cancelled"])), name="ended_customer_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="endedcustomer",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("ended_on"))), name="ended_customer_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerstep",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["open", "done"])), name="customer_step_status"),
        ),
        migrations.AddConstraint(
            model_name="customerstep",
            constraint=models.CheckConstraint(condition=models.Q(("what__in", ["return", "destroy"])), name="customer_step_what"),
        ),
        migrations.AddConstraint(
            model_name="customerstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "done"), _negated=True),
                    models.Q(("done_on__isnull", False), models.Q(("method", ""), _negated=True)),
                    _connector="OR",
                ),
                name="customer_step_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="legal_hold_reference"),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["in_force", "lifted"])), name="legal_hold_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True), ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="legal_hold_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name"), name="notice_name", violation_error_message="There is a notice of this name."
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="notice_status"),
        ),
        migrations.AddConstraint(
            model_name="noticeversion",
            constraint=models.UniqueConstraint(fields=("tenant", "notice", "number"), name="notice_version_number"),
        ),
        migrations.AddConstraint(
            model_name="noticeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published"])), name="notice_version_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("in_force_from__isnull", False), models.Q(("sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notice_version_published",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["tenant", "email"], name="consent_email"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("tenant", "version", "email", "purpose", "given_at"),
                name="consent_once",
                violation_error_message="This consent is recorded already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["given", "withdrawn"])), name="consent_status"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "given"), ("withdrawn_at__isnull", True)),
                    models.Q(
                        ("status", "withdrawn"), ("withdrawn_at__gte", models.F("given_at")), ("withdrawn_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="consent_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionschedule",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="retention_schedule_reference"),
        ),
        migrations.AddConstraint(
            model_name="retentionschedule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active"), models.Q(("kind", ""), _negated=True)),
                fields=("tenant", "kind"),
                name="retention_schedule_kind",
                violation_error_message="There is a schedule for this data already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "retired"])), name="retention_schedule_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 36600)), name="retention_schedule_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("automatic", False), models.Q(("kind", ""), _negated=True), _connector="OR"),
                name="retention_schedule_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name"), name="data_set_name", violation_error_message="There is an entry of this name."
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="data_set_status"),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["", "consent", "contract", "obligation", "vital", "public", "interest"])),
                name="data_set_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="subject_request_reference"),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["received", "verified", "answered", "refused", "withdrawn"])),
                name="subject_request_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["verified", "answered"]), _negated=True),
                    ("identity_at__isnull", False),
                    _connector="OR",
                ),
                name="subject_request_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on", models.F("first_due_on")),
                    models.Q(models.Q(("extended_reason", ""), _negated=True), ("due_on__gt", models.F("first_due_on"))),
                    _connector="OR",
                ),
                name="subject_request_extended",
            ),
        ),
        migrations.AddConstraint(
            model_name="requesttask",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["open", "done"])), name="request_task_status"),
        ),
        migrations.AddConstraint(
            model_name="deletioncertificate",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="deletion_certificate_reference"),
        ),
        TenantTable("DataClass"),
        TenantTable("RetentionSchedule"),
        TenantTable("DataSet"),
        TenantTable("LegalHold"),
        TenantTable("EndedCustomer"),
        TenantTable("CustomerStep"),
        TenantTable("Notice"),
        TenantTable("NoticeVersion"),
        TenantTable("Consent"),
        TenantTable("SubjectRequest"),
        TenantTable("RequestTask"),
        TenantTable("DeletionCertificate"),
        Immutable("NoticeVersion", status="published"),
        Immutable("DeletionCertificate"),
        Stateful("DataClass"),
        Stateful("RetentionSchedule", columns=DECIDED),
        Stateful("DataSet"),
        Stateful("LegalHold"),
        Stateful("EndedCustomer"),
        Stateful("CustomerStep"),
        Stateful("Notice"),
        Stateful("NoticeVersion"),
        Stateful("Consent"),
        Stateful("SubjectRequest"),
        Stateful("RequestTask"),
        Stateful("DeletionCertificate"),
    ]
