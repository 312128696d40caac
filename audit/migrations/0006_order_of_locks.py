"""Taking a month out of the trail waits for whoever reads the trail before it holds the month, so that neither waits for the other."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

_BEFORE = import_module("audit.migrations.0005_retention").DROP_MONTH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_WAIT = "PERFORM set_config('lock_timeout', '5s', true);"
# A reader has the trail first and its months then: whoever has a month and asks for the trail stands in its way, and it in theirs.
_AFTER = _BEFORE.replace(_WAIT, f"{_WAIT}\n  LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE;")


class Migration(migrations.Migration):
    """The same function, with the locks in the order of readers."""

    dependencies: ClassVar = [("audit", "0005_retention")]
    operations: ClassVar = [migrations.RunSQL(_AFTER, _BEFORE)]
