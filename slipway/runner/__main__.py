"""`python -m slipway.runner`."""

import sys

from slipway.runner.command import main

if __name__ == "__main__":
    sys.exit(main())
