"""Running a program to its end as part of a step."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import children
from launcher.say import Refused


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run it and return what it printed. Refused with the end of its output when it fails; it ends when we do."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=children.bound_to_us(signal.SIGTERM),  # noqa: PLW1509  the launcher has no threads
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        children.signal_group(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        ending = "\n".join(output.strip().splitlines()[-30:])
        raise Refused(f"{' '.join(command[:4])} failed with status {process.returncode}:\n{ending}")
    return output
