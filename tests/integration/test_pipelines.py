"""The examples of docs/pipeline-gate.md, run as they stand there, against a server."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from changes.models import Deployment, GateAnswer
from tenancy.scope import tenant
from tests.api.conftest import make_token
from tests.cast import Cast
from tests.changes.deployments.world import approved, raised, sha
from tests.workers import environment_of

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(yaml|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REPOSITORY = "acme/app"
PATIENCE = 60  # seconds


def examples() -> tuple[dict[str, Any], dict[str, Any], str]:
    """GitHub Actions, GitLab CI and the script, out of the page."""
    found = BLOCK.findall((ROOT / "docs" / "pipeline-gate.md").read_text())
    assert [language for language, _ in found] == ["yaml", "yaml", "sh"]
    return yaml.safe_load(found[0][1])["jobs"]["deploy"], yaml.safe_load(found[1][1])["deploy"], found[2][1]


@contextmanager
def gunicorn(settings: Any, data: Path) -> Iterator[str]:
    """The product under its own web server, on this test's database; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "grc.wsgi", "--bind", address, "--worker-class", "gthread", "--threads", "2"]
    data.mkdir(parents=True, exist_ok=True)
    with (data / "server.log").open("wb") as log:
        environment = environment_of("pipelines", settings.DATABASES["default"]["NAME"], data)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(address, process, data / "server.log")
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        try:
            connection.request("GET", "/api/openapi.yaml")
            assert connection.getresponse().status == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(log.read_text())


class Runner:
    """A machine that runs pipelines: a folder with deploy.sh, which notes that it was run, and the token."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.folder = folder
        script = folder / "deploy.sh"
        script.write_text("#!/bin/sh\necho deployed >> deployed.txt\n")
        script.chmod(0o755)
        self.variables = {"PATH": os.environ["PATH"], "PLUMBLINE_URL": url, "PLUMBLINE_TOKEN": token}

    @property
    def deployed(self) -> int:
        """How often something was deployed here."""
        noted = self.folder / "deployed.txt"
        return len(noted.read_text().splitlines()) if noted.exists() else 0

    def shell(self, script: str, variables: Mapping[str, str], *flags: str) -> tuple[bool, str]:
        """Whether a script came to a good end, and what it said."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", *flags, "-c", script],
            cwd=self.folder, env={**self.variables, **variables}, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.returncode == 0, done.stdout + done.stderr

    def github(self, job: dict[str, Any], commit: str, run: str) -> tuple[bool, str]:
        """Run the job's steps as GitHub does: after a failure only those that always run."""
        assert job["env"].keys() <= self.variables.keys()
        own = {
            "GITHUB_SHA": commit, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": run, "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_ACTOR": "dana", "GITHUB_SERVER_URL": "https://github.example",
        }  # fmt: skip
        good, said, outcome = True, "", "skipped"
        for step in job["steps"]:
            if "run" not in step or not self._is_run(step.get("if", ""), good=good, outcome=outcome):
                continue
            given = {"OUTCOME": "succeeded" if outcome == "success" else "failed"} if "env" in step else {}
            went, words = self.shell(step["run"], {**own, **given}, "-e")
            said += words
            good = good and went
            if step.get("id") == "deploy":
                outcome = "success" if went else "failure"
        return good, said

    def _is_run(self, condition: str, *, good: bool, outcome: str) -> bool:
        if not condition:
            return good
        assert condition == "always() && steps.deploy.outcome != 'skipped'"
        return outcome != "skipped"

    def gitlab(self, job: dict[str, Any], commit: str, run: str) -> tuple[bool, str]:
        """Run the script, then what comes after in a shell of its own, as GitLab does."""
        own = {
            "CI_COMMIT_SHA": commit, "CI_PROJECT_PATH": REPOSITORY, "CI_JOB_ID": run, "GITLAB_USER_LOGIN": "dana",
            "CI_JOB_URL": "https://gitlab.example/1",
        }  # fmt: skip
        good, said = self.shell("\n".join(job["script"]), own, "-eo", "pipefail")
        status = {"CI_JOB_STATUS": "success" if good else "failed"}
        after, more = self.shell("\n".join(job["after_script"]), {**own, **status}, "-eo", "pipefail")
        assert after, more
        return good, said + more


@pytest.fixture
def organization(committed_db: None) -> Any:
    """Where the pipelines deploy."""
    return Cast().administrator.organization


def test_each_example_is_denied_without_an_approval_and_deploys_with_one(
    organization: Any, settings: Any, tmp_path: Path
) -> None:
    github, gitlab, script = examples()
    _, token = make_token(Cast().administrator, "deployments.write")
    with tenant(organization):
        numbers = {word: approved(word).reference for word in ("hub", "lab", "curl")}
        unapproved = raised("not yet").reference
    with gunicorn(settings, tmp_path / "server") as url:
        for name in ("hub", "lab", "curl"):
            folder = tmp_path / name
            folder.mkdir()
            machine = Runner(folder, url, token)

            def run(word: str, change: str, name: str = name, machine: Runner = machine) -> tuple[bool, str]:
                if name == "hub":
                    return machine.github(github, sha(word), f"{name}-{word}".replace(" ", "-"))
                if name == "lab":
                    return machine.gitlab(gitlab, sha(word), f"{name}-{word}".replace(" ", "-"))
                return machine.shell(script, {"CHANGE": change, "COMMIT": sha(word)})

            good, said = run("not yet", unapproved)
            assert not good, said
            assert f"{unapproved} is not approved." in said
            assert machine.deployed == 0
            good, said = run(name, numbers[name])
            assert good, said
            assert machine.deployed == 1
    with tenant(organization):
        rows = {one.change.reference: one for one in Deployment.objects.select_related("change") if one.change}
        assert set(rows) == set(numbers.values())
        for one in rows.values():
            assert (one.classification, one.outcome, one.change.status) == ("approved_before", "succeeded", "implemented")
        assert (GateAnswer.objects.filter(allowed=True).count(), GateAnswer.objects.filter(allowed=False).count()) == (3, 3)
