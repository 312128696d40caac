"""The words and numbers of tools as one of four severities. The table stands in docs/vulnerabilities.md."""

from vulnerabilities.models.vulnerability import Severity

# What is not known is not low: it counts as medium until somebody says what it is.
UNKNOWN = Severity.MEDIUM
_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "error": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "note": Severity.LOW,
    "info": Severity.LOW,
    "informational": Severity.LOW,
    "negligible": Severity.LOW,
}


def of_word(word: str) -> tuple[Severity, str]:
    """The severity of a tool's word, and what it told."""
    known = _WORDS.get(word.strip().lower())
    return (known, word) if known else (UNKNOWN, f"{word} (not known)" if word else "not stated")


def of_score(score: float) -> tuple[Severity, str]:
    """The severity of a CVSS base score, by the scale of CVSS 3.1 (section 5) and 4.0."""
    told = f"score {score:.1f}"
    if score >= 9:
        return Severity.CRITICAL, told
    if score >= 7:
        return Severity.HIGH, told
    return (Severity.MEDIUM, told) if score >= 4 else (Severity.LOW, told)
