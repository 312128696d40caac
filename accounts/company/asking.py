"""Asking a provider over the network. The one way out is built above accounts: it is registered here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from accounts.counting import count_up
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


MOST_AT_ONCE = 4  # questions of one organization
FORGOTTEN = 30  # seconds; one question ends after five
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
    """The answer of a provider. Raises AskingFailed, also while too many others wait for the organization's providers."""
    if not _askers:
        raise ImproperlyConfigured("Nothing asks providers: see accounts.company.asking.register_asker.")
    with _among_few(organization):
        return _askers[0](
            organization, url, method=method, headers={"accept": "application/json", **(headers or {})}, content=content
        )


@contextmanager
def _among_few(organization: Organization) -> Iterator[None]:
    """One of the few questions of an organization at once: a provider that never answers must not hold every worker."""
    key = f"company/asking/{organization.pk}"
    waiting = count_up(key, FORGOTTEN)  # what a worker that died had begun is forgotten
    try:
        if waiting > MOST_AT_ONCE:
            raise AskingFailed("Many sign-ins wait for the provider at this moment. Try again in a while.")
        yield
    finally:
        with suppress(ValueError):  # the count ended meanwhile
            cache.decr(key)
