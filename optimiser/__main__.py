"""``python -m optimiser``: solve, evaluate, compare, cover. See README.md."""

import sys

from optimiser.cli import main

sys.exit(main(sys.argv[1:]))
