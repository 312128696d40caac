"""Roles, what somebody may do and why, and conflicts of duty, for programs to read."""

from accounts.actions import change_roles, create_role
from audit.actors import System
from tenancy.scope import tenant


def test_roles_rights_and_conflicts_stand_in_the_api(program, cast, acme):
    with tenant(acme):
        role = create_role(name="Roster", description="Keeps it.", grants=["people.write"], actor=cast.administrator)
        change_roles(cast.administrator, roles=["administrator", "reviewer"], actor=System("test"))
    assert [one["key"] for one in program.get("roles").json()["results"]] == ["roster"]
    assert program.get(f"roles/{role.pk}").json()["grants"] == ["people.write"]
    assert "administrator" in {one["key"] for one in program.get("roles/built-in").json()["roles"]}
    told = program.get(f"members/{cast.viewer.pk}/rights").json()["rights"]
    assert {"people.read"} <= {one["permission"] for one in told}
    (conflict,) = program.get("accepted-conflicts/now").json()["conflicts"]
    assert (conflict["conflict"], conflict["open"], conflict["by"]) == ("access", True, ["Administrator", "Reviewer"])
    assert program.get("accepted-conflicts").json()["results"] == []
