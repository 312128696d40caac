"""Programs with tokens."""

from tests.api.conftest import program, program_of  # noqa: F401 (fixtures)
