"""The scale on which an organization rates its risks, in its own words."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Member
from tenancy.models import TenantModel
from ui.components import Badge, Tone

FEWEST, MOST = 3, 7  # steps of an axis
_TONES: dict[str, Tone] = {"low": "ok", "medium": "warn", "high": "bad", "critical": "bad"}


class Level(models.TextChoices):
    """What a score means. Organizations choose the words and where each begins; these are the keys."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


class RiskScale(TenantModel):
    """One version of the scale; never changed. The newest is in force, and what was rated on an earlier one stays on it.

    Versions of one `generation` mean the same by each step: only words differ, so what was rated on one is comparable with
    what was rated on another.
    """

    number = models.PositiveSmallIntegerField("version")
    generation = models.PositiveSmallIntegerField()
    likelihood = models.JSONField()  # [{"word", "meaning"}], from the least likely
    impact = models.JSONField()  # the same, from the least harmful
    levels = models.JSONField()  # [{"key", "word", "from"}] of all Levels in their order, "from" a score
    reason = models.TextField("why it was changed", blank=True, max_length=2_000)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "number"],
                name="risk_scale_number",
                violation_error_message="Somebody else changed the scale just now. Look at it again.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1, generation__gte=1), name="risk_scale_positive"),
        ]

    def __str__(self) -> str:
        return f"Risk scale, version {self.number}"

    def get_absolute_url(self) -> str:
        """The page of the scale."""
        return reverse("risks:scale")

    @property
    def is_kept(self) -> bool:
        """Whether somebody has put it in force; the one that Plumbline comes with is not kept before."""
        return not self._state.adding

    @property
    def highest(self) -> int:
        """The highest score."""
        return len(self.likelihood) * len(self.impact)

    def level_of(self, score: int) -> str:
        """The key of the level of a score; "" for 0, which is no score."""
        found = [one["key"] for one in self.levels if score >= one["from"]]
        return str(found[-1]) if score and found else ""

    def level_word(self, key: str) -> str:
        """What the organization calls a level."""
        return next((str(one["word"]) for one in self.levels if one["key"] == key), "")

    def likelihood_word(self, step: int) -> str:
        """What the organization calls a step of likelihood, from 1; "" for none."""
        return str(self.likelihood[step - 1]["word"]) if 0 < step <= len(self.likelihood) else ""

    def impact_word(self, step: int) -> str:
        """What the organization calls a step of impact, from 1; "" for none."""
        return str(self.impact[step - 1]["word"]) if 0 < step <= len(self.impact) else ""

    def rated(self, likelihood: int, impact: int) -> "Rated":
        """A rating with what it means on this scale."""
        score = likelihood * impact
        level = self.level_of(score)
        return Rated(
            likelihood, impact, score, level, self.level_word(level), self.likelihood_word(likelihood), self.impact_word(impact)
        )


@dataclass(frozen=True, slots=True)
class Rated:
    """A likelihood and an impact (0 where there is none yet), the score, the level, and the organization's words for them."""

    likelihood: int
    impact: int
    score: int
    level: str
    word: str
    likelihood_word: str
    impact_word: str

    @property
    def badge(self) -> Badge | None:
        """The level as a word in a tone, with the score; nothing where nobody has rated."""
        return Badge(f"{self.word} ({self.score})", _TONES[self.level]) if self.score else None

    @property
    def words(self) -> str:
        """`High: Likely (4) x Moderate (3) = 12`; "Not rated" where nobody has."""
        if not self.score:
            return "Not rated"
        one, other = f"{self.likelihood_word} ({self.likelihood})", f"{self.impact_word} ({self.impact})"
        return f"{self.word}: {one} x {other} = {self.score}"
