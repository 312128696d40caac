"""The verifier of packages on test vectors: one good package, and what is wrong with every other is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from audit.seal.keys import fingerprint_of
from proof.package import verify
from tests.proof.vectors import AT, FOLDER, GOOD, KEY, ORGANIZATION, OTHER_KEY, bad, bag, good_files

BAD = bad()
FINGERPRINT = fingerprint_of(KEY.public)


def said(name: str) -> tuple[int, str]:
    """What the verifier says of a vector, run as a program that has nothing of this product."""
    command = [sys.executable, "-I", str(Path(verify.__file__)), str(FOLDER / name), "--fingerprint", FINGERPRINT]
    done = subprocess.run(
        [*command, "--organization", str(ORGANIZATION)], capture_output=True, text=True, check=False, cwd="/", timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def test_packages_are_written_today_as_the_vectors_were():
    assert (FOLDER / GOOD).read_bytes() == bag(good_files())
    assert {one.name for one in FOLDER.glob("*.zip")} == {GOOD, *BAD}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_package_is_said(name):
    assert (FOLDER / name).read_bytes() == BAD[name][0]
    code, words = said(name)
    assert (code, BAD[name][1] in words) == (1, True), words


def test_the_good_one_is_good():
    code, words = said(GOOD)
    assert (code, words.splitlines()[-1]) == (0, "GOOD"), words
    assert f"3 events have their place in the tree of 7 events that was signed {AT:%Y-%m-%d}" in words


# RFC 8032, 7.1: tests 1 to 3.
SIGNED = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), SIGNED)
def test_signatures_are_judged_as_the_standard_says(public, message, signature):
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.is_signed(key, text, signed)
    assert not verify.is_signed(key, text + b"x", signed)
    assert not verify.is_signed(OTHER_KEY.public, text, signed)
    for at in (0, 31, 32, 63):
        assert not verify.is_signed(key, text, signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
    # RFC 8032, 5.1.7: the second half of a signature is below the order of the group, so that there is only one.
    larger = int.from_bytes(signed[32:], "little") + verify.L
    assert not verify.is_signed(key, text, signed[:32] + larger.to_bytes(32, "little"))
    assert not verify.is_signed(key, text, signed[:-1])
