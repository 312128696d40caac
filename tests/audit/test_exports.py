"""No list leaves without a trace."""

import pytest

from audit.models import AuditEvent
from tests.routes import routes
from ui.screens import ListScreen


def test_every_list_that_can_be_exported_records_it():
    screens = {getattr(route.view, "view_class", None) for route in routes("grc.urls_organization")}
    lists = [one for one in screens if isinstance(one, type) and issubclass(one, ListScreen) and one.exports]
    assert len(lists) > 10
    assert [one.__name__ for one in lists if one.on_export is ListScreen.on_export] == []


@pytest.mark.parametrize(("form", "label"), [("csv", "CSV"), ("xlsx", "Excel")])
def test_the_members_that_left_as_a_file_are_an_event(client_of, administrator, in_acme, form, label):
    response = client_of(administrator).get(f"/o/acme/members/?export={form}&q=manager")
    content = b"".join(response.streaming_content)
    assert content.startswith(b"PK") if form == "xlsx" else b"Manager Acme" in content
    event = AuditEvent.objects.get(verb="list.export")
    assert event.actor_id == administrator.pk
    told = {"list": "Members", "form": label, "filter": 'search "manager"', "rows": 1, "sha256": ""}
    assert event.data["metadata"] | {"sha256": ""} == told
