"""What the readers raise."""

from __future__ import annotations


class FormatError(Exception):
    """The file as a whole cannot be read; the text is a sentence for the person who uploaded it."""


class RowProblem(Exception):
    """One row cannot be taken over. Readers catch it and hand out a RowError instead."""

    def __init__(self, *reasons: str) -> None:
        """Keep the sentences that say why."""
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
