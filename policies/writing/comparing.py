"""The difference between any two versions of a policy."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet

from policies.models import PolicyVersion
from policies.register.views import LIST
from policies.rights import EVERYBODY, versions_visible_to, visible_to
from ui.differences import Piece, compare
from ui.screens import DetailScreen


def facts_differing(before: PolicyVersion, after: PolicyVersion) -> list[tuple[str, str, str]]:
    """What differs beside the text: label, before, after."""
    found = [("Title", before.title, after.title), ("Form", before.get_form_display(), after.get_form_display())]
    if not (before.is_written and after.is_written):
        found.append(("File", _file(before), _file(after)))
    return [one for one in found if one[1] != one[2]]


def text_differing(before: PolicyVersion, after: PolicyVersion) -> list[Piece]:
    """What became of which words; nothing where one of them is a file, or they say the same."""
    if not (before.is_written and after.is_written) or before.text == after.text:
        return []
    return compare(before.text, after.text)


def _file(version: PolicyVersion) -> str:
    return f"{version.file.name}, SHA-256 {version.file.sha256}" if version.file else "none"


class Difference(DetailScreen):
    """Two versions of a policy, side by side in one text."""

    permission = EVERYBODY
    template_name = "policies/difference.html"
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_title(self) -> str:
        """Of which policy."""
        return f"Versions of “{self.object}” compared"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the policy."""
        return (LIST, (self.object.title, self.object.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The two that are chosen; without a choice the last two."""
        versions = list(versions_visible_to(self.request.member).filter(policy=self.object).order_by("-number"))
        after = self._chosen("after", versions) or (versions[0] if versions else None)
        before = self._chosen("before", versions) or next((one for one in versions if after and one.number < after.number), None)
        return super().get_context_data(
            versions=versions,
            before=before,
            after=after,
            facts=facts_differing(before, after) if before and after else [],
            pieces=text_differing(before, after) if before and after else [],
            readable=before is not None and after is not None and before.is_written and after.is_written,
            **kwargs,
        )

    def _chosen(self, name: str, versions: Sequence[PolicyVersion]) -> PolicyVersion | None:
        with suppress(ValueError):
            key = uuid.UUID(self.request.GET.get(name, ""))
            return next((one for one in versions if one.pk == key), None)
        return None
