"""Deliveries and lists in the shapes that GitHub, GitLab and gh document, written for these tests."""

import hashlib
from typing import Any

REPOSITORY = "acme/billing"
AUTHOR, REVIEWER, APPROVER = "emp-codes", "rev-codes", "app-codes"


def sha(word: str) -> str:
    """A commit of this name."""
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()


def at(minute: int) -> str:
    """So many minutes into a working day that is over."""
    return f"2026-03-02T{9 + minute // 60:02}:{minute % 60:02}:00Z"


def user(login: str) -> dict[str, Any]:
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"login": login, "id": 583231, "type": kind, "html_url": f"https://github.com/{login}", "site_admin": False}


def repository(name: str = REPOSITORY) -> dict[str, Any]:
    owner, _, short = name.partition("/")
    return {
        "id": 186853002,
        "name": short,
        "full_name": name,
        "private": True,
        "owner": user(owner),
        "html_url": f"https://github.com/{name}",
        "default_branch": "main",
    }


def pull(minute: int = 0, *, number: int = 12, head: str = "one", author: str = AUTHOR, **differing: Any) -> dict[str, Any]:
    """A pull request as it stands at a minute."""
    return {
        "url": f"https://api.github.com/repos/{REPOSITORY}/pulls/{number}",
        "id": 279147437,
        "html_url": f"https://github.com/{REPOSITORY}/pull/{number}",
        "number": number,
        "state": "open",
        "locked": False,
        "title": "Round invoices half up",
        "user": user(author),
        "body": "Totals were rounded down.\r\n\r\nTested with last month's invoices.",
        "created_at": at(0),
        "updated_at": at(minute),
        "closed_at": None,
        "merged_at": None,
        "merge_commit_sha": sha("trial"),
        "draft": False,
        "head": {"label": f"acme:fix-{number}", "ref": f"fix-{number}", "sha": sha(head), "repo": repository()},
        "base": {"label": "acme:main", "ref": "main", "sha": sha("base"), "repo": repository()},
        "merged": False,
        "merged_by": None,
        "commits": 1,
        **differing,
    }


def merged(minute: int, by: str = AUTHOR, **differing: Any) -> dict[str, Any]:
    """The same, merged."""
    over = {"state": "closed", "closed_at": at(minute), "merged_at": at(minute), "merged": True, "merged_by": user(by)}
    return pull(minute, **{**over, "merge_commit_sha": sha("merge"), **differing})


def pull_request(action: str, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A delivery of the event pull_request."""
    whole = {"action": action, "number": about["number"], "pull_request": about, "repository": repository()}
    return {**whole, "sender": about["user"], **more}


def review(minute: int, *, by: str = REVIEWER, head: str = "one", state: str = "approved", key: int = 80, **more: Any) -> Any:
    """A delivery of the event pull_request_review."""
    about = {key_: value for key_, value in pull(minute, head=more.pop("now", head), **more).items() if key_ != "merged"}
    said = {
        "id": key + 4_000_000_000,
        "user": user(by),
        "body": "Looks right.",
        "commit_id": sha(head),
        "submitted_at": at(minute),
        "state": state,
        "html_url": f"https://github.com/{REPOSITORY}/pull/12#pullrequestreview-{key}",
        "author_association": "MEMBER",
    }
    action = "dismissed" if state == "dismissed" else "submitted"
    return {"action": action, "review": said, "pull_request": about, "repository": repository(), "sender": user(by)}


def check_run(minute: int, *, head: str = "one", name: str = "tests", conclusion: str | None = "success") -> dict[str, Any]:
    """A delivery of the event check_run."""
    run = {
        "id": 128620228,
        "head_sha": sha(head),
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "completed_at": at(minute) if conclusion else None,
        "name": name,
        "html_url": f"https://github.com/{REPOSITORY}/runs/128620228",
        "details_url": "https://ci.acme.example/1",
        "pull_requests": [],
    }
    return {"action": "completed" if conclusion else "created", "check_run": run, "repository": repository()}


def status(minute: int, *, head: str = "one", state: str = "success") -> dict[str, Any]:
    """A delivery of the event status."""
    about = {"id": 6805126730, "sha": sha(head), "name": REPOSITORY, "state": state, "context": "security/scan"}
    return {**about, "target_url": "https://scan.acme.example/1", "updated_at": at(minute), "repository": repository()}


def push(*commits: tuple[str, str], before: str = "", branch: str = "fix-12", by: str = AUTHOR, **more: Any) -> dict[str, Any]:
    """A delivery of the event push: commits as (name, login or address), the last one the branch's new head."""
    rows = [
        {
            "id": sha(name),
            "distinct": name not in more.get("known", ()),
            "message": f"{name}\n\nmore of it",
            "timestamp": "2026-03-02T10:00:00+01:00",
            "url": f"https://github.com/{REPOSITORY}/commit/{sha(name)}",
            "author": {"name": who, "email": who} if "@" in who else {"name": who, "email": "", "username": who},
        }
        for name, who in commits
    ]
    return {
        "ref": f"refs/heads/{branch}",
        "before": sha(before) if before else "0" * 40,
        "after": rows[-1]["id"],
        "created": not before,
        "deleted": False,
        "forced": more.get("forced", False),
        "commits": rows,
        "head_commit": rows[-1],
        "repository": {**repository(), "pushed_at": 1772442000},
        "pusher": {"name": by, "email": f"{by}@acme.example"},
        "sender": user(by),
    }


def merge_request(minute: int, action: str = "open", *, by: str = AUTHOR, head: str = "one", **differing: Any) -> dict[str, Any]:
    """A delivery of GitLab's Merge Request Hook."""
    ids = {AUTHOR: 51, REVIEWER: 6, APPROVER: 7}
    somebody = {"id": ids[by], "name": by.title(), "username": by, "email": "[REDACTED]"}
    about = {
        "id": 99,
        "iid": 5,
        "target_branch": "main",
        "source_branch": "fix-5",
        "source_project_id": 14,
        "target_project_id": 14,
        "author_id": ids[AUTHOR],
        "title": "Round invoices half up",
        "description": "Totals were rounded down.",
        "state": "opened",
        "draft": False,
        "work_in_progress": False,
        "created_at": at(0).replace("T", " ").replace("Z", " UTC"),
        "updated_at": at(minute).replace("T", " ").replace("Z", " UTC"),
        "merge_commit_sha": None,
        "url": "https://gitlab.com/acme/billing/-/merge_requests/5",
        "last_commit": {
            "id": sha(head),
            "message": "round half up\n",
            "title": "round half up",
            "timestamp": "2026-03-02T09:55:00+01:00",
            "author": {"name": "Employee Acme", "email": "employee@acme.example"},
        },
        "action": action,
        **differing,
    }
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": somebody,
        "project": project(),
        "object_attributes": about,
    }


