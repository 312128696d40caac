"""The planner's statistics, taken by the application where it knows that they are wrong."""

from typing import ClassVar

from django.db import migrations

# It runs with the owner's rights, and can do no more than what autovacuum does by itself a little later. A partitioned table is
# measured by its parts. The lock that ANALYZE takes is held to the end of the transaction, so it is taken only where needed.
TAKE_MEASURE = """
CREATE FUNCTION take_measure(tables text[], loaded bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  part regclass;
BEGIN
  FOR part IN
    SELECT c.oid FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples < loaded AND pg_relation_size(c.oid) > 0
      AND (c.relname = ANY (tables)
           OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = ANY (ARRAY(
                SELECT oid FROM pg_class WHERE relname = ANY (tables) AND relnamespace = 'public'::regnamespace))))
    ORDER BY c.relname
  LOOP
    EXECUTE format('ANALYZE %s', part);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """A function of the owner."""

    dependencies: ClassVar = [("tenancy", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(TAKE_MEASURE, "DROP FUNCTION take_measure(text[], bigint)")]
