"""What manifests of package managers ask for, with the lines it stands in."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.dependencies import ManifestError, dependencies_in, is_manifest

PYPROJECT = """[build-system]
requires = ["hatchling>=1"]

[project]
name = "shop"
dependencies = [
  "certifi",
  "Django[argon2] >=5 ; python_version > '3.11'",
  "inner @ https://example.org/inner.whl",
]
optional-dependencies = { web = ["uvicorn"] }

[dependency-groups]
dev = ["pytest", { include-group = "other" }]

[tool.poetry.dependencies]
python = "^3.11"
requests = "^2"

[tool.poetry.group.lint.dependencies]
ruff = "*"
"""

MANIFESTS: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "pyproject.toml": (
        PYPROJECT,
        [
            (7, "certifi"),
            (8, "Django"),
            (9, "inner"),
            (2, "hatchling"),
            (11, "uvicorn"),
            (14, "pytest"),
            (18, "requests"),
            (21, "ruff"),
        ],
    ),
    "requirements/dev.txt": (
        "-r base.txt\n# pytest\npytest>=8 # why\n-e git+https://x.org/y.git#egg=editable\n--no-index\nhttpx[http2]\n",
        [(3, "pytest"), (4, "editable"), (6, "httpx")],
    ),
    "Pipfile": (
        '[packages]\nrequests = "*"\n[dev-packages]\npytest = "*"\n',
        [(2, "requests"), (4, "pytest")],
    ),
    "web/package.json": (
        (
            '{\n "name": "zod",\n "dependencies": {\n  "zod": "4",\n  "@a/b": "1"\n },\n'
            ' "devDependencies": {"x": "1"}\n}'
        ),
        [(4, "zod"), (5, "@a/b"), (7, "x")],
    ),
    "go.mod": (
        (
            "module x\n\ngo 1.23\n\n"
            "require a.org/b v1.0.0\n\nrequire (\n\tc.org/d/v2 v2.0.0\n\te.org/f v1.0.0 // indirect\n)\n"
            "\nreplace (\n\tg.org/h v1.0.0 => ../h\n)\n"
        ),
        [(5, "a.org/b"), (8, "c.org/d/v2")],
    ),
    "Cargo.toml": (
        (
            '[package]\nname = "x"\n[dependencies]\nserde.workspace = true\n'
            '[dependencies.tokio]\nversion = "1"\n'
            '[target."cfg(unix)".dev-dependencies]\nalias = { package = "real", version = "1" }\n'
        ),
        [(4, "serde"), (5, "tokio"), (8, "real")],
    ),
    "app/pom.xml": (
        (
            '<project xmlns="http://maven.apache.org/POM/4.0.0">\n<dependencies>\n<dependency>\n<groupId>a.b</groupId>\n'
            "<artifactId>c</artifactId>\n</dependency>\n</dependencies>\n<build><plugins><plugin>\n"
            "<artifactId>d</artifactId>\n</plugin></plugins></build>\n</project>\n"
        ),
        [(5, "a.b:c"), (9, "org.apache.maven.plugins:d")],
    ),
    "app/build.gradle": (
        (
            "dependencies {\n  // implementation 'not:this:1'\n  implementation 'a.b:c:1.0'\n"
            "  testImplementation group: 'd.e', name: 'f', version: '1'\n  api(platform(\"g.h:i:1\"))\n}\n"
        ),
        [(3, "a.b:c"), (4, "d.e:f"), (5, "g.h:i")],
    ),
    "gradle/libs.versions.toml": (
        (
            '[versions]\na = "1"\n[libraries]\nb = { module = "c.d:e", version.ref = "a" }\nf = "g.h:i:1"\n'
            'j = { group = "k.l", name = "m" }\n'
        ),
        [(4, "c.d:e"), (5, "g.h:i"), (6, "k.l:m")],
    ),
    "composer.json": ('{"require": {"php": "^8",\n"a/b": "1"}}', [(2, "a/b")]),
    "Gemfile": (
        "source 'https://rubygems.org'\ngem 'rails', '~> 7'\n  gem(\"puma\")\n",
        [(2, "rails"), (3, "puma")],
    ),
    "src/App/App.csproj": (
        '<Project>\n<ItemGroup>\n<PackageReference Include="A.B" Version="1" />\n</ItemGroup>\n</Project>\n',
        [(3, "A.B")],
    ),
}


@pytest.mark.parametrize("path", MANIFESTS)
def test_every_manifest_tells_what_it_asks_for_and_where(path: str) -> None:
    text, expected = MANIFESTS[path]

    assert is_manifest(path)
    assert sorted(map(tuple, dependencies_in(path, text))) == sorted(expected)


@pytest.mark.parametrize("path", ["README.md", "package-lock.json", "docs/requirements.md", "src/go.mod.txt"])
def test_other_files_ask_for_nothing(path: str) -> None:
    assert not is_manifest(path)
    assert dependencies_in(path, "x") == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", "{"),
        ("package.json", "[" * 100_000),
        ("pyproject.toml", "= 1"),
        ("Cargo.toml", "["),
        ("pom.xml", "<project>"),
        ("pom.xml", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><project>&d;</project>'),
    ],
)
def test_a_manifest_that_cannot_be_read_says_so(path: str, text: str) -> None:
    with pytest.raises(ManifestError):
        dependencies_in(path, text)


def test_a_manifest_of_any_size_is_read_in_a_time_that_grows_with_it() -> None:
    text = '{"dependencies": {' + ",\n".join(f'"name-{number}": "1"' for number in range(40_000)) + "}}"
    started = time.monotonic()
    found = dependencies_in("package.json", text)

    assert (len(found), found[-1].line) == (40_000, 40_000)
    assert time.monotonic() - started < 5
