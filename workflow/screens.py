"""Forms that move a record's state."""

from typing import ClassVar

from ui.screens import FormScreen
from workflow.transitions import Transition


class TransitionScreen(FormScreen, abstract=True):
    """A form about one record that ends in `transition`: no form is shown while the record's state does not allow it.

    What is sent is judged by the action, which locks the row, so that what was typed stays on the page.
    """

    transition: ClassVar[Transition]

    def load(self) -> None:
        """Fetch the record, and refuse as the action would. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST":
            self.check()

    def check(self) -> None:
        """Raise ActionRefused when there is nothing to do here now."""
        self.transition.check(self.object)
