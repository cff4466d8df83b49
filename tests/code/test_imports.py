"""What files of code import, in every language that is read."""

from __future__ import annotations

import pytest

from whykeeper_indexers.code import syntax_tree
from whykeeper_indexers.code.imports import imports_in
from whykeeper_indexers.types import SourceText

SAMPLES: dict[str, tuple[str, list[tuple[int, str, tuple[str, ...]]]]] = {
    "a.py": (
        (
            "import a.b as c, d\nfrom ..x import (\n    y as z,\n    w,\n)\nfrom . import *\n"
            "def f():\n    import late\n    importlib.import_module('named')\n    __import__(unknown)\n"
        ),
        [
            (1, "a.b", ()),
            (1, "d", ()),
            (2, "..x", ("y", "w")),
            (6, ".", ("*",)),
            (8, "late", ()),
            (9, "named", ()),
        ],
    ),
    "a.ts": (
        (
            "import a, { b as c } from './x';\nimport * as n from 'y';\nimport 's';\n"
            "import type { T } from 't';\n"
            "export { q } from './r';\nexport * from 'u';\nimport fs = require('fs');\n"
            "const z = require('zz');\nawait import('dyn');\nawait import(`./${name}`);\n"
            "export const own = 1;\n"
        ),
        [
            (1, "./x", ("default", "b")),
            (2, "y", ("*",)),
            (3, "s", ()),
            (4, "t", ("T",)),
            (5, "./r", ("q",)),
            (6, "u", ("*",)),
            (7, "fs", ()),
            (8, "zz", ()),
            (9, "dyn", ()),
        ],
    ),
    "a.tsx": ("import { A } from '@/a';\nconst b = <A/>;\n", [(1, "@/a", ("A",))]),
    "a.js": ("const { x } = require('./x');\nrequire.resolve('y');\n", [(1, "./x", ()), (2, "y", ())]),
    "a.go": (
        'package a\n\nimport "fmt"\nimport (\n\tx "a.b/c"\n\t_ `d`\n)\n',
        [(3, "fmt", ()), (5, "a.b/c", ()), (6, "d", ())],
    ),
    "A.java": (
        "package p;\nimport java.util.List;\nimport java.util.*;\nimport static a.b.C.m;\n",
        [(2, "java.util.List", ()), (3, "java.util", ("*",)), (4, "a.b.C", ("m",))],
    ),
    "B.java": (
        (
            "class B {\n  org.joda.Time f; java.util.Map.Entry<K, V> e;\n"
            "  Object o = org.slf4j.LoggerFactory.get(B.class);\n"
            "  Object p = this.one.two.Three.x, q = limits.upper.MAX, r = Outer.inner.Field;\n"
            "  Class<?> c = a.b.C.class;\n  @org.junit.Test void t() {}\n}\n"
        ),
        [
            (2, "org.joda.Time", ()),
            (2, "java.util.Map", ()),
            (3, "org.slf4j.LoggerFactory", ()),
            (5, "a.b.C", ()),
            (6, "org.junit.Test", ()),
        ],
    ),
    "a.kt": (
        "package p\nimport a.b.C\nimport a.b.*\nimport a.b.C as D\n",
        [(2, "a.b.C", ()), (3, "a.b", ("*",)), (4, "a.b.C", ())],
    ),
    "a.rs": (
        (
            "use a::b::{c, d::e, self, f as g, h::*};\nuse crate::io;\nmod foo;\n"
            "mod inline { }\nextern crate z;\n"
        ),
        [
            (1, "a::b::c", ()),
            (1, "a::b::d::e", ()),
            (1, "a::b", ()),
            (1, "a::b::f", ()),
            (1, "a::b::h", ("*",)),
            (2, "crate::io", ()),
            (3, "self::foo", ()),
            (5, "z", ()),
        ],
    ),
    "a.cs": (
        "using System.Text;\nusing static A.B;\nusing X = Y.Z;\nglobal using Q;\n",
        [(1, "System.Text", ()), (2, "A.B", ()), (3, "Y.Z", ()), (4, "Q", ())],
    ),
    "a.rb": (
        "require 'a/b'\nrequire_relative 'c'\nautoload :X, 'y/z'\nrequire \"#{name}\"\n",
        [(1, "a/b", ()), (2, "./c", ()), (3, "y/z", ())],
    ),
    "a.php": (
        "<?php\nuse A\\B\\C;\nuse A\\{D, E as F};\nrequire __DIR__ . '/x.php';\ninclude_once 'y.php';\n",
        [(2, "A\\B\\C", ()), (3, "A\\D", ()), (3, "A\\E", ()), (4, "./x.php", ()), (5, "y.php", ())],
    ),
    "a.c": ("#include <stdio.h>\n", [(1, "stdio.h", ())]),
    "a.cpp": ('#include <vector>\n#include "a/b.h"\n', [(1, "vector", ()), (2, "a/b.h", ())]),
}


@pytest.mark.parametrize("path", SAMPLES)
def test_every_way_to_import_is_read(path: str) -> None:
    text, expected = SAMPLES[path]
    tree = syntax_tree(SourceText(path, text, ""))

    assert tree is not None
    assert [tuple(each) for each in imports_in(tree)] == expected


def test_a_language_whose_imports_are_not_read_imports_nothing() -> None:
    tree = syntax_tree(SourceText("a.lua", "local x = require('x')\n", ""))

    assert tree is not None
    assert imports_in(tree) == ()


def test_a_tree_of_use_that_nests_deeply_is_read_to_its_end() -> None:
    depth = 2_000
    tree = syntax_tree(SourceText("a.rs", "use " + "a::{" * depth + "b" + "}" * depth + ";\n", ""))

    assert tree is not None
    assert [each.target for each in imports_in(tree)] == ["a::" * depth + "b"]
