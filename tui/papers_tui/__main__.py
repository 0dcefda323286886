"""`python -m papers_tui` is the same program as `papers-tui`."""

import sys

from papers_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
