"""bin/run: starts everything, minds its children, and leaves nothing behind, however it ends."""

import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from launcher import children
from tests.launcher.toy import Clone, clean_environment, read_until, wait_for
from tests.launcher.whole import servers_of

pytestmark = [pytest.mark.integration, pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")]
STOPPING = 150  # seconds: what all programs are given together before they are killed
NewClone = Callable[[str], Clone]


def page(clone: Clone, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://localhost:{clone.port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def is_served(clone: Clone) -> bool:
    try:
        return bool(page(clone))
    except OSError:
        return False


def named(clone: Clone, words: str) -> list[int]:
    """The processes whose command line has these words, the oldest first."""
    return sorted(process for process, text in clone.processes().items() if words in text)


def stopped(clone: Clone, process: subprocess.Popen[str]) -> int:
    """The status it ended with; where it does not end, what still runs and what the logs say."""
    try:
        return process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        logs = "\n".join(f"{path.name}:\n{children.tail(path)}" for path in sorted((clone.root / "var/log").iterdir()))
        pytest.fail(f"still runs after {STOPPING} s: {clone.processes()}\n{logs}")


def test_it_says_what_it_does_and_how_to_sign_in(clone: Clone) -> None:
    output = read_until(clone.start(), "to stop")
    for words in ("Starting PostgreSQL ... ", "Migrating the database ... ", f"http://localhost:{clone.port}", "toy@example.com"):
        assert words in output
    assert page(clone) == "hello from the toy"
    assert wait_for(lambda: "ready" in (clone.root / "var/log/worker.log").read_text(), 30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_cleanly(clone: Clone, running: subprocess.Popen[str], number: int) -> None:
    running.send_signal(number)
    assert stopped(clone, running) == 0
    assert clone.processes() == {}
    assert "database system is shut down" in (clone.root / "var/log/postgres.log").read_text()


def test_kill_9_of_the_supervisor_leaves_nothing(clone: Clone, running: subprocess.Popen[str]) -> None:
    assert wait_for(lambda: len(named(clone, "celery")) >= 4, 30)
    running.kill()
    assert clone.is_empty_within(30), clone.processes()


@pytest.mark.parametrize("at", [0.0, 0.2, 1.0])
def test_kill_9_while_it_starts_leaves_nothing(clone: Clone, at: float) -> None:
    process = clone.start()
    read_until(process, "Making the PostgreSQL cluster")
    wait_for(lambda: False, at)
    process.kill()
    assert clone.is_empty_within(30), clone.processes()
    again = clone.start()
    read_until(again, "to stop")
    again.terminate()
    assert stopped(clone, again) == 0


def test_it_starts_again_at_once_after_kill_9(clone: Clone, running: subprocess.Popen[str]) -> None:
    for _ in range(3):
        for process in clone.started:
            process.kill()
        read_until(clone.start(), "to stop")
        assert page(clone)
        assert clone.call("services", "status").stderr.startswith("Run by bin/run")


def test_a_web_server_that_still_answers_somebody_is_waited_for(clone: Clone, running: subprocess.Popen[str]) -> None:
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(page, clone, "/slow")
        wait_for(lambda: False, 0.5)
        running.kill()
        read_until(clone.start(), "to stop")
        assert asked.result() == "hello from the toy"


def test_kill_9_of_the_supervisor_and_its_warden_together_leaves_nothing(clone: Clone, running: subprocess.Popen[str]) -> None:
    assert wait_for(lambda: len(named(clone, "celery")) >= 4, 30)
    for process in [*named(clone, "launcher.warden"), running.pid]:
        os.kill(process, signal.SIGKILL)
    assert clone.is_empty_within(30), clone.processes()


@pytest.mark.parametrize(
    "words", ["gunicorn", "celery:app worker", "celery:app beat", "run_checks", "valkey-server", "bin/postgres"]
)
def test_what_is_killed_comes_back(clone: Clone, running: subprocess.Popen[str], words: str) -> None:
    assert wait_for(lambda: named(clone, words), 30)
    oldest = named(clone, words)[0]
    os.kill(oldest, signal.SIGKILL)
    assert wait_for(lambda: named(clone, words) and oldest not in named(clone, words), 30)
    assert wait_for(lambda: is_served(clone), 30)
    running.terminate()
    assert stopped(clone, running) == 0
    assert clone.processes() == {}


def test_what_waits_in_the_queue_is_there_when_it_comes_back(clone: Clone, running: subprocess.Popen[str]) -> None:
    socket = servers_of(clone.root).queue.socket
    with redis.Redis(unix_socket_path=str(socket)) as queue:
        queue.lpush("waiting", "a task")
    (server,) = named(clone, "valkey-server")
    os.kill(server, signal.SIGKILL)
    assert wait_for(lambda: server not in named(clone, "valkey-server") and servers_of(clone.root).queue.answers(), 30)
    with redis.Redis(unix_socket_path=str(socket)) as queue:
        assert queue.lrange("waiting", 0, -1) == [b"a task"]


def test_a_second_one_in_the_same_clone_says_so(clone: Clone, running: subprocess.Popen[str]) -> None:
    second = clone.call("run", "--port", str(clone.port + 1))
    assert second.returncode == 2
    assert f"runs in this clone already: http://localhost:{clone.port}" in second.stderr
    assert page(clone)


def test_two_clones_do_not_collide(clone: Clone, running: subprocess.Popen[str], new_clone: NewClone) -> None:
    other = new_clone("other")
    second = other.start()
    read_until(second, "to stop")
    second.terminate()
    assert stopped(other, second) == 0
    assert other.processes() == {}
    assert page(clone)


def test_a_port_in_use_is_named_before_anything_starts(clone: Clone, running: subprocess.Popen[str], new_clone: NewClone) -> None:
    other = new_clone("other")
    refused = other.call("run", "--port", str(clone.port))
    assert refused.returncode == 2
    assert f"Cannot listen on localhost, port {clone.port}" in refused.stderr


def test_known_passwords_are_not_offered_to_a_network(clone: Clone) -> None:
    refused = clone.call("run", "--host", "0.0.0.0")  # noqa: S104
    assert refused.returncode == 2
    assert "--no-example" in refused.stderr
    assert not (clone.root / "var/secrets.env").exists()


def test_stop_stops_it(clone: Clone, running: subprocess.Popen[str]) -> None:
    assert clone.call("run", "stop").returncode == 0
    assert stopped(clone, running) == 0
    assert clone.processes() == {}
    assert clone.call("run", "stop").returncode == 1


def test_data_of_another_major_version_is_refused_unharmed(clone: Clone, running: subprocess.Popen[str]) -> None:
    running.terminate()
    assert stopped(clone, running) == 0
    version = clone.root / "var/services/postgres/PG_VERSION"
    version.write_text("13\n")
    refused = clone.call("run", "--port", str(clone.port))
    assert refused.returncode == 2
    assert "was made by PostgreSQL 13" in refused.stderr
    assert version.read_text() == "13\n"


def test_a_database_without_its_secrets_is_refused(clone: Clone, running: subprocess.Popen[str]) -> None:
    running.terminate()
    assert stopped(clone, running) == 0
    (clone.root / "var/secrets.env").unlink()
    refused = clone.call("run", "--port", str(clone.port))
    assert refused.returncode == 2
    assert "Put the file back" in refused.stderr


def test_secrets_are_private_and_serving_programs_get_the_lesser_role_only(clone: Clone, running: subprocess.Popen[str]) -> None:
    assert (clone.root / "var/secrets.env").stat().st_mode & 0o777 == 0o600
    web = named(clone, "gunicorn")[0]
    serving = Path(f"/proc/{web}/environ").read_text()
    assert "plumbline_app:" in serving
    assert "plumbline_owner" not in serving
    assert "PLUMBLINE_DB_" not in serving
    assert "plumbline_owner:" in clone.call("manage", "env").stdout


def test_addresses_of_your_own_start_nothing(clone: Clone) -> None:
    mine = {"DATABASE_URL": "postgres://a@/x", "DATABASE_OWNER_URL": "postgres://o@/x", "REDIS_URL": "redis://127.0.0.1:1"}
    output = clone.call("manage", "env", **mine).stdout
    assert "DATABASE_URL=postgres://a@/x" in output
    assert not (clone.root / "var/services").exists()


def test_one_database_role_without_the_other_is_refused(clone: Clone) -> None:
    refused = clone.call("manage", "env", DATABASE_URL="postgres://a@/x")
    assert refused.returncode == 2
    assert "DATABASE_OWNER_URL" in refused.stderr


def test_manage_starts_servers_for_itself_and_keeps_the_status(clone: Clone) -> None:
    assert clone.call("manage", "fail").returncode == 3
    assert clone.processes() == {}


def test_services_stay_until_they_are_stopped(clone: Clone) -> None:
    output = clone.call("services", "env").stdout
    assert output.count("export ") == 8
    assert named(clone, "bin/postgres")
    assert clone.call("services", "env").stdout == output
    assert clone.call("services", "stop").returncode == 0
    assert clone.is_empty_within(10), clone.processes()


def test_a_long_path_gets_a_short_socket(new_clone: NewClone) -> None:
    clone = new_clone("/".join("d" * 60 for _ in range(3)))
    output = clone.call("manage", "env").stdout
    socket = next(text for text in output.splitlines() if text.startswith("REDIS_URL=")).removeprefix("REDIS_URL=unix://")
    assert len(socket) < 107
    shutil.rmtree(Path(socket).parent, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_a_clone_that_only_root_can_enter_keeps_its_data_elsewhere(clone: Clone) -> None:
    clone.root.chmod(0o700)
    process = clone.start()
    read_until(process, "to stop")
    outside = (clone.root / "var/services").resolve()
    try:
        assert outside.is_relative_to("/var/lib")
        assert page(clone)
        process.terminate()
        assert stopped(clone, process) == 0
    finally:
        shutil.rmtree(outside.parent)


def test_servers_that_stay_are_joined_and_left_alone(clone: Clone) -> None:
    assert clone.call("services", "start").returncode == 0
    process = clone.start()
    assert "Using the private servers of bin/services" in read_until(process, "to stop")
    process.terminate()
    assert stopped(clone, process) == 0
    assert named(clone, "bin/postgres")
    assert clone.call("services", "stop").returncode == 0
    assert clone.is_empty_within(10), clone.processes()


def test_it_waits_for_a_single_command_to_end(clone: Clone) -> None:
    (clone.root / "manage.py").write_text("import sys, time\nif sys.argv[1] == 'slow': time.sleep(4)\n")
    slow = subprocess.Popen([clone.root / "bin/manage", "slow"], env=clean_environment())
    assert wait_for(lambda: named(clone, "manage.py slow"), 30)
    process = clone.start()
    assert "Waiting for a single command, process " in read_until(process, "to stop")
    assert slow.wait(30) == 0
    process.terminate()
    assert stopped(clone, process) == 0
    assert clone.processes() == {}


def test_a_public_address_of_its_own_database_is_served(clone: Clone) -> None:
    process = clone.start("--no-example", "--host", "0.0.0.0")  # noqa: S104
    output = read_until(process, "to stop")
    assert "toy@example.com" not in output
    assert "set PLUMBLINE_BASE_URL" in output
    assert page(clone)
    process.terminate()
    assert stopped(clone, process) == 0
