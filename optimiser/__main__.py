"""``python -m optimiser``: solve, evaluate, compare, cover. See README.md."""

import sys

try:
    from optimiser.cli import main

    sys.exit(main(sys.argv[1:]))
except KeyboardInterrupt:  # before there was anything to write
    sys.exit(130)
