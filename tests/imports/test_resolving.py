"""Which files, or which package from outside, an import means."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports import ImportResolver, Resolved


def resolved(files: dict[str, str], path: str, target: str, *names: str) -> Resolved:
    return ImportResolver(files, files.get).resolve(path, Import(1, target, names))


PYTHON = dict.fromkeys(
    (
        "src/shop/__init__.py",
        "src/shop/cart.py",
        "src/shop/db/__init__.py",
        "src/shop/db/rows.py",
        "src/shop/types.py",
        "tests/helpers.py",
        "tests/test_cart.py",
    ),
    "",
)


@pytest.mark.parametrize(
    ("path", "target", "names", "files", "module"),
    [
        ("tests/test_cart.py", "shop.cart", ("Cart",), ("src/shop/cart.py",), "shop.cart"),
        (
            "tests/test_cart.py",
            "shop",
            ("cart", "VERSION"),
            ("src/shop/cart.py", "src/shop/__init__.py"),
            "shop",
        ),
        ("tests/test_cart.py", "helpers", (), ("tests/helpers.py",), "helpers"),
        ("src/shop/cart.py", ".db", ("rows",), ("src/shop/db/rows.py",), "shop.db"),
        ("src/shop/db/rows.py", "..", ("cart",), ("src/shop/cart.py",), "shop"),
        ("src/shop/db/rows.py", "..cart", ("Cart",), ("src/shop/cart.py",), "shop.cart"),
        ("src/shop/cart.py", "requests.adapters", ("X",), (), "requests.adapters"),
        # Nothing in a package is imported by its name alone.
        ("src/shop/cart.py", "rows", (), (), "rows"),
    ],
)
def test_python_modules_are_found_below_src_and_relative_to_the_file(
    path: str, target: str, names: tuple[str, ...], files: tuple[str, ...], module: str
) -> None:
    assert resolved(PYTHON, path, target, *names) == Resolved(files, module)


def test_a_module_of_the_standard_library_is_not_taken_for_one_of_the_same_name_in_a_package() -> None:
    assert resolved(PYTHON, "src/shop/cart.py", "types", "ModuleType") == Resolved((), "types", standard=True)


ECMASCRIPT = {
    "packages/app/src/main.ts": "",
    "packages/app/src/lib/index.ts": "",
    "packages/app/src/view.tsx": "",
    "packages/app/tsconfig.json": '{"extends": "../../tsconfig.base.json"}',
    "tsconfig.base.json": """{
        // Where names with an at sign lie.
        "compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["packages/app/src/*"],},},
    }""",
    "packages/core/package.json": '{"name": "@shop/core", "exports": {".": {"types": "./dist/i.d.ts", '
    '"import": "./src/index.ts"}, "./*": "./src/*.ts"}, "imports": {"#inner": "./src/inner.ts"}}',
    "packages/core/src/index.ts": "",
    "packages/core/src/inner.ts": "",
}


@pytest.mark.parametrize(
    ("path", "target", "files", "module"),
    [
        ("packages/app/src/main.ts", "./lib", ("packages/app/src/lib/index.ts",), "packages/app/src/lib"),
        # TypeScript names what it will have compiled.
        ("packages/app/src/main.ts", "./view.js", ("packages/app/src/view.tsx",), "packages/app/src/view.js"),
        ("packages/app/src/main.ts", "@/lib", ("packages/app/src/lib/index.ts",), "@/lib"),
        ("packages/app/src/main.ts", "@shop/core", ("packages/core/src/index.ts",), "@shop/core"),
        ("packages/app/src/main.ts", "@shop/core/inner", ("packages/core/src/inner.ts",), "@shop/core/inner"),
        ("packages/core/src/index.ts", "#inner", ("packages/core/src/inner.ts",), "#inner"),
        ("packages/app/src/main.ts", "react", (), "react"),
        ("packages/app/src/main.ts", "../../../../outside", (), "../../../../outside"),
    ],
)
def test_ecmascript_modules_are_found_by_path_alias_and_workspace(
    path: str, target: str, files: tuple[str, ...], module: str
) -> None:
    assert resolved(ECMASCRIPT, path, target) == Resolved(files, module)


@pytest.mark.parametrize("target", ["fs", "node:test", "fs/promises"])
def test_modules_of_node_are_its_standard_library(target: str) -> None:
    assert resolved(ECMASCRIPT, "packages/app/src/main.ts", target).standard


GO = {
    "go.mod": "module example.org/shop\n\ngo 1.23\n",
    "main.go": "",
    "internal/db/rows.go": "",
    "internal/db/rows_test.go": "",
    "tools/go.mod": "module example.org/shop/tools\n",
    "tools/gen/gen.go": "",
}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (
            "example.org/shop/internal/db",
            Resolved(("internal/db/rows.go",), "example.org/shop/internal/db"),
        ),
        ("example.org/shop", Resolved(("main.go",), "example.org/shop")),
        ("example.org/shop/tools/gen", Resolved(("tools/gen/gen.go",), "example.org/shop/tools/gen")),
        ("example.org/shopping", Resolved((), "example.org/shopping")),
        ("net/http", Resolved((), "net/http", standard=True)),
    ],
)
def test_go_packages_are_folders_of_a_module_without_their_tests(target: str, expected: Resolved) -> None:
    assert resolved(GO, "main.go", target) == expected


JVM = dict.fromkeys(
    (
        "core/src/main/java/org/shop/Cart.java",
        "core/src/main/java/org/shop/db/Rows.java",
        "app/src/main/kotlin/org/shop/app/Main.kt",
        "app/src/main/kotlin/org/shop/app/Helpers.kt",
    ),
    "",
)


@pytest.mark.parametrize(
    ("target", "names", "files"),
    [
        ("org.shop.Cart", (), ("core/src/main/java/org/shop/Cart.java",)),
        ("org.shop.Cart.Item", (), ("core/src/main/java/org/shop/Cart.java",)),
        ("org.shop.Cart", ("total",), ("core/src/main/java/org/shop/Cart.java",)),
        ("org.shop.db", ("*",), ("core/src/main/java/org/shop/db/Rows.java",)),
        (
            "org.shop.app.total",
            (),
            ("app/src/main/kotlin/org/shop/app/Helpers.kt", "app/src/main/kotlin/org/shop/app/Main.kt"),
        ),
        ("org.other.Cart", (), ()),
    ],
)
def test_java_and_kotlin_types_are_found_by_their_folders(
    target: str, names: tuple[str, ...], files: tuple[str, ...]
) -> None:
    assert resolved(JVM, "app/src/main/kotlin/org/shop/app/Main.kt", target, *names).files == files


RUST = {
    "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
    "a/Cargo.toml": '[package]\nname = "shop-core"\n',
    "a/src/lib.rs": "",
    "a/src/db/mod.rs": "",
    "a/src/db/rows.rs": "",
    "b/Cargo.toml": '[package]\nname = "app"\n',
    "b/src/main.rs": "",
}


@pytest.mark.parametrize(
    ("path", "target", "files"),
    [
        ("a/src/lib.rs", "self::db", ("a/src/db/mod.rs",)),
        ("a/src/db/mod.rs", "self::rows", ("a/src/db/rows.rs",)),
        ("a/src/db/rows.rs", "super::Table", ("a/src/db/mod.rs",)),
        ("a/src/db/rows.rs", "crate::db::rows::Row", ("a/src/db/rows.rs",)),
        ("a/src/db/rows.rs", "crate::Error", ("a/src/lib.rs",)),
        ("b/src/main.rs", "shop_core::db::rows::Row", ("a/src/db/rows.rs",)),
        ("b/src/main.rs", "serde::Serialize", ()),
    ],
)
def test_rust_paths_are_followed_to_the_innermost_module(
    path: str, target: str, files: tuple[str, ...]
) -> None:
    assert resolved(RUST, path, target).files == files


OTHERS = {
    "src/Shop.Core/Shop.Core.csproj": "",
    "src/Shop.Core/Db/Rows.cs": "",
    "src/Shop.App/Main.cs": "",
    "lib/shop/cart.rb": "",
    "lib/shop.rb": "",
    "composer.json": '{"autoload": {"psr-4": {"Shop\\\\": "php/"}}}',
    "php/Db/Rows.php": "",
    "php/index.php": "",
    "native/include/shop/rows.h": "",
    "native/src/rows.c": "",
    "native/src/own.h": "",
}


@pytest.mark.parametrize(
    ("path", "target", "files", "standard"),
    [
        ("src/Shop.App/Main.cs", "Shop.Core.Db", ("src/Shop.Core/Db/Rows.cs",), False),
        ("src/Shop.App/Main.cs", "System.Linq", (), True),
        ("lib/shop.rb", "shop/cart", ("lib/shop/cart.rb",), False),
        ("lib/shop/cart.rb", "../shop", ("lib/shop.rb",), False),
        ("lib/shop.rb", "json", (), True),
        ("lib/shop.rb", "rails", (), False),
        ("php/index.php", "Shop\\Db\\Rows", ("php/Db/Rows.php",), False),
        ("php/index.php", "Shop\\Db", ("php/Db/Rows.php",), False),
        ("php/index.php", "./Db/Rows.php", ("php/Db/Rows.php",), False),
        ("native/src/rows.c", "shop/rows.h", ("native/include/shop/rows.h",), False),
        ("native/src/rows.c", "own.h", ("native/src/own.h",), False),
        ("native/src/rows.c", "stdio.h", (), True),
        ("notes.lua", "anything", (), False),
    ],
)
def test_other_languages_are_resolved_as_their_projects_say(
    path: str, target: str, files: tuple[str, ...], standard: bool
) -> None:
    found = resolved(OTHERS, path, target)

    assert (found.files, found.standard) == (files, standard)


def test_the_file_that_is_nearest_to_the_importing_one_is_meant() -> None:
    files = dict.fromkeys(("one/tests/helpers.py", "two/tests/helpers.py", "two/tests/test_it.py"), "")

    assert resolved(files, "two/tests/test_it.py", "helpers").files == ("two/tests/helpers.py",)


def test_configuration_that_cannot_be_read_is_left_aside() -> None:
    broken = {
        "go.mod": "?",
        "Cargo.toml": "[",
        "package.json": "{",
        "tsconfig.json": "[]",
        "a.ts": "",
        "b.ts": "",
    }

    assert resolved(broken, "a.ts", "./b").files == ("b.ts",)
    assert resolved(broken, "a.go", "x.org/y").files == ()
    assert resolved(broken, "src/a.rs", "x::y").files == ()


@pytest.mark.parametrize("noise", ["/*" * 200_000, '"' + '\\"' * 200_000, "," * 400_000, "// " * 100_000])
def test_configuration_made_to_take_long_does_not(noise: str) -> None:
    files = {"tsconfig.json": noise, "a.ts": "", "b.ts": ""}
    started = time.monotonic()

    assert resolved(files, "a.ts", "b").files == ()
    assert time.monotonic() - started < 2
