"""The views of the list of vendors that people keep."""

from workflow.kept_views import KeepScreen, KeptViews, forgetting

KEPT = KeptViews("vendors", frozenset({"q", "order", "view", "state", "tier", "risk", "residual"}))


class ViewKeep(KeepScreen):
    """Keep the list as it is filtered now, under a name."""

    views = KEPT


forget = forgetting(KEPT)
