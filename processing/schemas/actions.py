"""Writing schemas: a text is a draft until it is put in force, and from then on stays as it is."""

import hashlib
from typing import Any

import rfc8785

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from processing.models import ProcessingSchema, SchemaVersion
from processing.models.schema import WRITE
from processing.schemas.guarding import Hostile, guard, parse
from processing.schemas.starters import STARTERS
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken


@action
def create_schema(
    *,
    actor: Actor,
    key: str,
    title: str,
    input_schema: str,
    output_schema: str = "",
    description: str = "",
    note: str = "",
    in_force: bool = False,
) -> ProcessingSchema:
    """Register a schema with its first version: a draft, or in force at once. Raises ActionRefused."""
    _authorise(actor)
    schema = ProcessingSchema(key=key, title=title, description=description, made_by=_member(actor), made_at=now())
    schema.full_clean(exclude={"made_by"}, validate_unique=False, validate_constraints=False)
    with refusing_taken(ProcessingSchema):
        schema.save(force_insert=True)
    record("processing_schema.create", schema, actor=actor, after={"key": key, "title": title})
    version = _write(schema, actor, input_schema=input_schema, output_schema=output_schema, note=note)
    if in_force:
        activate(version, actor=actor)
    return schema


def edit_schema(schema: ProcessingSchema, *, actor: Actor, **facts: Any) -> ProcessingSchema:
    """Change what it is called and when it alerts. Nothing happens when nothing differs."""
    current = ProcessingSchema.objects.get(pk=schema.pk)
    return _edit_schema(current, actor, facts) if differing(current, facts) else current


@action
def _edit_schema(schema: ProcessingSchema, actor: Actor, facts: dict[str, Any]) -> ProcessingSchema:
    _authorise(actor)
    return change(schema, "processing_schema.edit", actor=actor, fields=facts)


def draft_version(
    schema: ProcessingSchema, *, actor: Actor, input_schema: str, output_schema: str = "", note: str = ""
) -> SchemaVersion:
    """Write the next version, or write its draft anew. Nothing happens when the draft says this already."""
    draft = SchemaVersion.objects.filter(schema=schema, status=SchemaVersion.Status.DRAFT).first()
    facts = {"input_schema": input_schema, "output_schema": output_schema, "note": note}
    if draft is not None and not differing(draft, facts):
        return draft
    return _draft(schema, actor, facts)


@action
def _draft(schema: ProcessingSchema, actor: Actor, facts: dict[str, str]) -> SchemaVersion:
    _authorise(actor)
    locked = ProcessingSchema.objects.select_for_update(of=("self",)).get(pk=schema.pk)
    if locked.status == ProcessingSchema.Status.RETIRED:
        raise ActionRefused(f"The schema {locked.key} is retired.")
    return _write(locked, actor, **facts)


def _write(schema: ProcessingSchema, actor: Actor, **facts: str) -> SchemaVersion:
    """The draft, written or written anew; the schema's row is locked or new."""
    digest = _checked(facts["input_schema"], facts["output_schema"])
    draft = SchemaVersion.objects.filter(schema=schema, status=SchemaVersion.Status.DRAFT).first()
    if draft is not None:
        return change(draft, "schema_version.edit", actor=actor, fields={**facts, "sha256": digest})
    last = SchemaVersion.objects.filter(schema=schema).order_by("-number").first()
    version = SchemaVersion(
        schema=schema, number=last.number + 1 if last else 1, sha256=digest, made_by=_member(actor), made_at=now(), **facts
    )
    version.save(force_insert=True)
    told = {"schema": schema.key, "number": version.number, **facts, "sha256": digest}
    record("schema_version.draft", version, actor=actor, after={name: shown(value) for name, value in told.items() if value})
    return version


def _checked(input_schema: str, output_schema: str) -> str:
    """The SHA-256 over both texts in canonical form, a line break between. Raises ActionRefused at the field."""
    parts = []
    for name, text in (("input_schema", input_schema), ("output_schema", output_schema)):
        if not text.strip() and name == "output_schema":
            parts.append(b"")
            continue
        try:
            schema = parse(text)
            guard(schema)
            parts.append(rfc8785.dumps(schema))
        except Hostile as error:
            raise ActionRefused(f"{error.where}: {error.why}", field=name) from error
        except rfc8785.CanonicalizationError as error:
            raise ActionRefused("It holds a number or a text that JSON does not have.", field=name) from error
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


@action
def activate(version: SchemaVersion, *, actor: Actor) -> SchemaVersion:
    """Put a draft in force; the version before is replaced. Raises ActionRefused."""
    schema = ProcessingSchema.objects.select_for_update(of=("self",)).get(pk=version.schema_id)
    if schema.status == ProcessingSchema.Status.RETIRED:
        raise ActionRefused(f"The schema {schema.key} is retired.")
    SchemaVersion.ACTIVATE.authorise(actor)
    SchemaVersion.ACTIVATE.check(SchemaVersion.objects.get(pk=version.pk))
    for before in SchemaVersion.objects.filter(schema=schema, status=SchemaVersion.Status.ACTIVE).select_related("schema"):
        SchemaVersion.REPLACE.apply(before, actor=actor, retired_at=now())
    return SchemaVersion.ACTIVATE.apply(version, actor=actor, activated_by=_member(actor), activated_at=now())


@action
def retire(schema: ProcessingSchema, *, actor: Actor, reason: str) -> ProcessingSchema:
    """Take it out of use: documents for it are refused. What was recorded stays."""
    return ProcessingSchema.RETIRE.apply(schema, actor=actor, note=reason.strip())


@action
def restore(schema: ProcessingSchema, *, actor: Actor, reason: str) -> ProcessingSchema:
    """Take it back into use."""
    return ProcessingSchema.RESTORE.apply(schema, actor=actor, note=reason.strip())


@action
def add_starters(*, actor: Actor) -> list[ProcessingSchema]:
    """Register those of the schemas to start with that are not there, in force at once. Raises ActionRefused."""
    _authorise(actor)
    known = set(ProcessingSchema.objects.values_list("key", flat=True))
    missing = [one for one in STARTERS if one.key not in known]
    if not missing:
        raise ActionRefused("The schemas to start with are here already.")
    made = []
    for one in missing:
        schema = create_schema(
            actor=actor,
            key=one.key,
            title=one.title,
            description=one.description,
            input_schema=one.input_schema,
            output_schema=one.output_schema,
            note="To start with",
        )
        activate(SchemaVersion.objects.select_related("schema").get(schema=schema), actor=actor)
        made.append(schema)
    return made


def _authorise(actor: Actor) -> None:
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def _member(actor: Actor) -> Member | None:
    return actor if isinstance(actor, Member) else None
