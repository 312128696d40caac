"""What higher areas do with the list's column "controls"."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.actors import Actor
from evidence.models import Evidence


@dataclass(frozen=True, slots=True)
class Linker:
    """`check` gives sentences for what a cell says wrongly; `link` does it, in the transaction that adds the item."""

    check: Callable[[str], list[str]]
    link: Callable[[Evidence, str, Actor], None]


_linkers: list[Linker] = []


def register_linker(linker: Linker) -> None:
    """Take care of the column "controls"; call it from AppConfig.ready()."""
    if linker not in _linkers:
        _linkers.append(linker)


def check_links(text: str) -> list[str]:
    """Why a cell cannot be followed; empty when it can."""
    return [reason for linker in _linkers for reason in linker.check(text)] if text else []


def follow_links(evidence: Evidence, text: str, actor: Actor) -> None:
    """Link an item as its cell says. Raises ActionRefused."""
    if text:
        for linker in _linkers:
            linker.link(evidence, text, actor)
