"""How a withdrawn background check came out stays what it was, and may be sealed with another key."""

from typing import ClassVar

from django.db import migrations

KEPT = "tenant_id, id, person_id, checked_on, provider, recorded_by_id, recorded_at, status, withdrawn_reason"
EACH = "FOR EACH ROW WHEN (OLD.status = 'withdrawn') EXECUTE FUNCTION tenancy_refuse_change()"
AGAIN = f"""
DROP TRIGGER immutable ON policies_backgroundcheck;
CREATE TRIGGER immutable BEFORE UPDATE OF {KEPT} OR DELETE ON policies_backgroundcheck {EACH}
"""
BEFORE = f"""
DROP TRIGGER immutable ON policies_backgroundcheck;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON policies_backgroundcheck {EACH}
"""


class Migration(migrations.Migration):
    """The database cannot tell a value that was sealed anew from another; only the organization's key makes one that opens."""

    dependencies: ClassVar = [("policies", "0005_exceptions_violations")]
    operations: ClassVar = [migrations.RunSQL(AGAIN, BEFORE)]
