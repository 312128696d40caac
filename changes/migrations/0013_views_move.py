"""The views that are kept of the list of changes move to the table of all lists."""

from django.db import migrations

from tenancy.operations import TenantTableLeaves

MOVE = """
ALTER TABLE workflow_savedview NO FORCE ROW LEVEL SECURITY;
ALTER TABLE changes_savedview NO FORCE ROW LEVEL SECURITY;
INSERT INTO workflow_savedview (id, tenant_id, member_id, area, name, query)
SELECT id, tenant_id, member_id, 'changes', name, query FROM changes_savedview;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE changes_savedview FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_savedview FORCE ROW LEVEL SECURITY;
"""
BACK = """
ALTER TABLE workflow_savedview NO FORCE ROW LEVEL SECURITY;
ALTER TABLE changes_savedview NO FORCE ROW LEVEL SECURITY;
INSERT INTO changes_savedview (id, tenant_id, member_id, name, query)
SELECT id, tenant_id, member_id, name, query FROM workflow_savedview WHERE area = 'changes';
DELETE FROM workflow_savedview WHERE area = 'changes';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE changes_savedview FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_savedview FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0012_pipeline"),
        ("workflow", "0005_saved_view"),
    ]

    operations = [
        migrations.RunSQL(MOVE, BACK),
        TenantTableLeaves("SavedView"),
        migrations.DeleteModel(name="SavedView"),
    ]
