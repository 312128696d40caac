"""A signal to stop is neither lost nor raised where something would be left half done."""

import subprocess
import sys
from pathlib import Path

SWALLOWED = """
import os, signal, time
from pathlib import Path
from launcher.supervisor import StopAsked, Supervisor

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)

try:
    with Supervisor(Path.cwd()) as supervisor:
        Finalized()
        print("still here")
        supervisor.watch()
except StopAsked:
    print("stopped")
"""


def test_a_signal_that_a_finalizer_swallows_stops_it_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", SWALLOWED], capture_output=True, text=True, check=False, timeout=30)
    assert "Exception ignored in" in done.stderr
    assert done.stdout.splitlines()[-3:] == ["still here", "Stopping.", "stopped"]


ASKED_IN_A_POLL = """
import os, signal, sys
from pathlib import Path
from launcher.children import Program
from launcher.supervisor import StopAsked, Supervisor

class Signalled:
    def __init__(self, lock):
        self.lock = lock
        self.release = lock.release

    def acquire(self, *arguments):
        taken = self.lock.acquire(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)
        return taken

    def __enter__(self):
        return self.lock.__enter__()

    def __exit__(self, *arguments):
        return self.lock.__exit__(*arguments)

try:
    with Supervisor(Path.cwd()) as supervisor:
        supervisor.start(Program("Sleeper", ["sleep", "1000"], Path.cwd(), Path(sys.argv[1]), os.environ))
        process = supervisor.running[0].process
        process._waitpid_lock = Signalled(process._waitpid_lock)
        supervisor.watch()
except StopAsked:
    print("stopped", process.returncode)
"""


def test_a_signal_in_the_middle_of_a_poll_leaves_nothing_to_wait_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASKED_IN_A_POLL, str(tmp_path / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines()[-2:] == ["Stopping.", "stopped -15"]


ASKED_IN_A_START = """
import os, signal, sys, time
from pathlib import Path
from launcher import children
from launcher.children import Program
from launcher.supervisor import StopAsked, Supervisor

begin, begun = children.start, []

def start(program):
    begun.append(begin(program))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.1)
    return begun[0]

children.start = start
try:
    with Supervisor(Path.cwd()) as supervisor:
        supervisor.start(Program("Sleeper", ["sleep", "1000"], Path.cwd(), Path(sys.argv[1]), os.environ), lambda: False)
except StopAsked:
    print("stopped", begun[0].returncode)
"""


def test_a_signal_while_a_program_is_started_stops_that_program_too(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASKED_IN_A_START, str(tmp_path / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines()[-2:] == ["Stopping.", "stopped -15"]
