"""What plans of files have in common: repeated names, what one would do, its refusals."""

from collections.abc import Iterable, Sequence
from typing import Any

from ui.refusals import ActionRefused

UNSEEN = "-"  # the mark of no plan: a page that sends none has shown none


class SheetPlan:
    """Mixin of a plan with `sheet`, `new`, `changes`, `same` and `wrong`: what its page shows and why it is not done."""

    sheet: Any
    new: Sequence[Any]
    changes: Sequence[Any]
    wrong: Sequence[Any]

    @property
    def noticed(self) -> list[Any]:
        """Rows that were understood otherwise than written."""
        return [line for line in self.sheet.lines if line.notices and not line.errors]

    @property
    def nothing(self) -> bool:
        """Whether everything in the file is here already."""
        return not (self.new or self.changes or self.wrong)

    def refuse(self, *, changed: str, leave_out_wrong: bool) -> None:
        """Raise ActionRefused: with `changed`, when what is there has, then for wrong rows, and when there is nothing to do."""
        if changed:
            raise ActionRefused(changed)
        if self.wrong and not leave_out_wrong:
            sentence = "Some rows are wrong. Correct the file, or say that they are to be left out."
            raise ActionRefused(sentence, field="leave_out_wrong")
        if not (self.new or self.changes):
            raise ActionRefused("Everything in this file is here already: nothing was changed.")


def refuse_repeated(lines: Iterable[Any], what: str) -> None:
    """An error in each row that has the `name` of an earlier one; `what` says what the name is, such as "code"."""
    first: dict[str, int] = {}
    for line in lines:
        if name := line.name:
            number = first.setdefault(name, line.number)
            if number != line.number:
                line.errors.append(f"The {what} {name} stands in row {number} already.")
