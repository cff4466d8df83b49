"""What belongs in the index: a repository's files, and why the others are left out."""

from whykeeper_indexers.scan.explanation import explain
from whykeeper_indexers.scan.listing import ignored_folders
from whykeeper_indexers.scan.options import ScanOptions
from whykeeper_indexers.scan.repository import Repository, open_repository
from whykeeper_indexers.scan.scanner import ScanResult, scan, scan_paths
from whykeeper_indexers.scan.sweeping import Sweep, sweep

__all__ = [
    "Repository",
    "ScanOptions",
    "ScanResult",
    "Sweep",
    "explain",
    "ignored_folders",
    "open_repository",
    "scan",
    "scan_paths",
    "sweep",
]
