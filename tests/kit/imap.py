"""A small IMAP server on the loopback: signs in, opens a folder, searches, hands out."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_FETCH = re.compile(r"UID FETCH (\d+) ")


class ImapServer(socketserver.ThreadingTCPServer):
    """Holds messages by UID; ``validity`` may be changed between sessions."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: dict[int, bytes] = {}
        self.validity = 7
        self.commands: list[str] = []

    def add(self, content: bytes) -> None:
        """Deliver a message."""
        self.messages[max(self.messages, default=0) + 1] = content.replace(b"\n", b"\r\n")


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        self._say("* OK ready")
        for line in iter(self.rfile.readline, b""):
            tag, _, command = line.decode().strip().partition(" ")
            self.server.commands.append(command)
            self._answer(command)
            failed = command.startswith("LOGIN") and '"secret"' not in command
            self._say(f"{tag} {'NO wrong password' if failed else 'OK done'}")

    def _answer(self, command: str) -> None:
        messages = self.server.messages
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command.startswith("EXAMINE"):
            self._say(f"* {len(messages)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        elif command.startswith("UID SEARCH"):
            self._say(f"* SEARCH {' '.join(map(str, sorted(messages)))}".rstrip())
        elif found := _FETCH.match(command):
            content = messages[int(found[1])]
            self._say(f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(content)}}}")
            self.wfile.write(content)
            self._say(")")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Run a server until the end of the block."""
    with ImapServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
