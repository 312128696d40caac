"""What the database itself refuses: a change that counts as approved though nobody else has approved what it says."""

from typing import ClassVar

from django.db import migrations, models

# Deferred to the end of the transaction, so that a move and its approval may come in any order within it. The row is read
# again, as it may have been changed several times.
GUARD = """
CREATE FUNCTION changes_why_not_approved(org uuid, key uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  c changes_change%ROWTYPE;
BEGIN
  SELECT * INTO c FROM changes_change WHERE tenant_id = org AND id = key;
  IF NOT FOUND OR c.status IN ('draft', 'submitted', 'rejected', 'withdrawn') THEN
    RETURN NULL;
  END IF;
  IF c.type = 'standard' THEN
    RETURN CASE WHEN c.template_id IS NULL OR c.template_hash = '' THEN 'no approved template' END;
  END IF;
  IF (c.separate_implementer OR c.type = 'emergency') AND EXISTS (
    SELECT 1 FROM changes_approval a
    WHERE a.tenant_id = org AND a.change_id = key AND a.status = 'given' AND a.answer = 'approved'
      AND a.content_hash = c.content_hash AND a.approver_person_id = c.implementer_id
  ) THEN
    RETURN 'an approval by whoever carries it out';
  END IF;
  -- An emergency is carried out after an agreement by word; the approval in writing follows before its review.
  IF c.type = 'emergency' AND c.status IN ('implemented', 'failed', 'rolled_back') THEN
    RETURN CASE WHEN c.agreed_at IS NULL OR c.agreed_by_id IS NULL THEN 'no agreement' END;
  END IF;
  IF c.content_hash = '' OR NOT EXISTS (
    SELECT 1 FROM changes_approval a
    WHERE a.tenant_id = org AND a.change_id = key AND a.status = 'given' AND a.answer = 'approved' AND NOT a.is_author
      AND a.content_hash = c.content_hash
      AND (a.approver_id IS NULL OR a.approver_id IS DISTINCT FROM c.raised_by_id)
      AND (a.approver_person_id IS NULL OR a.approver_person_id IS DISTINCT FROM c.requester_id)
  ) THEN
    RETURN 'no approval of what it says by somebody else';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION changes_require_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched record := COALESCE(NEW, OLD);
  org uuid := touched.tenant_id;
  key uuid := (to_jsonb(touched) ->> TG_ARGV[0])::uuid;
  refusal text := changes_why_not_approved(org, key);
BEGIN
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION 'Change % counts as approved with %.', key, refusal USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guarded_insert AFTER INSERT ON changes_change DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status NOT IN ('draft', 'submitted', 'rejected', 'withdrawn'))
  EXECUTE FUNCTION changes_require_approval('id');
CREATE CONSTRAINT TRIGGER guarded AFTER UPDATE OF
    status, type, content_hash, template_id, template_hash, raised_by_id, requester_id, implementer_id, separate_implementer,
    agreed_at, agreed_by_id
  ON changes_change DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status NOT IN ('draft', 'submitted', 'rejected', 'withdrawn'))
  EXECUTE FUNCTION changes_require_approval('id');
CREATE CONSTRAINT TRIGGER guarded AFTER UPDATE OR DELETE ON changes_approval DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION changes_require_approval('change_id');

-- A standard change is approved by its template as that is approved at the moment.
CREATE FUNCTION changes_require_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM changes_changetemplate t
    WHERE t.tenant_id = NEW.tenant_id AND t.id = NEW.template_id AND t.status = 'approved' AND t.approved_hash = NEW.template_hash
  ) THEN
    RAISE EXCEPTION 'The template of change % is not approved.', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER by_template AFTER UPDATE OF status ON changes_change
  FOR EACH ROW WHEN (NEW.type = 'standard' AND NEW.status = 'approved' AND OLD.status <> 'approved')
  EXECUTE FUNCTION changes_require_template();

-- What was said stays as it was said; it may end, once.
CREATE FUNCTION changes_approval_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'given' OR (to_jsonb(NEW) - ARRAY['status', 'voided_at', 'void_reason']) IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['status', 'voided_at', 'void_reason']) THEN
    RAISE EXCEPTION 'An approval is kept as it was given: % is refused.', TG_OP USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON changes_approval FOR EACH ROW EXECUTE FUNCTION changes_approval_keep();
"""

FREE = """
DROP TRIGGER kept ON changes_approval; DROP FUNCTION changes_approval_keep;
DROP TRIGGER by_template ON changes_change; DROP FUNCTION changes_require_template;
DROP TRIGGER guarded ON changes_approval;
DROP TRIGGER guarded ON changes_change;
DROP TRIGGER guarded_insert ON changes_change;
DROP FUNCTION changes_require_approval; DROP FUNCTION changes_why_not_approved;
"""


class Migration(migrations.Migration):
    """Bind the states that count as approved to approvals."""

    dependencies: ClassVar = [("changes", "0006_direct_pushes")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="change",
            name="template_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(GUARD, FREE),
    ]
