"""What a change takes away, or declares otherwise, while others still count on it."""

from __future__ import annotations

import pytest
from tests.verification.bounded import Texts, found_in, only
from tests.verification.conftest import Verified

from whykeeper.verification.findings import Severity

_MODULE = "def parse(text):\n    return text.split()\n\n\ndef other():\n    return 1\n"
_WITHOUT = "def other():\n    return 1\n"
_TS = "export function parse(text: string) {\n  return text;\n}\nexport const other = 1;\n"
_TS_WITHOUT = "export const other = 1;\n"
_GO_MOD = {"go.mod": "module example.org/app\n"}
_JAVA = "package a.b;\n\npublic class Parser {\n    public static int parse(String text) { return 1; }\n}\n"


def test_an_import_of_a_function_that_is_gone_is_an_error_with_the_place_that_imports_it(
    verified: Verified,
) -> None:
    before = {"app/text.py": _MODULE, "app/__init__.py": "", "app/main.py": "from app.text import parse\n"}
    found = only(found_in(verified, before, {"app/text.py": _WITHOUT}), "symbol", Severity.ERROR)
    assert found.path == "app/text.py"
    assert found.message.startswith("parse is no longer defined in app/text.py")
    assert [(each.path, each.lines) for each in found.evidence] == [("app/main.py", (1, 1))]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        pytest.param(
            {"app/text.py": _MODULE, "app/main.py": "from .text import other, parse as p\n"},
            {"app/text.py": _WITHOUT},
            "app/main.py",
            id="python, relative and renamed",
        ),
        pytest.param(
            {"text.py": _MODULE + "\n\ndef use():\n    return parse('a')\n"},
            {"text.py": _WITHOUT + "\n\ndef use():\n    return parse('a')\n"},
            "text.py",
            id="python, in its own file",
        ),
        pytest.param(
            {"src/text.ts": _TS, "src/main.ts": 'import { parse } from "./text";\n'},
            {"src/text.ts": _TS_WITHOUT},
            "src/main.ts",
            id="typescript",
        ),
        pytest.param(
            {"src/text.ts": _TS, "src/main.ts": 'import { parse } from "./text.js";\n'},
            {"src/text.ts": _TS.replace("export function", "function")},
            "src/main.ts",
            id="typescript, no longer exported",
        ),
        pytest.param(
            {
                "src/text.ts": _TS,
                "src/index.ts": 'export * from "./text";\n',
                "src/main.ts": 'import { parse } from "./index";\n',
            },
            {"src/text.ts": _TS_WITHOUT},
            "src/main.ts",
            id="typescript, through an index",
        ),
        pytest.param(
            {"src/text.ts": _TS, "src/index.ts": 'export { parse } from "./text";\n'},
            {"src/text.ts": _TS_WITHOUT},
            "src/index.ts",
            id="typescript, handed on",
        ),
        pytest.param(
            {
                **_GO_MOD,
                "text.go": "package app\n\nfunc parse() int { return 1 }\n",
                "main.go": "package app\n\nfunc run() int { return parse() }\n",
            },
            {"text.go": "package app\n"},
            "main.go",
            id="go, in the package",
        ),
        pytest.param(
            {
                **_GO_MOD,
                "text/text.go": "package text\n\nfunc Parse() int { return 1 }\n",
                "main.go": 'package app\n\nimport "example.org/app/text"\n\nvar n = text.Parse()\n',
            },
            {"text/text.go": "package text\n"},
            "main.go",
            id="go, from another package",
        ),
        pytest.param(
            {
                "src/a/b/Parser.java": _JAVA,
                "src/a/c/Main.java": "package a.c;\n\nimport a.b.Parser;\n\nclass Main { Parser p; }\n",
            },
            {"src/a/b/Parser.java": None},
            "src/a/c/Main.java",
            id="java, imported",
        ),
        pytest.param(
            {
                "src/a/b/Parser.java": _JAVA,
                "test/a/b/Main.java": "package a.b;\n\nclass Main { Object o = new Parser(); }\n",
            },
            {"src/a/b/Parser.java": _JAVA.replace("class Parser", "class Reader")},
            "test/a/b/Main.java",
            id="java, in the package",
        ),
    ],
)
def test_a_symbol_that_is_gone_and_still_used_is_an_error(
    before: dict[str, str], after: Texts, place: str, verified: Verified
) -> None:
    found = only(found_in(verified, before, after), "symbol", Severity.ERROR)
    assert {each.path for each in found.evidence} == {place}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            {"text.py": _MODULE, "main.py": "from text import parse\n"},
            {"text.py": "from words import parse\n\n\n" + _WITHOUT, "words.py": _MODULE},
            id="moved, and still there by its old name",
        ),
        pytest.param(
            {"text.py": _MODULE, "main.py": "from text import parse\n"},
            {"text.py": _WITHOUT, "main.py": "from text import other\n"},
            id="mended in the same change",
        ),
        pytest.param(
            {"text.py": _MODULE, "main.py": "def parse():\n    return 2\n\n\nprint(parse())\n"},
            {"text.py": _WITHOUT},
            id="another of the same name",
        ),
        pytest.param(
            {"text.py": _MODULE, "main.py": "# parse is gone\nprint('parse')\n"},
            {"text.py": _WITHOUT},
            id="in a comment and a text",
        ),
        pytest.param(
            {"text.py": _MODULE + "\n\ndef use(parse):\n    return parse('a')\n"},
            {"text.py": _WITHOUT + "\n\ndef use(parse):\n    return parse('a')\n"},
            id="a parameter of the same name",
        ),
        pytest.param(
            {"text.py": "def max(a):\n    return a\n\n\ndef use():\n    return max([1])\n"},
            {"text.py": "def use():\n    return max([1])\n"},
            id="python's own",
        ),
        pytest.param(
            {"text.py": _MODULE, "main.py": "from text import parse\n"},
            {"text.py": "def __getattr__(name):\n    return len\n"},
            id="a module that answers to any name",
        ),
        pytest.param(
            {
                **_GO_MOD,
                "a.go": "package app\n\nfunc min(a int) int { return a }\n",
                "b.go": "package app\n\nvar n = min(1)\n",
            },
            {"a.go": "package app\n"},
            id="go's own",
        ),
        pytest.param(
            {
                **_GO_MOD,
                "a.go": "package app\n\nfunc parse() int { return 1 }\n",
                "b.go": "package app\n\nvar n = parse()\n",
            },
            {"a.go": "package app\n", "c.go": "package app\n\nfunc parse() int { return 1 }\n"},
            id="moved within its package",
        ),
    ],
)
def test_what_is_still_there_or_means_something_else_is_not_told(
    before: dict[str, str], after: Texts, verified: Verified
) -> None:
    assert found_in(verified, before, after) == []


