"""``whykeeper serve``, but starting the tests' daemon. Run as a script by the tests."""

from __future__ import annotations

import os
import sys

import whykeeper

if __name__ == "__main__":
    daemon, version, *arguments = sys.argv[1:]
    whykeeper.__version__ = version
    from whykeeper.daemon.starting import Starter
    from whykeeper.pipe import serve
    from whykeeper.platform_folders import Folders

    command = [sys.executable, "-I", daemon, "--as-version", version, *arguments]
    sys.exit(serve(None, os.environ, Starter(Folders.of(os.environ), command)))
