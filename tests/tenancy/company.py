"""The part of everything that company sign-in holds: a provider and somebody known by it."""

from accounts.company.actions import add_provider, link_identity
from accounts.models import Member
from tests.cast import Cast


def make_company(manager: Member, word: str) -> None:
    """Call within the organization's scope."""
    cast = Cast()
    slug = manager.organization.slug
    provider = add_provider(
        actor=cast.of(slug, "administrator"),
        name=word,
        issuer=f"https://{word.lower()}-{slug}.example",
        client_id=word,
        secret=word,
    )
    link_identity(provider, cast.of(slug, "employee"), subject=word, email=f"{word}@{slug}.example", confirmed_by="password")
