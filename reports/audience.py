"""For whom results are: executives see them without the lists of work, and first."""

from accounts.models import Member

LANDING = "dashboard/"
_RESULTS = frozenset({"executive", "employee"})  # the roles of somebody who comes for results and for what waits for them


def reads_results(member: Member) -> bool:
    """Whether somebody is here for the results: an executive who does not run the controls too."""
    return "executive" in member.roles and not member.can("controls.write")


def only_reads_results(member: Member) -> bool:
    """Whether the brief rail is enough: an executive without a role that works elsewhere."""
    return "executive" in member.roles and set(member.roles) <= _RESULTS


def landing(member: Member) -> str:
    """Where somebody begins who is here for the results, below the organization; empty for everybody else."""
    return LANDING if reads_results(member) else ""
