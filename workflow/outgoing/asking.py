"""How an identity provider is asked: by the one way out, under the addresses that its organization may reach."""

from collections.abc import Mapping

from accounts.company.asking import Answer, AskingFailed
from tenancy.models import Organization
from tenancy.scope import tenant
from workflow.outgoing.client import fetch
from workflow.outgoing.errors import OutgoingError
from workflow.outgoing.hosts import allowed_hosts

SECONDS = 5.0
MAX_BYTES = 256 * 1024


def ask_provider(organization: Organization, url: str, *, method: str, headers: Mapping[str, str], content: bytes) -> Answer:
    """Ask, following no redirect: a secret or a code goes nowhere else. Raises AskingFailed."""
    with tenant(organization):
        allowed = allowed_hosts()
    try:
        fetched = fetch(
            url,
            allowed=allowed,
            method=method,
            headers=headers,
            content=content,
            seconds=SECONDS,
            max_bytes=MAX_BYTES,
            redirects=0,
        )
    except OutgoingError as error:
        raise AskingFailed(f"The provider was not reached. {error.sentence}") from error
    if fetched.truncated:
        raise AskingFailed("The provider's answer is too long.")
    return Answer(fetched.status, fetched.content)
