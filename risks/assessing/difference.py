"""How an assessment differs from the one before: a pure comparison of what both froze."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from risks.models import Category, Treatment

Content = Mapping[str, Any]
_TREATMENTS = dict(Treatment.choices)
_CATEGORIES = dict(Category.choices)


@dataclass(frozen=True, slots=True)
class Moved:
    """A risk that both have and that is not as it was: what was and is, by what it is of."""

    reference: str
    statement: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Risks that are new, gone, higher, lower or changed otherwise; `scales` says in words when they cannot be compared."""

    new: list[tuple[str, str, str]] = field(default_factory=list)  # number, statement, rating
    gone: list[tuple[str, str, str]] = field(default_factory=list)
    higher: list[Moved] = field(default_factory=list)
    lower: list[Moved] = field(default_factory=list)
    otherwise: list[Moved] = field(default_factory=list)
    unchanged: int = 0
    scales: str = ""

    @property
    def parts(self) -> list[tuple[str, Sequence[Moved]]]:
        """Those that moved, under what they did."""
        named = [("Higher than before", self.higher), ("Lower than before", self.lower), ("Changed otherwise", self.otherwise)]
        return [(title, rows) for title, rows in named if rows]

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        counts = [(len(self.new), "new"), (len(self.gone), "gone"), (len(self.higher), "higher"), (len(self.lower), "lower"), (len(self.otherwise), "changed otherwise")]  # fmt: skip  # noqa: E501
        told = [f"{count:,} {word}" for count, word in counts if count]
        return f"{', '.join([*told, f'{self.unchanged:,} as before'])}."


def difference(before: Content, after: Content) -> Difference:
    """Compare what two assessments froze. Scores of scales that mean something else are shown and not compared."""
    old, new = before["risks"], after["risks"]
    comparable = before["scale"]["generation"] == after["scale"]["generation"]
    found = Difference(
        new=[(key, new[key]["statement"], _words(new[key]["residual"])) for key in new if key not in old],
        gone=[(key, old[key]["statement"], _words(old[key]["residual"])) for key in old if key not in new],
        unchanged=sum(key in old and not _changes(old[key], new[key]) for key in new),
        scales="" if comparable else _scales(before["scale"], after["scale"]),
    )
    for key in new:
        if key in old and (changes := _changes(old[key], new[key])):
            _place(found, Moved(key, new[key]["statement"], changes), old[key], new[key], comparable=comparable)
    return found


def _place(found: Difference, moved: Moved, old: Content, new: Content, *, comparable: bool) -> None:
    was, now = (one["residual"]["score"] if one["residual"] else 0 for one in (old, new))
    if comparable and was and now > was:
        found.higher.append(moved)
    elif comparable and was and now and now < was:
        found.lower.append(moved)
    else:
        found.otherwise.append(moved)


def _changes(old: Content, new: Content) -> list[tuple[str, str, str]]:
    pairs = [(label, _shown(name, old), _shown(name, new)) for name, label in _FIELDS.items()]
    return [(label, was, now) for label, was, now in pairs if was != now]


def _shown(name: str, risk: Content) -> str:
    value = risk[name]
    if name in {"inherent", "residual", "target"}:
        return _words(value)
    if name == "controls":
        return ", ".join(value)
    if name == "treatment":
        return str(_TREATMENTS.get(value, ""))
    return str(_CATEGORIES.get(value, "")) if name == "category" else str(value)


_FIELDS = {
    "statement": "What could happen",
    "category": "Category",
    "owner": "With",
    "inherent": "Without controls",
    "residual": "With the controls",
    "target": "Target",
    "treatment": "Treatment",
    "plan": "What is done about it",
    "acceptedBy": "Accepted by",
    "acceptedUntil": "Accepted until",
    "controls": "Controls",
}


def _words(rated: Mapping[str, Any] | None) -> str:
    return str(rated["words"]) if rated else "Not rated"


def _scales(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return (
        f"The scale is another: version {before['version']} then, version {after['version']} now; its steps mean something else. "
        "Ratings are shown beside each other and not compared."
    )
