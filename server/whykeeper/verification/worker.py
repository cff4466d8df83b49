"""What the verifying process runs.

It defines nothing that others import: classes of a main module cannot be unpickled elsewhere.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from whykeeper.verification.task import carry_out, list_constraints
from whykeeper_indexers.secrets import use_rule_cache
from whykeeper_indexers.worker import serve

__all__: list[str] = []

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    use_rule_cache(Path(sys.argv[1]))
    serve({"carry_out": carry_out, "list_constraints": list_constraints})
