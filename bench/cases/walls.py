"""Row-level security on the reviewer's page: the policies on, against off."""

from bench.cases.campaigns import ROWS, campaign_of
from bench.database import NAME, owner
from bench.harness import Case
from bench.world import client_of, member_of, world


def rls_on_page() -> Case:
    """The same page of the same campaign."""
    place = world()
    campaign = campaign_of(ROWS)
    client = client_of(member_of(place.reviewers[3]))
    with owner(NAME) as admin:
        found = admin.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relispartition").fetchall()
    tables = [str(name) for (name,) in found]

    def page() -> None:
        response = client.get(f"/o/bench/reviews/{campaign.pk}/decide/?size=50")
        if response.status_code != 200:
            raise RuntimeError(f"The page answered {response.status_code}.")

    def switch(side: str) -> None:
        """The floor has no policies; a page before the measured one fills the plan caches again."""
        word = "ENABLE" if side == "run" else "DISABLE"
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} ROW LEVEL SECURITY'.encode())
        page()

    return Case("rls_on_page", 1.15, page, page, prepare=switch, rounds=31)
