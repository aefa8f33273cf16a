"""Answers `/` with a greeting and the version, `/health` with whether it can greet."""

import argparse
import json
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def greeting():
    """The words of the bundle, or nothing."""
    bundle = Path(__file__).parent.parent
    if zipfile.is_zipfile(bundle):
        return zipfile.ZipFile(bundle).read("greeting.txt").decode().strip()
    return (bundle / "greeting.txt").read_text().strip()


def answer(path, words, version, environment):
    """Status and body for a path."""
    if path == "/health":
        return (200, {"ok": True}) if words else (503, {"ok": False, "why": "there is no greeting"})
    if path == "/":
        return 200, {"greeting": words, "version": version, "environment": environment}
    return 404, {"why": f"nothing at {path}"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--environment", required=True)
    given = parser.parse_args()
    words = greeting()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answer(self.path, words, given.version, given.environment)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    ThreadingHTTPServer(("127.0.0.1", given.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
