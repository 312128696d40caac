"""The catalogue of attacks on the trail, made as the database's superuser with its triggers disabled (docs/proof.md)."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.seal.heads import Head, digest_of
from audit.seal.keys import SealKey, seal_keys
from audit.seal.tree import Tree, leaf_hash
from tenancy.models import Organization
from tenancy.scope import now
from tests.proof.attacking import Trail, attack, keep_copy, restored, sealed_trail, superuser

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def trail(committed_db: None) -> Trail:
    return sealed_trail(Organization.objects.get(slug="acme"))


@pytest.fixture
def other(committed_db: None) -> Trail:
    return sealed_trail(Organization.objects.get(slug="globex"), sizes=(4,))


def forged(body: str) -> str:
    """Another actor than the one it was."""
    told = json.loads(body)
    told["actor"]["name"] = "Somebody Else"
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def first_of(trail: Trail) -> tuple[str, Any, int | None]:
    """Kind, event and place of the first fault."""
    fault = trail.check().first
    assert fault is not None
    return str(fault.kind), fault.event, fault.position


def reseal(trail: Trail, key: SealKey | None = None, *, after: int = 0) -> None:
    """What whoever holds the key too would do: all heads after one are made anew, over the events as they are now."""
    key = key or seal_keys()[-1]
    heads = trail.heads()
    kept = heads[:after]
    with superuser() as admin:
        admin.execute("DELETE FROM audit_auditleaf WHERE tenant_id = %s", [trail.organization.pk])
        admin.execute("DELETE FROM audit_audithead WHERE tenant_id = %s AND number > %s", [trail.organization.pk, after])
        rows = admin.execute(
            "SELECT id, at, body FROM audit_event WHERE tenant_id = %s ORDER BY xid, at, id", [trail.organization.pk]
        ).fetchall()
        tree, before = Tree(), kept[-1].body if kept else None
        sizes = [head.size for head in heads[after:]]
        sizes = [min(size, len(rows)) for size in sizes]
        sizes[-1] = len(rows)
        number = after
        for position, (event, at, body) in enumerate(rows):
            leaf = leaf_hash(body.encode())
            tree.append(leaf)
            admin.execute("UPDATE audit_event SET leaf = %s WHERE id = %s", [leaf, event])
            admin.execute(
                "INSERT INTO audit_auditleaf (tenant_id, id, at, leaf, position) VALUES (%s, %s, %s, %s, %s)",
                [trail.organization.pk, event, at, leaf, position],
            )
            while sizes and tree.size == sizes[0]:
                sizes.pop(0)
                number += 1
                head = Head(
                    trail.organization.pk,
                    number,
                    tree.size,
                    tree.root,
                    now(),
                    digest_of(before) if before else "0" * 64,
                    key.public,
                )
                admin.execute(
                    "INSERT INTO audit_audithead (tenant_id, id, number, size, root, peaks, horizon, at, body, signature, public)"
                    " VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    [trail.organization.pk, number, tree.size, tree.root, tree.packed, heads[-1].horizon, head.at, head.body,
                     head.signed(key), key.public],
                )  # fmt: skip
                before = head.body


def test_what_nobody_touched_is_intact(trail, other):
    for one in (trail, other):
        verdict = one.check()
        assert (verdict.state, verdict.faults, verdict.unasked, verdict.notes) == ("intact", [], [], [])
        assert verdict.events == len(one.events)
    assert trail.check().heads == 3


# 1 to 5: one event is changed.


def test_1_the_text_of_an_event_is_altered(trail):
    event = trail.events[13]
    attack("UPDATE audit_event SET body = %s WHERE id = %s", forged(trail.body(event)), event)
    assert first_of(trail) == ("altered", event, 13)


def test_2_text_and_hash_are_altered(trail):
    event, body = trail.events[13], forged(trail.body(trail.events[13]))
    attack("UPDATE audit_event SET body = %s, leaf = %s WHERE id = %s", body, leaf_hash(body.encode()), event)
    assert first_of(trail) == ("altered", event, 13)


def test_3_text_hash_and_its_place_in_the_tree_are_altered(trail):
    event, body = trail.events[12], forged(trail.body(trail.events[12]))
    leaf = leaf_hash(body.encode())
    attack("UPDATE audit_event SET body = %s, leaf = %s WHERE id = %s", body, leaf, event)
    attack("UPDATE audit_auditleaf SET leaf = %s WHERE id = %s", leaf, event)
    fault = trail.check().first
    assert fault is not None
    assert (str(fault.kind), fault.head) == ("altered", 2)
    assert "One of the events at 12 to 15" in fault.words


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "system.forget"), ("result", "failure"), ("actor_name", "Somebody Else"), ("object_name", "Another"),
        ("object_kind", "inventory.person"), ("actor_id", None), ("object_id", None),
    ],
)  # fmt: skip
def test_4_a_column_that_is_searched_is_altered(trail, column, value):
    event = trail.events[11]
    attack(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, event)
    assert first_of(trail) == ("copied column differs", event, 11)


def test_5_its_time_is_altered(trail):
    event = trail.events[11]
    attack("UPDATE audit_event SET at = at - interval '1 hour' WHERE id = %s", event)
    assert first_of(trail) == ("copied column differs", event, 11)


def test_6_a_text_becomes_no_json_at_all(trail):
    event, body = trail.events[10], "{not json"
    attack("UPDATE audit_event SET body = %s, leaf = %s WHERE id = %s", body, leaf_hash(body.encode()), event)
    verdict = trail.check()
    assert verdict.state == "broken"
    assert verdict.first is not None
    assert verdict.first.event == event


# 7 to 13: events go, come, or change places.


@pytest.mark.parametrize("place", [0, 13, -1], ids=["first", "middle", "last"])
def test_7_an_event_is_deleted(trail, place):
    event = trail.events[place]
    attack("DELETE FROM audit_event WHERE id = %s", event)
    assert first_of(trail) == ("missing", event, trail.events.index(event))


@pytest.mark.parametrize("place", [0, 13], ids=["first", "middle"])
def test_8_an_event_is_deleted_with_its_place(trail, place):
    event = trail.events[place]
    attack("DELETE FROM audit_event WHERE id = %s", event)
    attack("DELETE FROM audit_auditleaf WHERE id = %s", event)
    assert first_of(trail) == ("missing", None, place)


def test_9_an_event_is_deleted_and_the_places_after_it_move_up(trail):
    event = trail.events[13]
    attack("DELETE FROM audit_event WHERE id = %s", event)
    attack("DELETE FROM audit_auditleaf WHERE id = %s", event)
    with superuser() as admin:
        for place in range(14, len(trail.events)):
            admin.execute("UPDATE audit_auditleaf SET position = %s WHERE id = %s", [place - 1, trail.events[place]])
    kind, _, position = first_of(trail)
    assert (kind, position) == ("altered", 12)


def test_10_the_last_event_is_deleted_with_its_place(trail):
    attack("DELETE FROM audit_event WHERE id = %s", trail.events[-1])
    attack("DELETE FROM audit_auditleaf WHERE id = %s", trail.events[-1])
    assert first_of(trail) == ("truncated", None, len(trail.events) - 1)


def test_11_all_events_are_gone(trail):
    attack("TRUNCATE audit_event")
    verdict = trail.check()
    assert (verdict.state, verdict.found) == ("broken", len(trail.events))
    assert {str(fault.kind) for fault in verdict.faults} == {"missing"}


def test_12_events_and_places_are_gone(trail):
    attack("TRUNCATE audit_event, audit_auditleaf")
    assert "truncated" in trail.kinds()


def test_13_two_events_change_places(trail):
    one, two = trail.events[13], trail.events[14]
    swapped = [(-1, one), (13, two), (14, one)]
    with superuser() as admin:
        for place, event in swapped:
            admin.execute("UPDATE audit_auditleaf SET position = %s WHERE id = %s", [place, event])
    kind, event, position = first_of(trail)
    assert (kind, event, position) == ("reordered", one, 14)


def test_14_two_events_exchange_their_texts(trail):
    one, two = trail.events[13], trail.events[14]
    bodies = trail.body(one), trail.body(two)
    for event, body in ((one, bodies[1]), (two, bodies[0])):
        attack("UPDATE audit_event SET body = %s, leaf = %s WHERE id = %s", body, leaf_hash(body.encode()), event)
    assert first_of(trail) == ("altered", one, 13)


# Of a transaction long ago, so that tests which run beside and hold transactions open make no difference.
INSERT = """
INSERT INTO audit_event
  (id, tenant_id, at, xid, body, leaf, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT gen_random_uuid(), tenant_id, at + interval '1 microsecond', '9'::xid8, body, leaf, verb, result, actor_id, actor_name,
  object_kind, object_id, object_name FROM audit_event WHERE id = %s RETURNING id
"""


def test_15_an_event_is_inserted_among_old_ones(trail):
    ((event,),) = attack(INSERT, trail.events[13])
    verdict = trail.check()
    assert ("inserted", event) in {(str(fault.kind), fault.event) for fault in verdict.faults}


def test_16_an_event_is_inserted_with_a_place_at_the_end(trail):
    ((event,),) = attack(INSERT, trail.events[13])
    attack(
        "INSERT INTO audit_auditleaf (tenant_id, id, at, leaf, position) SELECT tenant_id, id, at, leaf, %s FROM audit_event"
        " WHERE id = %s", len(trail.events), event,
    )  # fmt: skip
    assert "truncated" in trail.kinds()  # more in the tree than any head is over


def test_17_an_event_moves_to_another_organization(trail, other):
    event = trail.events[13]
    attack("UPDATE audit_event SET tenant_id = %s WHERE id = %s", other.organization.pk, event)
    assert first_of(trail) == ("missing", event, 13)
    assert {"inserted", "copied column differs"} & other.kinds()


def test_18_an_event_moves_to_another_organization_with_its_text(trail, other):
    event = trail.events[13]
    body = trail.body(event).replace(str(trail.organization.pk), str(other.organization.pk))
    attack(
        "UPDATE audit_event SET tenant_id = %s, body = %s, leaf = %s, xid = '9' WHERE id = %s",
        other.organization.pk, body, leaf_hash(body.encode()), event,
    )  # fmt: skip
    assert first_of(trail)[0] == "missing"
    assert "inserted" in other.kinds()


def test_19_an_event_that_nobody_seals(trail):
    trail.write("Waits")
    assert trail.check().state == "intact"  # it is young
    attack(INSERT.replace("at + interval '1 microsecond', '9'", "at - interval '1 day', '9000000000'"), trail.events[13])
    assert "unsealed" in trail.kinds()


# 20 to 26: the heads.


def test_20_a_head_is_rewritten(trail):
    head = trail.heads()[1]
    body = head.body.replace(f'"size":{head.size}', f'"size":{head.size - 1}')
    attack("UPDATE audit_audithead SET body = %s WHERE id = %s", body, head.pk)
    assert "forked" in trail.kinds()


def test_21_the_columns_of_a_head_are_rewritten(trail):
    attack("UPDATE audit_audithead SET size = size - 1 WHERE id = %s", trail.heads()[1].pk)
    assert "copied column differs" in trail.kinds()


def test_22_a_head_becomes_nonsense(trail):
    attack("UPDATE audit_audithead SET body = 'nonsense' WHERE id = %s", trail.heads()[1].pk)
    assert "forked" in trail.kinds()


@pytest.mark.parametrize("place", [0, 1], ids=["first", "middle"])
def test_23_a_head_is_dropped(trail, place):
    attack("DELETE FROM audit_audithead WHERE id = %s", trail.heads()[place].pk)
    verdict = trail.check()
    assert "missing" in {str(fault.kind) for fault in verdict.faults}


def test_24_the_last_head_is_dropped(trail):
    attack("DELETE FROM audit_audithead WHERE id = %s", trail.heads()[-1].pk)
    assert "truncated" in trail.kinds()


def test_25_all_heads_are_signed_anew_with_another_key(trail):
    reseal(trail, SealKey(Ed25519PrivateKey.from_private_bytes(b"x" * 32)))
    keep_copy(trail.witness)
    trail.witness.unlink()  # even where the witness is gone
    verdict = trail.check()
    assert ("forked", "not this installation's") in {
        (str(fault.kind), "not this installation's") for fault in verdict.faults if "not this installation's" in fault.words
    }


def test_26_another_key_signs_on_without_a_hand_over(trail, settings):
    trail.write("Later")
    key = SealKey(Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    reseal(trail, key, after=2)
    verdict = trail.check()
    assert any("was not handed over to" in fault.words for fault in verdict.faults)


# 27 to 30: what only a witness finds. Without it each looks intact.


def without_witness(trail: Trail) -> str:
    """How the check comes out when the witness is lost."""
    copy = keep_copy(trail.witness)
    trail.witness.unlink()
    state = trail.check().state
    copy.rename(trail.witness)
    return state


def test_27_all_of_the_end_is_cut_off(trail):
    cut = trail.heads()[1]
    attack("DELETE FROM audit_audithead WHERE number > %s", cut.number)
    attack("DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_auditleaf WHERE position >= %s)", cut.size)
    attack("DELETE FROM audit_auditleaf WHERE position >= %s", cut.size)
    assert without_witness(trail) == "intact"
    fault = trail.check().first
    assert fault is not None
    assert (str(fault.kind), fault.head) == ("truncated", 3)


def test_28_an_event_is_altered_and_all_is_sealed_anew_with_the_real_key(trail):
    event, body = trail.events[13], forged(trail.body(trail.events[13]))
    attack("UPDATE audit_event SET body = %s, actor_name = 'Somebody Else' WHERE id = %s", body, event)
    reseal(trail)
    assert without_witness(trail) == "intact"
    assert trail.kinds() == {"forked"}


def test_29_the_end_is_cut_off_and_sealed_anew_with_the_real_key(trail):
    attack("DELETE FROM audit_event WHERE id = ANY(%s)", trail.events[17:])
    reseal(trail, after=2)
    assert without_witness(trail) == "intact"
    assert trail.kinds() == {"forked"}


def test_30_an_older_dump_is_restored(trail):
    with restored():
        trail.write("After the dump")
        trail.seal()
    assert without_witness(trail) == "intact"
    assert trail.kinds() == {"truncated"}


def test_31_a_witness_that_cannot_be_read_makes_nothing_green(trail):
    trail.witness.write_text("nonsense\n")
    verdict = trail.check()
    assert (verdict.state, verdict.found) == ("not_evaluable", 0)
    trail.witness.write_text(trail.heads()[0].body)
    assert trail.check().state == "not_evaluable"


def test_a_trail_that_was_never_sealed_is_not_intact(committed_db):
    trail = Trail(Organization.objects.get(slug="globex"))
    trail.write("First")
    verdict = trail.check()
    assert verdict.state != "intact"
    assert {str(fault.kind) for fault in verdict.faults} <= {"unsealed"}  # once they are older than ten minutes
    assert verdict.unasked == ["Nothing has been sealed yet."]
