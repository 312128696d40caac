"""The scale in force, and the one that holds before anybody has chosen."""

from risks.models import Level, RiskScale

_LIKELIHOOD = (
    ("Rare", "Less than once in ten years"),
    ("Unlikely", "Once in three to ten years"),
    ("Possible", "Once in one to three years"),
    ("Likely", "About once a year"),
    ("Almost certain", "Several times a year"),
)
_IMPACT = (
    ("Negligible", "Nobody outside notices"),
    ("Minor", "Some customers notice; mended within a day"),
    ("Moderate", "A commitment to some customers is missed"),
    ("Major", "Data of customers, or a commitment to many of them, is harmed"),
    ("Severe", "The company's future is at stake"),
)
_LEVELS = {Level.LOW: 1, Level.MEDIUM: 5, Level.HIGH: 10, Level.CRITICAL: 15}


def default_scale() -> RiskScale:
    """Five by five, not saved: it becomes version 1 when the first risk is rated on it."""
    return RiskScale(
        number=1,
        generation=1,
        likelihood=[{"word": word, "meaning": meaning} for word, meaning in _LIKELIHOOD],
        impact=[{"word": word, "meaning": meaning} for word, meaning in _IMPACT],
        levels=[{"key": str(key), "word": str(key.label), "from": begin} for key, begin in _LEVELS.items()],
    )


def scale_in_force() -> RiskScale:
    """The newest version, or the default where there is none."""
    return RiskScale.objects.order_by("-number").first() or default_scale()
