"""A small file of every language with a grammar."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SAMPLES", "Sample"]


@dataclass(frozen=True)
class Sample:
    """A small file, and one definition in it that must be described rightly."""

    path: str
    text: str
    symbols: tuple[str, ...]
    symbol: str
    signature: str
    docstring: str


SAMPLES = {
    "python": Sample(
        "catalog.py",
        '''"""The catalog."""
import os

LIMIT = 3

class Catalog(Base):
    """Holds files."""

    size: int = 1

    @cached
    async def apply(
        self, change: int
    ) -> None:
        """Take a change in."""
        return None

def top(): ...
''',
        ("LIMIT", "Catalog", "Catalog.size", "Catalog.apply", "top"),
        "Catalog.apply",
        "async def apply( self, change: int ) -> None",
        "Take a change in.",
    ),
    "typescript": Sample(
        "catalog.ts",
        """import a from "b";
/** Holds files. */
export default class Catalog<T> extends Base {
  private size: number = 1;
  /** Take a change in. */
  @log() apply(change: T): void { go(); }
}
export interface Shape { area(): number; }
export type Name = string;
export const top = (a: number) => a;
export enum Level { Low }
namespace util { export function f() {} }
""",
        (
            "Catalog",
            "Catalog.size",
            "Catalog.apply",
            "Shape",
            "Shape.area",
            "Name",
            "top",
            "Level",
            "util",
            "util.f",
        ),
        "Catalog.apply",
        "apply(change: T): void",
        "Take a change in.",
    ),
    "tsx": Sample(
        "View.tsx",
        """/** Shows it. */
export const View = ({ a }: Props) => <div>{a}</div>;
""",
        ("View",),
        "View",
        "export const View = ({ a }: Props) => <div>{a}</div>",
        "Shows it.",
    ),
    "javascript": Sample(
        "catalog.js",
        """/** Take a change in. */
module.exports.apply = function (change) { return 1; };
const f = () => 1;
class Catalog { apply() {} }
async function* g() {}
""",
        ("apply", "f", "Catalog", "Catalog.apply", "g"),
        "apply",
        "module.exports.apply = function (change) { return 1; }",
        "Take a change in.",
    ),
    "go": Sample(
        "catalog.go",
        """// Package catalog holds files.
package catalog

// Apply takes
// a change in.
func (c *Catalog[T]) Apply(change int) error {
	return nil
}

type Catalog[T any] struct{ size int }

const (
	Low = iota
	High
)

func New() *Catalog { return nil }
""",
        ("Catalog.Apply", "Catalog", "Low", "High", "New"),
        "Catalog.Apply",
        "func (c *Catalog[T]) Apply(change int) error",
        "Apply takes\na change in.",
    ),
    "java": Sample(
        "Catalog.java",
        """package a.b;
/** Holds files. */
@Anno
public class Catalog<T> extends Base {
  private int size = 1, rest = 2;
  public Catalog(int a) { }
  /**
   * Take a change in.
   */
  @Override
  public int apply(T change) { return 1; }
  enum Level {
    LOW;
    void up() {}
  }
}
""",
        (
            "Catalog",
            "Catalog.size",
            "Catalog.rest",
            "Catalog.Catalog",
            "Catalog.apply",
            "Catalog.Level",
            "Catalog.Level.LOW",
            "Catalog.Level.up",
        ),
        "Catalog.apply",
        "public int apply(T change)",
        "Take a change in.",
    ),
    "kotlin": Sample(
        "Catalog.kt",
        """package a

/** Holds files. */
class Catalog(val size: Int) : Base() {
    val rest: Int = 1

    companion object {
        const val LOW = 1
    }

    /** Take a change in. */
    fun apply(change: Int): Int = change
}

fun <T> List<T>.top(x: Int) {
}

object One {
    fun two() {}
}
""",
        ("Catalog", "Catalog.rest", "Catalog.LOW", "Catalog.apply", "top", "One", "One.two"),
        "Catalog.apply",
        "fun apply(change: Int): Int",
        "Take a change in.",
    ),
    "rust": Sample(
        "catalog.rs",
        """//! Holds files.
use a::b;

pub struct Catalog<T> { size: T }

impl<T> Display for Catalog<T> {
    /// Take a change in.
    #[inline]
    pub fn apply(&self, change: u8) -> u8 { change }
}
mod inner { pub fn f() {} }
macro_rules! m { () => {} }
trait Shape { fn area(&self); }
""",
        ("Catalog", "Catalog.apply", "inner", "inner.f", "m", "Shape", "Shape.area"),
        "Catalog.apply",
        "pub fn apply(&self, change: u8) -> u8",
        "Take a change in.",
    ),
    "c": Sample(
        "catalog.c",
        """#include <a.h>
#define LIMIT 1
/* Take a change in. */
static int *apply(int change) { return 0; }
typedef struct catalog { int size; } catalog_t;
struct shape { int area; };
#ifdef X
int g(void) { return 1; }
#endif
""",
        ("LIMIT", "apply", "catalog_t", "shape", "shape.area", "g"),
        "apply",
        "static int *apply(int change)",
        "Take a change in.",
    ),
    "cpp": Sample(
        "catalog.cpp",
        """FMT_BEGIN_NAMESPACE
