"""Claude Code: ``CLAUDE.md`` with imports, ``.claude/rules`` with paths, skills it may pick.

``*.md`` in ``paths`` is anchored: it means the project's root only.
"""

from __future__ import annotations

import posixpath

from whykeeper_indexers.conventions.form import ConventionFile, Reading, home_of
from whykeeper_indexers.conventions.globs import anchor, split_globs
from whykeeper_indexers.conventions.imports import at_imports
from whykeeper_indexers.types import Scope, ScopeMode

TOOL = "claude"

_NAMES = frozenset({"CLAUDE.md", "CLAUDE.local.md"})
_SKILL_FOLDERS = (".claude/skills", ".agents/skills", ".github/skills")


def recognises(path: str) -> bool:
    """Say whether the path is a memory file, a rule or a skill."""
    name = posixpath.basename(path)
    if name in _NAMES:
        return True
    if not name.endswith(".md"):
        return False
    return home_of(path, ".claude/rules") is not None or (
        name == "SKILL.md" and _skill_home(path) is not None
    )


def read(file: ConventionFile) -> Reading:
    """Bind the folder of a memory file, the paths of a rule, or what the agent decides."""
    imports = at_imports(file.body, file.path)
    if posixpath.basename(file.path) in _NAMES:
        folder = posixpath.dirname(file.path)
        inside = folder == ".claude" or folder.endswith("/.claude")
        return Reading(Scope(folder=posixpath.dirname(folder) if inside else folder), imports)
    skill_home = _skill_home(file.path)
    if skill_home is not None:
        return _skill(file, skill_home)
    return _rule(file, home_of(file.path, ".claude/rules") or "", imports)


def _skill_home(path: str) -> str | None:
    homes = (home_of(path, folder) for folder in _SKILL_FOLDERS)
    return next((home for home in homes if home is not None), None)


def _skill(file: ConventionFile, home: str) -> Reading:
    scope = Scope(folder=home, mode=ScopeMode.MODEL_DECIDES)
    return Reading(scope, description=file.fields.text("description"), note=file.fields.note)


def _rule(file: ConventionFile, home: str, imports: tuple[str, ...]) -> Reading:
    # Claude Code loads a rule whose front matter it cannot read for every path.
    globs = anchor(split_globs(file.fields.values.get("paths")), home) if file.fields.strict else ()
    mode = ScopeMode.PATHS if globs else ScopeMode.ALWAYS
    description = file.fields.text("description")
    return Reading(Scope(home, globs, mode), imports, description, file.fields.note)