def test_a_renamed_symbol_is_told_with_its_new_name(verified: Verified) -> None:
    before = {"text.py": _MODULE, "main.py": "from text import parse\n"}
    after = {"text.py": _MODULE.replace("parse", "tokenize")}
    found = only(found_in(verified, before, after), "symbol", Severity.ERROR)
    assert "probably tokenize now" in found.message


def test_an_import_that_the_code_can_do_without_is_a_warning(verified: Verified) -> None:
    use = "try:\n    from text import parse\nexcept ImportError:\n    parse = None\n"
    found = found_in(verified, {"text.py": _MODULE, "main.py": use}, {"text.py": _WITHOUT})
    only(found, "symbol", Severity.WARNING)


def test_a_name_that_is_still_listed_as_public_is_an_error(verified: Verified) -> None:
    public = '__all__ = [\n    "other",\n    "parse",\n]\n\n'
    found = found_in(verified, {"text.py": public + _MODULE}, {"text.py": public + _WITHOUT})
    assert only(found, "symbol", Severity.ERROR).evidence[0].lines == (3, 3)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[project.scripts]\nparse = "app.text:parse"\n'),
        ("test_text.py", 'def test(monkeypatch):\n    monkeypatch.setattr("app.text.parse", len)\n'),
    ],
)
def test_a_symbol_that_a_text_names_whole_is_a_warning(path: str, text: str, verified: Verified) -> None:
    before = {"app/__init__.py": "", "app/text.py": _MODULE, path: text}
    found = only(found_in(verified, before, {"app/text.py": _WITHOUT}), "symbol", Severity.WARNING)
    assert found.evidence[0].path == path


def test_a_member_that_its_own_class_still_calls_is_told(verified: Verified) -> None:
    method = "    def load(self):\n        return 1\n\n"
    rest = "    def run(self):\n        return self.load()\n"
    before = {"job.py": f"class Job:\n{method}{rest}"}
    found = found_in(verified, before, {"job.py": f"class Job:\n{rest}"})
    assert only(found, "symbol", Severity.WARNING).message.startswith("Job.load")


