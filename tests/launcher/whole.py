"""A clone with all of Plumbline in it, an organization, and who works there: what `bin/run` starts for everybody."""

import contextlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

from launcher.children import tail
from launcher.marks import marks_of
from launcher.places import Places, here
from launcher.postgres import QUIETLY
from launcher.secret_file import secrets_of
from launcher.services import Servers, private_servers
from tests.launcher.toy import Clone, free_port, read_until

ELSEWHERE = {"var", "tests", "bench"}
STOPPING = 150  # seconds
PATIENT, IMPATIENT = "SETTLED = 60.0", "SETTLED = 1.0"
# Runs in `bin/manage shell`. Keeper and colleague are in the organization Acme; risks are put into the colleague's hands.
FOUND = """
import datetime as dt, json, time
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY
from accounts.actions import add_member, create_organization, create_token
from accounts.models import TotpDevice, User
from accounts.models.session import SessionStore
from audit.actions import action
from audit.actors import System
from audit.record import record
from inventory.models import Person
from tenancy.scope import tenant

by = System("set-up")
acme = create_organization(name="Acme", slug="acme", zone="UTC", actor=by)

def joins(name, *roles):
    user = User.objects.create_user(email=f"{name.lower()}@acme.example", name=name, password="Correct-Horse-9-Battery")
    return add_member(user, roles=roles, actor=by)

@action
def on_the_roster(member):
    person = Person.objects.create(name=member.name, email=member.email, member=member)
    record("person.create", person, actor=by)
    return person

def session_of(user):
    device = TotpDevice.begin(user)
    TotpDevice.objects.filter(pk=device.pk).update(confirmed=True)
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    request.session["signed_in_at"] = request.session["factor_at"] = time.time()
    request.session.save()
    return request.session.session_key

with tenant(acme):
    keeper, colleague = joins("Keeper", "compliance_manager"), joins("Colleague", "viewer")
    owner = on_the_roster(colleague)
    day = acme.today() + dt.timedelta(days=2)
    _, token = create_token(keeper, name="Load", scopes=keeper.permissions, expires_on=day, actor=keeper)
found = {"organization": acme.pk, "token": token, "owner": owner.pk, "colleague": colleague.pk}
found |= {"session": session_of(keeper.user), "cookie": settings.SESSION_COOKIE_NAME}
print(json.dumps(found, default=str))
"""


@dataclass(frozen=True)
class People:
    """What those who send changes have to know."""

    organization: str
    token: str
    session: str
    cookie: str
    owner: str  # the colleague as a person of the roster
    colleague: str  # and as a member


class Site:
    """All of Plumbline, run by `bin/run` in a clone of its own."""

    def __init__(self, clone: Clone, **settings: str) -> None:
        self.clone = clone
        self.process = clone.start("--no-example", **settings)
        self.said = [read_until(self.process, "to stop")]
        Thread(target=self._listen, daemon=True).start()  # or the launcher would wait for somebody to read
        self.address = f"http://localhost:{clone.port}"
        self.servers = servers_of(clone.root)
        self.people = People(**json.loads(self.manage("shell", "-v", "0", "-c", FOUND).splitlines()[-1]))

    def _listen(self) -> None:
        assert self.process.stdout
        with contextlib.suppress(ValueError):  # closed, as it is over
            self.said.extend(self.process.stdout)

    def manage(self, *arguments: str) -> str:
        """What a command of `bin/manage` prints; it has to succeed."""
        done = self.clone.call("manage", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def logs(self) -> str:
        """The end of what each of its programs has written, and the launcher."""
        files = sorted((self.clone.root / "var/log").iterdir())
        return "\n".join([*(f"{path.name}:\n{tail(path, 30)}" for path in files), *self.said[-20:]])

    def stop(self) -> int:
        """Ask it to stop; the status it ended with."""
        self.process.terminate()
        return self.process.wait(STOPPING)


def make_whole_clone(root: Path) -> Clone:
    """Copy what is served, and the launcher. A program killed time and again is not taken for one that cannot live."""
    source = here()
    ours = [path for path in source.root.iterdir() if path.name not in ELSEWHERE and not path.name.startswith(".")]
    root.mkdir(parents=True)
    for path in ours:
        _copy(path, root / path.name)
    supervisor = root / "launcher/supervisor.py"
    text = supervisor.read_text(encoding="utf-8")
    assert PATIENT in text
    supervisor.write_text(text.replace(PATIENT, IMPATIENT), encoding="utf-8")
    (root / "var").mkdir()
    (root / "var/venv").symlink_to(source.venv.resolve())
    return Clone(root, free_port())


def fill(clone: Clone, template: str) -> None:
    """Give it the tables that the tests have migrated, and the static files where they are collected: that saves a minute."""
    assert clone.call("services", "start").returncode == 0
    database = servers_of(clone.root).database
    saved = subprocess.run(
        [database.programs / "pg_dump", "--no-comments", _on(os.environ["PLUMBLINE_TEST_ADMIN_URL"], template)],
        capture_output=True,
        check=True,
    )
    load = [str(database.programs / "psql"), *QUIETLY, "--single-transaction", "--output", os.devnull, database.url("admin")]
    subprocess.run(load, input=saved.stdout, check=True)
    stopped = clone.call("services", "stop")
    assert stopped.returncode == 0, stopped.stderr
    static = here().var / "static"
    if (static / "staticfiles.json").exists():
        shutil.copytree(static, clone.root / "var/static")
        marks_of(Places(clone.root), private=True).put("prepared")


def _on(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _copy(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, to)
    else:
        shutil.copy2(path, to)


def servers_of(root: Path) -> Servers:
    """The private servers of a clone."""
    places = Places(root)
    return private_servers(places, secrets_of(places))
