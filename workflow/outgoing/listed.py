"""Which hosts this installation reaches at all: a list of the operator's, above what organizations enter and allow."""

from django.conf import settings

from workflow.outgoing.errors import OutgoingRefused


def refuse_unlisted(name: str) -> None:
    """Raise OutgoingRefused unless there is no list, or the host stands there: itself, or as `*.` and a domain it belongs to."""
    listed = [one.strip().lower() for one in settings.PLUMBLINE_OUTGOING]
    if listed and not any(_is_meant(name, one) for one in listed):
        raise OutgoingRefused(f"{name} is not on the list of hosts that this installation reaches. Its operator keeps that.")


def _is_meant(name: str, listed: str) -> bool:
    return name.endswith(listed[1:]) if listed.startswith("*.") else name == listed
