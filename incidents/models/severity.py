"""How grave something is, as somebody stated it, or by the product's default where nobody did."""

from django.db import models

from ui.components import Badge, Tone

SEVERITY_TONES: dict[str, Tone] = {"critical": "bad", "high": "bad", "medium": "warn", "low": "muted"}


class Severity(models.TextChoices):
    """How grave something is."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


DEFAULT = Severity.MEDIUM  # of what nobody stated
NOT_STATED_WORDS = f"Not stated ({DEFAULT.label.lower()} by default)"

# Words of other systems, in any case.
WORDS = {
    Severity.CRITICAL: ("critical", "crit", "fatal", "emergency", "emerg", "page", "p1", "sev1", "disaster"),
    Severity.HIGH: ("high", "error", "err", "major", "alert", "p2", "sev2"),
    Severity.MEDIUM: ("medium", "warning", "warn", "minor", "moderate", "average", "p3", "sev3"),
    Severity.LOW: ("low", "info", "information", "informational", "notice", "debug", "none", "ok", "p4", "p5", "sev4", "sev5"),
}
_BY_WORD = {word: severity for severity, words in WORDS.items() for word in words}


class Graded(models.Model):
    """Has a severity. Where nobody stated one it is counted and timed by the default, and says so wherever it is told."""

    severity = models.CharField(max_length=8, choices=Severity, default=DEFAULT)
    severity_stated = models.BooleanField(default=True, editable=False)

    class Meta:
        abstract = True

    @property
    def severity_words(self) -> str:
        """What was stated; else that nobody did, and what holds by default: wherever it is told to people."""
        return str(Severity(self.severity).label) if self.severity_stated else NOT_STATED_WORDS

    @property
    def severity_recorded(self) -> str:
        """As the trail tells it: its key; in words what nobody stated."""
        return self.severity if self.severity_stated else self.severity_words

    @property
    def severity_badge(self) -> Badge:
        """How grave it is, as a word in a tone."""
        return Badge(self.severity_words, SEVERITY_TONES[self.severity])


def asked() -> tuple[list[tuple[str, str]], dict[str, models.Q]]:
    """The choices of a filter of rows, and what each means: what counts as medium by default is not asked for as medium."""
    stated = {value: models.Q(severity=value, severity_stated=True) for value in Severity.values}
    return [*Severity.choices, ("not_stated", "Not stated")], {**stated, "not_stated": models.Q(severity_stated=False)}


def graded(severity: str) -> dict[str, object]:
    """The two fields, of what somebody stated or "" where nobody did."""
    return {"severity": severity or DEFAULT, "severity_stated": bool(severity)}


def severity_of(word: str) -> str:
    """How grave a sender's word is here; the default where it says nothing that is known."""
    return _BY_WORD.get(word.strip().lower(), DEFAULT)


def is_known(word: str) -> bool:
    """Whether a sender's word states a severity."""
    return word.strip().lower() in _BY_WORD
