"""Alerts that were received are held as other logs are."""

from django.db import migrations

GUARD = (
    "CREATE CONSTRAINT TRIGGER held AFTER DELETE ON incidents_incomingalert DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION privacy_refuse_held('incoming_alerts', 'last_seen_at', '')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_oncall"),
        ("privacy", "0002_holds"),
    ]

    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER held ON incidents_incomingalert")]
