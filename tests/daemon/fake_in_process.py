"""``whykeeper serve --in-process`` with the tests' host. Run as a script by the tests."""

from __future__ import annotations

import importlib.util
import os
import sys

if __name__ == "__main__":
    spec = importlib.util.spec_from_file_location("fake_daemon", sys.argv[1])
    assert spec is not None and spec.loader is not None
    fake = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fake)
    from whykeeper.daemon.in_process import main

    sys.exit(main(None, os.environ, fake.FakeHost))
