"""What is looked at before anything starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from evidence.printing.keys import NoPdfKey, pdf_key


@register(Tags.security)
def check_pdf_key(**_options: Any) -> list[CheckMessage]:
    """A report that cannot be signed would be found out at the end of a month."""
    try:
        pdf_key()
    except NoPdfKey as error:
        return [Error(str(error), hint="docs/proof.md says what it is.", id="evidence.E001")]
    return []
