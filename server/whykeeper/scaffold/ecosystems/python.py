"""Python: ``pyproject.toml``, ``setup.cfg``, tox, nox and Django's ``manage.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper.scaffold.facts import Fact, Matter, code, role_of
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_SESSION = re.compile(r"^def\s+(\w+)\(", re.MULTILINE)
_SCRIPT = re.compile(r"\s+([\w.-]+)\s*=\s*([\w.]+:\w+)\s*")
_MOST = 12


def read(tree: Tree) -> Iterator[Fact]:
    """Say what the files of a Python project tell."""
    for path in tree.named("pyproject.toml")[:_MOST]:
        yield from _pyproject(tree, path)
    yield from _setup_cfg(tree)
    yield from _pytest(tree)
    yield from _tox(tree)
    yield from _nox(tree)
    for path in tree.named("manage.py")[:1]:
        if "django" in tree.text(path):
            yield Fact(Matter.ENTRY, f"{code(f'python {path}')} is Django's command line", path)


def _pyproject(tree: Tree, path: str) -> Iterator[Fact]:
    loaded = tree.toml(path)
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        header = tree.line_of(path, rf"^\[{re.escape('.'.join(keys))}\]")
        for name, target in list(table(loaded, *keys).items())[:_MOST]:
            if isinstance(target, str):
                line = tree.line_of(path, rf"^\s*[\"']?{re.escape(name)}[\"']?\s*=", header)
                yield Fact(Matter.ENTRY, f"{code(name)} starts {code(target)}", path, line)
    package = table(loaded, "project").get("name")
    if "/" in path and isinstance(package, str):
        folder = path.rpartition("/")[0]
        line = tree.line_of(path, r"^name\s*=", tree.line_of(path, r"^\[project\]"))
        yield Fact(Matter.PART, f"`{folder}/` is the package {code(package)}", path, line)
    runner = {"poe": ("tool", "poe", "tasks"), "pdm run": ("tool", "pdm", "scripts")}
    for program, keys in runner.items():
        for name in table(loaded, *keys) if "/" not in path else ():
            if role := role_of(name):
                header = tree.line_of(path, rf"^\[{re.escape('.'.join(keys))}")
                line = tree.line_of(path, rf"\b{re.escape(name)}\b", max(header - 1, 0))
                yield Fact(role, code(f"{program} {name}"), path, line)


def _setup_cfg(tree: Tree) -> Iterator[Fact]:
    """Programs listed one a line, indented below ``console_scripts``."""
    inside = False
    for number, line in enumerate(tree.text("setup.cfg").split("\n"), start=1):
        if inside and (found := _SCRIPT.fullmatch(line)):
            yield Fact(Matter.ENTRY, f"{code(found[1])} starts {code(found[2])}", "setup.cfg", number)
        else:
            inside = line.replace(" ", "") == "console_scripts="


def _pytest(tree: Tree) -> Iterator[Fact]:
    places = (
        ("pytest.ini", r"^\[pytest\]"),
        ("pyproject.toml", r"^\[tool\.pytest(?:\.ini_options)?\]"),
        ("tox.ini", r"^\[pytest\]"),
        ("setup.cfg", r"^\[tool:pytest\]"),
    )
    for path, header in places:
        if line := tree.line_of(path, header):
            yield Fact(Matter.TEST, f"{code('pytest')} is configured", path, line)
            return


def _tox(tree: Tree) -> Iterator[Fact]:
    if line := tree.line_of("tox.ini", r"^\[(?:tox|testenv)\]"):
        yield Fact(Matter.TEST, code("tox"), "tox.ini", line)


def _nox(tree: Tree) -> Iterator[Fact]:
    text = tree.text("noxfile.py")
    for found in _SESSION.finditer(text):
        above = text[: found.start()].rstrip().split("\n")[-1]
        role = role_of(found[1])
        if role and (above.startswith(("@nox.session", "@session")) or above == ")"):
            yield Fact(role, code(f"nox -s {found[1]}"), "noxfile.py", text.count("\n", 0, found.start()) + 1)
