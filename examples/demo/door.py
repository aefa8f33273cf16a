"""The only door that a demo uses: it lets in what the services serve that the demo is about, and nothing else."""

import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATE = ("/api/v1/state/", "/api/v1/builds/", "/api/v1/deployment-jobs/", "/api/v1/pipelines/")
STATE_ALONE = {"state": STATE, "inventory": ("/api/v1/inventory/",)}
SENT_ON = ("Authorization", "Content-Type", "Accept", "Idempotency-Key", "X-ApiKey")


class Door:
    """A server before the platform. services: how the paths begin of each service that is let in.

    passed: how often each was asked. refused: what was not let in.
    """

    def __init__(self, platform, services):
        self.platform, self.services = platform, services
        self.passed = dict.fromkeys(services, 0)
        self.refused = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def open(self):
        """Serve from now on."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def service_of(self, path):
        """Who serves a path; nothing when it is not let in."""
        return next((name for name, begins in self.services.items() if path.startswith(begins)), None)

    def answer(self, method, path, headers, content):
        """Status, type and body of what the platform says."""
        service = self.service_of(path)
        if service is None:
            self.refused.append(f"{method} {path}")
            said = {"message": f"{method} {path} is not of {' or '.join(self.services)}", "errors": []}
            return 404, "application/json", json.dumps(said).encode()
        self.passed[service] += 1
        request = urllib.request.Request(f"{self.platform}{path}", content or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.headers.get("Content-Type"), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Content-Type"), error.read()


def _handler(door):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, code="-", size="-"):
            """The demo tells its own story."""

        def _answer(self):
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: self.headers[name] for name in SENT_ON if name in self.headers}
            status, media, said = door.answer(self.command, self.path, headers, content)
            self.send_response(status)
            if media:
                self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    return Handler
