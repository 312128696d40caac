"""Forms that move a record's state."""

from typing import ClassVar

from ui.screens import FormScreen
from workflow.transitions import Transition


class TransitionScreen(FormScreen, abstract=True):
    """A form about one record that ends in `transition`: a record whose state does not allow it shows no form.

    What is sent is judged by the action itself, which locks the row, so that what was typed stays on the page.
    """

    transition: ClassVar[Transition]

    def load(self) -> None:
        """Fetch the record, and refuse in the action's own words. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST":
            self.transition.check(self.object)
