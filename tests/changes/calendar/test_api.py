"""Freezes by a program: the same rights and checks."""

import datetime as dt

from tests.api.conftest import Program, make_token
from tests.changes.calendar.conftest import utc


def test_a_freeze_is_set_moved_and_cancelled_and_a_change_let_through(cast, billing, planned):
    change = planned("2036-12-24T10:00", "2036-12-24T11:00", billing)
    program = Program(make_token(cast.manager)[1])
    said = {"name": "Year end", "reason": "Few are here.", "systems": [str(billing.pk)]}
    window = {"starts_at": "2036-12-24T00:00:00Z", "ends_at": "2036-12-27T00:00:00+01:00"}
    made = program.post("freezes", {**said, **window})
    assert made.status_code == 201, made.json()
    told, path = made.json(), f"freezes/{made.json()['id']}"
    assert (told["systems"], told["status"]) == ([str(billing.pk)], "active")
    moved = program.patch(path, {"ends_at": "2036-12-28T00:00:00Z"}, If_Match=made.headers["ETag"])
    assert (moved.status_code, moved.json()["name"]) == (200, "Year end")
    assert program.get("freezes?state=ahead").json()["results"][0]["id"] == told["id"]
    let = {"freeze": told["id"], "reason": "Finance needs it."}
    assert program.post(f"changes/{change.pk}/let-through", let, If_Match="*").status_code == 200
    (override,) = program.get("freeze-overrides").json()["results"]
    assert (override["change"], override["status"]) == (str(change.pk), "given")
    back = program.post(f"freeze-overrides/{override['id']}/withdraw", {"reason": "Finance waits."}, If_Match="*")
    assert back.json()["status"] == "withdrawn"
    assert program.post(f"{path}/cancel", {"reason": "All are here."}, If_Match="*").json()["status"] == "cancelled"
    assert dt.datetime.fromisoformat(told["starts_at"]) == utc("2036-12-24T00:00")
    beginner = Program(make_token(cast.approver)[1])
    assert beginner.post("freezes", {**said, **window}).status_code == 403
    assert beginner.get(path).status_code == 200
