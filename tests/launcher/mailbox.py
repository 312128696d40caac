"""A mail server that takes everything and remembers how often each message came."""

import socketserver
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

END = b".\r\n"


class Mailbox(socketserver.ThreadingTCPServer):
    """`came` counts by Message-ID."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.came: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """As EMAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        """Answer until the other side leaves or is killed."""
        try:
            self._talk()
        except ConnectionError:
            return

    def _talk(self) -> None:
        self._say(b"220 here")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"QUIT":
                return self._say(b"221 bye")
            self._say(b"354 go on" if verb == b"DATA" else b"250 yes")
            if verb == b"DATA":
                self._take()
        return None

    def _take(self) -> None:
        name = ""
        for line in self.rfile:
            if line.lower().startswith(b"message-id:"):
                name = line.partition(b":")[2].decode().strip()
            if line == END:
                self.server.came[name] += 1
                self._say(b"250 taken")
                return

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """One that listens."""
    with Mailbox() as box:
        listening = Thread(target=box.serve_forever)
        listening.start()
        try:
            yield box
        finally:
            box.shutdown()
            listening.join()
