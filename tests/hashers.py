"""Argon2id at its cheapest, so that a test does not wait for what an attacker should."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The same format, hardly any work."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
