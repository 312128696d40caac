"""`manage.py openapi`: write docs/openapi.yaml, or check that it is what the code says."""

from api.schema import PLACE, as_yaml, generate
from tenancy.derived import DerivedFile


class Command(DerivedFile):
    """Keep the committed schema and the code together."""

    help = "Write docs/openapi.yaml from the code."
    place = PLACE
    source = "the code"
    changed = "The API has"

    def text(self) -> str:
        """The schema."""
        return as_yaml(generate())
