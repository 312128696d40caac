"""An organization large enough to measure on: 2,000 people, a hundred reviewers, exports of 100,000 entitlements."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import StringIO

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Member, TotpDevice, User
from accounts.models.session import SessionStore
from audit.actions import action
from audit.actors import System as Product
from audit.record import Entry, record, record_many
from inventory.formats.mapping import suggest_mapping
from inventory.models import Person, Snapshot, System
from inventory.snapshots.actions import create_snapshot, set_mapping, start_import
from reviews.campaigns.actions import create_campaign, start_campaign
from reviews.campaigns.populate import populate_campaign
from reviews.models import Campaign
from reviews.quarters import quarter_of
from tenancy.ids import uuid7
from tenancy.models import Organization
from tenancy.scope import Scope, now, tenant

PEOPLE = 2_000
REVIEWERS = 100
PRODUCT = Product("benchmark")
HEADERS = "User ID,Username,Display name,E-mail,Role,Resource,Status,Last login,Granted on,Granted by"


@dataclass(frozen=True)
class World:
    """The organization and who acts in it."""

    organization: Organization
    manager: Member
    reviewers: list[Person]


@cache
def world() -> World:
    """Make it once for a run."""
    organization = Organization.objects.create(slug="bench", name="Benchmark", zone="Europe/Berlin")
    manager = _member(organization, "manager", "compliance_manager")
    members = [_member(organization, f"reviewer{n}", "reviewer") for n in range(REVIEWERS)]
    with tenant(organization):
        reviewers = _people(members)
    return World(organization, manager, reviewers)


def _member(organization: Organization, name: str, role: str) -> Member:
    user = User(email=f"{name}@bench.example", name=name.title(), password="!")  # noqa: S106 - nobody signs in with it
    user.save(force_insert=True)
    return Member.objects.create(organization=organization, user=user, roles=[role])


@action
def _people(members: list[Member]) -> list[Person]:
    reviewers = [Person(name=f"Reviewer {n}", email=one.email, email_key=one.email, member=one) for n, one in enumerate(members)]
    staff = [
        Person(
            name=f"Person {n:05d}",
            email=f"p{n}@bench.example",
            email_key=f"p{n}@bench.example",
            manager=reviewers[n % REVIEWERS],
        )
        for n in range(PEOPLE)
    ]
    Person.objects.bulk_create([*reviewers, *staff])
    entries = [Entry("inventory.person", person.pk, person.name) for person in [*reviewers, *staff]]
    record_many("person.create", actor=PRODUCT, entries=entries)
    return reviewers


def member_of(person: Person) -> Member:
    """The member a reviewer is."""
    return Member.objects.select_related("user").get(pk=str(person.member_id))


def export(rows: int, *, without: int = 0) -> bytes:
    """A full export: four entitlements an account, matched to people by e-mail; the first `without` rows are missing."""
    out = StringIO()
    out.write(HEADERS + "\n")
    for n in range(without, rows):
        account = n // 4
        person = account % PEOPLE
        out.write(
            f"u-{account:06d},user{account},Person {person:05d},p{person}@bench.example,Role {n % 40},Area {n % 4},"
            f"active,2026-0{1 + n % 9}-15T08:00:00Z,2025-03-01,setup\n"
        )
    return out.getvalue().encode()


@action
def make_system(name: str, owner: Person) -> System:
    """A system whose items go to the line managers."""
    system = System.objects.create(name=name, owner=owner, source_format="generic")
    record("system.create", system, actor=PRODUCT)
    return system


def previewed(place: World, system: System, content: bytes, rows: int) -> Snapshot:
    """A snapshot that was read and waits to be imported."""
    key = uuid7()
    answers = {
        "as_of": now() - dt.timedelta(seconds=1),
        "extracted_by": "Benchmark",
        "query": "All users",
        "filters": "",
        "stated_count": rows,
        "stated_count_unit": "entitlements",
        "full_export": True,
    }
    with tenant(place.organization):
        upload = SimpleUploadedFile("export.csv", content)
        snapshot = create_snapshot(
            key=key, system=system, uploads=[upload], answers=answers, plain_table=True, actor=place.manager
        )
        headers = HEADERS.split(",")
        set_mapping(snapshot, mapping=suggest_mapping(headers), headers=headers, actor=place.manager)
    with tenant(place.organization):
        return Snapshot.objects.select_related("system").get(pk=key)


def imported(place: World, system: System, content: bytes, rows: int) -> Snapshot:
    """A snapshot that is loaded, matched and, where it can, has verified."""
    snapshot = previewed(place, system, content, rows)
    with tenant(place.organization):
        start_import(snapshot, accept_errors=False, actor=place.manager)
    with tenant(place.organization):
        done = Snapshot.objects.select_related("system").get(pk=snapshot.pk)
    if not done.complete:
        raise RuntimeError(f"The benchmark's population is not complete: {done.incomplete_reasons}")
    return done


def started(place: World, systems: list[System], *, populate: bool = True) -> Campaign:
    """A campaign over the systems' latest snapshots, with its items if asked for."""
    with tenant(place.organization):
        today = place.organization.today()
        campaign = create_campaign(quarter=quarter_of(today), systems=systems, actor=place.manager, due_on=today)
        start_campaign(campaign, actor=place.manager)
    if populate:
        with tenant(place.organization):
            populate_campaign(Campaign.objects.get(pk=campaign.pk), actor=place.manager)
    return campaign


@contextmanager
def undone(place: World) -> Iterator[Scope]:
    """A scope whose work is rolled back at its end."""
    with tenant(place.organization) as scope:
        yield scope
        transaction.set_rollback(True)


def client_of(member: Member) -> Client:
    """A client signed in as the member, with a second factor shown."""
    device = TotpDevice.objects.filter(user=member.user, confirmed=True).first()
    if device is None:
        device = TotpDevice.begin(member.user)
        device.confirmed = True
        device.save(update_fields=["confirmed"])
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(member.user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: member.user.get_session_auth_hash(),
            DEVICE_ID_SESSION_KEY: device.persistent_id,
            "signed_in_at": time.time(),
            "factor_at": time.time(),
        }
    )
    session.save()
    client = Client()
    client.cookies["plumbline_session"] = session.session_key or ""
    return client
