"""Months of the trail that nobody has to keep any more can be taken out of it, by the product's own role and as a whole."""

from typing import ClassVar

from django.db import migrations

# With the owner's rights, as a month's partition is the owner's. The caller counted the events of each organization within its own
# walls, and says how many there are: no event goes that no organization was asked about. Never what is younger than a year.
DROP_MONTH = """
CREATE FUNCTION audit_drop_month(day date, expected bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  part text := 'audit_event_' || to_char(first, 'YYYY_MM');
  held bigint;
BEGIN
  IF (first + interval '1 month')::timestamp AT TIME ZONE 'UTC' > now() - interval '365 days' THEN
    RAISE EXCEPTION 'The trail keeps a year at least: % stays.', to_char(first, 'YYYY-MM')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF to_regclass('public.' || part) IS NULL THEN
    RAISE EXCEPTION 'The trail has no month %.', to_char(first, 'YYYY-MM') USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM set_config('lock_timeout', '5s', true);
  EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', part);
  EXECUTE format('SELECT count(*) FROM %I', part) INTO held;
  IF held <> expected THEN
    RAISE EXCEPTION 'The trail has % events of %, not %.', held, to_char(first, 'YYYY-MM'), expected
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  EXECUTE format('DROP TABLE %I', part);
END $$;
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies: ClassVar = [("audit", "0004_seal")]
    operations: ClassVar = [migrations.RunSQL(DROP_MONTH, "DROP FUNCTION audit_drop_month")]
