"""`python -m bench.packages SLUG PACKAGE FILE`: make a package in the benchmark's database, as a worker does that begins with it.

Prints the most memory that the process held, in bytes.
"""

import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Make it."""
    slug, package, file = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc.settings")
    django.setup()
    from bench.cases.packages import write  # noqa: PLC0415
    from bench.database import NAME, use  # noqa: PLC0415 - models can be imported only after django.setup()
    from tenancy.models import Organization  # noqa: PLC0415

    use(NAME)
    write(Organization.objects.get(slug=slug), package, Path(file))
    print(_peak())


def _peak() -> int:
    """Of this program alone: `ru_maxrss` would begin with the peak of the process that started it."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
