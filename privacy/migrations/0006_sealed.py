from typing import Any, ClassVar

from django.db import migrations, models

from accounts.sealing_rows import open_rows, seal_rows
from tenancy.operations import RunPerTenant

_REQUEST = ("name", "email", "relation", "details", "extended_reason", "identity_how", "answer")
SEALED = {
    "SubjectRequest": {name: f"subject_request.{name}" for name in _REQUEST},
    "RequestTask": {"outcome": "request_task.outcome"},
    "Consent": {"note": "consent.note"},
}
INDEXES = {"SubjectRequest": {"name": "name_index", "email": "email_index"}}


def seal_what_people_say(apps: Any, _organization: Any) -> None:
    """Seal what stands in the clear."""
    for model, labels in SEALED.items():
        seal_rows(apps.get_model("privacy", model), labels, INDEXES.get(model))


def open_what_people_say(apps: Any, _organization: Any) -> None:
    """Put it back in the clear."""
    for model, labels in SEALED.items():
        open_rows(apps.get_model("privacy", model), labels)


def _index() -> Any:
    return models.CharField(blank=True, default="", editable=False, max_length=64)


class Migration(migrations.Migration):
    """Who asks about their own data, and what is noted of it, is sealed."""

    dependencies: ClassVar = [
        ("audit", "0006_order_of_locks"),
        ("keys", "0001_keys"),
        ("privacy", "0005_names_out"),
    ]
    operations: ClassVar = [
        migrations.AddField("subjectrequest", "name_index", _index()),
        migrations.AddField("subjectrequest", "email_index", _index()),
        migrations.AlterField("subjectrequest", "name", models.TextField(max_length=200, verbose_name="who asks")),
        migrations.AlterField("subjectrequest", "email", models.TextField(max_length=320, verbose_name="e-mail")),
        migrations.AlterField(
            "subjectrequest", "relation", models.TextField(blank=True, max_length=200, verbose_name="who they are to us")
        ),
        migrations.AddIndex("subjectrequest", models.Index(fields=["tenant", "email_index"], name="subject_request_email")),
        RunPerTenant(seal_what_people_say, open_what_people_say),
    ]
