"""Runs in an environment of its own, and imports nothing of ours: texts in, their numbers of tokens out."""

from __future__ import annotations

import json
import sys

from rs_bpe import openai  # type: ignore[import-not-found]


def main() -> None:
    tokenizer = openai.cl100k_base()
    for line in sys.stdin:
        print(
            json.dumps({"tokens": [tokenizer.count(text) for text in json.loads(line)["texts"]]}), flush=True
        )


if __name__ == "__main__":
    main()
