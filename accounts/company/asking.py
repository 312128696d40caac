"""Asking a provider over the network. The one way out is built above accounts: it is registered here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from tenancy.models import Organization
from ui.refusals import ActionRefused


class AskingFailed(ActionRefused):
    """The provider could not be asked, or did not answer as it must. Its sentence is for people."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    status: int
    content: bytes


class Asker(Protocol):
    """Asks one address for an organization, follows no redirect, and raises AskingFailed."""

    def __call__(
        self, organization: Organization, url: str, *, method: str, headers: Mapping[str, str], content: bytes
    ) -> Answer: ...


_askers: list[Asker] = []


def register_asker(asker: Asker) -> None:
    """Use `asker` from now on; called in AppConfig.ready()."""
    _askers[:] = [asker]


def ask(
    organization: Organization,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
) -> Answer:
    """The answer of a provider. Raises AskingFailed."""
    if not _askers:
        raise ImproperlyConfigured("Nothing asks providers: see accounts.company.asking.register_asker.")
    return _askers[0](
        organization, url, method=method, headers={"accept": "application/json", **(headers or {})}, content=content
    )
