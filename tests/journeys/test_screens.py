"""Every screen, wide and narrow, light and dark: axe finds nothing, no page scrolls sideways, nobody complains.

Of pages that are made of the same kinds of elements, some are looked at in all ways, until all kinds were; the others are opened
on a phone. A long run looks at all of them in all ways.
"""

import os
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser

from accounts.actions import change_roles, invite_member
from accounts.models import Member
from audit.actors import System
from controls.catalogue.importing import receive
from evidence.importing.actions import begin_import
from example import brightmoor, larkfield
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import LOOKS, Kept, Watch, cookie_of, faults_of, narrow_faults_of, picture, served
from tests.cast import Cast, signed_in
from tests.examples import example_database  # noqa: F401 - a fixture
from tests.inventory.snapshots import helpers
from tests.journeys.structure import made_of
from tests.journeys.walk import Seen, Shown, addresses, kept_of, page_at
from tests.tenancy.proof import make_proof

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long"
COUNT = "home:count"  # asked for by every page that was made before it was known
EVERY_ROLE = ["administrator", "compliance_manager", "reviewer"]


# One that is new, one with a correction to accept, one that was corrected, one that is wrong.
CONTROLS = """Code,Title,Frequency,In scope since,Criteria,Colour
XX-1,Access is reviewed,Quarterly,2026-01-01,CC6.2,red
XX-2,Changes are approved,Daily,2026-01-01,CC7.2 change management,red
XX-3,Input is validated,Daily,2026-01-01,PP1.2,red
,Nobody knows,Daily,2026-01-01,CC6.1,red
"""


@pytest.fixture
def committed_db(committed_example: None) -> None:
    """The site and the browser stand on the example here."""


@pytest.fixture
def kept() -> dict[str, Kept]:
    """What the product answered already, by path: the browser is shown that, and the page is not made again."""
    return {}


@pytest.fixture
def site(committed_db: None, settings: Any, kept: dict[str, Kept]) -> Iterator[str]:
    """The address of the product."""
    with served(kept) as address:
        settings.PLUMBLINE_BASE_URL = address
        yield address


def one_with_every_role(organization: Organization, email: str) -> Member:
    """A member who may open everything."""
    members = Member.objects.active().of(organization).select_related("user", "organization")
    with tenant(organization):
        member = members.get(user__email=email)
        change_roles(member, roles=EVERY_ROLE, actor=System("test"))
    return members.get(pk=member.pk)


def unfinished_imports(member: Member) -> None:
    """Of populations one whose columns are not mapped yet, and one with rows that cannot be read; controls; evidence."""
    with tenant(member.organization):
        system = helpers.make_system(member, "Billing")
        helpers.draft(system, member, helpers.csv(helpers.ADA, header=helpers.HEADER.replace("Role", "Rights")))
        helpers.previewed(
            system, member, helpers.ADA, helpers.BEN, "U9,nina,nina@acme.example,Viewer,,active,the day before,no", stated_count=3
        )
        listed = SimpleUploadedFile("evidence.csv", b"File,Category\nrules.txt,monitoring\nlost.txt,nonsense\n")
        rules = SimpleUploadedFile("rules.txt", b"deny all")
        begin_import(actor=member, manifest=listed, uploads=[rules], source="Archive")
        receive(actor=member, upload=SimpleUploadedFile("controls.csv", CONTROLS.encode()))
        invite_member(email="new@larkfield.example", roles=["viewer"], actor=member)
        make_proof(member)


def busy() -> tuple[Member, list[Shown]]:
    """Somebody who may see everything, in a busy organization, and every address there."""
    member = one_with_every_role(Organization.objects.get(slug=larkfield.SLUG), "anita.desai@larkfield.example")
    unfinished_imports(member)
    return member, addresses(member)


def beginning() -> tuple[Member, list[Shown]]:
    """The same in one that begins, and the addresses of what is different there."""
    member = one_with_every_role(Organization.objects.get(slug=brightmoor.SLUG), f"{brightmoor.FOUNDER}@{brightmoor.DOMAIN}")
    return member, [one for one in addresses(member) if one[0].startswith(("reviews:", "home:"))]


