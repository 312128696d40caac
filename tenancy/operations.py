"""Migration operations that put a table behind the wall and bind its changes to the audit trail."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation, OperationCategory

from tenancy.models import TenantForeignKey
from tenancy.scope import tenant

POLICY = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


class _TableOperation(Operation):
    """Something done to one model's table, in SQL that the state does not show."""

    reversible = True
    reduces_to_sql = True
    category = OperationCategory.SQL

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The state stays as it is."""

    def run(self, schema_editor: Any, statements: list[str]) -> None:
        """Execute each statement."""
        for statement in statements:
            schema_editor.execute(statement, params=None)


class TenantTable(_TableOperation):
    """UNIQUE (tenant_id, id), composite foreign keys, row-level security enabled and forced."""

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Put {self.name} behind row-level security"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build the wall."""
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        self.run(
            schema_editor,
            [
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_tenant_id_key" UNIQUE (tenant_id, id)',
                *[_composite(table, field) for field in _tenant_keys(model)],
                *secure(table),
            ],
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the wall down again."""
        model = from_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        drops = [f'DROP CONSTRAINT "{_fk_name(table, field)}"' for field in _tenant_keys(model)]
        self.run(
            schema_editor,
            [
                *[f'ALTER TABLE "{table}" {drop}' for drop in drops],
                f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_tenant_id_key"',
                f'DROP POLICY tenant ON "{table}"',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            ],
        )


class TenantTableLeaves(TenantTable):
    """Stands before DeleteModel: a table takes its wall along, and gets it again on the way back."""

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Let {self.name} go, with its row-level security"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing: it goes with the table."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build the wall."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class TenantKeys(_TableOperation):
    """The composite foreign keys of fields that were added to a table behind the wall."""

    def __init__(self, name: str, fields: list[str]) -> None:
        super().__init__(name)
        self.fields = fields

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Bind {', '.join(self.fields)} of {self.name} within the organization"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the constraints."""
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        self.run(schema_editor, [_composite(table, model._meta.get_field(name)) for name in self.fields])

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop them."""
        model = from_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        names = [_fk_name(table, model._meta.get_field(name)) for name in self.fields]
        self.run(schema_editor, [f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"' for name in names])


class Stateful(_TableOperation):
    """Refuse a committed change without its audit event in the same transaction.

    `insert_parent` names the foreign key whose object's event covers rows created in bulk; their later changes need
    events of their own; with `columns`, those of these columns only. The functions come from the audit app's first
    migration.
    """

    def __init__(self, name: str, insert_parent: str | None = None, columns: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.insert_parent = insert_parent
        self.columns = columns

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Bind changes of {self.name} to the audit trail"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the triggers."""
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        update = f"UPDATE OF {', '.join(self.columns)}" if self.columns else "UPDATE"
        changes = f"{update} OR DELETE" if self.insert_parent else f"INSERT OR {update} OR DELETE"
        statements = [
            f'CREATE CONSTRAINT TRIGGER audited AFTER {changes} ON "{table}" DEFERRABLE INITIALLY DEFERRED '
            "FOR EACH ROW EXECUTE FUNCTION audit_require_event()"
        ]
        if self.insert_parent:
            statements.append(
                f'CREATE TRIGGER audited_bulk AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS added '
                f"FOR EACH STATEMENT EXECUTE FUNCTION audit_require_parent_event('{self.insert_parent}_id')"
            )
        self.run(schema_editor, statements)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the triggers."""
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        self.run(schema_editor, [f'DROP TRIGGER IF EXISTS {name} ON "{table}"' for name in ("audited", "audited_bulk")])


REFUSALS = """
CREATE OR REPLACE FUNCTION tenancy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is immutable: % is refused.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION tenancy_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
  frozen boolean;
BEGIN
  EXECUTE format('SELECT status = %L FROM %I WHERE tenant_id = $1 AND id = $2', TG_ARGV[2], TG_ARGV[0])
    INTO frozen USING changed.tenant_id, (to_jsonb(changed) ->> TG_ARGV[1])::uuid;
  IF frozen THEN
    RAISE EXCEPTION '% of a % one is immutable: % is refused.', TG_TABLE_NAME, TG_ARGV[2], TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN changed;
END $$;
"""


class Immutable(_TableOperation):
    """Refuse changes of rows that are written once.

    Without more: every UPDATE, DELETE and TRUNCATE. With `status`: changes of rows that have reached it. With `parent`
    (a foreign key) and `status`: any change, also an INSERT, under a parent that has reached it. With `columns`: those only;
    the others are derived.
    """

    def __init__(self, name: str, status: str = "", parent: str = "", columns: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.status = status
        self.parent = parent
        self.columns = columns

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Make {self.name} immutable"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the trigger."""
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        if self.parent:
            field = model._meta.get_field(self.parent)
            arguments = f"'{field.remote_field.model._meta.db_table}', '{field.column}', '{self.status}'"
            trigger = (
                f"BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION tenancy_refuse_frozen({arguments})"
            )
        elif self.status:
            when = f"FOR EACH ROW WHEN (OLD.status = '{self.status}')"
            trigger = f"BEFORE UPDATE OR DELETE ON {table} {when} EXECUTE FUNCTION tenancy_refuse_change()"
        else:
            update = f"UPDATE OF {', '.join(self.columns)}" if self.columns else "UPDATE"
            trigger = (
                f"BEFORE {update} OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_change()"
            )
        self.run(schema_editor, [REFUSALS, f"CREATE TRIGGER immutable {trigger}"])

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the trigger; its function may serve other tables."""
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        self.run(schema_editor, [f'DROP TRIGGER immutable ON "{table}"'])


def secure(table: str) -> list[str]:
    """The statements that enable and force row-level security on a table with a tenant_id."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" USING ({POLICY}) WITH CHECK ({POLICY})',
    ]


def _tenant_keys(model: type[models.Model]) -> list[TenantForeignKey]:
    return [field for field in model._meta.local_fields if isinstance(field, TenantForeignKey)]


def _fk_name(table: str, field: Any) -> str:
    return f"{table}_{field.column}_tenant_fk"[:63]


def _composite(table: str, field: Any) -> str:
    target = field.remote_field.model._meta.db_table
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{_fk_name(table, field)}" FOREIGN KEY (tenant_id, "{field.column}") '
        f'REFERENCES "{target}" (tenant_id, id) DEFERRABLE INITIALLY DEFERRED'
    )


class RunPerTenant(Operation):
    """Run a function for each organization, within its walls: `function(apps, organization)`, with models as they were then.

    The owner of the tables sees no rows either, so whatever writes rows anew goes through here.
    """

    reduces_to_sql = False
    reversible = True
    category = OperationCategory.PYTHON

    def __init__(self, forwards: Callable[[Any, Any], None], backwards: Callable[[Any, Any], None]) -> None:
        self.forwards = forwards
        self.backwards = backwards

    def describe(self) -> str:
        """A line for `migrate`."""
        return f"Run {self.forwards.__name__} for each organization"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The state stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Do it."""
        self._run(self.forwards, from_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take it back."""
        self._run(self.backwards, from_state)

    def _run(self, function: Callable[[Any, Any], None], state: Any) -> None:
        state.clear_delayed_apps_cache()
        for organization in state.apps.get_model("tenancy", "Organization").objects.order_by("pk"):
            with tenant(organization):
                function(state.apps, organization)
