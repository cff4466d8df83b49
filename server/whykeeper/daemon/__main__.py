"""``python -m whykeeper.daemon``: the daemon's process."""

import sys

from whykeeper.daemon.running import main

sys.exit(main(sys.argv[1:]))
