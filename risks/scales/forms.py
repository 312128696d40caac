"""The form of the scale: one step a line, so that there may be three or seven."""

from typing import Any

from django import forms

from risks.models import FEWEST, MOST, Level, RiskScale
from ui.forms import TextArea
from workflow.once import OnceForm
from workflow.seen import SeenForm

_STEPS = "One step a line, the least first: its word, a colon, what it means."


def _word(level: Level) -> forms.CharField:
    return forms.CharField(label=f"{level.label} is called", max_length=40)


def _begins(level: Level) -> forms.IntegerField:
    return forms.IntegerField(label=f"{level.label} begins at a score of", min_value=1, max_value=MOST * MOST)


class ScaleForm(SeenForm, OnceForm):
    """The steps in the organization's words, where each level begins, and why it is changed."""

    likelihood = forms.CharField(label="How likely", widget=TextArea(rows=6), max_length=3000, help_text=_STEPS)
    impact = forms.CharField(label="How bad", widget=TextArea(rows=6), max_length=3000, help_text=_STEPS)
    low_word, low_from = _word(Level.LOW), _begins(Level.LOW)
    medium_word, medium_from = _word(Level.MEDIUM), _begins(Level.MEDIUM)
    high_word, high_from = _word(Level.HIGH), _begins(Level.HIGH)
    critical_word, critical_from = _word(Level.CRITICAL), _begins(Level.CRITICAL)
    same_meaning = forms.BooleanField(
        label="Only the words differ: each step and each level means what it meant before", required=False,
        help_text="Then risks that are rated stay as they are. Else each waits to be rated again; what it was stays.",
    )  # fmt: skip
    reason = forms.CharField(label="Why it is changed", widget=TextArea(rows=2), max_length=2000)
    fieldsets = (
        ("Steps", ("likelihood", "impact")),
        ("Levels: likelihood times impact", tuple(f"{key}_{part}" for key in Level.values for part in ("word", "from"))),
        ("", ("same_meaning", "reason")),
    )

    def clean_likelihood(self) -> list[dict[str, str]]:
        """As steps."""
        return _steps(self.cleaned_data["likelihood"])

    def clean_impact(self) -> list[dict[str, str]]:
        """As steps."""
        return _steps(self.cleaned_data["impact"])

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        given = self.cleaned_data
        levels = [{"key": str(key), "word": given[f"{key}_word"].strip(), "from": given[f"{key}_from"]} for key in Level.values]
        return {name: given[name] for name in ("likelihood", "impact", "same_meaning", "reason")} | {"levels": levels}


def initial_of(scale: RiskScale) -> dict[str, Any]:
    """A scale as the form shows it."""
    levels = {f"{one['key']}_{part}": one[part] for one in scale.levels for part in ("word", "from")}
    return {"likelihood": _lines(scale.likelihood), "impact": _lines(scale.impact), **levels}


def _lines(steps: list[dict[str, str]]) -> str:
    return "\n".join(f"{one['word']}: {one['meaning']}" if one["meaning"] else one["word"] for one in steps)


def _steps(text: str) -> list[dict[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not FEWEST <= len(lines) <= MOST:
        raise forms.ValidationError(f"Name {FEWEST} to {MOST} steps, one a line.")
    parts = [line.partition(":") for line in lines]
    if any(len(word.strip()) > 40 for word, _, _ in parts):
        raise forms.ValidationError("A step's word has at most 40 characters, before the colon.")
    return [{"word": word.strip(), "meaning": meaning.strip()} for word, _, meaning in parts]
