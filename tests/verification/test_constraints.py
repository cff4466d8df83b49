"""What a change does against constraints of decisions, kind by kind."""

from __future__ import annotations

import pytest
from tests.verification.conftest import Verified
from tests.verification.constrained import FORBIDDEN, PYTHON, RECORD, decision, only, told


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("from .db import rows", "imports .db (src/shop/db/rows.py)"),
        ("import shop.db.rows", "imports shop.db.rows (src/shop/db/rows.py)"),
        ("from requests.adapters import HTTPAdapter", "imports requests.adapters"),
        ("import requests", "imports requests"),
    ],
)
def test_an_import_that_a_decision_forbids_is_an_error_with_the_decision_beside_it(
    verified: Verified, line: str, what: str
) -> None:
    answer = verified(
        {RECORD: FORBIDDEN, **PYTHON}, {"src/shop/cart.py": f"import json\n\n{line}\n"}, "constraints"
    )

    finding = only(answer)
    assert (finding.rule, finding.severity, finding.path, finding.line) == (
        "constraints/imports",
        "error",
        "src/shop/cart.py",
        3,
    )
    assert finding.message == f"src/shop/cart.py {what}, against “The shop knows no database”"
    assert finding.evidence[0].model_dump() == {
        "path": RECORD,
        "lines": (5, 7),
        "text": "The shop knows no database",
    }
    assert RECORD in finding.hint


def test_what_broke_a_constraint_before_is_not_told_again_when_its_line_moves(verified: Verified) -> None:
    files = {**PYTHON, "src/shop/cart.py": "import requests\n"}
    answer = verified(
        {RECORD: FORBIDDEN, **files},
        {"src/shop/cart.py": "import json\n\n\nimport requests\n"},
        "constraints",
    )

    assert told(answer) == []


def test_a_second_import_of_what_is_forbidden_is_told_though_the_first_was_there(verified: Verified) -> None:
    files = {**PYTHON, "src/shop/cart.py": "import requests\n"}
    after = {"src/shop/cart.py": "import requests\n\ndef f():\n    import requests\n"}
    answer = verified({RECORD: FORBIDDEN, **files}, after, "constraints")

    assert only(answer).line == 4


def test_a_second_module_in_a_statement_that_took_one_before_is_told(verified: Verified) -> None:
    record = decision("- imports: {from: src/shop/cart.py, forbid: src/shop/db/**}")
    files = {**PYTHON, "src/shop/db/more.py": "", "src/shop/cart.py": "from shop.db import rows\n"}
    after = {"src/shop/cart.py": "from shop.db import more, rows\n"}

    assert "src/shop/db/more.py" in only(verified({RECORD: record, **files}, after, "constraints")).message


def test_what_is_forbidden_is_free_among_itself_and_with_an_allowance(verified: Verified) -> None:
    record = decision(
        """
        - imports:
            from: src/shop/**
            forbid: src/shop/db/**
            allow: src/shop/db/types.py
        """
    )
    after = {
        "src/shop/db/types.py": "from .rows import x\n",
        "src/shop/cart.py": "from shop.db.types import T\n",
    }
    assert told(verified({RECORD: record, **PYTHON}, after, "constraints")) == []


def test_only_names_all_that_may_be_imported_besides_the_files_themselves(verified: Verified) -> None:
    record = decision(
        """
        - imports:
            from: src/shop/*.py
            only: [stdlib, src/shop/db/**]
        """
    )
    after = {
        "src/shop/cart.py": "import json\nfrom . import other\nfrom .db import rows\nimport yaml\n",
        "src/shop/other.py": "",
    }
    finding = only(verified({RECORD: record, **PYTHON}, after, "constraints"))

    assert finding.line == 4
    assert "imports yaml, which is not among what it may import" in finding.message


