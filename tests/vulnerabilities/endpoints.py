"""An endpoint on loopback that speaks TLS as a test says, with a certificate of a test's own authority."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Own:
    """A certificate that signs itself, in a file with its key."""

    file: Path

    def server(self, *, least: ssl.TLSVersion | None = None, most: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = least or ssl.TLSVersion.TLSv1_2
            if most is not None:
                context.maximum_version = most
        return context

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def make(folder: Path, *, days: int = 90, begins: int = -1, name: str = HOST) -> Own:
    """Valid from `begins` days ago for `days` from now."""
    key, moment = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"endpoint {name}")])
    alternative = x509.IPAddress(ipaddress.ip_address(name)) if name == HOST else x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment + dt.timedelta(days=begins))
        .not_valid_after(moment + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}-{days}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return Own(file)


@contextmanager
def speaking(context: ssl.SSLContext) -> Iterator[int]:
    """The port of an endpoint that shakes hands with everybody, while the block lasts."""
    listener = socket.create_server((HOST, 0))
    listener.settimeout(0.02)
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            with suppress(OSError):  # nobody came, or went away
                plain, _ = listener.accept()
                plain.settimeout(2)
                with plain, context.wrap_socket(plain, server_side=True) as secure:
                    secure.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join()
        listener.close()
