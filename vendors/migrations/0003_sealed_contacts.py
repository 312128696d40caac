import json
from typing import Any, ClassVar

from django.db import migrations, models

from accounts.sealing_rows import open_rows, seal_rows
from tenancy.operations import RunPerTenant

LABELS = {"contacts": "vendor.contacts"}


def seal_contacts(apps: Any, _organization: Any) -> None:
    """Seal the lines that stand in the clear."""
    vendors = apps.get_model("vendors", "Vendor")
    for row in vendors.objects.exclude(contacts_open=[]):
        vendors.objects.filter(pk=row.pk).update(contacts=json.dumps(row.contacts_open, ensure_ascii=False))
    seal_rows(vendors, LABELS)


def open_contacts(apps: Any, _organization: Any) -> None:
    """Put them back in the clear."""
    vendors = apps.get_model("vendors", "Vendor")
    open_rows(vendors, LABELS)
    for row in vendors.objects.exclude(contacts=""):
        vendors.objects.filter(pk=row.pk).update(contacts_open=json.loads(row.contacts))


class Migration(migrations.Migration):
    """Contacts of vendors are sealed."""

    dependencies: ClassVar = [
        ("audit", "0006_order_of_locks"),
        ("keys", "0001_keys"),
        ("vendors", "0002_documents"),
    ]
    operations: ClassVar = [
        migrations.RenameField("vendor", "contacts", "contacts_open"),
        migrations.AddField("vendor", "contacts", models.TextField(blank=True, default="", verbose_name="contacts")),
        RunPerTenant(seal_contacts, open_contacts),
        migrations.RemoveField("vendor", "contacts_open"),
    ]
