"""Every sealed field is listed, in one place."""

import ast
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.sealed import indexes_of, sealed_in
from keys.fields import FIELDS
from tenancy.models import Organization
from tests.tenancy.everything import make_everything
from tests.test_house import sources

SEALED = "v1|A256GCM|%"


def test_each_names_a_column_that_is_there_and_a_label_of_its_own():
    columns = [(one.model, one.field) for one in FIELDS if one.field]
    assert len(set(columns)) == len(columns)
    assert len({one.label for one in FIELDS}) == len(FIELDS)
    for one in FIELDS:
        assert not one.field or isinstance(one.rows._meta.get_field(one.field), models.CharField | models.TextField)


def label_of(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.label)


def test_every_field_that_seals_by_itself_is_listed_with_its_label_and_its_index():
    found = {
        (model._meta.label, name, label_of(model, name), getattr(indexes_of(model).get(name), "name", ""))
        for model in apps.get_models()
        for name in sealed_in(model)
    }
    assert found
    assert found <= {(one.model, one.field, one.label, one.index) for one in FIELDS}


def test_whatever_seals_is_listed():
    """Each module that seals says a label that is listed, or puts one together of those that are."""
    labels = {one.label for one in FIELDS}
    heads = {label.rpartition(".")[0] for label in labels}
    # What these seal comes with its label.
    by_the_list = {"accounts/sealed.py", "accounts/sealing_rows.py", "controls/sheets/importing.py", "proof/keys/rotating.py"}
    for name, tree in sources():
        if name == "accounts/sealing.py":
            continue
        brought = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "accounts.sealing"
            for alias in node.names
        }
        said = {
            node.value.rstrip(".") for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert "seal" not in brought or said & (labels | heads) or name in by_the_list, name


@pytest.mark.slow
def test_no_column_that_is_not_listed_holds_a_sealed_value(acme: Organization):
    make_everything(acme)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        columns = cursor.fetchall()
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(acme.pk)])
        found = set()
        for table, column in columns:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s)', [SEALED])
            if cursor.fetchone()[0]:
                found.add((table, column))
    listed = {(one.rows._meta.db_table, one.rows._meta.get_field(one.field).column) for one in FIELDS if one.field}
    assert found <= listed
    assert len(found) >= 5
