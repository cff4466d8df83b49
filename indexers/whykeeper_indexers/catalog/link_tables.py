"""The tables of what documents name and code defines, and of whether documents still hold."""

from __future__ import annotations

from typing import Final

__all__ = ["CREATE_DEFINED", "CREATE_LINKS"]

CREATE_LINKS: Final = """
CREATE TABLE named (
    parsed_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    form TEXT NOT NULL,
    detail TEXT NOT NULL,
    past INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (parsed_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX named_name ON named (name);
CREATE TABLE freshness (
    checkout INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    checked INTEGER NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (checkout, path)
) WITHOUT ROWID;
CREATE TABLE history_facts (question TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID;
"""

CREATE_DEFINED: Final = """
CREATE TABLE defined (
    parsed_id INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (parsed_id, symbol)
) WITHOUT ROWID;
CREATE INDEX defined_name ON defined (name);
"""
