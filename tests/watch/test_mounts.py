from __future__ import annotations

from pathlib import Path

import pytest

from whykeeper.watch.mounts import network_mount

TABLE = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:30 / /mnt/team\\040share rw shared:2 - nfs4 server:/x rw
31 22 0:31 / /mnt/win rw - cifs //server/x rw
32 22 0:32 / /mnt/ssh rw - fuse.sshfs me@host: rw
33 22 0:33 / /mnt/disk rw - fuseblk /dev/sdb1 rw
34 30 0:34 / /mnt/team\\040share/local rw - ext4 /dev/vdb1 rw
35 22 0:35 / /mnt/win rw - ext4 /dev/vdc1 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me/repo", None),
        ("/mnt/team share/repo", "nfs4"),
        ("/mnt/team sharepoint/repo", None),
        ("/mnt/team share/local/repo", None),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/mnt/disk/repo", None),
        ("/mnt/win/repo", None),
    ],
)
def test_the_innermost_and_latest_mount_decides(tmp_path: Path, folder: str, kind: str | None) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE, encoding="utf-8")
    assert network_mount(Path(folder), table) == kind


def test_without_a_table_nothing_is_known(tmp_path: Path) -> None:
    assert network_mount(tmp_path, tmp_path / "none") is None
