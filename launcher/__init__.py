"""Sets Plumbline up and runs it: standard library only, because it runs before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  a person with an older Python deserves a sentence, not a SyntaxError
    sys.exit("Plumbline needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
