"""Whether a folder is on a file system that tells of other machines' writes: most do not."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["network_mount"]

_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "lustre",
        "gpfs",
        "vboxsf",
        "virtiofs",
        "prl_fs",
    }
)
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs", "fuse.ext2", "fuse.ntfs-3g", "fuse.portal"})
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_mount(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str | None:
    """The kind of network file system a folder is on; None when local or unknown.

    Args:
        folder: Absolute, resolved.
        mounts: The kernel's table of mounts (``proc_pid_mountinfo(5)``).
    """
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    best, kind = "", ""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        # Of two mounts on one point the later covers the earlier.
        if len(point) >= len(best) and _is_below(str(folder), point):
            best, kind = point, after.split(" ")[0]
    remote = kind in _NETWORK or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return kind if remote else None


def _is_below(path: str, point: str) -> bool:
    return path == point or path.startswith(point.rstrip(os.sep) + os.sep)