def test_a_member_that_no_base_class_of_the_repository_has_is_told(verified: Verified) -> None:
    method = "    int load() { return 1; }\n"
    job = "package a;\n\nclass Job extends Base {{\n{}    int run() {{ return load(); }}\n}}\n"
    base = "package a;\n\nclass Base {\n    int other() { return 1; }\n}\n"
    before = {"a/Base.java": base, "a/Job.java": job.format(method)}
    found = found_in(verified, before, {"a/Job.java": job.format("")})
    assert only(found, "symbol", Severity.WARNING).message.startswith("Job.load")


def test_a_member_that_a_base_class_has_is_not_told(verified: Verified) -> None:
    method = "    int load() { return 1; }\n"
    job = "package a;\n\nclass Job extends Base {{\n{}    int run() {{ return load(); }}\n}}\n"
    before = {"a/Base.java": f"package a;\n\nclass Base {{\n{method}}}\n", "a/Job.java": job.format(method)}
    assert found_in(verified, before, {"a/Job.java": job.format("")}) == []


def test_a_member_that_a_base_class_may_have_is_not_told(verified: Verified) -> None:
    method = "    def load(self):\n        return 1\n\n"
    rest = "    def run(self):\n        return self.load()\n"
    before = {"job.py": f"from jobs import Base\n\n\nclass Job(Base):\n{method}{rest}"}
    after = {"job.py": f"from jobs import Base\n\n\nclass Job(Base):\n{rest}"}
    assert found_in(verified, before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        pytest.param(
            {"text.py": _MODULE, "main.py": "from text import parse\n\nprint(parse('a'))\n"},
            {"text.py": _MODULE.replace("(text)", "(text, limit)")},
            Severity.WARNING,
            id="python, a parameter more",
        ),
        pytest.param(
            {"text.py": _MODULE, "main.py": "import text\n\nprint(text.parse(text='a'))\n"},
            {"text.py": _MODULE.replace("(text)", "(words)")},
            Severity.WARNING,
            id="python, another keyword",
        ),
        pytest.param(
            {"src/text.ts": _TS, "src/main.ts": 'import { parse } from "./text";\nparse("a");\n'},
            {"src/text.ts": _TS.replace("text: string", "text: string, limit: number")},
            Severity.WARNING,
            id="typescript, a parameter more",
        ),
        pytest.param(
            {
                **_GO_MOD,
                "a.go": "package app\n\nfunc parse(a int, b string) int { return a }\n",
                "b.go": 'package app\n\nvar n = parse(1, "b")\n',
            },
            {"a.go": "package app\n\nfunc parse(b string, a int) int { return a }\n"},
            Severity.ERROR,
            id="go, another order",
        ),
        pytest.param(
            {
                "src/a/b/Parser.java": _JAVA,
                "src/a/b/Main.java": 'package a.b;\n\nclass Main { int n = Parser.parse("a"); }\n',
            },
            {"src/a/b/Parser.java": _JAVA.replace("String text", "String text, int most")},
            Severity.WARNING,
            id="java, a static method",
        ),
        pytest.param(
            {
                "src/a/b/Parser.java": _JAVA.replace("static ", ""),
                "src/a/b/Main.java": "package a.b;\n\n"
                'class Main { int f(Parser p) { return p.parse("a"); } }\n',
            },
            {"src/a/b/Parser.java": _JAVA.replace("static ", "").replace("String text", "")},
            Severity.WARNING,
            id="java, of a declared value",
        ),
    ],
)
def test_a_call_that_no_longer_fits_is_told(
    before: dict[str, str], after: Texts, severity: Severity, verified: Verified
) -> None:
    only(found_in(verified, before, after), "signature", severity)


@pytest.mark.parametrize(
    ("now", "call"),
    [
        pytest.param("(text, limit=1)", "parse('a')", id="a default"),
        pytest.param("(*texts)", "parse('a')", id="any number"),
        pytest.param("(text, limit)", "parse(*words)", id="arguments that cannot be counted"),
    ],
)
def test_a_call_that_still_fits_or_cannot_be_counted_is_not_told(
    now: str, call: str, verified: Verified
) -> None:
    before = {"text.py": _MODULE, "main.py": f"from text import parse\n\nwords = ['a']\nprint({call})\n"}
    assert found_in(verified, before, {"text.py": _MODULE.replace("(text)", now, 1)}) == []


