"""Keys and their rotations in the API."""

from typing import Any

from proof.keys.actions import start_rotation
from tenancy.scope import tenant
from tests.cast import Cast
from tests.proof.key_world import fill


def test_a_program_sees_keys_and_stops_a_rotation(acme: Any, cast: Cast, program_of: Any):
    fill(acme)
    program = program_of(cast.administrator, "organization.admin")
    first, second = program.get("data-keys").json()["results"]
    assert {first["purpose"], second["purpose"]} == {"general", "personal"}
    assert first["values_under"] + second["values_under"] >= 8
    assert "wrapped" not in first
    assert program.get(f"data-keys/{first['id']}").json() == first
    with tenant(acme):
        rotation = start_rotation(actor=cast.administrator)
    assert program.get("key-rotations").json()["results"][0]["status"] == "running"
    for act, state in (("stop", "stopped"), ("resume", "running")):
        path = f"key-rotations/{rotation.pk}"
        assert program.post(f"{path}/{act}", {}, If_Match=program.get(path)["ETag"]).status_code in {200, 204}
        assert program.get(path).json()["status"] == state


def test_others_see_no_keys(acme: Any, program: Any):
    assert program.get("data-keys").status_code == 403
    assert program.get("key-rotations").status_code == 403
