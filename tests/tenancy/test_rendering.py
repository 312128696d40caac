"""The state of migrations in which little is rendered is the state that Django renders."""

from contextlib import nullcontext
from typing import Any

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from tenancy.rendering import rendering_little


def key(to: str, name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, models.CASCADE, related_name=name)


OPERATIONS: list[Any] = [
    migrations.CreateModel("Firm", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]),
    migrations.CreateModel("Part", [("id", models.BigAutoField(primary_key=True)), ("firm", key("toy.Firm", "parts"))]),
    migrations.AddConstraint("part", models.UniqueConstraint(fields=["firm"], name="one_part")),
    migrations.AddIndex("firm", models.Index(fields=["name"], name="firm_name")),
    migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True)), ("part", key("toy.Part", "notes"))]),
    migrations.AlterField("firm", "id", models.CharField(max_length=5, primary_key=True)),
    migrations.AddField("note", "firm", key("toy.Firm", "notes")),
    migrations.RemoveConstraint("part", "one_part"),
    migrations.RenameField("firm", "name", "title"),
    migrations.RenameModel("Part", "Piece"),
    migrations.AddConstraint("note", models.CheckConstraint(condition=models.Q(pk__gt=0), name="numbered")),
    migrations.DeleteModel("Note"),
]


def look(apps: Any) -> dict[str, Any]:
    """What is rendered: columns, what a field points to, what points here, constraints and indexes."""
    return {
        model._meta.label: (
            {field.column: field.db_type(connection) for field in model._meta.concrete_fields},
            {field.name: field.related_model._meta.label for field in model._meta.concrete_fields if field.is_relation},
            sorted(one.name for one in model._meta.related_objects),
            sorted(one.name for one in (*model._meta.constraints, *model._meta.indexes)),
        )
        for model in apps.get_models()
    }


def looks(way: Any) -> list[dict[str, Any]]:
    """What is rendered after each operation, as a migration takes them."""
    state, found = ProjectState(), []
    with way:
        for operation in OPERATIONS:
            assert state.apps is not None
            state = state.clone()
            operation.state_forwards("toy", state)
            found.append(look(state.apps))
    return found


def test_what_is_rendered_is_the_same():
    little, usual = looks(rendering_little()), looks(nullcontext())
    assert little == usual
    assert "one_part" in little[2]["toy.Part"][3]
    assert set(little[-1]) == {"toy.Firm", "toy.Piece"}


def test_django_renders_as_ever_afterwards():
    as_ever = ProjectState.reload_model
    with rendering_little():
        assert ProjectState.reload_model is not as_ever
    assert ProjectState.reload_model is as_ever
