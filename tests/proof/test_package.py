"""A package is made of what is there, the same bytes each time, and anybody can check it; whatever is changed is found."""

import datetime as dt
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bagit
import pytest
from django.core.files.storage import default_storage

from audit.masking import mask_people
from audit.seal.keys import fingerprint_of, seal_keys
from controls.catalogue.actions import create_control
from controls.evidence import link_evidence
from controls.models import AuditPeriod, AuditRequest, Control
from controls.requests.giving import Given, give_back, supply
from controls.status.facts import counted_links
from evidence.files import open_file
from evidence.standing import withdraw_evidence
from proof.models import AuditPackage
from proof.package import verify
from proof.package.names import file_name
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.evidence.helpers import kept, stored
from tests.proof.packaging import made, make_period
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("committed_db")
VERIFIER = Path(verify.__file__)
MUTATIONS = 10_000 if os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long" else 500


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


@pytest.fixture
def period(acme: Organization) -> AuditPeriod:
    return make_period(acme)


@pytest.fixture
def make(acme: Organization, period: AuditPeriod) -> Callable[..., AuditPackage]:
    """Ask for a package; it is made at once."""
    return partial(made, period, acme)


def saved(package: AuditPackage, folder: Path) -> Path:
    """The zip as somebody downloaded it."""
    with tenant(Organization.objects.get(slug="acme")), open_file(package.file) as file:
        path = folder / f"{package.reference}.zip"
        path.write_bytes(file.read())
    return path


def fingerprint() -> str:
    return fingerprint_of(seal_keys()[-1].public)


