"""Mail leaves through the outbox, which is built on top of accounts: the app above registers its function here."""

from typing import Protocol

from django.core.exceptions import ImproperlyConfigured


class Mailer(Protocol):
    """Queues one mail in the transaction at hand; `key` makes it unique."""

    def __call__(self, *, to: str, subject: str, text: str, key: str) -> object: ...


_mailers: list[Mailer] = []


def register_mailer(mailer: Mailer) -> None:
    """Use `mailer` from now on; called in AppConfig.ready()."""
    _mailers[:] = [mailer]


def send_mail(*, to: str, subject: str, text: str, key: str) -> None:
    """Queue a mail."""
    if not _mailers:
        raise ImproperlyConfigured("No mailer is registered: see accounts.mailer.register_mailer.")
    _mailers[0](to=to, subject=subject, text=text, key=key)
