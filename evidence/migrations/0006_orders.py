from django.db import migrations, models


class Migration(migrations.Migration):
    """With the key behind what is ordered by, one index serves a list both ways, however many rows are equal."""

    dependencies = [("evidence", "0005_imports")]

    operations = [
        migrations.RemoveIndex(model_name="evidence", name="evidence_collected"),
        migrations.RemoveIndex(model_name="evidence", name="evidence_expires"),
        migrations.RemoveIndex(model_name="evidence", name="evidence_title"),
        migrations.AddIndex(
            model_name="evidence", index=models.Index(fields=["tenant", "collected_at", "id"], name="evidence_by_collection")
        ),
        migrations.AddIndex(
            model_name="evidence", index=models.Index(fields=["tenant", "expires_on", "id"], name="evidence_by_expiry")
        ),
        migrations.AddIndex(
            model_name="evidence", index=models.Index(fields=["tenant", "title", "id"], name="evidence_by_title")
        ),
    ]
