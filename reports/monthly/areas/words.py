"""Words that the areas share."""


def quoted(title: str) -> str:
    """A title within a sentence."""
    return f"“{title}”"