namespace a { namespace {
/// Holds files.
template <typename T>
class FMT_API Catalog : public Base<T> {
 public:
  Catalog();
  /// Take a change in.
  int apply(int change) const { return 1; }
  bool operator==(const Catalog& o) const;
  int size = 1;
};
template <typename T> int Catalog<T>::rest(int a) { return 1; }
using Name = int;
}}
FMT_END_NAMESPACE
""",
        (
            "Catalog",
            "Catalog.Catalog",
            "Catalog.apply",
            "Catalog.operator==",
            "Catalog.size",
            "Catalog.rest",
            "Name",
        ),
        "Catalog.apply",
        "int apply(int change) const",
        "Take a change in.",
    ),
    "csharp": Sample(
        "Catalog.cs",
        """using System;
namespace A.B {
  public class Catalog<T> : Base {
    private int size = 1, rest;
    public int Level { get; set; }
    /// <summary>Take a change in.</summary>
    [Attr]
#if FAST
    public int Apply(ReadOnlySpan<T> change)
#else
    public int Apply(T[] change)
#endif
    { return 1; }
  }
  record R(int A);
}
""",
        ("Catalog", "Catalog.size", "Catalog.rest", "Catalog.Level", "Catalog.Apply", "R"),
        "Catalog.Apply",
        "public int Apply(ReadOnlySpan<T> change)",
        "Take a change in.",
    ),
    "ruby": Sample(
        "catalog.rb",
        """module A
  # Holds files.
  class Catalog < Base
    LIMIT = 1
    # Take a change in.
    def apply(change)
      change
    end

    class << self
      def open; end
    end

    private def hidden; end
  end
end
""",
        ("A", "A.Catalog", "A.Catalog.LIMIT", "A.Catalog.apply", "A.Catalog.open", "A.Catalog.hidden"),
        "A.Catalog.apply",
        "def apply(change)",
        "Take a change in.",
    ),
    "php": Sample(
        "Catalog.php",
        r"""<?php
namespace A\B;
abstract class Catalog extends Base {
  const LIMIT = 1;
  private int $size = 1;
  /** Take a change in. */
  #[Attr]
  public function apply(int $change): int { return 1; }
}
enum Level: string { case Low = 'a'; }
function top() {}
""",
        ("Catalog", "Catalog.LIMIT", "Catalog.size", "Catalog.apply", "Level", "Level.Low", "top"),
        "Catalog.apply",
        "public function apply(int $change): int",
        "Take a change in.",
    ),
    "swift": Sample(
        "Catalog.swift",
        """import A
public class Catalog: Base {
  var size: Int = 1
  init(a: Int) { }
}
extension Catalog: Shape {
  /// Take a change in.
  @objc public func apply(change: Int) -> Int { 1 }
}
protocol Shape { func area() }
""",
        ("Catalog", "Catalog.size", "Catalog.init", "Catalog.apply", "Shape", "Shape.area"),
        "Catalog.apply",
        "public func apply(change: Int) -> Int",
        "Take a change in.",
    ),
    "scala": Sample(
        "Catalog.scala",
        """package a.b
/** Holds files. */
class Catalog[T](val a: Int) extends Base {
  val size = 1
  /** Take a change in. */
  def apply(change: Int): Int = { change }
}
object One { def two() = 1 }
trait Shape
""",
        ("Catalog", "Catalog.size", "Catalog.apply", "One", "One.two", "Shape"),
        "Catalog.apply",
        "def apply(change: Int): Int",
        "Take a change in.",
    ),
    "bash": Sample(
        "catalog.sh",
        """#!/bin/bash

LIMIT=1
# Take a change in.
apply() {
  echo
}
function top { echo; }
if true; then
  inner() { :; }
fi
""",
        ("LIMIT", "apply", "top", "inner"),
        "apply",
        "apply()",
        "Take a change in.",
    ),
    "lua": Sample(
        "catalog.lua",
        """local M = {}
--- Take a change in.
function M.apply(change) return 1 end
function M:rest() end
local function top() end
M.other = function(x) end
return M
""",
        ("M", "M.apply", "M.rest", "top", "M.other"),
        "M.apply",
        "function M.apply(change)",
        "Take a change in.",
    ),
    "elixir": Sample(
        "catalog.ex",
        '''defmodule A.Catalog do
  @moduledoc """
  Holds files.
  """
  @limit 5
  @doc """
  Take a change in.
  """
  @spec apply(t, atom) :: t
  def apply(c, change) when is_atom(change) do
    c
  end
  def apply(c, _), do: c
  defp rest, do: 1
  defmacro m(a) do
  end
end
''',
        ("A.Catalog", "A.Catalog.limit", "A.Catalog.apply", "A.Catalog.rest", "A.Catalog.m"),
        "A.Catalog.apply",
        "def apply(c, change) when is_atom(change)",
        "Take a change in.",
    ),
    "haskell": Sample(
        "Catalog.hs",
        """-- | Holds files.
module A.Catalog (apply) where
import Data.X

-- | Take a change in.
apply :: Int -> Int
apply 1 = 2
apply x = y
  where y = x

data T = A | B deriving Show
class Shape a where
  area :: a -> a
(+++) :: a -> a -> a
a +++ b = a
""",
        ("apply", "T", "Shape", "Shape.area", "+++"),
        "apply",
        "apply :: Int -> Int",
        "Take a change in.",
    ),
    "zig": Sample(
        "catalog.zig",
        """//! Holds files.
const std = @import("std");
pub const Catalog = struct {
    size: u8,
    /// Take a change in.
    pub fn apply(self: Catalog, change: u8) void { return; }
};
test "it" { }
pub fn List(comptime T: type) type { return struct { fn push() void {} }; }
""",
        ("std", "Catalog", "Catalog.size", "Catalog.apply", "List", "List.push"),
        "Catalog.apply",
        "pub fn apply(self: Catalog, change: u8) void",
        "Take a change in.",
    ),
}
