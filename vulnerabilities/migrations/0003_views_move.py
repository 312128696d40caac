"""The views that are kept of the list of vulnerabilities move to the table of all lists."""

from django.db import migrations

from tenancy.operations import TenantTableLeaves

MOVE = """
ALTER TABLE workflow_savedview NO FORCE ROW LEVEL SECURITY;
ALTER TABLE vulnerabilities_savedsearch NO FORCE ROW LEVEL SECURITY;
INSERT INTO workflow_savedview (id, tenant_id, member_id, area, name, query)
SELECT id, tenant_id, member_id, 'vulnerabilities', name, query FROM vulnerabilities_savedsearch;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE vulnerabilities_savedsearch FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_savedview FORCE ROW LEVEL SECURITY;
"""
BACK = """
ALTER TABLE workflow_savedview NO FORCE ROW LEVEL SECURITY;
ALTER TABLE vulnerabilities_savedsearch NO FORCE ROW LEVEL SECURITY;
INSERT INTO vulnerabilities_savedsearch (id, tenant_id, member_id, name, query)
SELECT id, tenant_id, member_id, name, query FROM workflow_savedview WHERE area = 'vulnerabilities';
DELETE FROM workflow_savedview WHERE area = 'vulnerabilities';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE vulnerabilities_savedsearch FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_savedview FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("vulnerabilities", "0002_scans_twice"),
        ("workflow", "0005_saved_view"),
    ]

    operations = [
        migrations.RunSQL(MOVE, BACK),
        TenantTableLeaves("SavedSearch"),
        migrations.DeleteModel(name="SavedSearch"),
    ]
