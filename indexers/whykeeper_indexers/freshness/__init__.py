"""Whether documents still hold against the code they describe."""

from __future__ import annotations

from whykeeper_indexers.freshness.assessment import Assessment, AssessmentRequest, assess
from whykeeper_indexers.freshness.case import Document

__all__ = ["Assessment", "AssessmentRequest", "Document", "assess"]
