"""The views of the register that people keep."""

from workflow.kept_views import KeepScreen, KeptViews, forgetting

KEPT = KeptViews(
    "risks",
    frozenset({"q", "order", "view", "state", "category", "level", "treatment", "review", "whose", "inherent", "residual"}),
)


class ViewKeep(KeepScreen):
    """Keep the list as it is filtered now, under a name."""

    views = KEPT


forget = forgetting(KEPT)
