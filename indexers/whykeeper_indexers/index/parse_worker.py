"""What a parse worker runs.

It defines nothing that others import: classes of a main module cannot be unpickled elsewhere.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from whykeeper_indexers.facts.changed_code import read_changed_code
from whykeeper_indexers.facts.changed_secrets import read_secrets
from whykeeper_indexers.facts.matching import match_pattern
from whykeeper_indexers.facts.reading import read_facts
from whykeeper_indexers.freshness import assess
from whykeeper_indexers.index.history_reading import read_history
from whykeeper_indexers.index.reading import read_and_parse
from whykeeper_indexers.secrets import redact, use_rule_cache
from whykeeper_indexers.worker import serve

__all__: list[str] = []

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    use_rule_cache(Path(sys.argv[1]))
    serve(
        {
            "read_and_parse": read_and_parse,
            "read_history": read_history,
            "redact": redact,
            "assess": assess,
            "read_facts": read_facts,
            "match_pattern": match_pattern,
            "read_changed_code": read_changed_code,
            "read_secrets": read_secrets,
        }
    )
