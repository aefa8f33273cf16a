"""The server of tests that stand in for other systems."""

from http.server import ThreadingHTTPServer

LONGEST_ACCEPT = 1.0
LOOKS = 0.02
"""Seconds between two looks whether it is to end: each test that has a server waits for one of them."""


class HttpServer(ThreadingHTTPServer):
    """Answer each request in a thread of its own.

    Accepting has a limit: who is gone between the news of a connection and its acceptance would be waited for without
    end, and the server could not be shut down.
    """

    daemon_threads = True

    def server_activate(self) -> None:
        super().server_activate()
        self.socket.settimeout(LONGEST_ACCEPT)

    def serve_forever(self, poll_interval: float = LOOKS) -> None:
        super().serve_forever(poll_interval)
