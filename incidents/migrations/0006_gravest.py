"""The gravest severity that an incident had: what closing it needs follows from that.

Of those that are not over it is read from the trail; what was closed or dismissed was so by the severity it has.
"""

from django.db import migrations, models

SEVERITIES = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")]
FILL = """
ALTER TABLE incidents_incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE incidents_incident DISABLE TRIGGER USER;
UPDATE incidents_incident SET gravest = severity;
UPDATE incidents_incident i SET gravest = was.severity, lowered_at = was.until
FROM (
  SELECT DISTINCT ON (e.object_id) e.object_id, e.tenant_id, e.body::jsonb #>> '{before,severity}' AS severity, e.at AS until
  FROM audit_event e
  WHERE e.verb = 'incident.set_severity' AND e.body::jsonb #>> '{before,severity}' IN ('critical', 'high', 'medium', 'low')
  ORDER BY e.object_id, array_position(ARRAY['critical', 'high', 'medium', 'low'], e.body::jsonb #>> '{before,severity}'), e.at DESC
) was
WHERE i.id = was.object_id AND i.tenant_id = was.tenant_id AND i.status NOT IN ('closed', 'dismissed')
  AND array_position(ARRAY['critical', 'high', 'medium', 'low'], was.severity)
    < array_position(ARRAY['critical', 'high', 'medium', 'low'], i.severity::text);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE incidents_incident ENABLE TRIGGER USER;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
ALTER TABLE incidents_incident FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("incidents", "0005_as_of")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="gravest",
            field=models.CharField(
                choices=SEVERITIES, default="low", editable=False, max_length=8, verbose_name="gravest severity it had"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="lowered_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="had it until"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="incident", name="incident_closed_with_cause"),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("severity__in", ["critical", "high"]), ("status", "closed"), _negated=True),
                        models.Q(("gravest__in", ["critical", "high"]), ("status", "closed"), _negated=True),
                    ),
                    models.Q(models.Q(("root_cause", ""), _negated=True), models.Q(("resolution", ""), _negated=True)),
                    _connector="OR",
                ),
                name="incident_closed_with_cause",
            ),
        ),
    ]
