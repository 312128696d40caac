"""Tags of evidence: short words in lower case, each once."""

from collections.abc import Iterable

from ui.refusals import ActionRefused

LONGEST = 40
MOST = 20


def split(typed: str) -> list[str]:
    """The tags in what somebody typed, divided by commas or semicolons."""
    return tidy(typed.replace(";", ",").split(","))


def tidy(tags: Iterable[str]) -> list[str]:
    """In lower case, without blanks around them, in order, each once. Raises ActionRefused for too long or too many."""
    kept = sorted({" ".join(tag.replace("\x00", "").lower().split()) for tag in tags} - {""})
    if any(len(tag) > LONGEST for tag in kept):
        raise ActionRefused(f"A tag has at most {LONGEST} characters.", field="tags")
    if len(kept) > MOST:
        raise ActionRefused(f"An item has at most {MOST} tags.", field="tags")
    return kept
