"""Words that the areas share."""


def quoted(title: str) -> str:
    """A title within a sentence."""
    return f"“{title}”"


def were(count: int) -> str:
    """`1 was`, `3 were`: what a sentence goes on with."""
    return f"{count:,} {'was' if count == 1 else 'were'}"
