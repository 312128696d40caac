"""Forms that move a record's state."""

from typing import ClassVar

from django.core.exceptions import PermissionDenied

from ui.screens import FormScreen
from workflow.transitions import Transition


class TransitionScreen(FormScreen, abstract=True):
    """A form about one record that ends in `transition`: no form is shown while the record's state does not allow it.

    One without a transition changes a record that is not over. What is sent is judged by the action, which locks the row, so
    that what was typed stays on the page.
    """

    transition: ClassVar[Transition | None] = None

    def load(self) -> None:
        """Those without the right see no form, whatever the state; nobody sees one where there is nothing to do.

        Raises PermissionDenied and, as the action would, ActionRefused.
        """
        super().load()
        if not self.allowed():
            raise PermissionDenied
        if self.request.method != "POST":
            self.check()

    def allowed(self) -> bool:
        """Whether this member may do it to this record, beside the permission of the screen."""
        return True

    def check(self) -> None:
        """Raise ActionRefused when there is nothing to do here now."""
        if self.transition is None:
            self.refuse_over()
        else:
            self.transition.check(self.object)

    def refuse_over(self) -> None:
        """Raise ActionRefused when the record is over. A screen without a transition says how."""
        raise NotImplementedError
