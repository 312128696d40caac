"""What a delivery or a list says, whoever sent it: requests, reviews, checks and pushes. No database here."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

State = Literal["open", "closed", "merged"]
Judgement = Literal["approved", "changes_requested", "commented", "dismissed"]
Outcome = Literal["passed", "failed", "skipped", "cancelled", "running"]

NO_COMMIT = "0" * 40  # what a push says of a branch that was not there


class Unreadable(ValueError):
    """A delivery, or a row of a list, lacks what it cannot do without; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as the source knows them. An e-mail is empty unless the source vouches for it or it names an author."""

    login: str = ""
    name: str = ""
    email: str = ""
    is_bot: bool = False

    @property
    def shown(self) -> str:
        """The name to show."""
        return self.login or self.name or self.email


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and who wrote it, as git says it: an e-mail there is what its author typed."""

    sha: str
    author: Who
    message: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody said of a request as it was at one commit."""

    key: str  # its id at the source
    who: Who
    judgement: Judgement
    sha: str  # empty where the source does not say
    at: dt.datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a test, a scan or a pipeline found of one commit."""

    sha: str
    name: str
    outcome: Outcome
    at: dt.datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A pull or merge request as it stood at `updated_at`."""

    repository: str
    number: int
    title: str
    body: str
    url: str
    author: Who | None  # None where the source does not say
    state: State
    is_draft: bool
    head_sha: str
    head_branch: str
    from_elsewhere: bool  # from a fork: pushes to it are not told to us
    base_branch: str
    default_branch: str  # empty where the source does not say
    created_at: dt.datetime | None
    updated_at: dt.datetime
    merge_sha: str = ""
    merged_at: dt.datetime | None = None
    merged_by: Who | None = None
    commits: tuple[Commit, ...] | None = None  # None where the source does not list them
    head: Commit | None = None  # where the source says who wrote the last commit


@dataclass(frozen=True, slots=True)
class Push:
    """Commits that reached a branch."""

    branch: str
    default_branch: str
    before: str
    after: str
    is_forced: bool
    pusher: Who
    commits: tuple[Commit, ...]  # those that were not in the repository before, as far as the source says
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery, or one row of a list. `nothing` says why it is of no use, where it is of none."""

    event: str
    action: str = ""
    repository: str = ""
    request: Request | None = None
    reviews: tuple[Review, ...] = ()
    checks: tuple[Check, ...] = ()
    push: Push | None = None
    nothing: str = ""
    is_known: bool = True  # whether we know events of this name
