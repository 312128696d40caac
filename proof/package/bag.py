"""A BagIt 1.0 bag (RFC 8493) as a zip whose members are stored as they are: the same content gives the same bytes.

Nothing is held in memory but names, sizes and hashes. The tag manifest is signed, twice: as 64 bytes of Ed25519 for
`openssl`, and in the form of `ssh-keygen -Y`. A bag that is merely valid proves nothing, as its manifests could be removed:
the verifier insists on the exact set of files.
"""

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Self

from audit.seal.keys import SealKey
from proof.package.sshsig import NAMESPACE, armored

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURES = (f"{TAGS}.sig", f"{TAGS}.sshsig")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every member: when a package was made says bag-info.txt
_FILE = 0o100644 << 16


class TwiceInBag(ValueError):
    """Two files of one name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the bag."""

    path: str
    size: int
    sha256: str

    @property
    def line(self) -> str:
        """Of a manifest. Names hold neither line breaks nor per cent signs (proof/package/names.py)."""
        return f"{self.sha256}  {self.path}\n"


class Bag:
    """Writes a bag: the payload, then tag files, then `finish`; within `with`, so that nothing stays open when it is given up."""

    def __init__(self, sink: BinaryIO, name: str) -> None:
        self.name = name
        self._zip = zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._payload: dict[str, Entry] = {}
        self._tags: dict[str, Entry] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    @property
    def payload(self) -> list[Entry]:
        """What was added, in the order of names."""
        return [self._payload[path] for path in sorted(self._payload)]

    def add(self, path: str, content: Iterable[bytes]) -> Entry:
        """Add a file to the payload, below data/. Raises TwiceInBag."""
        return self._keep(self._payload, f"data/{path}", content)

    def tag(self, path: str, content: bytes) -> Entry:
        """Add a file that tells of the payload. Raises TwiceInBag."""
        return self._keep(self._tags, path, [content])

    def finish(self, key: SealKey, *, info: dict[str, str], made_at: dt.datetime) -> str:
        """Write manifests and signatures. Returns the SHA-256 of the tag manifest, which stands for all of it."""
        payload = self.payload
        told = {**info, "Bagging-Date": f"{made_at.astimezone(dt.UTC):%Y-%m-%d}"}
        told["Payload-Oxum"] = f"{sum(one.size for one in payload)}.{len(payload)}"
        self.tag("bagit.txt", BAGIT)
        self.tag("bag-info.txt", "".join(f"{name}: {_one_line(value)}\n" for name, value in told.items()).encode())
        self.tag(PAYLOAD, "".join(one.line for one in payload).encode())
        manifest = "".join(self._tags[path].line for path in sorted(self._tags)).encode()
        self._write(TAGS, [manifest])
        raw, ssh = SIGNATURES
        self._write(raw, [key.sign(manifest)])
        self._write(ssh, [armored(key, manifest, NAMESPACE)])
        return hashlib.sha256(manifest).hexdigest()

    def _keep(self, entries: dict[str, Entry], path: str, content: Iterable[bytes]) -> Entry:
        if path in entries:
            raise TwiceInBag(path)
        size, sha256 = self._write(path, content)
        entries[path] = Entry(path, size, sha256)
        return entries[path]

    def _write(self, path: str, content: Iterable[bytes]) -> tuple[int, str]:
        member = zipfile.ZipInfo(f"{self.name}/{path}", _MOMENT)
        member.external_attr, member.create_system = _FILE, 3
        size, digest = 0, hashlib.sha256()
        with self._zip.open(member, "w", force_zip64=True) as file:
            for part in content:
                size += len(part)
                digest.update(part)
                file.write(part)
        return size, digest.hexdigest()


def _one_line(value: str) -> str:
    return " ".join(value.split())
