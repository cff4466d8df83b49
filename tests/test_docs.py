"""The documentation names what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from whykeeper.commands.group import root
from whykeeper.config import example
from whykeeper_indexers import search as search_package
from whykeeper_indexers.search.code_ranking import CODE_FEATURES
from whykeeper_indexers.search.ranking import FEATURES

PROJECT = Path(__file__).parent.parent
EVERYWHERE = {"--repo", "--json", "--help", "-h"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield each command as it is typed, after the program's name."""
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            for below, each in command.commands.items():
                yield f"{name} {below}", each
        else:
            yield name, command


def section(name: str) -> str:
    """Return a verb's section of the command reference."""
    text = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(name.split()[0])}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section {name.split()[0]}"
    return found[1]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    text = section(name)
    assert re.search(rf"^    whykeeper {name}\b", text, re.MULTILINE)
    options = [each for each in command.params if isinstance(each, click.Option)]
    spelled = {word for option in options for word in option.opts} - EVERYWHERE
    documented = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert spelled <= documented


def test_no_option_is_documented_that_is_not_there() -> None:
    known: dict[str, set[str]] = {}
    for name, command in commands():
        spelled = {word for each in command.params if isinstance(each, click.Option) for word in each.opts}
        known.setdefault(name.split()[0], set()).update(spelled)
    for verb, spelled in known.items():
        documented = set(re.findall(r"`(--?[a-z][a-z-]*)", section(verb)))
        assert documented <= spelled | EVERYWHERE, verb


def test_every_verb_of_the_readme_exists() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"whykeeper ([a-z]+)\b", "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)))
    )
    assert named <= set(root.list_commands(click.Context(root)))


def test_the_example_configuration_is_what_the_settings_say() -> None:
    assert (PROJECT / "config.example.toml").read_text(encoding="utf-8") == example(), "run `just config`"


def test_every_path_in_the_readmes_examples_is_in_the_checkout() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    (examples,) = re.findall(r"^## Use it yourself\n.*?```sh\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    named = re.findall(r"whykeeper (?:context|status --files) (\S+)", examples)
    assert named and all((PROJECT / path).exists() for path in named)


def test_every_factor_that_explain_shows_is_documented_and_no_other() -> None:
    search = Path(search_package.__path__[0])
    sources = "\n".join(module.read_text(encoding="utf-8") for module in search.glob("*.py"))
    spelled = set(re.findall(r'(?:\.scale\(|\.signals\[)\s*"([^"]+)"', sources))
    of_score = section("search").partition("### How a score comes about\n")[2]
    documented = set(re.findall(r"^\| `([^`]+)` \|", of_score, re.MULTILINE))
    assert {"words", "place in code"} <= spelled
    assert documented - {"meaning by MODEL"} == spelled | FEATURES.keys() | CODE_FEATURES.keys()
