"""For whom results are: executives see them without the lists of work, and first."""

from accounts.models import Member

LANDING = "dashboard/"


def reads_results(member: Member) -> bool:
    """Whether somebody is here for the results: an executive who does not run the controls too."""
    return "executive" in member.roles and not member.can("controls.write")


def landing(member: Member) -> str:
    """Where somebody begins who is here for the results, below the organization; empty for everybody else."""
    return LANDING if reads_results(member) else ""
