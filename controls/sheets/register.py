"""What a register has to say of itself so that it goes out as a table and comes in again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from inventory.models import Person

WHOSE = ("person", "email", "employee_number")


@dataclass(frozen=True, slots=True)
class Cell:
    """A column: the field, its heading, how a row is written, how a cell is read, and other headings that mean it.

    `read` raises ValueError with a sentence.
    """

    name: str
    heading: str
    write: Callable[[Any], str]
    read: Callable[[str], Any] = str
    also: tuple[str, ...] = ()
    required: bool = False
    longest: int = 2_000


@dataclass(slots=True)
class Line:
    """One row. `said` holds what its cells say, by field; a field that is no column is not there."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    raw: str = ""
    name: str = ""  # whom or what it is about, as the register finds it


@dataclass(slots=True)
class Draft:
    """A row as it would be written: whose, in a register about people, its facts, and the record that is there."""

    line: Line
    person: Person | None
    facts: dict[str, Any]
    record: Any = None
    words: list[str] = field(default_factory=list)  # what would change, by heading


class Register:
    """One register. Subclasses say what its rows are, and how they are written."""

    key: str  # of its events and files
    title: str
    list_url: str
    import_url: str
    preview_url: str
    export_url: str
    sample_url: str
    read: str  # the permission
    write: str
    cells: Sequence[Cell]
    sample: str
    changed: str  # what is said when it has changed since the preview
    app = "policies"  # where its key stands in the label of what is sealed
    sealed = False  # whether a file that is brought is kept sealed
    careful = ""  # what is said beside the links that take it out
    noun = "Person"  # what a row is about
    keys: Sequence[str] = WHOSE  # the fields that say about whom or what it is, the best first; a file has one of them
    keyless = "The file does not say of whom: it has no column Person or E-mail. Look at the sample file."
    about_people = True

    def refuses(self, _text: str) -> str:
        """Why a file with such a text in any of its cells is not kept at all; empty where it is."""
        return ""

    def taken(self, actor: Actor) -> None:
        """Note what else has to be noted when all of it is taken out. Part of an action."""

    def rows(self) -> QuerySet[Any]:
        """All of them, in the order in which they are written."""
        raise NotImplementedError

    def each(self) -> Iterable[Any]:
        """One after the other, as they are written."""
        return self.rows().iterator(chunk_size=500)

    def known(self) -> Any:
        """What rows are compared with, read once."""
        raise NotImplementedError

    def draft(self, line: Line, person: Any, known: Any) -> Draft | None:
        """The row as it would be written, with the record that is there; None after adding to `line.errors`.

        `person` is whose it is; None in a register that is not about people.
        """
        raise NotImplementedError

    def settle(self, plan: Any, known: Any) -> None:
        """The last word on a plan: rows that are not taken without others become wrong."""

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Write what is new, with one event for each. Part of an action."""
        raise NotImplementedError

    def alter(self, draft: Draft, actor: Actor) -> None:
        """Change what is there. Part of an action."""
        raise NotImplementedError

    def told(self, draft: Draft) -> str:
        """A new row, in a line."""
        raise NotImplementedError