def run(path: Path, *more: str) -> tuple[int, str]:
    """What the verifier says, run as anybody would."""
    expected = ["--fingerprint", fingerprint(), "--organization", str(Organization.objects.get(slug="acme").pk)]
    command = [sys.executable, str(VERIFIER), str(path), *expected, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def package(make: Callable[..., AuditPackage], tmp_path: Path) -> Path:
    ready = make()
    assert ready.status == "ready", ready.problem
    return saved(ready, tmp_path)


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as bag:
        return [name.partition("/")[2] for name in bag.namelist()]


def test_it_holds_a_folder_for_each_control_and_each_request(package):
    found = names(package)
    assert "data/controls/AC-001-Access-1/control.json" in found
    assert "data/controls/AC-002-Access-2/logs/EV-2026-0002-User-list-final.csv" in found
    assert any(name.startswith("data/requests/PBC-2-List-of-leavers/EV-") for name in found)
    for name in (
        "data/index.html",
        "data/index.xlsx",
        "data/trail/events.jsonl",
        "VERIFY.txt",
        "verify.py",
        "key.pem",
        "bagit.txt",
    ):
        assert name in found


def test_the_verifier_says_that_it_is_good(package, acme):
    code, said = run(package, "--organization", str(acme.pk))
    assert (code, said.splitlines()[-1]) == (0, "GOOD"), said
    assert "have their place in the tree" in said


def test_without_the_fingerprint_nothing_is_said_to_be_good(package):
    done = subprocess.run([sys.executable, str(VERIFIER), str(package)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert fingerprint() in done.stdout


def test_another_organization_or_another_key_is_refused(package, tmp_path):
    code, said = run(package, "--organization", "01900000-0000-7000-8000-000000000000")
    assert (code, "It is of the organization" in said) == (1, True)
    code, said = run(package, "--fingerprint", "SHA256:somebodyelse")
    assert (code, "another key than you expect" in said) == (1, True)


def test_sha256sum_openssl_and_ssh_keygen_agree(package, tmp_path):
    with zipfile.ZipFile(package) as bag:
        bag.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    for line in (
        "sha256sum --check --strict --quiet manifest-sha256.txt tagmanifest-sha256.txt",
        "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig",
        "ssh-keygen -Y verify -f allowed_signers -I plumbline -n plumbline-package -s tagmanifest-sha256.txt.sshsig",
    ):
        with (folder / "tagmanifest-sha256.txt").open("rb") as stdin:
            done = subprocess.run(line.split(), cwd=folder, stdin=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    shown = subprocess.run(["ssh-keygen", "-lf", "key.pub"], cwd=folder, capture_output=True, text=True, check=True)
    assert fingerprint() in shown.stdout
    assert f"verify.py PACKAGE.zip --fingerprint {fingerprint()}" in (folder / "VERIFY.txt").read_text()


def test_bagit_agrees(package, tmp_path):
    with zipfile.ZipFile(package) as bag:
        bag.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    assert bagit.Bag(str(folder)).validate()
    (folder / "data" / "index.html").write_bytes(b"other")
    assert not bagit.Bag(str(folder)).is_valid()


def test_the_index_opens_without_scripts_and_leads_to_every_file(package, tmp_path):
    with zipfile.ZipFile(package) as bag:
        page = bag.read(next(name for name in bag.namelist() if name.endswith("data/index.html"))).decode()
    assert "<script" not in page
    for name in names(package):
        if name.startswith("data/") and name != "data/index.html":
            assert f'href="{name.removeprefix("data/")}"' in page, name


def test_the_same_gives_the_same_bytes(make, tmp_path, acme, monkeypatch):
    """Two bags of the same contents, whatever the clock says."""
    from proof.package import making
    from tenancy.scope import now

    package, at = make(), now()
    found = []
    for _ in range(2):
        sink = io.BytesIO()
        with tenant(acme, frozen=True):
            making.make(AuditPackage.objects.select_related("period").get(pk=package.pk), sink, lambda _d, _t: None, as_of=at)
        found.append(sink.getvalue())
    assert found[0] == found[1]


def test_a_missing_file_stops_it_by_its_name(make, acme, period):
    with tenant(acme):
        item = kept(Cast().of("acme", "manager"), "Gone", file=stored(b"gone", "gone.txt"))
        link_evidence(Control.objects.get(code="AC-001"), item, "operation", actor=Cast().of("acme", "manager"))
        default_storage.delete(item.file.path)
    failed = make()
    assert (failed.status, "gone.txt" in failed.problem) == ("failed", True)


def test_chosen_controls_alone(make, tmp_path):
    found = names(saved(make(codes=["AC-002"], with_requests=False, with_populations=False), tmp_path))
    assert not [name for name in found if "AC-001" in name or name.startswith("data/requests/")]
    with pytest.raises(ActionRefused, match="Not in scope of The year: AC-999"):
        make(codes=["AC-999"])


# What somebody who has the package, and not the key, could do to it.


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], target: Path, *, twice: str = "") -> Path:
    """The package with other members."""
    with zipfile.ZipFile(path) as bag:
        members = {name: bag.read(name) for name in bag.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bag:
        for name, content in members.items():
            bag.writestr(name, content)
        if twice:
            bag.writestr(twice, b"other")
    return target


def under(members: dict[str, bytes], end: str) -> str:
    return next(name for name in members if name.endswith(end))


def drop(end: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        del members[under(members, end)]

    return change


def put(end: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        root = next(iter(members)).partition("/")[0]
        members[f"{root}/{end}"] = content

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop("control.json"), "is missing"),
        (drop("tagmanifest-sha256.txt"), "is missing"),
        (drop("tagmanifest-sha256.txt.sig"), "is missing"),
        (put("data/more.txt", b"more"), "in no manifest"),
        (put("more.txt", b"more"), "in no manifest"),
        (put("../outside.txt", b"more"), "A name that no package has"),
        (put("data/a b.txt", b"more"), "A name that no package has"),
        (put("data/trail/events.jsonl", b""), "is not what its manifest says"),
    ],
)
def test_what_is_missing_added_or_strange_is_named(package, tmp_path, change, said):
    code, told = run(rewritten(package, change, tmp_path / "bad.zip"))
    assert (code, said in told) == (1, True), told


def test_a_file_that_is_there_twice_is_refused(package, tmp_path):
    with zipfile.ZipFile(package) as bag:
        name = bag.namelist()[0]
    with pytest.warns(UserWarning, match="Duplicate name"):
        bad = rewritten(package, lambda _: None, tmp_path / "bad.zip", twice=name)
    assert run(bad)[0] == 1


def test_a_compressed_bomb_is_refused_before_it_is_read(tmp_path):
    bad = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as bag:
        bag.writestr("x/data/zeros", b"\0" * (64 << 20))
    code, said = run(bad)
    assert (code, "is compressed" in said) == (1, True)


def test_whatever_one_byte_is_changed_it_is_noticed(package, tmp_path):
    """10,000 mutations with --long: a bit, a byte, a cut, an insertion, anywhere in the zip."""
    whole, chance = package.read_bytes(), random.Random(7)
    bad, expected = tmp_path / "bad.zip", (fingerprint(), str(Organization.objects.get(slug="acme").pk))
    verify.verify(str(package), *expected, lambda _words: None)  # as it is, it is good: what is refused is so for the change
    for _ in range(MUTATIONS):
        at = chance.randrange(len(whole))
        kind = chance.randrange(4)
        changed = bytearray(whole)
        if kind == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            changed[at] = (changed[at] + chance.randrange(1, 256)) % 256
        elif kind == 2:
            del changed[at : at + chance.randrange(1, 50)]
        else:
            changed[at:at] = bytes(chance.randrange(1, 20))
        if bytes(changed) == whole:
            continue  # zeros among zeros
        bad.write_bytes(changed)
        try:
            verify.verify(str(bad), *expected, lambda _words: None)
        except (verify.Wrong, verify.CannotCheck, KeyError, TypeError, ValueError):
            continue
        pytest.fail(f"Mutation {kind} at {at} went unnoticed.")


def test_the_events_in_it_are_those_of_its_records(package):
    with zipfile.ZipFile(package) as bag:
        lines = bag.read(next(name for name in bag.namelist() if name.endswith("trail/events.jsonl"))).splitlines()
    bodies = [json.loads(json.loads(line)["body"]) for line in lines]
    assert {"control.create", "evidence.add", "audit_request.raise"} <= {body["verb"] for body in bodies}
    positions = [json.loads(line)["position"] for line in lines]
    assert positions == sorted(positions)


def test_two_controls_whose_names_come_to_the_same_have_a_folder_each(make, acme, period, tmp_path):
    with tenant(acme):
        for code in ("TW-1", "TW/1"):
            create_control(
                actor=Cast().of("acme", "manager"), code=code, title="Same", cadence="quarterly", criteria={"CC6.1": "Yes."},
                in_scope_since=acme.today(),
            )  # fmt: skip
    found = names(saved(make(), tmp_path))
    folders = {name.split("/")[2] for name in found if "Same" in name}
    assert {one.lower() for one in folders} == {"tw-1-same", "tw-1-same-2"}


def test_what_was_withdrawn_or_not_submitted_stays_out(make, acme, period, tmp_path):
    cast = Cast()
    manager = cast.of("acme", "manager")
    with tenant(acme):
        request = AuditRequest.objects.get()
        give_back(request, actor=cast.of("acme", "auditor"), reason="More, please.")
        supply(request, actor=manager, given=Given(evidence=[kept(manager, "Later", file=stored(b"later", "later.txt"))]))
        gone = kept(manager, "Gone", file=stored(b"gone", "gone.txt"))
        link_evidence(Control.objects.get(code="AC-001"), gone, "operation", actor=manager)
        withdraw_evidence(gone, actor=manager, reason="It was wrong.")
    found = names(saved(make(), tmp_path))
    assert not [name for name in found if "later.txt" in name or "gone.txt" in name]
    assert any(name.startswith("data/requests/PBC-2-List-of-leavers/EV-") for name in found)


def test_it_holds_what_the_page_of_the_control_counts(make, acme, period, tmp_path):
    """Also an item of another year that shows the policy, and one that names a single day."""
    manager = Cast().of("acme", "manager")
    with tenant(acme):
        control = Control.objects.get(code="AC-001")
        before = period.starts_on - dt.timedelta(days=200)
        for leg, days in (("policy", {"period_from": before, "period_to": before}), ("technical", {"period_from": acme.today()})):
            item = kept(manager, leg, file=stored(leg.encode(), f"{leg}.txt"), **days)
            link_evidence(control, item, leg, actor=manager)
        counted = counted_links(period, acme).filter(control=control).values("evidence").distinct().count()
    with zipfile.ZipFile(saved(make(), tmp_path)) as bag:
        told = json.loads(bag.read(next(name for name in bag.namelist() if name.endswith("AC-001-Access-1/control.json"))))
    assert len({one["number"] for one in told["evidence"]}) == counted == 3


def test_the_text_of_events_about_the_erased_stays_here(make, acme, period, tmp_path):
    with tenant(acme):
        mask_people([Cast().of("acme", "manager").pk], "Erased person 1")
    package = saved(make(), tmp_path)
    code, said = run(package)
    assert (code, said.splitlines()[-1]) == (0, "GOOD"), said
    with zipfile.ZipFile(package) as bag:
        events = bag.read(next(name for name in bag.namelist() if name.endswith("trail/events.jsonl"))).decode()
    assert "manager@acme.example" not in events
    assert '"leaf":' in events
    assert '"body":' in events  # the auditor's own stay


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("Üser list (final).csv", "EV-1-User-list-final.csv"),
        ("page.HTML", "EV-1-page.HTML.txt"),
        ("picture.svg", "EV-1-picture.svg.txt"),
        ("../../etc/passwd", "EV-1-etc-passwd"),
        ("invoice\u202egpj.exe", "EV-1-invoicegpj.exe.txt"),
        ("", "EV-1-file"),
    ],
)
def test_names_are_plain_and_nothing_runs_by_a_click(name, kept_as):
    assert file_name("EV-1", name) == kept_as
