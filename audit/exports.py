"""Lists leave a trace when they leave the product."""

from typing import Any

from audit.actions import action
from audit.record import record


class RecordsExports:
    """Mixin of a ListScreen: an export is an event, with what it held, as which kind of file, and its hash."""

    request: Any
    described: Any
    get_title: Any

    @action
    def on_export(self, count: int, sha256: str, form: str) -> None:
        """Record it."""
        facts = {"list": self.get_title(), "form": form, "filter": self.described(), "rows": count, "sha256": sha256}
        record("list.export", self.request.organization, actor=self.request.member, metadata=facts)