def project() -> dict[str, Any]:
    return {
        "id": 14,
        "name": "Billing",
        "web_url": "https://gitlab.com/acme/billing",
        "path_with_namespace": REPOSITORY,
        "default_branch": "main",
    }


def pipeline(minute: int, *, head: str = "one", status: str = "success") -> dict[str, Any]:
    """A delivery of GitLab's Pipeline Hook."""
    about = {
        "id": 31,
        "ref": "fix-5",
        "sha": sha(head),
        "source": "merge_request_event",
        "status": status,
        "created_at": "2026-03-02 09:00:00 UTC",
        "finished_at": at(minute).replace("T", " ").replace("Z", " UTC"),
        "url": "https://gitlab.com/acme/billing/-/pipelines/31",
    }
    builds = [
        {"id": 380, "stage": "test", "name": "unit", "status": status, "manual": False, "finished_at": None},
        {"id": 381, "stage": "deploy", "name": "production", "status": "skipped", "manual": True, "finished_at": None},
    ]
    return {"object_kind": "pipeline", "object_attributes": about, "project": project(), "builds": builds}


def listed(number: int = 12, **differing: Any) -> dict[str, Any]:
    """A pull request as `gh pr list --json` prints it: merged, reviewed and checked."""
    return {
        "number": number,
        "title": "Round invoices half up",
        "body": "Totals were rounded down.",
        "url": f"https://github.com/{REPOSITORY}/pull/{number}",
        "state": "MERGED",
        "isDraft": False,
        "author": {"id": "MDQ6VXNlcjE=", "is_bot": False, "login": AUTHOR, "name": "Employee"},
        "createdAt": at(0),
        "updatedAt": at(40),
        "closedAt": at(40),
        "mergedAt": at(40),
        "mergedBy": {"id": "MDQ6VXNlcjI=", "is_bot": False, "login": APPROVER, "name": ""},
        "mergeCommit": {"oid": sha(f"merge {number}")},
        "headRefOid": sha(f"head {number}"),
        "headRefName": f"fix-{number}",
        "isCrossRepository": False,
        "baseRefName": "main",
        "commits": [
            {
                "oid": sha(f"head {number}"),
                "messageHeadline": "round half up",
                "messageBody": "",
                "authoredDate": at(0),
                "committedDate": at(1),
                "authors": [
                    {"email": "employee@acme.example", "id": "", "login": AUTHOR, "name": "Employee"},
                    {"email": "1+helper@users.noreply.github.com", "id": "", "login": "", "name": "Helper"},
                ],
            }
        ],
        "reviews": [
            {
                "id": f"PRR_{number}",
                "author": {"login": APPROVER},
                "authorAssociation": "MEMBER",
                "body": "",
                "submittedAt": at(30),
                "state": "APPROVED",
                "commit": {"oid": sha(f"head {number}")},
            }
        ],
        "statusCheckRollup": [
            {
                "__typename": "CheckRun",
                "name": "tests",
                "status": "COMPLETED",
                "conclusion": "SUCCESS",
                "completedAt": at(20),
                "detailsUrl": "https://ci.acme.example/1",
            },
            {"__typename": "StatusContext", "context": "security/scan", "state": "FAILURE", "targetUrl": ""},
        ],
        **differing,
    }