def test_a_layer_may_import_what_is_below_it_and_nothing_above(verified: Verified) -> None:
    record = decision("- imports: {layers: [web/**, logic/**, [store/**, cache/**]]}")
    files = {
        f"{name}/{part}.py": "" for name in ("web", "logic", "store", "cache") for part in ("__init__", "a")
    }
    after = {
        "logic/a.py": "import store.a\nimport web.a\n",
        "store/a.py": "import cache.a\n",
        "web/a.py": "import cache.a\n",
    }
    finding = only(verified({RECORD: record, **files}, after, "constraints"))

    assert (finding.path, finding.line) == ("logic/a.py", 2)
    assert "from a layer above its own" in finding.message


@pytest.mark.parametrize(
    ("files", "forbid", "path", "text", "line"),
    [
        (
            {"package.json": '{"name": "x"}', "src/db/rows.ts": ""},
            "[src/db/**, lodash, node:fs]",
            "src/app.ts",
            "import a from './other';\nexport { r } from './db/rows.js';\n",
            2,
        ),
        ({"package.json": "{}"}, "lodash", "src/app.ts", "import debounce from 'lodash/debounce';\n", 1),
        ({"package.json": "{}"}, "lodash", "src/app.ts", "import get from 'lodash.get';\n", None),
        (
            {"go.mod": "module example.org/shop\n", "internal/db/rows.go": "package db\n"},
            "internal/db/**",
            "web/web.go",
            'package web\n\nimport "example.org/shop/internal/db"\n',
            3,
        ),
        (
            {"go.mod": "module example.org/shop\n"},
            "github.com/pkg/**",
            "web/web.go",
            'package web\n\nimport "github.com/pkg/errors"\n',
            3,
        ),
        (
            {"src/main/java/org/shop/db/Rows.java": "package org.shop.db; class Rows {}"},
            "['**/org/shop/db/**', java.util.logging]",
            "src/main/java/org/shop/web/Web.java",
            "package org.shop.web;\nimport org.shop.db.*;\n",
            2,
        ),
        (
            {},
            "java.util.logging",
            "src/main/java/org/shop/web/Web.java",
            "package org.shop.web;\nimport java.util.logging.Logger;\n",
            2,
        ),
    ],
)
def test_imports_of_other_languages_are_held_to_the_same_rules(
    verified: Verified, files: dict[str, str], forbid: str, path: str, text: str, line: int | None
) -> None:
    record = decision(f"- imports: {{from: '**', forbid: {forbid}}}")
    answer = verified({RECORD: record, "src/other.ts": "", **files}, {path: text}, "constraints")

    assert [(each.path, each.line) for each in answer.findings] == ([(path, line)] if line else [])


@pytest.mark.parametrize(
    ("path", "before", "after", "name"),
    [
        (
            "pyproject.toml",
            "[project]\nname = 'x'\n",
            "[project]\nname = 'x'\ndependencies = [\n  'Django_Rest>=1',\n]\n",
            "Django_Rest",
        ),
        ("requirements-dev.txt", "# none\n", "# none\n\n\ndjango-rest==1.0\n", "django-rest"),
        ("web/package.json", "{}", '{"devDependencies":\n{\n"x": "1",\n"django-rest": "1"}}', "django-rest"),
        (
            "go.mod",
            "module x\n",
            "module x\n\nrequire (\n\texample.org/django-rest v1.0.0\n)\n",
            "example.org/django-rest",
        ),
        (
            "Cargo.toml",
            "[package]\nname = 'x'\n",
            "[package]\nname = 'x'\n[dependencies]\ndjango-rest = '1'\n",
            "django-rest",
        ),
        (
            "pom.xml",
            "<project/>",
            (
                "<project><dependencies><dependency>\n<groupId>org.x</groupId>\n\n<artifactId>django-rest</artifactId>"
                "</dependency></dependencies></project>"
            ),
            "org.x:django-rest",
        ),
        (
            "app/build.gradle.kts",
            "",
            'dependencies {\n\n\n    implementation("org.x:django-rest:1.0")\n}\n',
            "org.x:django-rest",
        ),
    ],
)
def test_a_dependency_that_a_decision_forbids_is_found_in_every_manifest(
    verified: Verified, path: str, before: str, after: str, name: str
) -> None:
    record = decision("- dependencies: {forbid: ['django-*', '*/django-*']}")
    finding = only(verified({RECORD: record, path: before}, {path: after}, "constraints"))

    assert (finding.rule, finding.path, finding.line) == ("constraints/dependencies", path, 4)
    assert finding.message.startswith(f"{path} asks for {name},")


