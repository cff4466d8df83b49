"""``whykeeper init``: what is offered, that all of it is true, and that nothing that exists is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from tests.conftest import GitFolder

from whykeeper_indexers.conventions import parse_convention
from whykeeper_indexers.decisions import decision_layout, parse_decision
from whykeeper_indexers.documents import parse_document
from whykeeper_indexers.types import SourceText

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

TEMPLATE = ".whykeeper/templates/plan.md"
ALL = [
    "docs/context/architecture.md",
    "docs/context/conventions.md",
    "docs/context/patterns.md",
    "docs/decisions/0001-record-architecture-decisions.md",
    TEMPLATE,
    "AGENTS.md",
]


@pytest.fixture(autouse=True)
def program(tmp_path: Path, whykeeper: CommandLine, git_folder: GitFolder) -> None:
    """A command line in a git repository, with whykeeper on its PATH."""
    program = tmp_path / "bin" / "whykeeper"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    whykeeper.change(env=env, program=str(program), platform="linux", cwd=git_folder.root)


def planned(whykeeper: CommandLine, *options: str) -> dict[str, Any]:
    ran = whykeeper("init", "--json", *options)
    assert ran.code == 0, ran.err
    report: dict[str, Any] = ran.json
    return report


def offered(whykeeper: CommandLine) -> list[str]:
    return [each["path"] for each in planned(whykeeper)["offers"]]


def text_of(whykeeper: CommandLine, path: str) -> str:
    (text,) = (each["text"] for each in planned(whykeeper)["offers"] if each["path"] == path)
    return str(text)


def facts(whykeeper: CommandLine) -> set[tuple[str, str, int | None]]:
    return {(each["text"], each["path"], each["line"]) for each in planned(whykeeper)["facts"]}


def snapshot(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_without_a_terminal_it_shows_everything_and_writes_nothing(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write("src/main.py", "print()\n")
    before = snapshot(git_folder.root)
    for options in ([], ["--dry-run"], ["--dry-run", "--yes"], ["--json"], ["--json", "--dry-run", "--yes"]):
        ran = whykeeper("init", *options)
        assert ran.code == 0, ran.err
        assert snapshot(git_folder.root) == before
    shown = whykeeper("init").out
    assert all(f"+++ {git_folder.root / path}" in shown for path in ALL)
    assert "--yes writes all of this" in shown


def test_yes_writes_what_is_new_and_a_second_run_has_nothing_to_do(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write("CLAUDE.md", "# Rules\n")
    ran = whykeeper("init", "--yes")
    assert (ran.code, "7 files written" in ran.out) == (0, True)
    written = snapshot(git_folder.root)
    expected = [*(path for path in ALL if path != "AGENTS.md"), ".mcp.json", "CLAUDE.md"]
    assert sorted(written) == sorted(expected)
    assert json.loads(written[".mcp.json"])["mcpServers"]["whykeeper"]["command"] == "whykeeper"

    again = whykeeper("init", "--yes")

    assert "Nothing is missing." in again.out
    assert snapshot(git_folder.root) == written


def test_at_a_terminal_each_is_asked_for_and_only_what_is_agreed_to_is_written(
    whykeeper: CommandLine, git_folder: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, False, False, False, True, False])
    monkeypatch.setattr(click, "confirm", lambda *_args, **_options: next(answers))
    whykeeper.change(can_ask=True)
    ran = whykeeper("init")
    assert (ran.code, "2 files written" in ran.out) == (0, True)
    assert sorted(snapshot(git_folder.root)) == sorted(["docs/context/architecture.md", TEMPLATE])


def test_every_derived_line_names_where_it_stands(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write(
        "pyproject.toml",
        '[project]\nname = "squid"\n\n[project.scripts]\nsquid = "squid.cli:main"\n\n'
        "[tool.ruff]\nline-length = 100\n\n[tool.pytest.ini_options]\n",
    )
    git_folder.write(
        "justfile", "# all\ntest *arguments:\n    pytest\n\nfmt := 'x'\n\nlint:\n    ruff check\n"
    )
    git_folder.write("Makefile", "VERSION := 1\n.PHONY: build\nbuild: dep\n\tmake test\nrun = 3\n")
    git_folder.write("package.json", '{\n  "scripts": {\n    "test": "vitest run",\n    "zap": "x"\n  }\n}\n')
    git_folder.write("pnpm-lock.yaml", "lockfileVersion: 9\n")
    git_folder.write("tools/pager/package.json", '{\n  "name": "@squid/pager",\n  "bin": "cli.js"\n}\n')
    git_folder.write("examples/shop/package.json", '{\n  "name": "shop",\n  "bin": "shop.js"\n}\n')
    git_folder.write("go.mod", "module example.org/squid\n\ngo 1.24\n")
    git_folder.write("cmd/ink/main.go", "package main\n\nfunc main() {\n}\n")
    git_folder.write("lib/ink.go", "package lib\n")
    git_folder.write("Dockerfile", 'FROM golang:1 AS build\nFROM alpine:3\nENTRYPOINT ["/ink"]\n')
    git_folder.write("compose.yaml", "services:\n  api:\n    image: x\n  db:\n    image: y\n")
    git_folder.write(".github/workflows/ci.yml", "on: push\n")
    git_folder.write(".editorconfig", "root = true\n")

    assert facts(whykeeper) == {
        ("`squid` starts `squid.cli:main`", "pyproject.toml", 5),
        ("`pytest` is configured", "pyproject.toml", 10),
        ("`ruff`", "pyproject.toml", 7),
        ("`just test`", "justfile", 2),
        ("`just lint`", "justfile", 7),
        ("`make build`", "Makefile", 3),
        ("`pnpm run test`, which runs `vitest run`", "package.json", 3),
        ("`tools/pager/` is the package `@squid/pager`", "tools/pager/package.json", 2),
        ("`pager` starts `cli.js` in `tools/pager/`", "tools/pager/package.json", 3),
        ("the root is the module `example.org/squid`", "go.mod", 1),
        ("`go test ./...`", "go.mod", None),
        ("`go build ./...`", "go.mod", None),
        ("`./cmd/ink` is a program", "cmd/ink/main.go", 3),
        ("`Dockerfile` builds an image from `alpine:3`", "Dockerfile", 2),
        ('the image of `Dockerfile` starts with `ENTRYPOINT ["/ink"]`', "Dockerfile", 3),
        ("`compose.yaml` runs `api`, `db`", "compose.yaml", 1),
        ("GitHub runs the workflows `ci.yml`", ".github/workflows/", None),
        ("`EditorConfig`", ".editorconfig", None),
    }
    assert "- `just test` (`justfile:2`)" in text_of(whykeeper, "docs/context/conventions.md")
    assert "- `./cmd/ink` is a program (`cmd/ink/main.go:3`)" in text_of(
        whykeeper, "docs/context/architecture.md"
    )


def test_other_ecosystems_are_read_too(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write(
        "Cargo.toml", '[package]\nname = "crab"\n\n[[bin]]\nname = "claw"\npath = "src/claw.rs"\n'
    )
    git_folder.write("shell/Cargo.toml", '[package]\nname = "shell"\n')
    git_folder.write("shell/src/main.rs", "fn main() {}\n")
    git_folder.write("settings.gradle.kts", 'rootProject.name = "x"\ninclude("core", ":web:api", "gone")\n')
    git_folder.write("core/build.gradle.kts", 'application {\n    mainClass.set("org.x.Main")\n}\n')
    git_folder.write("web/api/build.gradle", "\n")
    git_folder.write(
        "setup.cfg", "[options.entry_points]\nconsole_scripts =\n    ink = squid.ink:main\nx = y:z\n"
    )
    git_folder.write("gradlew", "#!/bin/sh\n")
    git_folder.write(
        "noxfile.py", "import nox\n\n\n@nox.session\ndef lint(session):\n    pass\n\n\ndef test(): ...\n"
    )
    git_folder.write("Rakefile", "require 'rake/testtask'\nRake::TestTask.new(:test) do |t|\nend\n")
    git_folder.write("composer.json", '{\n  "scripts": {\n    "test": "phpunit"\n  }\n}\n')
    git_folder.write("Taskfile.yml", "version: 3\ntasks:\n  build:\n    cmds: [x]\n")

    found = facts(whykeeper)

    assert found >= {
        ("`claw` is a program of the crate `crab`", "Cargo.toml", 4),
        ("the crate `shell` is a program", "shell/src/main.rs", None),
        ("`core/` is the project `:core`", "settings.gradle.kts", 2),
        ("`web/api/` is the project `:web:api`", "settings.gradle.kts", 2),
        ("`org.x.Main` is the main class", "core/build.gradle.kts", 2),
        ("`./gradlew test`", "settings.gradle.kts", None),
        ("`nox -s lint`", "noxfile.py", 5),
        ("`ink` starts `squid.ink:main`", "setup.cfg", 3),
        ("`bundle exec rake test`", "Rakefile", 2),
        ("`composer test`", "composer.json", 3),
        ("`task build`", "Taskfile.yml", 3),
    }
    assert not any("gone" in text or "nox -s test" in text or "y:z" in text for text, _, _ in found)


def test_broken_and_hostile_files_are_passed_over(
    whykeeper: CommandLine, git_folder: GitFolder, tmp_path: Path
) -> None:
    for name in ("package.json", "pyproject.toml", "Cargo.toml", "compose.yml", "Taskfile.yml"):
        git_folder.write(name, "{[: \t- 'x\n")
    (tmp_path / "outside.json").write_text('{"bin": {"spy": "x"}}', encoding="utf-8")
    (git_folder.root / "deno.json").symlink_to(tmp_path / "outside.json")
    git_folder.write("web/package.json", json.dumps({"name": "a`b\n# Heading", "bin": {"x": ["y"]}}))
    git_folder.write("a`\n# b/package.json", '{"name": "c"}')
    git_folder.write("docs", "a file\n")
    git_folder.write("CMakeLists.txt", "\n" * 200_000 + " " * 200_000 + "add_executable(" * 5_000)
    git_folder.write("cli/package.json", json.dumps({"name": "a``b```c"}))
    git_folder.write("Makefile", "test " * 50_000 + "\n" + "a" * 200_000 + "\n")
    found = facts(whykeeper)
    assert not any("spy" in text or "# b" in path for text, path, _ in found)
    assert any("a file has the name of its folder" in note for note in planned(whykeeper)["notes"])
    assert any(text == "`cli/` is the package ```` a``b```c ````" for text, _, _ in found)
    assert ("`web/` is the package `` a`b # Heading ``", "web/package.json", 1) in {
        (text, path, 1) for text, path, _ in found
    }


def test_what_a_repository_has_already_is_not_offered(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("ARCHITECTURE.md", "# Ours\n")
    git_folder.write(
        "doc/adr/0001-use-squid.md", "# 1. Use squid\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
    )
    git_folder.write("doc/coding_style.md", "# Style\n")
    git_folder.write("doc/guide.md", "# Guide\n")
    report = planned(whykeeper)
    assert [each["path"] for each in report["offers"]] == ["doc/context/patterns.md", TEMPLATE, "AGENTS.md"]
    assert "architecture: ARCHITECTURE.md" in report["there"]
    assert "conventions: doc/coding_style.md" in report["there"]
    assert any("doc/adr (1 file, " in each for each in report["there"])


def test_records_of_tests_and_examples_are_no_decisions_of_the_project(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    record = "# 1. Use squid\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
    git_folder.write("integration-tests/project/docs/adr/0001-use-squid.md", record)
    assert "docs/decisions/0001-record-architecture-decisions.md" in offered(whykeeper)
    git_folder.write("doc/adrs/.gitkeep", "")
    assert "doc/adrs/0001-record-architecture-decisions.md" in offered(whykeeper)
    git_folder.write("docs/adr/template.md", "# NUMBER. TITLE\n")
    (git_folder.root / "doc/adrs/.gitkeep").unlink()
    assert "docs/adr/0001-record-architecture-decisions.md" in offered(whykeeper)


def test_in_a_small_repository_every_language_is_named(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("web/a.ts", "const a = 1;\n")
    git_folder.write("api/b.py", "B = 1\n")
    assert "By number of files: Python, TypeScript." in text_of(whykeeper, "docs/context/architecture.md")


def test_what_would_drive_a_terminal_is_written_visibly(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write("web/package.json", json.dumps({"name": "evil\x1b[31m"}))
    text = text_of(whykeeper, "docs/context/architecture.md")
    assert "evil\\x1b[31m" in text
    assert "\x1b" not in text


def test_rules_in_an_agents_file_are_the_conventions(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("AGENTS.md", "\n".join(f"- rule {number}" for number in range(12)))
    report = planned(whykeeper)
    assert "conventions: AGENTS.md" in report["there"]
    assert "docs/context/conventions.md" not in [each["path"] for each in report["offers"]]


def test_what_git_ignores_is_not_offered(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write(".gitignore", "/docs\n.whykeeper/\n")
    report = planned(whykeeper)
    assert [each["path"] for each in report["offers"]] == ["AGENTS.md"]
    assert f"{TEMPLATE} is not offered: git ignores it here" in report["notes"]


def test_a_clients_file_that_git_ignores_is_not_offered(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write(".gitignore", ".mcp.json\n.cursor/mcp.json\n")
    git_folder.write("CLAUDE.md", "# Rules\n")
    git_folder.write(".cursor/mcp.json", "{}")
    git_folder.git("add", "-f", ".cursor/mcp.json")
    report = planned(whykeeper)
    paths = [each["path"] for each in report["offers"]]
    assert ".mcp.json" not in paths
    assert ".mcp.json is not offered: git ignores it here" in report["notes"]
    assert ".cursor/mcp.json" in paths


def test_no_secret_of_a_build_file_or_a_name_is_offered(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    token = "ghp_" + "x4Kd93LqPz7WmB2vNc8RtY5sHf6JgA1eUo0Q"
    git_folder.write(
        "package.json",
        json.dumps(
            {
                "scripts": {
                    "test": f"curl -H 'Bearer {token}' x",
                    "lint": "y",
                    "run": "a --password=Zx9Qq71LmPw4kT",
                }
            }
        ),
    )
    git_folder.write("Dockerfile", f'FROM alpine:3\nENTRYPOINT ["/ink", "--token={token}"]\n')
    git_folder.write(f"{token}/a.py", "x\n")
    git_folder.write("src/a.py", "x\n")
    ran = whykeeper("init", "--json")
    assert (ran.code, token in ran.out, "Zx9Qq7" in ran.out) == (0, False, False)
    found = {text for text, _, _ in facts(whykeeper)}
    assert any("[redacted: github" in text and "curl" in text for text in found)
    assert any("`npm run lint`" in text for text in found)
    assert "`src/`: Python" in text_of(whykeeper, "docs/context/architecture.md")


def test_records_in_other_folders_are_told_apart(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    record = "# 1. Use squid\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
    for path in ("docs/adr/0001-a.md", "docs/adr/0002-b.md", "web/docs/adr/0001-c.md"):
        git_folder.write(path, record)
    (told,) = (each for each in planned(whykeeper)["there"] if each.startswith("decisions"))
    assert told.startswith("decisions: docs/adr (2 files, form ")
    assert told.endswith("; 1 in other folders)")


def test_a_link_out_of_the_repository_is_refused(
    whykeeper: CommandLine, git_folder: GitFolder, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (git_folder.root / "docs").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "rules.md").write_text("# Rules\n", encoding="utf-8")
    (git_folder.root / "AGENTS.md").symlink_to(tmp_path / "rules.md")
    report = planned(whykeeper, "--yes")
    assert [each["path"] for each in report["offers"]] == [TEMPLATE]
    assert any("leads outside the repository" in note for note in report["notes"])
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "rules.md").read_text(encoding="utf-8") == "# Rules\n"


def test_only_clients_that_are_in_use_are_registered(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write(".vscode/settings.json", "{}\n")
    assert offered(whykeeper) == ALL
    assert "whykeeper install claude|cursor|vscode|codex" in " ".join(planned(whykeeper)["notes"])
    git_folder.write(".cursor/rules/a.mdc", "x\n")
    git_folder.write(".codex/config.toml", "model = 'x'\n")
    assert [path for path in offered(whykeeper) if path not in ALL] == [
        ".cursor/mcp.json",
        ".codex/config.toml",
    ]


@pytest.mark.parametrize(
    "before",
    ["", "# Rules\n", "# Rules\n\nNo line end", "# Rules\r\n\r\n- one\r\n", "\ufeff# Rules\n", "\n"],
)
def test_the_section_for_agents_is_added_brought_up_to_date_and_removed_byte_by_byte(
    whykeeper: CommandLine, git_folder: GitFolder, before: str
) -> None:
    path = git_folder.root / "AGENTS.md"
    path.write_bytes(before.encode())
    (git_folder.root / ".mcp.json").write_text("{}", encoding="utf-8")
    whykeeper("init", "--yes")
    text = path.read_bytes().decode()
    assert text.startswith(before)
    assert text.count("<!-- whykeeper: begin -->") == 1
    assert ("\r\n" in before) == ("\r\n" in text)

    path.write_bytes(text.replace("## Project memory", "## Old heading").encode())
    assert "AGENTS.md" in offered(whykeeper)
    whykeeper("init", "--yes")
    assert path.read_bytes().decode() == text

    path.write_bytes(text.encode())
    ran = whykeeper("uninstall", "claude", "--yes")
    assert (ran.code, "took the section" in ran.out) == (0, True)
    assert path.read_bytes() == before.encode()


def test_what_is_written_around_the_section_stays(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("AGENTS.md", "# Rules\n")
    whykeeper("init", "--yes")
    path = git_folder.root / "AGENTS.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n## Later\n\nMore.\n", encoding="utf-8")
    assert "AGENTS.md" not in offered(whykeeper)
    whykeeper("uninstall", "claude", "--yes")
    assert path.read_text(encoding="utf-8") == "# Rules\n\n## Later\n\nMore.\n"


def test_the_section_stays_as_long_as_a_client_is_registered(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write(".cursor/mcp.json", "{}")
    git_folder.write(".mcp.json", "{}")
    whykeeper("init", "--yes")
    assert "took the section" not in whykeeper("uninstall", "claude", "--yes").out
    assert (git_folder.root / "AGENTS.md").exists()
    shown = whykeeper("uninstall", "cursor", "--dry-run")
    assert "whykeeper: begin" in shown.out
    assert (git_folder.root / "AGENTS.md").exists()
    report = whykeeper("uninstall", "cursor", "--yes", "--json").json
    assert report["section"]["changed"] is True
    assert not (git_folder.root / "AGENTS.md").exists()


def test_half_a_section_is_left_alone(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("AGENTS.md", "# Rules\n\n<!-- whykeeper: begin -->\nmine\n")
    report = planned(whykeeper)
    assert "AGENTS.md" not in [each["path"] for each in report["offers"]]
    assert any("without its end" in note for note in report["notes"])


def test_what_is_offered_is_read_as_what_it_is_and_its_questions_state_nothing(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    git_folder.write("src/a.py", "x\n")
    report = {each["path"]: each["text"] for each in planned(whykeeper)["offers"]}
    record = "docs/decisions/0001-record-architecture-decisions.md"
    parsed = parse_decision(
        SourceText(record, report[record], ""), decision_layout(git_folder.root, [record])
    )
    assert parsed is not None and parsed.decision is not None
    assert (parsed.decision.form, parsed.decision.status) == ("madr-4", "accepted")
    for path in ("docs/context/patterns.md", "docs/context/conventions.md"):
        assert parse_convention(SourceText(path, report[path], "")).chunks == ()
    assert parse_document(SourceText(TEMPLATE, report[TEMPLATE], "")).chunks == ()
    (chunk,) = parse_convention(
        SourceText("docs/context/architecture.md", report["docs/context/architecture.md"], "")
    ).chunks
    assert "`src/`: Python" in chunk.text
    assert "question" not in chunk.text


def test_a_plain_folder_is_set_up_too(whykeeper: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.py").write_text("x\n", encoding="utf-8")
    whykeeper.change(cwd=folder)
    assert whykeeper("init", "--yes").code == 0
    assert (folder / "docs/context/architecture.md").is_file()
