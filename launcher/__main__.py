"""The command line behind bin/: python3 -m launcher COMMAND ARGUMENTS."""

import sys
from collections.abc import Callable

from launcher import background, backup, checks, command, run, say
from launcher.places import Places, here

COMMANDS: dict[str, Callable[[Places, list[str]], int]] = {
    "backup": backup.main,
    "bench": command.bench,
    "manage": command.manage,
    "run": run.main,
    "services": background.main,
    "test": checks.main,
}


def main(arguments: list[str]) -> int:
    """Run one command; a refusal is a sentence on stderr and status 2."""
    name, rest = arguments[0], arguments[1:]
    if name != "run":
        say.speak_on(sys.stderr)
    try:
        return COMMANDS[name](here(), rest)
    except say.Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
