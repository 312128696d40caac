"""Storage settings are scanned too: their scans keep each resource as it was read, and never change it."""

from django.db import migrations, models

TOOLS = [
    ("npm_audit", "npm audit"),
    ("pip_audit", "pip-audit"),
    ("trivy", "Trivy"),
    ("grype", "Grype"),
    ("osv_scanner", "OSV-Scanner"),
    ("sarif", "Another tool, as SARIF"),
    ("storage", "Storage settings"),
    ("tls", "TLS check by Plumbline"),
]
KEPT = """
CREATE TRIGGER resources_kept BEFORE UPDATE OF resources ON vulnerabilities_scan
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("vulnerabilities", "0007_ignored"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="scanscope", name="scan_scope_tool"),
        migrations.AddField(
            model_name="scan",
            name="resources",
            field=models.JSONField(default=list, verbose_name="resources that hold data"),
        ),
        migrations.AlterField(model_name="scan", name="tool", field=models.CharField(choices=TOOLS, max_length=11)),
        migrations.AlterField(model_name="scanscope", name="tool", field=models.CharField(choices=TOOLS, max_length=11)),
        migrations.AlterField(
            model_name="scan", name="checked", field=models.PositiveIntegerField(null=True, verbose_name="checked")
        ),
        migrations.AlterField(
            model_name="scan", name="skipped", field=models.PositiveIntegerField(default=0, verbose_name="not checked")
        ),
        migrations.AddConstraint(
            model_name="scanscope",
            constraint=models.CheckConstraint(
                condition=models.Q(("tool__in", [name for name, _ in TOOLS])), name="scan_scope_tool"
            ),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER resources_kept ON vulnerabilities_scan"),
    ]
