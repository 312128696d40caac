"""Reading and writing records as a program does."""

from audit.models import AuditEvent
from inventory.models import Person
from tenancy.scope import tenant

WORKER = {"name": "Ada Adams", "email": "ada@acme.example", "kind": "employee"}


def test_a_person_is_made_read_and_changed(program, acme):
    made = program.post("people", WORKER)
    assert made.status_code == 201, made.content
    assert made["Location"] == f"/api/people/{made.json()['id']}"
    seen = program.get(f"people/{made.json()['id']}")
    assert (seen.status_code, seen["ETag"], seen.json()) == (200, made["ETag"], made.json())
    changed = program.patch(f"people/{made.json()['id']}", {"department": "Research"}, If_Match=seen["ETag"])
    assert (changed.status_code, changed.json()) == (200, {**seen.json(), "department": "Research"})


def test_what_a_program_does_is_recorded_under_its_owners_name_and_token(program, acme, manager):
    key = program.post("people", WORKER).json()["id"]
    with tenant(acme):
        event = AuditEvent.objects.get(object_id=key)
    assert (event.verb, event.actor_id) == ("person.create", manager.pk)
    assert event.data["actor"]["token"].startswith("plb_")


def test_an_act_does_what_the_screen_does(program, acme):
    made = program.post("people", WORKER)
    left = program.post(f"people/{made.json()['id']}/leave", {"left_on": "2026-01-05"}, If_Match=made["ETag"])
    assert (left.status_code, left.json()["status"], left.json()["left_on"]) == (200, "left", "2026-01-05")
    again = program.post(f"people/{made.json()['id']}/leave", {"left_on": "2026-01-05"}, If_Match="*")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert again.json()["detail"] == "Ada Adams is left: it cannot be marked as left now."


def test_a_writer_says_what_it_has_seen(program):
    made = program.post("people", WORKER)
    path, first = f"people/{made.json()['id']}", made["ETag"]
    assert program.patch(path, {"title": "A"}).status_code == 428
    assert program.patch(path, {"title": "A"}, If_Match=first).status_code == 200
    stale = program.patch(path, {"title": "B"}, If_Match=first)
    assert (stale.status_code, program.get(path).json()["title"]) == (412, "A")
    assert program.get(path, If_None_Match=program.get(path)["ETag"]).status_code == 304


def test_what_is_wrong_is_said_with_a_pointer(program, acme):
    wrong = program.post("people", {**WORKER, "email": "nobody", "kind": "robot"})
    assert wrong.status_code == 422
    assert {one["pointer"] for one in wrong.json()["errors"]} == {"#/email", "#/kind"}
    program.post("people", WORKER)
    taken = program.post("people", WORKER)
    assert taken.status_code in {409, 422}
    with tenant(acme):
        assert Person.objects.filter(email=WORKER["email"]).count() == 1
    misspelt = program.post("people", {**WORKER, "nmae": "x"})
    assert misspelt.json()["errors"] == [{"pointer": "#/nmae", "detail": "There is no such field."}]


def test_a_list_is_read_page_by_page_and_filtered_as_on_screen(program, acme):
    for at in range(5):
        program.post("people", {"name": f"Person {at}", "email": f"p{at}@acme.example", "kind": "contractor"})
    address, names = "people?kind=contractor&limit=2", []
    while address:
        page = program.get(address).json()
        names += [one["name"] for one in page["results"]]
        address = (page["next"] or "").removeprefix("/api/")
    assert names == [f"Person {at}" for at in (4, 3, 2, 1, 0)]
    assert [one["name"] for one in program.get("people?q=person 3").json()["results"]] == ["Person 3"]


def test_a_filter_that_does_not_exist_is_refused(program):
    for query in ("kind=robot", "knid=employee", "limit=0", "limit=x", "cursor=x", "cursor=WyJ4Il0"):
        answer = program.get(f"people?{query}")
        assert (query, answer.status_code) == (query, 400)
        assert answer["Content-Type"] == "application/problem+json"


def test_the_same_key_makes_one(program, acme):
    first, second = (program.post("people", WORKER, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), first["Location"], first["ETag"]) == (second.json(), second["Location"], second["ETag"])
    assert program.post("people", {**WORKER, "name": "B"}, Idempotency_Key="k1").status_code == 422


def test_a_refused_key_can_be_used_again(program):
    assert program.post("people", {**WORKER, "kind": "robot"}, Idempotency_Key="k2").status_code == 422
    assert program.post("people", WORKER, Idempotency_Key="k2").status_code == 201
