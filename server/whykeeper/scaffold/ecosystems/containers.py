"""Where it runs: container images, compose services, and continuous integration."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import yaml

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w-]+)?\.ya?ml")
_IMAGE = r"^\s*FROM\s+(?:--\S+\s+)*(\S+)"
_START = r"^\s*(?:ENTRYPOINT|CMD)\s+\S"
_MOST = 12
_WORKFLOWS = {
    ".gitlab-ci.yml": "GitLab",
    "azure-pipelines.yml": "Azure Pipelines",
    "Jenkinsfile": "Jenkins",
    ".circleci/config.yml": "CircleCI",
    ".travis.yml": "Travis",
    ".buildkite/pipeline.yml": "Buildkite",
}


def read(tree: Tree) -> Iterator[Fact]:
    """Say what images, services and workflows there are."""
    for path in tree.named("Dockerfile", "Containerfile")[:_MOST]:
        yield from _image(tree, path)
    composed = [path for path in tree.own() if _COMPOSE.fullmatch(posixpath.basename(path))]
    for path in sorted(composed, key=lambda path: (path.count("/"), path))[:_MOST]:
        yield from _services(tree, path)
    workflows = [path for path in tree.paths if re.fullmatch(r"\.github/workflows/[^/]+\.ya?ml", path)]
    if workflows:
        named = ", ".join(f"`{posixpath.basename(path)}`" for path in workflows[:_MOST])
        more = f" and {len(workflows) - _MOST} more" if len(workflows) > _MOST else ""
        yield Fact(Matter.RUNS, f"GitHub runs the workflows {named}{more}", ".github/workflows/")
    for path, name in _WORKFLOWS.items():
        if path in tree:
            yield Fact(Matter.RUNS, f"{name} runs a pipeline", path)


def _image(tree: Tree, path: str) -> Iterator[Fact]:
    lines = tree.text(path).split("\n")
    images = [(number, found[1]) for number, line in enumerate(lines, 1) if (found := re.match(_IMAGE, line))]
    starts = [number for number, line in enumerate(lines, 1) if re.match(_START, line)]
    if images and "$" not in images[-1][1]:
        number, image = images[-1]
        yield Fact(Matter.RUNS, f"`{path}` builds an image from {code(image)}", path, number)
    if starts and not lines[starts[-1] - 1].rstrip().endswith("\\"):
        said = code(lines[starts[-1] - 1].strip())
        yield Fact(Matter.ENTRY, f"the image of `{path}` starts with {said}", path, starts[-1])


def _services(tree: Tree, path: str) -> Iterator[Fact]:
    try:
        loaded = yaml.safe_load(tree.text(path))
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    if names := [str(name) for name in table(loaded, "services")]:
        listed = ", ".join(map(code, names[:_MOST])) + (" and others" if len(names) > _MOST else "")
        yield Fact(Matter.RUNS, f"`{path}` runs {listed}", path, tree.line_of(path, r"^services\s*:"))
