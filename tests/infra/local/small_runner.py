"""Stands for the runner: writes down what it was told, and sleeps until it is asked to stop."""

import os
import signal
import sys
from pathlib import Path


def main() -> None:
    note = Path(os.environ["SLIPWAY_HOME"]) / "runner.txt"
    with note.open("a") as file:
        token = Path(os.environ["SLIPWAY_TOKEN_FILE"]).read_text()
        file.write(f"{os.environ['SLIPWAY_API']} {token}")
    with note.with_name("runner-environment.txt").open("w") as file:
        file.writelines(f"{name}={value}\n" for name, value in os.environ.items())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
