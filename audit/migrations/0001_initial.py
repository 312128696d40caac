"""The append-only trail, partitioned by month, and the triggers that bind every change to it."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import secure

TABLE = """
CREATE TABLE audit_event (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL REFERENCES tenancy_organization (id) DEFERRABLE INITIALLY DEFERRED,
  at timestamptz NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  body text NOT NULL,
  leaf bytea NOT NULL,
  verb varchar(60) NOT NULL,
  result varchar(10) NOT NULL CHECK (result IN ('success', 'failure')),
  actor_id uuid,
  actor_name varchar(254) NOT NULL,
  object_kind varchar(60) NOT NULL,
  object_id uuid,
  object_name varchar(300) NOT NULL,
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_object ON audit_event (tenant_id, object_id, at);
CREATE INDEX audit_event_at ON audit_event (tenant_id, at DESC);
CREATE INDEX audit_event_actor ON audit_event (tenant_id, actor_id, at DESC);
CREATE INDEX audit_event_verb ON audit_event (tenant_id, verb, at DESC);
"""

FUNCTIONS = """
CREATE FUNCTION audit_set_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.leaf := sha256('\\x00'::bytea || convert_to(NEW.body, 'UTF8'));
  NEW.xid := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER leaf BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_set_leaf();

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit trail is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- A month's partition, with the same refusals on itself. The application calls it ahead of time, and may make no others than
-- those of the year to come: it runs with the owner's rights. Two that come at once wait for each other.
CREATE FUNCTION audit_ensure_month(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  part text := 'audit_event_' || to_char(first, 'YYYY_MM');
BEGIN
  IF first NOT BETWEEN date_trunc('month', now()) - interval '1 month' AND now() + interval '1 year' THEN
    RAISE EXCEPTION 'The trail has no use for a month as far away as %.', day USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_ensure_month', 0));
  IF to_regclass('public.' || part) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)', part,
                 first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
END $$;
SELECT audit_ensure_month((date_trunc('month', now()) + n * interval '1 month')::date) FROM generate_series(-1, 3) n;

-- Deferred: a committed change has an event of the same transaction for the same object.
CREATE FUNCTION audit_require_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
BEGIN
  -- OFFSET 0 keeps the planner on the index of objects: by time it would read all events of a bulk action for each row.
  IF NOT EXISTS (
    SELECT 1 FROM (
      SELECT xid FROM audit_event
      WHERE tenant_id = changed.tenant_id AND object_id = changed.id
        AND at >= date_trunc('month', transaction_timestamp(), 'UTC')
      OFFSET 0
    ) AS events WHERE xid = pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION '% of % % has no audit event in its transaction.', TG_OP, TG_TABLE_NAME, changed.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Rows made in bulk oblige their parent to have an event: noted once for each statement, checked at commit.
CREATE TABLE audit_obligation (tenant_id uuid NOT NULL, id uuid NOT NULL, child text NOT NULL);
CREATE CONSTRAINT TRIGGER audited AFTER INSERT ON audit_obligation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_require_event();
CREATE FUNCTION audit_drop_obligation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM audit_obligation WHERE ctid = (SELECT ctid FROM audit_obligation WHERE tenant_id = NEW.tenant_id AND id = NEW.id LIMIT 1);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settled AFTER INSERT ON audit_obligation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_drop_obligation();
CREATE FUNCTION audit_require_parent_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO audit_obligation (tenant_id, id, child) SELECT DISTINCT tenant_id, %I, %L FROM added',
                 TG_ARGV[0], TG_TABLE_NAME);
  RETURN NULL;
END $$;
"""

DROP = """
DROP TABLE audit_event CASCADE;
DROP TABLE audit_obligation CASCADE;
DROP FUNCTION audit_require_parent_event; DROP FUNCTION audit_drop_obligation; DROP FUNCTION audit_require_event;
DROP FUNCTION audit_ensure_month; DROP FUNCTION audit_refuse; DROP FUNCTION audit_set_leaf;
"""


class Migration(migrations.Migration):
    """The trail."""

    initial = True
    dependencies: ClassVar = [("tenancy", "0001_initial")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([TABLE, FUNCTIONS, *secure("audit_event"), *secure("audit_obligation")], DROP)
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("body", models.TextField()),
                        ("leaf", models.BinaryField(editable=False)),
                        ("verb", models.CharField(max_length=60)),
                        ("result", models.CharField(choices=[("success", "Success"), ("failure", "Failure")], max_length=10)),
                        ("actor_id", models.UUIDField(null=True)),
                        ("actor_name", models.CharField(max_length=254)),
                        ("object_kind", models.CharField(max_length=60)),
                        ("object_id", models.UUIDField(null=True)),
                        ("object_name", models.CharField(max_length=300)),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                default=tenancy.scope.current_tenant_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tenancy.organization",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "audit_event",
                        "ordering": ["-at"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["tenant", "object_id", "at"], name="audit_event_object"),
                            models.Index(fields=["tenant", "-at"], name="audit_event_at"),
                            models.Index(fields=["tenant", "actor_id", "-at"], name="audit_event_actor"),
                            models.Index(fields=["tenant", "verb", "-at"], name="audit_event_verb"),
                        ],
                    },
                )
            ],
        ),
    ]
