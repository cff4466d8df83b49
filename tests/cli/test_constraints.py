from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

PLACE = {
    "severity": "error",
    "path": "src/a.py",
    "line": 3,
    "message": "src/a.py imports db, against “Layers”",
}


def constraint(**more: Any) -> dict[str, Any]:
    return {
        "kind": "imports",
        "lines": [5, 7],
        "severity": "error",
        "says": "from src/**; forbid db",
        "message": "",
        "idle": [],
        "violations": None,
        "places": [],
        **more,
    }


def decision(*constraints: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "path": "docs/decisions/0001-layers.md",
        "title": "Layers",
        "status": "accepted",
        "binds": True,
        "constraints": list(constraints),
        "problems": [],
        **more,
    }


WITHOUT = [{"path": "docs/decisions/0002-b.md", "title": "B"}]


def test_constraints_are_listed_by_decision_with_those_that_bind_nobody_and_those_without(
    whykeeper: CommandLine,
) -> None:
    retired = decision(constraint(idle=["lib/**"]), status="superseded", binds=False)
    whykeeper.daemon.answers["constraints"] = {
        "decisions": [decision(constraint()), retired],
        "without": WITHOUT,
        "counts": {},
        "checked": False,
        "notes": ["a note"],
    }

    ran = whykeeper("constraints")

    assert whykeeper.daemon.params == {"check": False}
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "docs/decisions/0001-layers.md  Layers",
        "   line 5: imports: from src/**; forbid db",
        "docs/decisions/0001-layers.md  Layers  (superseded: binds nobody)",
        "   line 5: imports: from src/**; forbid db",
        "      lib/** matches no file",
        "",
        "1 decision in force has none:",
        "   docs/decisions/0002-b.md  B",
        "note: a note",
    ]


def test_tested_constraints_show_what_breaks_them_and_the_exit_code_says_so(whykeeper: CommandLine) -> None:
    broken = constraint(violations=12, places=[PLACE] * 12)
    answer = {
        "decisions": [decision(broken, constraint(violations=0))],
        "without": [],
        "counts": {"error": 12},
        "checked": True,
        "notes": [],
    }
    whykeeper.daemon.answers["constraints"] = answer

    ran = whykeeper("constraints", "--check")

    assert whykeeper.daemon.params == {"check": True}
    assert ran.code == 1
    place = "      error  src/a.py:3  src/a.py imports db, against “Layers”"
    assert ran.out.splitlines() == [
        "docs/decisions/0001-layers.md  Layers",
        "   line 5: imports: from src/**; forbid db  [12 violations]",
        *[place] * 10,
        "      and 2 more",
        "   line 5: imports: from src/**; forbid db  [kept]",
        "",
        "violations: 12 error",
    ]
    assert whykeeper("constraints", "--check", "--json").json == answer


def test_a_constraint_that_cannot_be_read_is_an_error_by_itself(whykeeper: CommandLine) -> None:
    problem = {"line": 7, "message": "imports.forbids is unknown; did you mean forbid?"}
    answer = {"decisions": [decision(problems=[problem])], "without": [], "counts": {}, "checked": False}
    whykeeper.daemon.answers["constraints"] = answer

    ran = whykeeper("constraints")

    assert ran.code == 1
    assert "   line 7: imports.forbids is unknown; did you mean forbid?" in ran.out.splitlines()


def test_warnings_alone_are_no_failure(whykeeper: CommandLine) -> None:
    answer = {"decisions": [], "without": [], "counts": {"warning": 2}, "checked": True, "notes": []}
    whykeeper.daemon.answers["constraints"] = answer

    ran = whykeeper("constraints", "--check")

    assert ran.code == 0
    assert ran.out.splitlines() == ["No decision record carries a constraint.", "", "violations: 2 warning"]
