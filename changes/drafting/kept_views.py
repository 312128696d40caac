"""The views of the list of changes that people keep."""

from workflow.kept_views import KeepScreen, KeptViews, forgetting

KEPT = KeptViews("changes", frozenset({"q", "order", "view", "state", "type", "kind", "risk", "system"}))


class ViewKeep(KeepScreen):
    """Keep the list as it is filtered now, under a name."""

    views = KEPT


forget = forgetting(KEPT)
