"""What the database itself refuses: other items than those of the start, and any change after sign-off."""

from typing import ClassVar

from django.db import migrations

# The campaign is locked for sharing, so that a sign-off under way is awaited and its outcome seen.
FROZEN = """
CREATE FUNCTION reviews_item_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The population of a review is frozen: % of an item is refused.', TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE OF
    tenant_id, campaign_id, position, entitlement_id, account_id, system_id, account_kind, subject_id, subject_name,
    privileged, flags, flagged, change, previous_id
  ON reviews_item FOR EACH STATEMENT EXECUTE FUNCTION reviews_item_refuse();

CREATE FUNCTION reviews_item_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, campaign_id FROM added) a
             JOIN reviews_campaign c ON c.tenant_id = a.tenant_id AND c.id = a.campaign_id WHERE c.status <> 'starting') THEN
    RAISE EXCEPTION 'Items are added only while a review is being started.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER populated AFTER INSERT ON reviews_item REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reviews_item_insert();

CREATE FUNCTION reviews_item_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.reference, c.status FROM reviews_campaign c
    WHERE (c.tenant_id, c.id) IN (SELECT DISTINCT tenant_id, campaign_id FROM changed) FOR SHARE OF c
  LOOP
    IF found.status <> 'active' THEN
      RAISE EXCEPTION 'The items of % are frozen: it is %.', found.reference, found.status
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  IF EXISTS (SELECT 1 FROM changed i JOIN inventory_account a ON a.tenant_id = i.tenant_id AND a.id = i.account_id
             WHERE a.person_id = i.decider_id) THEN
    RAISE EXCEPTION 'Nobody decides on their own access.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER undecided AFTER UPDATE ON reviews_item REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reviews_item_update();

-- The scope of a review is frozen with its population; its counts are set while it is being started.
CREATE FUNCTION reviews_scope_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  scoped record := COALESCE(NEW, OLD);
BEGIN
  IF EXISTS (SELECT 1 FROM reviews_campaign c
             WHERE c.tenant_id = scoped.tenant_id AND c.id = scoped.campaign_id AND c.status NOT IN ('draft', 'starting')) THEN
    RAISE EXCEPTION 'The scope of a review is frozen once it has started.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen AFTER INSERT OR UPDATE OR DELETE ON reviews_campaignsystem
  FOR EACH ROW EXECUTE FUNCTION reviews_scope_frozen();
"""

THAWED = """
DROP TRIGGER frozen ON reviews_campaignsystem; DROP FUNCTION reviews_scope_frozen;
DROP TRIGGER undecided ON reviews_item; DROP FUNCTION reviews_item_update;
DROP TRIGGER populated ON reviews_item; DROP FUNCTION reviews_item_insert;
DROP TRIGGER frozen ON reviews_item; DROP FUNCTION reviews_item_refuse;
"""


class Migration(migrations.Migration):
    """Freeze the population at the start and the decisions at sign-off."""

    dependencies: ClassVar = [("reviews", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FROZEN, THAWED)]
