from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

GONE = {"state": "broken", "what": "removed", "commit": "0123456789abcdef"}


def test_links_are_shown_by_their_kind(whykeeper: CommandLine) -> None:
    place = {"line": 3, "kind": "symbol", "name": "Lamp.shine", "form": "span"}
    record = {"path": "docs/adr/1.md", "kind": "decision", "status": "accepted", "places": [place]}
    together = {"path": "docs/guide.md", "commits": 4, "newest": "fedcba9876543210"}
    lamp = {"path": "src/lamp.py", "named_by": [record], "names": [], "changed_with": [together]}
    names = [place | {"state": "there: src/lamp.py"}, place | {"name": "x.py", "kind": "path", "state": GONE}]
    guide = {"path": "docs/guide.md", "named_by": [], "names": names, "changed_with": []}
    poem = {"path": "docs/poem.md", "named_by": [], "names": [], "changed_with": []}
    whykeeper.daemon.answers["links"] = {"links": [lamp, guide, poem]}

    ran = whykeeper("links", "src/lamp.py", "docs/guide.md", "docs/poem.md")

    assert ran.out.splitlines() == [
        "src/lamp.py",
        "   named by docs/adr/1.md [decision, accepted]",
        "      line 3: Lamp.shine (symbol)",
        "   changed with docs/guide.md in 4 commits, last in fedcba9876",
        "",
        "docs/guide.md",
        "   line 3 names Lamp.shine (symbol): there: src/lamp.py",
        "   line 3 names x.py (path): broken: removed (commit 0123456789)",
        "",
        "docs/poem.md",
        "   nothing is linked with it",
    ]
    assert whykeeper("links", "src/lamp.py", "--json").json["links"][0]["path"] == "src/lamp.py"


def test_a_path_that_cannot_be_asked_about_fails_after_the_others_are_shown(whykeeper: CommandLine) -> None:
    poem = {"path": "docs/poem.md", "named_by": [], "names": [], "changed_with": []}
    nosuch = {"path": "nosuch", "problem": "there is no file or folder nosuch"}
    whykeeper.daemon.answers["links"] = {"links": [nosuch, poem]}
    ran = whykeeper("links", "nosuch", "docs/poem.md")
    assert ran.code == 1
    assert ran.out.splitlines() == ["docs/poem.md", "   nothing is linked with it"]
    assert "there is no file or folder nosuch" in ran.err


def test_a_path_must_be_given(whykeeper: CommandLine) -> None:
    assert whykeeper("links").code == 2
