"""What higher areas do with the words that link new items: the controls and requests of a list's row, or of an upload."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.actors import Actor
from evidence.models import Evidence

CONTROLS, REQUESTS = "controls", "requests"


def _nothing(_name: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Linker:
    """`check` gives sentences for what a cell says wrongly; `link` does it, in the transaction that adds the item.

    `named` gives the cell that the name of a file speaks for, empty when it speaks for none.
    """

    check: Callable[[str], list[str]]
    link: Callable[[Evidence, str, Actor], None]
    named: Callable[[str], str] = _nothing
    of: str = CONTROLS


_linkers: list[Linker] = []


def register_linker(linker: Linker) -> None:
    """Take care of the words of a kind; call it from AppConfig.ready()."""
    if linker not in _linkers:
        _linkers.append(linker)


def check_links(text: str, of: str = CONTROLS) -> list[str]:
    """Why a cell cannot be followed; empty when it can."""
    return [reason for linker in _of(of) for reason in linker.check(text)] if text else []


def follow_links(evidence: Evidence, text: str, actor: Actor, of: str = CONTROLS) -> None:
    """Link an item as its cell says. Raises ActionRefused."""
    if text:
        for linker in _of(of):
            linker.link(evidence, text, actor)


def named_by(file_name: str, of: str = CONTROLS) -> list[str]:
    """What the name of a file speaks for, a cell for each."""
    return [text for linker in _of(of) if (text := linker.named(file_name))]


def _of(kind: str) -> list[Linker]:
    return [linker for linker in _linkers if linker.of == kind]
