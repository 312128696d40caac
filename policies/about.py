"""What the forms about one record have in common."""

from collections.abc import Sequence
from typing import Any

from workflow.once import OnceScreen
from workflow.screens import TransitionScreen


class AboutRecord(TransitionScreen, OnceScreen, abstract=True):
    """A form about one record: its title says what is done to which, its breadcrumbs lead back to it."""

    object: Any
    verb = ""
    places: Sequence[tuple[str, str]]  # the lists it stands in: label, URL name

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} “{self.object}”"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (*self.places, (str(self.object), self.object.get_absolute_url()))
