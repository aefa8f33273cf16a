"""Prints what an address answers, waiting until somebody listens there."""

import sys
import time
import urllib.error
import urllib.request

for _ in range(250):
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=2) as reply:
            print(reply.read().decode())
        sys.exit(0)
    except urllib.error.HTTPError as error:
        print(error.read().decode())
        sys.exit(f"{sys.argv[1]} answered {error.code}")
    except OSError:
        time.sleep(0.02)
sys.exit(f"nobody listens at {sys.argv[1]}")
