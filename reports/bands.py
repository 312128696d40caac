"""Readiness as a word beside its colour. The bands at 90 and 70 are planning rules of this product, not the AICPA's."""

from dataclasses import dataclass

from ui.components import Tone

GOOD, FAIR = 90, 70


@dataclass(frozen=True, slots=True)
class Band:
    """How a percentage reads; `advice` is empty where there is nothing to add."""

    word: str
    tone: Tone
    advice: str = ""


_GOOD = Band("On course", "ok")
_FAIR = Band("Gaps to close", "warn")
_POOR = Band(
    "Far from ready", "bad", f"Under {FAIR} % we advise against booking a Type I audit. That is a planning rule of ours."
)
_NONE = Band("Not measured", "muted")


def band_of(percent: int | None) -> Band:
    """The band of a percentage as it is printed; None is not measured."""
    if percent is None:
        return _NONE
    return _GOOD if percent >= GOOD else _FAIR if percent >= FAIR else _POOR
