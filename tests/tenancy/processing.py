"""The part of everything that processing integrity holds: a schema, its version, a record, a fall below its threshold."""

from accounts.models import Member
from audit.actors import System as Product
from processing.alerts.watching import watch
from processing.models import ProcessingSchema, SchemaVersion
from processing.records.actions import record_outcomes
from processing.schemas.actions import activate, create_schema, edit_schema


def make_processing(manager: Member, word: str) -> None:
    """Fill processing; call within the organization's scope."""
    text = '{"type": "object", "required": ["id"]}'
    schema = create_schema(actor=manager, key=word.lower(), title=word, input_schema=text, note=word)
    activate(SchemaVersion.objects.get(schema=schema), actor=manager)
    edit_schema(schema, actor=manager, alert_least=1)
    record_outcomes(schema, [{"operation": word, "input": {}}], actor=manager)
    watch(ProcessingSchema.objects.get(pk=schema.pk), actor=Product("test"))