def test_a_list_of_the_only_dependencies_refuses_every_other(verified: Verified) -> None:
    record = decision("- dependencies: {in: package.json, only: [zod, '@shop/*']}")
    after = {"package.json": '{"dependencies": {"zod": "4", "@shop/core": "1", "left-pad": "1"}}'}
    finding = only(verified({RECORD: record, "package.json": "{}"}, after, "constraints"))

    assert "left-pad, which is not among what it may ask for" in finding.message


def test_a_manifest_that_cannot_be_read_is_told(verified: Verified) -> None:
    record = decision("- dependencies: {forbid: x}")
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><project/>'
    answer = verified({RECORD: record}, {"package.json": "{", "pom.xml": bomb}, "constraints")

    assert told(answer) == []
    assert [note.split(" could")[0] for note in answer.notes] == ["package.json", "pom.xml"]


PRINTING = decision(
    """
    - patterns:
        in: src/**
        language: python
        forbid:
          pattern: print($$$)
          inside: {kind: function_definition, stopBy: end}
      message: log instead of printing
      severity: warning
    """
)


def test_code_that_fits_a_pattern_of_ast_grep_is_told_in_the_decisions_own_words(verified: Verified) -> None:
    after = {
        "src/a.py": "print(1)\n\ndef f():\n    if x:\n        print(x,\n              2)\n",
        "other.py": "def f():\n    print(1)\n",
    }
    finding = only(verified({RECORD: PRINTING}, after, "constraints"))

    assert (finding.rule, finding.severity, finding.line, finding.end_line) == (
        "constraints/patterns",
        "warning",
        5,
        6,
    )
    assert finding.message == "log instead of printing (src/a.py has “print(x, 2)”)"


def test_constraints_and_utilities_of_ast_grep_are_taken(verified: Verified) -> None:
    record = decision(
        """
        - patterns:
            language: typescript
            forbid:
              all:
                - pattern: $CALL($$$)
                - inside: {matches: loop, stopBy: end}
            constraints:
              CALL: {regex: ^await}
            utils:
              loop: {any: [{kind: for_statement}, {kind: while_statement}]}
        """
    )
    after = {"a.tsx": "await1();\nwhile (x) {\n  other();\n  await2();\n}\nconst a = <b/>;\n"}
    assert only(verified({RECORD: record}, after, "constraints")).line == 4


@pytest.mark.parametrize(
    ("language", "pattern", "path", "text"),
    [
        ("go", "os.Exit($$$)", "a.go", "package a\n\nfunc f() {\n\tos.Exit(1)\n}\n"),
        ("go", "{any: [{pattern: $X.Fatal($$$)}]}", "a.go", "package a\n\nfunc f() {\n\tlog.Fatal(err)\n}\n"),
        ("c", "gets($A)", "a.c", "#include <x.h>\n\nvoid f() {\n  gets(a);\n}\n"),
        (
            "java",
            "System.out.println($$$)",
            "A.java",
            "class A {\n\n  void f() {\n    System.out.println(1);\n}}\n",
        ),
        ("typescript", "console.log($$$)", "a.ts", "\n\n\nconsole.log(1);\n"),
    ],
)
def test_a_call_is_found_in_every_language(
    verified: Verified, language: str, pattern: str, path: str, text: str
) -> None:
    record = decision(f"- patterns:\n    language: {language}\n    forbid: {pattern}")

    assert only(verified({RECORD: record}, {path: text}, "constraints")).line == 4


def test_a_file_without_what_every_file_must_have_is_told(verified: Verified) -> None:
    record = decision(
        """
        - patterns: {in: src/**, language: python, require: from __future__ import annotations}
        - text: {in: 'src/**', require: '^# Copyright \\d{4}'}
        """
    )
    good = "# Copyright 2026\nfrom __future__ import annotations\n"
    answer = verified({RECORD: record}, {"src/good.py": good, "src/bad.py": "x = 1\n"}, "constraints")

    assert [(each.rule, each.path) for each in answer.findings] == [
        ("constraints/patterns", "src/bad.py"),
        ("constraints/text", "src/bad.py"),
    ]


