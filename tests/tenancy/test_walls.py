"""Organizations cannot see each other: the ORM refuses, and PostgreSQL refuses."""

import os
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from inventory.models import Person, System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.operations import _fk_name
from tenancy.scope import NoTenant, tenant

GLOBAL_TABLES = {
    "tenancy_organization",
    "accounts_user",
    "accounts_member",
    "accounts_session",
    "accounts_companyonly",
    "accounts_idlelimit",
    "accounts_token",
    "accounts_passkey",
    "accounts_totpdevice",
    "accounts_recoverydevice",
    "accounts_recoverycode",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "keys_installationkey",
}
TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def test_every_table_is_global_by_name_or_has_policy_and_force(db):
    tables = rows(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, EXISTS (SELECT 1 FROM pg_attribute a WHERE"
        " a.attrelid = c.oid AND a.attname = 'tenant_id'), EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
        " FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
    )
    open_tables = {name for name, *walls in tables if not all(walls)}
    assert open_tables == GLOBAL_TABLES


def test_partitions_of_the_trail_are_behind_the_wall_and_out_of_reach(db):
    reachable = rows(
        "SELECT relid::regclass::text FROM pg_partition_tree('audit_event') WHERE isleaf"
        " AND (has_table_privilege(relid, 'SELECT') OR has_table_privilege(relid, 'INSERT')"
        " OR NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = relid))"
    )
    assert reachable == []


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_raw_sql_without_an_organization_sees_nothing(db, model):
    assert rows(f"SELECT 1 FROM {model._meta.db_table} LIMIT 1") == []


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_the_orm_refuses_without_an_organization(db, model):
    with pytest.raises(NoTenant):
        model.objects.count()
    with pytest.raises(NoTenant):
        model._base_manager.count()


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_constraints_keep_to_the_organization(db, model):
    table = model._meta.db_table
    names = {name for (name,) in rows("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", table)}
    keys = [field for field in model._meta.local_fields if isinstance(field, TenantForeignKey)]
    assert {_fk_name(table, field) for field in keys} <= names
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            first = constraint.fields[0] if constraint.fields else getattr(constraint.expressions[0], "name", "")
            assert first == "tenant", constraint.name


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_to_tenant_tables_are_tenant_foreign_keys(db, model):
    for field in model._meta.local_fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, TenantModel):
            assert isinstance(field, TenantForeignKey), f"{model._meta.label}.{field.name}"


def test_another_organizations_rows_are_invisible_to_raw_sql(acme, globex):
    with tenant(acme):
        mine = set(rows("SELECT id FROM inventory_person"))
    with tenant(globex):
        theirs = set(rows("SELECT id FROM inventory_person"))
    assert mine
    assert theirs
    assert not mine & theirs


def test_raw_sql_cannot_insert_for_another_organization(acme, globex):
    with tenant(acme), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        rows("INSERT INTO workflow_referencecounter (id, tenant_id, prefix, series, last)"
             " VALUES (uuid_v7(), %s, 'X', '1', 1) RETURNING 1", globex.id)  # fmt: skip


def test_raw_sql_cannot_insert_without_an_organization(acme):
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        rows("INSERT INTO workflow_referencecounter (id, tenant_id, prefix, series, last)"
             " VALUES (uuid_v7(), %s, 'X', '1', 1) RETURNING 1", acme.id)  # fmt: skip


def test_a_foreign_key_to_another_organizations_row_is_refused(acme, globex):
    with tenant(globex):
        theirs = Person.objects.values_list("id", flat=True)[0]
    with pytest.raises(IntegrityError, match="tenant_fk"), tenant(acme):
        System.objects.create(name="Okta", owner_id=theirs)


def test_a_queryset_may_be_built_anywhere_and_reads_the_organization_when_it_runs(acme, globex):
    people = Person.objects.all()
    with tenant(acme):
        names = {person.name for person in people}
    with tenant(globex):
        others = {person.name for person in people.all()}
    assert all("Acme" in name for name in names)
    assert all("Globex" in name for name in others)


def test_scopes_nest_and_restore(acme, globex):
    with tenant(acme):
        with tenant(globex):
            assert all("Globex" in person.name for person in Person.objects.all())
        assert all("Acme" in person.name for person in Person.objects.all())


def test_the_setting_is_gone_after_the_scope(acme):
    with tenant(acme):
        pass
    assert rows("SELECT current_setting('app.tenant_id', true)") in ([("",)], [(None,)])


def test_updates_deletes_and_aggregates_are_filtered_too(acme, globex):
    with tenant(globex):
        theirs = set(Person.objects.values_list("pk", "title"))
    others = Person.objects.filter(pk__in=[key for key, _ in theirs])
    with tenant(acme):
        assert others.update(title="Taken") == 0
        assert others.delete()[0] == 0
        assert others.aggregate(found=models.Count("pk")) == {"found": 0}
    with tenant(globex):
        assert set(Person.objects.values_list("pk", "title")) == theirs


def test_the_owner_sees_no_rows_either(db):
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"]) as owner:
        assert owner.execute("SELECT count(*) FROM inventory_person").fetchone() == (0,)


def test_the_application_role_cannot_look_past_the_wall(db):
    assert rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False,)]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows("TRUNCATE inventory_person")