def empty() -> tuple[Member, list[Shown]]:
    """The same in an empty one, and its lists; a form to make something with asks the same where nothing is: in a long run."""
    member = one_with_every_role(Organization.objects.get(slug="acme"), Cast().manager.email)
    there = [one for one in addresses(member) if "-" not in one[1].removeprefix("/o/acme/")]
    return member, there if LONG else [one for one in there if not one[0].endswith(("create", "-add", "-keep"))]


# In parts, so that several processes share the work: who looks, and which of so many parts. Areas stay together, as their pages
# are made of the same.
PARTS = {
    "busy-1": (busy, 0, 3),
    "busy-2": (busy, 1, 3),
    "busy-3": (busy, 2, 3),
    "beginning": (beginning, 0, 1),
    "empty": (empty, 0, 1),
}


def shown_to(member: Member, there: list[Shown]) -> dict[Shown, Seen]:
    """A record's own page in each of its states; what hangs on it in one in which it is given, another for each address.

    What is given in no state is refused by the same page with another sentence: one for each area. All in a long run.
    """
    client, by_name = signed_in(member), defaultdict(list)
    for one in there:
        by_name[one[0]].append(one)
    shown: dict[Shown, Seen] = {}
    refused: dict[str, tuple[Shown, Seen]] = {}
    for name, ones in by_name.items():
        pages = [(one, seen) for one in ones if (seen := page_at(client, one[1]))] if _each_state(name) else _first(client, ones)
        given = [(one, seen) for one, seen in pages if seen.status < 400]
        shown.update(pages if LONG else given)
        if pages and not given:
            refused.setdefault(name.partition(":")[0], pages[0])
    return shown | dict(refused.values())


def _each_state(name: str) -> bool:
    return LONG or name.endswith(("detail", ":item"))


def _first(client: Client, ones: list[Shown]) -> list[tuple[Shown, Seen]]:
    """The first that is given, or all that are refused."""
    begin, found = zlib.crc32(ones[0][0].encode()) % len(ones), []
    for one in ones[begin:] + ones[:begin]:
        if seen := page_at(client, one[1]):
            if seen.status < 400:
                return [(one, seen)]
            found.append((one, seen))
    return found


def unlike(shown: dict[Shown, Seen]) -> list[Shown]:
    """Pages that together are made of all that any of them is made of, each with most that is new; all in a long run."""
    if LONG:
        return list(shown)
    seen: set[str] = set()
    found, left = [], dict(shown)
    while left:
        found.append(max(left, key=lambda one: len(left[one].kinds - seen)))
        seen |= left[found[-1]].kinds
        left = {one: page for one, page in left.items() if not page.kinds <= seen}
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_screen_is_accessible_and_fits(part: str, site: str, kept: dict[str, Kept], browser: Browser, watch: Watch) -> None:
    making, which, parts = PARTS[part]
    member, there = making()
    names = sorted({name for name, _ in there})
    names = names[len(names) * which // parts : len(names) * (which + 1) // parts]
    shown = shown_to(member, [one for one in there if one[0] in names])
    kept.update({path: seen.answer for (_, path), seen in shown.items()})
    kept.update({path: kept_of(signed_in(member).get(path)) for name, path in there if name == COUNT})
    thoroughly = unlike(shown)
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item]
    page, found, pictured = context.new_page(), [], set()
    for turn, (route, path) in enumerate(thoroughly):
        page.goto(path)
        found += faults_of(page, path, LOOKS if LONG else LOOKS[turn % len(LOOKS) :][:1])  # of two, one page this, one that
        if not LONG or route in pictured:
            continue
        pictured.add(route)
        picture(page, f"screen-{making.__name__}-{route.replace(':', '-')}-{path.strip('/').split('/')[-1][-6:]}")
    for _, path in shown.keys() - set(thoroughly):
        found += narrow_faults_of(page, path)
    context.close()
    assert len(shown) > 5
    assert found == [], "\n".join(found)


def test_what_a_page_is_made_of_tells_pages_apart() -> None:
    plain = made_of("<main><p id=a>One</p></main>")
    assert made_of("<main><p id=b>Two</p><p id=c>Three</p></main>") == plain
    for other in (
        "<p class=muted id=a>One</p>",
        "<p id=a></p>",
        "<p id=a role=note>One</p>",
        "<p id=a>1</p><p id=a>2</p>",
        "<h2>1</h2>",
    ):
        assert not made_of(f"<main>{other}</main>") <= plain, other
    assert not made_of("<label for=b>One</label><input id=a>") <= made_of("<label for=a>One</label><input id=a>")
