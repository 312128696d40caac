"""Every screen, wide and narrow, light and dark: axe finds nothing, no page scrolls sideways, nobody complains."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser

from accounts.actions import change_roles, invite_member
from accounts.models import Member
from controls.catalogue.importing import receive
from evidence.importing.actions import begin_import
from example import brightmoor, larkfield
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, faults_of, picture
from tests.cast import Cast
from tests.inventory.snapshots import helpers
from tests.journeys.walk import Shown, addresses, pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVERY_ROLE = ["administrator", "compliance_manager", "reviewer"]


# One that is new, one with a correction to accept, one that was corrected, one that is wrong.
CONTROLS = """Code,Title,Frequency,In scope since,Criteria,Colour
XX-1,Access is reviewed,Quarterly,2026-01-01,CC6.2,red
XX-2,Changes are approved,Daily,2026-01-01,CC7.2 change management,red
XX-3,Input is validated,Daily,2026-01-01,PP1.2,red
,Nobody knows,Daily,2026-01-01,CC6.1,red
"""


def quiet(_: str) -> None:
    """Say nothing."""


def one_with_every_role(organization: Organization, email: str) -> Member:
    """A member who may open everything."""
    members = Member.objects.active().of(organization).select_related("user", "organization")
    with tenant(organization):
        member = members.get(user__email=email)
        by = members.having("administrator").exclude(pk=member.pk).first() or member
        change_roles(member, roles=EVERY_ROLE, actor=by)
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


@pytest.fixture
def walkers(committed_db: None) -> dict[str, Member]:
    """Somebody who may see everything: in a busy organization, in one that begins, and in an empty one."""
    busy = one_with_every_role(larkfield.make(quiet), "anita.desai@larkfield.example")
    unfinished_imports(busy)
    beginning = one_with_every_role(brightmoor.make(quiet), f"{brightmoor.FOUNDER}@{brightmoor.DOMAIN}")
    empty = one_with_every_role(Organization.objects.get(slug="acme"), Cast().manager.email)
    return {"busy": busy, "beginning": beginning, "empty": empty}


@pytest.fixture
def shown(walkers: dict[str, Member]) -> dict[str, list[Shown]]:
    """The pages each of them can open: all of the first's, and of the others' what differs."""
    own = {name: pages(member, addresses(member)) for name, member in walkers.items()}
    drafts = [one for one in own["beginning"] if one[0].startswith(("reviews:", "home:"))]
    lists = [one for one in own["empty"] if "-" not in one[1].removeprefix("/o/acme/")]
    return {"busy": own["busy"], "beginning": drafts, "empty": lists}


def test_every_screen_is_accessible_and_fits(
    walkers: dict[str, Member], shown: dict[str, list[Shown]], site: str, browser: Browser, watch: Watch
) -> None:
    found: list[str] = []
    for name, member in walkers.items():
        context = watch.over(browser.new_context(base_url=site))
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item]
        page = context.new_page()
        for route, path in shown[name]:
            page.goto(path)
            found += faults_of(page, path)
            picture(page, f"screen-{name}-{route.replace(':', '-')}-{path.strip('/').split('/')[-1][-6:]}")
        context.close()
    assert sum(map(len, shown.values())) > 60
    assert found == [], "\n".join(found)
