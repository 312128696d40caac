"""What a legal hold covers cannot be deleted: the database asks when a deletion is about to be committed.

Whoever deletes takes a shared lock at the end of the transaction, and then looks for holds; whoever places a hold takes the
exclusive one first. So a hold that is placed while a deletion runs is seen by it, and the deletion fails; one that is placed while
a deletion is being committed waits until that is over, and covers what is left.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION privacy_held(of_tenant uuid, of_kind text, at timestamptz, whose text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM privacy_legalhold h JOIN tenancy_organization o ON o.id = h.tenant_id
    WHERE h.tenant_id = of_tenant AND h.status = 'in_force'
      AND (h.kinds = '{}' OR of_kind = ANY (h.kinds))
      AND (h.about = '' OR COALESCE(whose, '') = '' OR lower(h.about) = lower(whose))
      AND (at IS NULL OR (
        (h.since IS NULL OR (at AT TIME ZONE o.zone)::date >= h.since)
        AND (h.until IS NULL OR (at AT TIME ZONE o.zone)::date <= h.until)
      ))
  )
$$;

CREATE FUNCTION privacy_hold_lock(of_tenant uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('privacy_legalhold:' || of_tenant, 0)
$$;

CREATE FUNCTION privacy_refuse_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone jsonb := to_jsonb(OLD);
BEGIN
  PERFORM pg_advisory_xact_lock_shared(privacy_hold_lock(OLD.tenant_id));
  IF privacy_held(OLD.tenant_id, TG_ARGV[0], (gone ->> TG_ARGV[1])::timestamptz, gone ->> TG_ARGV[2]) THEN
    RAISE EXCEPTION 'A legal hold covers % %.', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION privacy_hold_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(privacy_hold_lock(NEW.tenant_id));
  RETURN NEW;
END $$;

CREATE TRIGGER alone BEFORE INSERT OR UPDATE ON privacy_legalhold FOR EACH ROW EXECUTE FUNCTION privacy_hold_alone();
"""
DROP = """
DROP TRIGGER alone ON privacy_legalhold;
DROP FUNCTION privacy_hold_alone; DROP FUNCTION privacy_refuse_held; DROP FUNCTION privacy_hold_lock; DROP FUNCTION privacy_held;
"""
# Table, kind of data, the column that says when, and the one that says whose.
HELD = (
    ("workflow_outboxmessage", "mail", "created_at", "to"),
    ("workflow_job", "jobs", "created_at", ""),
    ("accounts_invitation", "invitations", "created_at", "email"),
    ("changes_delivery", "change_deliveries", "received_at", ""),
    ("incidents_alertdelivery", "alert_deliveries", "created_at", ""),
    ("privacy_consent", "consents", "withdrawn_at", "email"),
)


def _guard(table: str, kind: str, moment: str, whose: str) -> str:
    return (
        f'CREATE CONSTRAINT TRIGGER held AFTER DELETE ON "{table}" DEFERRABLE INITIALLY DEFERRED '
        f"FOR EACH ROW EXECUTE FUNCTION privacy_refuse_held('{kind}', '{moment}', '{whose}')"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_pipeline"),
        ("changes", "0004_sources"),
        ("incidents", "0004_oncall"),
        ("privacy", "0001_privacy"),
        ("workflow", "0005_saved_view"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        *[migrations.RunSQL(_guard(*one), f'DROP TRIGGER held ON "{one[0]}"') for one in HELD],
    ]