def test_an_import_of_a_file_that_is_gone_is_an_error(verified: Verified) -> None:
    before = {"src/text.ts": _TS, "src/main.ts": 'import * as text from "./text";\ntext.parse("a");\n'}
    found = only(found_in(verified, before, {"src/text.ts": None}), "file", Severity.ERROR)
    assert (found.path, found.evidence[0].path) == ("src/text.ts", "src/main.ts")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"main": "./lib/start.js"}\n'),
        ("Dockerfile", "FROM scratch\nCOPY lib/start.js /app/\n"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: node lib/start.js\n"),
        ("docs/guide.md", "# Guide\n\nSee [the start](../lib/start.js).\n"),
    ],
)
def test_settings_and_documents_that_name_a_file_that_is_gone_are_told(
    path: str, text: str, verified: Verified
) -> None:
    before = {"lib/start.js": "console.log(1);\n", path: text}
    found = only(found_in(verified, before, {"lib/start.js": None}), "file", Severity.WARNING)
    assert found.evidence[0].path == path


def test_a_moved_file_is_told_with_its_new_place(verified: Verified) -> None:
    text = "console.log('a script that starts the server');\n" * 5
    before = {"lib/start.js": text, "Makefile": "run:\n\tnode lib/start.js\n"}
    after = {"lib/start.js": None, "lib/begin.js": text}
    found = only(found_in(verified, before, after), "file", Severity.WARNING)
    assert "it is lib/begin.js now" in found.message


def test_a_variable_that_no_code_reads_any_more_and_that_is_still_set_is_told(verified: Verified) -> None:
    before = {
        "app.py": "import os\n\nLIMIT = os.environ.get('APP_LIMIT', '1')\n",
        "docker-compose.yml": "services:\n  app:\n    environment:\n      APP_LIMIT: 5\n",
    }
    found = only(found_in(verified, before, {"app.py": "LIMIT = '1'\n"}), "key", Severity.WARNING)
    assert [(each.path, each.text) for each in found.evidence] == [("docker-compose.yml", "APP_LIMIT: …")]


def test_a_variable_that_is_no_longer_declared_and_still_needed_is_told(verified: Verified) -> None:
    before = {
        "app.py": "import os\n\nKEY = os.environ['APP_MODE']\n",
        ".env.example": "APP_MODE=fast\nAPP_B=1\n",
    }
    found = found_in(verified, before, {".env.example": "APP_B=1\n"})
    only(found, "key", Severity.WARNING)


def test_a_variable_that_other_code_still_reads_is_not_told(verified: Verified) -> None:
    before = {
        "app.py": "import os\n\nLIMIT = os.environ.get('APP_LIMIT', '1')\n",
        "start.sh": 'echo "$APP_LIMIT"\n',
        "docker-compose.yml": "services:\n  app:\n    environment:\n      APP_LIMIT: 5\n",
    }
    assert found_in(verified, before, {"app.py": "LIMIT = '1'\n"}) == []


@pytest.mark.parametrize(
    ("path", "declared", "now"),
    [
        ("app.py", '@app.get("/users/{id}")\ndef user(id):\n    return id\n', "USER = 1\n"),
        ("app.ts", 'app.get("/users/:id", show);\n', "const user = 1;\n"),
        ("app.go", 'package app\n\nfunc f() { r.GET("/users/:id", show) }\n', "package app\n"),
        (
            "App.java",
            'class App { @GetMapping("/users/{id}") void user() {} }\n',
            "class App { }\n",
        ),
    ],
)
def test_a_route_that_is_gone_and_still_asked_for_is_told(
    path: str, declared: str, now: str, verified: Verified
) -> None:
    before = {path: declared, "web/client.js": "export const load = () => fetch(`/users/${id}`);\n"}
    found = only(found_in(verified, before, {path: now}), "route", Severity.WARNING)
    assert found.evidence[0].path == "web/client.js"


@pytest.mark.parametrize(
    ("path", "declared", "now", "run"),
    [
        ("package.json", '{"scripts": {"lint": "eslint ."}}\n', '{"scripts": {}}\n', "npm run lint"),
        ("Makefile", "lint: deps\n\truff check\n\ndeps:\n\ttrue\n", "deps:\n\ttrue\n", "make lint"),
    ],
)
def test_a_command_that_is_gone_and_still_run_is_told(
    path: str, declared: str, now: str, run: str, verified: Verified
) -> None:
    workflow = f"jobs:\n  a:\n    steps:\n      - run: {run}\n"
    before = {path: declared, ".github/workflows/ci.yml": workflow}
    found = only(found_in(verified, before, {path: now}), "command", Severity.WARNING)
    assert found.evidence[0].path == ".github/workflows/ci.yml"