def test_lines_of_any_file_are_held_against_regular_expressions(verified: Verified) -> None:
    record = decision("- text: {in: deploy/**, forbid: 'image: .*:latest\\b'}")
    finding = only(
        verified(
            {RECORD: record, "deploy/a.yml": "a: 1\n"},
            {"deploy/a.yml": "a: 1\nimage: x:latest\n"},
            "constraints",
        )
    )

    assert (finding.rule, finding.line) == ("constraints/text", 2)


def test_what_is_found_is_shown_without_secrets(verified: Verified) -> None:
    record = decision(
        """
        - text: {in: '**/*.yml', forbid: token}
        - patterns: {language: python, forbid: connect($$$)}
        """
    )
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    after = {"a.yml": f"token: {secret}\n", "a.py": f"connect('{secret}')\n"}
    answer = verified({RECORD: record}, after, "constraints")

    assert len(answer.findings) == 2
    assert secret not in answer.model_dump_json()


def test_a_regular_expression_made_to_run_for_ever_does_not(verified: Verified) -> None:
    record = decision("- text: {in: a.txt, forbid: '^(a+)+$'}")
    answer = verified({RECORD: record}, {"a.txt": "a" * 200_000 + "b\n"}, "constraints")

    assert told(answer) == []


def test_files_that_change_together_are_missed_where_one_is_left_out(verified: Verified) -> None:
    record = decision("- together: {when: config.py, also: config.example.toml}")
    before = {RECORD: record, "config.py": "a = 1\n", "config.example.toml": "a = 1\n"}
    finding = only(verified(before, {"config.py": "a = 2\n"}, "constraints"))

    assert finding.message.startswith("config.py changed and config.example.toml did not")


def test_files_that_change_together_and_did_are_nothing_to_tell(verified: Verified) -> None:
    record = decision("- together: {when: config.py, also: config.example.toml}")
    before = {RECORD: record, "config.py": "a = 1\n", "config.example.toml": "a = 1\n"}

    assert (
        told(verified(before, {"config.py": "a = 2\n", "config.example.toml": "a = 2\n"}, "constraints"))
        == []
    )


def test_names_and_places_of_files_and_symbols_are_held_to_what_was_decided(verified: Verified) -> None:
    record = decision(
        """
        - names: {in: src/commands/**, match: '[a-z_]+\\.py'}
        - names: {in: src/errors.py, of: class, match: '.*Error'}
        - places: {files: '**/*.sql', only: migrations/**}
        - places: {symbols: '.*Repository', of: class, only: src/db/**}
        """
    )
    after = {
        "src/commands/good_name.py": "",
        "src/commands/BadName.py": "",
        "src/errors.py": "class GoodError(Exception): ...\n\n\nclass Bad(Exception): ...\n",
        "src/query.sql": "select 1;\n",
        "migrations/one.sql": "select 1;\n",
        "src/web.py": "class UserRepository: ...\n",
        "src/db/users.py": "class UserRepository: ...\n",
    }
    answer = verified({RECORD: record}, after, "constraints")

    assert [(each.rule, each.path, each.line) for each in answer.findings] == [
        ("constraints/names", "src/commands/BadName.py", None),
        ("constraints/names", "src/errors.py", 4),
        ("constraints/places", "src/query.sql", None),
        ("constraints/places", "src/web.py", 1),
    ]


def test_a_file_that_only_moves_brings_nothing_but_a_broken_place(verified: Verified) -> None:
    record = decision(
        """
        - text: {in: src/**, forbid: TODO}
        - places: {files: '**/*.sql', only: migrations/**}
        """
    )
    text = "-- TODO later\n" + "select 1;\n" * 10
    answer = verified(
        {RECORD: record, "src/a/one.sql": text}, {"src/a/one.sql": None, "src/b/one.sql": text}, "constraints"
    )

    assert told(answer) == []
