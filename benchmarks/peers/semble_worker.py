"""Runs in semble's own environment, and imports nothing of ours: one line of JSON in, one out.

The clock runs here, around semble's calls alone.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from semble import SembleIndex  # type: ignore[import-not-found]
from semble.index.dense import load_model  # type: ignore[import-not-found]
from semble.types import ContentType  # type: ignore[import-not-found]

MODEL = sys.argv[1]
CONTENT = {
    "code": (ContentType.CODE,),
    "everything": (ContentType.CODE, ContentType.DOCS, ContentType.CONFIG),
}


def main() -> None:
    load_model(MODEL)
    index: Any = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["what"] == "index":
            started = time.perf_counter()
            index = SembleIndex.from_path(
                request["folder"], content=CONTENT[request["content"]], model_path=MODEL
            )
            took = time.perf_counter() - started
            files = sorted({chunk.file_path for chunk in index.chunks})
            answer = {"took_s": took, "chunks": len(index.chunks), "files": files}
        else:
            started = time.perf_counter()
            results = index.search(request["question"], top_k=request["limit"])
            took = time.perf_counter() - started
            units = [
                [r.chunk.file_path, r.chunk.start_line, r.chunk.end_line, r.chunk.content] for r in results
            ]
            answer = {"took_ms": took * 1000, "units": units}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
