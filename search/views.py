"""One page and one dialog: records by number and name, places, and what may be begun."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.views.generic import TemplateView

from ui.navigation import groups_for
from ui.screens.base import Screen
from ui.searching import LONGEST, Hit, Hits, actions_for, found_in, tidy

PLACES = 8


class Everything(Screen, TemplateView):
    """What a member finds; each list is searched as on its own page, so nobody finds what they do not see there."""

    permission = "home.read"
    title = "Search"
    lede = "Records by their number or name, places, and what you may begin."
    template_name = "search/everything.html"

    def get_template_names(self) -> list[str]:
        """The dialog asks for what was found alone."""
        return ["search/everything.html#found"] if self.request.GET.get("fragment") == "found" else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found."""
        text = tidy(self.request.GET.get("q", ""))
        found = [*_ways(self.request, text), *found_in(self.request, text)] if text else []
        return super().get_context_data(**self.frame(), text=text, found=found, longest=LONGEST, **kwargs)


def _ways(request: HttpRequest, text: str) -> Iterator[Hits]:
    """Places and acts whose words hold every word of the text."""
    words = text.casefold().split()
    places = [Hit(link.label, link.url) for group in groups_for(request) for link in (*group.links, *group.more)]
    known = {one.url for one in places}
    acts = [one for one in actions_for(request) if one.url not in known]
    for title, ways in (("Go to", places), ("Begin", acts)):
        hits = [one for one in ways if all(word in one.words.casefold() for word in words)][:PLACES]
        if hits:
            yield Hits(title, hits)
