"""Small servers on loopback that answer as a test says, and resolvers that say what a test wants."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Answer = Callable[["Handler"], None]
LOOPBACK = frozenset({("127.0.0.1", None)})


class Handler(http.server.BaseHTTPRequestHandler):
    """One request; what came is kept on the server."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.seen.append((self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
        self.close_connection = True
        self.server.answer(self)

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815 - the names that the base class calls

    def say(self, status: int = 200, body: bytes = b"hello", **headers: str) -> None:
        """Answer whole."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Answers by one function, and knows what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        if tls:  # each request shakes hands in its own thread
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.answer, self.scheme = answer, "https" if tls else "http"
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has had enough hangs up: nothing to say."""


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server while the block lasts; over TLS where a context with its certificate is given."""
    server = Server(answer, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
