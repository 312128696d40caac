"""The launcher's parts, without starting a server."""

import fcntl
import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from launcher import checks, node, once, packages, run, say, secret_file, sizes, system
from launcher.backup import without_password
from launcher.children import tail
from launcher.identity import can_reach, server_identity
from launcher.locks import Lock
from launcher.marks import Marks, source_state
from launcher.places import Places
from launcher.pool import Check, Outcome, run_together
from launcher.postgres import Postgres, version_of
from launcher.services import LONGEST_SOCKET, _private_addresses, _take_or_wait, external_addresses, socket_folder
from launcher.site import Address

Programs = Callable[..., Path]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path)
    made.var.mkdir()
    made.make()
    return made


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Put shell scripts of these names first, or alone, on the PATH; each notes its arguments in `called`."""
    folder = tmp_path / "programs"
    folder.mkdir()

    def make(*, alone: bool = False, **scripts: str) -> Path:
        for name, script in scripts.items():
            path = folder / name.replace("_", "-")
            path.write_text(f'#!/bin/sh\necho "{path.name} $*" >> {folder}/called\n{script}\n')
            path.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder) if alone else f"{folder}:{os.environ['PATH']}")
        return folder / "called"

    return make


def test_secrets_are_made_once_and_are_private(places: Places) -> None:
    first = secret_file.secrets_of(places)
    assert secret_file.secrets_of(places) == first
    assert places.secrets.stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)


def test_a_secret_that_came_later_is_added_to_those_there(places: Places) -> None:
    first = secret_file.secrets_of(places)
    lines = places.secrets.read_text().splitlines(keepends=True)
    places.secrets.write_text("".join(line for line in lines if not line.startswith("PLUMBLINE_SEAL_KEYS")))
    second = secret_file.secrets_of(places)
    assert {**second, "PLUMBLINE_SEAL_KEYS": ""} == {**first, "PLUMBLINE_SEAL_KEYS": ""}
    assert second["PLUMBLINE_SEAL_KEYS"] not in {"", first["PLUMBLINE_SEAL_KEYS"]}
    assert secret_file.secrets_of(places) == second
    assert places.secrets.stat().st_mode & 0o777 == 0o600


def test_secrets_that_are_gone_are_not_replaced(places: Places) -> None:
    (places.var / "services/postgres").mkdir(parents=True)
    with pytest.raises(say.Refused, match="Put the file back"):
        secret_file.secrets_of(places)


def test_a_lock_names_its_holder_and_ends_with_it(places: Places) -> None:
    first, second = Lock(places.locks / "x"), Lock(places.locks / "x")
    assert second.holder() == ""
    assert first.take("somebody, process 7")
    assert not second.take("another")
    assert second.holder() == "somebody, process 7"
    first.release()
    assert second.take("another")
    second.release()


def test_a_lock_that_somebody_only_looked_at_is_taken(places: Places) -> None:
    lock = Lock(places.locks / "x")
    with lock.path.open("a+") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.3, lambda: fcntl.flock(looking, fcntl.LOCK_UN)).start()
        assert _take_or_wait(lock, "bin/run, process 7")
    assert lock.file
    lock.release()


def test_beside_a_database_of_your_own_no_private_one_is_named() -> None:
    private = {"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b", "DATABASE_BACKUP_URL": "c", "REDIS_URL": "d"}
    servers = SimpleNamespace(
        database=SimpleNamespace(url=lambda role: {"app": "a", "owner": "b", "backup": "c"}[role], programs=Path("/p")),
        queue=SimpleNamespace(url=lambda: "d"),
    )
    assert _private_addresses(servers, {}) == {**private, "PLUMBLINE_POSTGRES_PROGRAMS": "/p"}  # type: ignore[arg-type]
    assert _private_addresses(servers, {"DATABASE_URL": "mine"}) == {"REDIS_URL": "d"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "bare", "password"),
    [
        ("postgres://b:p%40ss@db:5433/x?sslmode=require", "postgres://b@db:5433/x?sslmode=require", {"PGPASSWORD": "p@ss"}),
        ("postgres://b:pw@/x?host=/run/s", "postgres://b@/x?host=/run/s", {"PGPASSWORD": "pw"}),
        ("postgres://b@db/x", "postgres://b@db/x", {}),
    ],
)
def test_no_password_stands_among_the_arguments_of_a_program(url: str, bare: str, password: dict[str, str]) -> None:
    assert without_password(url) == (bare, password)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Postgres, list[list[str]]]:
    """A cluster that was there before, and the programs that are run on it."""
    data = tmp_path / "data"
    data.mkdir()
    ran: list[list[str]] = []
    monkeypatch.setattr(Postgres, "_run", lambda _self, command, **_: ran.append(command))
    return Postgres(tmp_path, data, tmp_path, tmp_path / "log", None, {}), ran


@pytest.mark.parametrize("inside", [True, False])
def test_only_a_server_that_works_in_the_data_is_stopped(
    cluster: tuple[Postgres, list[list[str]]], tmp_path: Path, *, inside: bool
) -> None:
    server, ran = cluster
    note = server.data / "postmaster.pid"
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=server.data if inside else tmp_path
    ) as one:
        note.write_text(f"{one.pid}\n{server.data}\n")
        server._end_leftover()
        assert one.poll() is None
        assert [command[:2] for command in ran] == ([["pg_ctl", "stop"]] if inside else [])
        assert note.exists() is inside
        one.kill()


def test_while_children_of_a_dead_server_are_at_work_its_note_stays(
    cluster: tuple[Postgres, list[list[str]]], tmp_path: Path
) -> None:
    server, ran = cluster
    note = server.data / "postmaster.pid"
    waiting = [sys.executable, "-c", "input()"]
    with (
        subprocess.Popen(waiting, stdin=subprocess.PIPE, cwd=tmp_path) as other,
        subprocess.Popen(waiting, stdin=subprocess.PIPE, cwd=server.data) as child,
    ):
        note.write_text(f"{other.pid}\n")
        server._end_leftover()
        assert (note.exists(), ran) == (True, [])
        child.kill()
        child.wait()
        server._end_leftover()
        assert (note.exists(), ran) == (False, [])
        other.kill()


def test_missing_packages_are_installed_once(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    called = programs(dpkg_query="exit 1", apt_get="exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.ensure_libraries(venv_exists=True)
    text = called.read_text()
    assert "install -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends libpango-1.0-0" in text
    assert "fonts-inter" in text


def test_the_package_lists_are_fetched_when_the_first_try_fails(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    called = programs(dpkg_query="exit 1", apt_get='case "$1 $*" in update*) touch "$0.done";; *) test -e "$0.done";; esac')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.ensure_libraries(venv_exists=True)
    assert [text.split()[1] for text in called.read_text().splitlines() if "apt-get" in text][:3] == [
        "install",
        "update",
        "install",
    ]


def test_without_permission_it_names_what_is_missing(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(dpkg_query="exit 1", apt_get="exit 0", sudo="exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(say.Refused, match="sudo apt-get install libpango"):
        system.ensure_libraries(venv_exists=True)


def test_sudo_is_used_where_it_asks_for_no_password(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    called = programs(dpkg_query="exit 1", apt_get="exit 0", sudo="exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system.ensure_libraries(venv_exists=True)
    assert "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install" in called.read_text()


def test_venv_is_asked_for_where_python_lacks_it(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    names = " ".join(f"'{name} install ok installed'" for name in system.LIBRARIES)
    called = programs(dpkg_query=f"printf '%s\\n' {names}", apt_get="exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    system.ensure_libraries(venv_exists=False)
    assert called.read_text().count("apt-get") == 1
    assert "--no-install-recommends python3-venv" in called.read_text()


def test_nothing_is_installed_on_a_complete_system(programs: Programs) -> None:
    names = " ".join(f"'{name} install ok installed'" for name in system.LIBRARIES)
    called = programs(dpkg_query=f"printf '%s\\n' {names}", apt_get="exit 1")
    system.ensure_libraries(venv_exists=True)
    assert "apt-get" not in called.read_text()


def test_a_browser_that_cannot_be_installed_is_said(programs: Programs) -> None:
    programs(alone=True, dpkg_query="exit 1")
    with pytest.raises(say.Refused, match="Missing on this system: chromium"):
        system.ensure_browser()


def test_the_providers_packages_are_installed_once(places: Places, programs: Programs) -> None:
    folder = places.root / node.FOLDER
    folder.mkdir(parents=True)
    for name in node.FILES:
        (folder / name).write_text("{}")
    called = programs(node="echo v20.1.0", npm="true")
    assert node.find_provider(places) == ""
    assert node.ensure_provider(places) == node.ensure_provider(places) == node.find_provider(places) == str(places.var / "oidc")
    assert called.read_text().count("npm ci --ignore-scripts") == 1
    (folder / "package-lock.json").write_text("{ }")
    assert node.find_provider(places) == "", "another lock file"


@pytest.mark.parametrize(
    ("scripts", "why"),
    [
        ({"dpkg_query": "exit 1"}, "Missing on this system: nodejs npm"),
        ({"node": "echo v16.4.0", "npm": "true"}, "Node is of version 16"),
        ({"node": "echo v20.1.0", "npm": "echo no way; exit 1"}, "no way"),
    ],
)
def test_a_provider_that_cannot_be_installed_is_said(
    places: Places, programs: Programs, scripts: dict[str, str], why: str
) -> None:
    folder = places.root / node.FOLDER
    folder.mkdir(parents=True)
    for name in node.FILES:
        (folder / name).write_text("{}")
    programs(alone=True, **scripts)
    said = io.StringIO()
    say.speak_on(said)
    try:
        assert node.ensure_provider(places) == ""
    finally:
        say.speak_on(sys.stdout)
    assert "The test against a strict OpenID provider is left out." in said.getvalue()
    assert why in said.getvalue()


def test_a_changed_lock_file_is_noticed(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    (places.root / packages.RUNTIME).write_text("one==1\n")
    (places.root / packages.DEVELOPMENT).write_text("one==1\ntwo==2\n")
    installed: list[str] = []
    monkeypatch.setattr(system, "ensure_libraries", lambda **_: None)
    monkeypatch.setattr(packages, "_version", lambda _: "3.11.0")
    monkeypatch.setattr(packages, "_make_venv", lambda _: places.venv.mkdir(exist_ok=True))
    monkeypatch.setattr(once, "run", lambda command, **_: installed.append(Path(command[-1]).name))
    for lock_file in (packages.RUNTIME, packages.RUNTIME, packages.DEVELOPMENT, packages.RUNTIME):
        packages.ensure(places, lock_file)
    assert installed == [packages.RUNTIME, packages.DEVELOPMENT]
    (places.root / packages.RUNTIME).write_text("one==2\n")
    packages.ensure(places)
    assert installed[2:] == [packages.RUNTIME]


def test_marks_are_for_one_source_only(places: Places) -> None:
    source = places.root / "app/models.py"
    source.parent.mkdir()
    source.write_text("a")
    marks = Marks(places.var, source_state(places.root))
    marks.put("prepared")
    assert marks.has("prepared")
    (places.var / "static").mkdir()
    assert Marks(places.var, source_state(places.root)).has("prepared")
    source.write_text("ab")
    assert not Marks(places.var, source_state(places.root)).has("prepared")
    assert not Marks(None, marks.source).has("prepared")


def test_a_socket_path_is_never_too_long_for_the_kernel(tmp_path: Path) -> None:
    for length in range(1, 200):
        home = Path("/" + "x" * length)
        assert len(str(socket_folder(home) / LONGEST_SOCKET)) < 107


def test_somebody_elses_short_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("/" + "x" * 150)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    socket_folder(home).symlink_to("/etc")
    with pytest.raises(say.Refused, match="belongs to somebody else"):
        socket_folder(home)


def test_both_database_roles_or_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert external_addresses() == {}
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://o@/x")
    with pytest.raises(say.Refused, match="or neither"):
        external_addresses()


@pytest.mark.parametrize(
    ("host", "url", "loopback"),
    [("localhost", "http://localhost:80", True), ("::1", "http://[::1]:80", True), ("10.0.0.1", "http://10.0.0.1:80", False)],
)
def test_addresses_are_written_as_typed(host: str, url: str, loopback: bool) -> None:
    assert (Address(host, 80).url, Address(host, 80).is_loopback) == (url, loopback)


def test_public_passwords_stay_on_this_machine(places: Places) -> None:
    abroad = Address("192.0.2.1", 80)
    with pytest.raises(say.Refused, match="add --no-example"):
        run._refuse_public_passwords(places, abroad, example=True)
    run._refuse_public_passwords(places, abroad, example=False)
    places.example_made.touch()
    with pytest.raises(say.Refused, match="holds the example"):
        run._refuse_public_passwords(places, abroad, example=False)
    run._refuse_public_passwords(places, Address("localhost", 80), example=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_what_the_server_user_can_reach_is_asked_of_the_kernel(tmp_path: Path) -> None:
    identity = server_identity()
    assert can_reach(identity, Path("/usr"))
    tmp_path.chmod(0o700)
    assert not can_reach(identity, tmp_path)


def test_what_is_too_long_is_named(tmp_path: Path) -> None:
    (tmp_path / "app/migrations").mkdir(parents=True)
    (tmp_path / "app/long.py").write_text("\n".join(["def f():", *["    pass"] * 59, ""] + ["x = 1"] * 439))
    (tmp_path / "app/migrations/0001.py").write_text("x = 1\n" * 900)
    (tmp_path / "app/fine.py").write_text("\n".join(["def f():", *["    pass"] * 58, ""]))
    found = list(sizes.too_long(tmp_path))
    assert [text.split(":")[0] for text in found] == ["app/long.py", "app/long.py"]
    assert "500 lines" in found[0]
    assert "f has 60 lines" in found[1]


def test_the_end_of_a_log_is_quoted(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(b"one\ntwo\xff\n")
    assert tail(log, 1) == "    two\ufffd"
    assert tail(tmp_path / "none.log") == ""


def test_a_server_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to("/bin/false")
    assert version_of(tmp_path) == 0


def test_an_old_python_gets_a_sentence() -> None:
    source = Path(say.__file__).with_name("__init__.py").read_text().replace("(3, 11)", "(9, 0)")
    done = subprocess.run(["python3", "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_checks_that_pass_are_one_line_and_those_that_fail_say_why(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    say.speak_on(sys.stdout)
    three = [
        Check("first", ["sh", "-c", "echo not of interest; sleep 0.2"]),
        Check("second", ["sh", "-c", 'echo "this is $WHY"; exit 1'], (("WHY", "why"),)),
        Check("third", ["true"]),
    ]
    outcomes = run_together(three, places, os.environ)
    assert {outcome.name: outcome.passed for outcome in outcomes} == {"first": True, "second": False, "third": True}
    printed = capsys.readouterr().out
    assert "this is why\nFAILED second (" in printed
    assert "not of interest" not in printed
    assert len(printed.splitlines()) == 4


def test_the_outcome_of_all_checks_is_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    say.speak_on(sys.stdout)
    good, bad = Outcome("good", passed=True, seconds=1.0), Outcome("bad", passed=False, seconds=1.0)
    assert checks._report([good], 1.0) == 0
    assert checks._report([good, bad], 2.0) == 1
    assert "FAILED: bad (1 of 2 passed, 2 s)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "passes", "last"),
    [
        (checks.Options(fast=False, long=False, pytest=[]), True, "emitted events"),
        (checks.Options(fast=False, long=True, pytest=[]), True, "emitted events"),
        (checks.Options(fast=False, long=False, pytest=[]), False, "tests"),
        (checks.Options(fast=True, long=False, pytest=[]), True, "tests"),
        (checks.Options(fast=False, long=False, pytest=["tests/audit"]), True, "tests"),
    ],
)
def test_codes_that_no_test_emits_are_asked_for_after_all_tests(
    places: Places, monkeypatch: pytest.MonkeyPatch, options: checks.Options, passes: bool, last: str
) -> None:
    ended = partial(Outcome, passed=passes, seconds=1.0)
    monkeypatch.setattr(checks, "_files", lambda *_: [])
    monkeypatch.setattr(checks, "run_together", lambda several, *_: [ended(one.name) for one in several])
    monkeypatch.setattr(checks, "run_shown", lambda one, *_: ended(one.name))
    assert checks._run_all(places, {}, options)[-1].name == last
