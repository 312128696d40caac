"""The matrix of resource and action: every permission in its place, for showing and for choosing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.html import format_html

from accounts.permissions import HOME, PERMISSIONS
from accounts.presets import AREAS, area_of
from accounts.roles import implied

_NAMES = {"oncall": "On call", "snapshots": "Populations", "occurrences": "Control activities", "events": "Control events"}


@dataclass
class Line:
    """A resource, with what can be done about it: reading, writing, and what has a name of its own."""

    name: str
    read: list[Any] = field(default_factory=list)
    write: list[Any] = field(default_factory=list)
    more: list[Any] = field(default_factory=list)

    def put(self, action: str, cell: Any) -> None:
        """In the column of its action."""
        {"read": self.read, "write": self.write}.get(action, self.more).append(cell)

    @property
    def all(self) -> list[Any]:
        """All of its cells."""
        return [*self.read, *self.write, *self.more]


@dataclass(frozen=True, slots=True)
class Held:
    """A permission as a role has it: granted, implied by a stronger one, or not at all."""

    key: str
    words: str
    is_granted: bool
    is_implied: bool


def matrix(cells: Mapping[str, Any]) -> list[tuple[str, list[Line]]]:
    """What stands for each permission, by area and resource."""
    areas: dict[str, dict[str, Line]] = {name: {} for name in AREAS}
    for key, cell in cells.items():
        resource, _, action = key.partition(".")
        lines = areas[area_of(key)]
        lines.setdefault(resource, Line(_NAMES.get(resource, resource.replace("_", " ").capitalize()))).put(action, cell)
    return [(name, list(lines.values())) for name, lines in areas.items() if lines]


def matrix_of(grants: Collection[str]) -> list[tuple[str, list[Line]]]:
    """What a role grants, among all that there is."""
    rights = implied(grants)
    return matrix(
        {
            key: Held(key, words, key in grants, key in rights and key not in grants)
            for key, words in PERMISSIONS.items()
            if key != HOME
        }
    )


class ShutBoxes(forms.CheckboxSelectMultiple):
    """Boxes, of which some are shut; with `why`, that sentence stands below them."""

    shut: Collection[str] = ()
    why = ""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Shut what cannot be chosen."""
        option = super().create_option(name, value, label, *args, **kwargs)
        if str(value) in self.shut:
            option["attrs"]["disabled"] = True
            if self.why:
                option["label"] = format_html('<span>{}<br><span class="muted">{}</span></span>', label, self.why)
        return option


class MatrixInput(ShutBoxes):
    """A box for each permission, in the matrix."""

    template_name = "accounts/widgets/matrix.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the boxes in their places."""
        context = super().get_context(name, value, attrs)
        options = {option["value"]: option for _, group, _ in context["widget"]["optgroups"] for option in group}
        context["areas"] = matrix(options)
        return context


class GrantsField(forms.MultipleChoiceField):
    """Permissions, chosen in the matrix."""

    widget = MatrixInput

    def __init__(self, **kwargs: Any) -> None:
        offered = [(key, words) for key, words in PERMISSIONS.items() if key != HOME]
        super().__init__(choices=offered, **kwargs)

    def offer(self, open_: Collection[str]) -> None:
        """Shut all but these: what the person holds, and what the role has already."""
        self.widget.shut = frozenset(PERMISSIONS) - frozenset(open_)
