"""Who the private servers run as: PostgreSQL refuses root, so as root we drop to an existing unprivileged user."""

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from launcher.say import Refused


@dataclass(frozen=True)
class Identity:
    """An unprivileged account of the system."""

    name: str
    uid: int
    gid: int


def server_identity() -> Identity | None:
    """The account to drop to, or None when we are not root and need not drop."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "_plumbline", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(found.pw_name, found.pw_uid, found.pw_gid)
    raise Refused("Run as root, PostgreSQL needs an unprivileged user to run as: postgres, _plumbline or nobody.")


def can_reach(identity: Identity | None, path: Path, mode: int = os.X_OK) -> bool:
    """Whether that account may open `path`, every folder above it included. Asked of the kernel, in a child."""
    if identity is None:
        return os.access(path, mode)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(identity.gid)
        os.setuid(identity.uid)
        os._exit(0 if os.access(path, mode) else 1)
    return os.waitpid(child, 0)[1] == 0


def private_folder(root: Path) -> Path:
    """Where a root-only clone keeps what the dropped user must reach; named after the clone, so two do not collide."""
    return Path("/var/lib") / f"plumbline-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"


def server_home(root: Path, var: Path, name: str, identity: Identity | None) -> Path:
    """The folder, mode 0700, in which one set of private servers keeps data and sockets.

    It is var/<name>; when the dropped user cannot go there, var/<name> is a link to a folder under /var/lib.
    """
    home = var / name
    if identity and not home.is_symlink() and not can_reach(identity, var):
        outside = private_folder(root) / name
        _open_folder(outside.parent)
        if home.exists():
            shutil.move(home, outside)
        outside.mkdir(mode=0o700, exist_ok=True)
        home.symlink_to(outside)
    home.mkdir(mode=0o700, exist_ok=True)
    real = home.resolve()
    if identity:
        os.chown(real, identity.uid, identity.gid)
    real.chmod(0o700)
    return real


def _open_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)


def make_folder(folder: Path, identity: Identity | None) -> Path:
    """A 0700 folder that belongs to the account the servers run as."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity:
        os.chown(folder, identity.uid, identity.gid)
    folder.chmod(0o700)
    return folder


def reachable_copy(root: Path, folders: list[Path], proof: Path, identity: Identity | None) -> Path:
    """The folder that holds `folders` where the account can execute `proof`: in place, or copied under /var/lib.

    `proof` is a program below folders[0].parent. Copies are renamed into place, so half a copy is never used.
    """
    base = folders[0].parent
    if can_reach(identity, proof, os.R_OK | os.X_OK):
        return base
    state = proof.stat()
    copy = private_folder(root) / f"programs-{state.st_size:x}-{state.st_mtime_ns:x}-{folders[0].name}"
    if not copy.exists():
        _open_folder(copy.parent)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in folders:
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        _let_everyone_read(draft)
        draft.rename(copy)
    return copy


def _let_everyone_read(top: Path) -> None:
    for path in [top, *top.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444 | (path.stat().st_mode & 0o100) // 0o100 * 0o111))
