import json
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

BUNDLE = Path(__file__).parent.parent / "dist" / "hello.pyz"


class TheBundle(unittest.TestCase):
    def setUp(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        arguments = ["--port", str(self.port), "--version", "9.9", "--environment", "test"]
        self.service = subprocess.Popen([sys.executable, str(BUNDLE), *arguments], stderr=subprocess.DEVNULL)
        self.addCleanup(self.service.wait)
        self.addCleanup(self.service.terminate)

    def ask(self, path):
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError:
                raise
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the service does not answer")

    def test_it_says_its_version(self):
        self.assertEqual(self.ask("/")["version"], "9.9")

    def test_it_knows_nothing_else(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.ask("/other")
        self.assertEqual(caught.exception.code, 404)
        caught.exception.close()


if __name__ == "__main__":
    unittest.main()
