"""The views of the list of vulnerabilities that people keep."""

from workflow.kept_views import KeepScreen, KeptViews, forgetting

KEPT = KeptViews(
    "vulnerabilities", frozenset({"q", "order", "view", "state", "severity", "due", "whose", "source", "scope", "test"})
)


class ViewKeep(KeepScreen):
    """Keep the list as it is filtered now, under a name."""

    views = KEPT


forget = forgetting(KEPT)
