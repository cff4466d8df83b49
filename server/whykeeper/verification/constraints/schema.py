"""What a constraint may say: the one schema, which the documentation of them follows."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from whykeeper.verification.findings import Severity
from whykeeper_indexers.code.patterns import nearest_language, pattern_language
from whykeeper_indexers.conventions.globs import MAX_GLOB_CHARACTERS, MAX_GLOBS

__all__ = [
    "STANDARD_LIBRARY",
    "ConstraintModel",
    "DependenciesRule",
    "ImportsRule",
    "NamesRule",
    "PatternsRule",
    "PlacesRule",
    "Regex",
    "TextRule",
    "TogetherRule",
]

STANDARD_LIBRARY: Final = "stdlib"
"""Stands for whatever a language brings along."""
_SYMBOLS: Final = (
    "class",
    "interface",
    "enum",
    "type",
    "function",
    "method",
    "constant",
    "field",
    "module",
    "macro",
)
"""As outlines of code tell them: a struct of Rust is a class, a trait an interface; in Go both are types."""
_MOST_REGEX: Final = 1_000


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _without_nothing(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(not each.strip().lstrip("!") for each in value):
        raise ValueError("an entry is empty")
    return tuple(each.strip() for each in value)


_Entry = Annotated[str, Field(max_length=MAX_GLOB_CHARACTERS)]
Globs = Annotated[
    tuple[_Entry, ...],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=MAX_GLOBS),
    AfterValidator(_without_nothing),
]
"""One glob or a list of them, relative to the root; ``!`` takes back."""


class Regex:
    """A regular expression whose time is linear in the text, whatever it says.

    Args:
        written: In the syntax of Rust's ``regex``, which has no look-around and no back references.

    Raises:
        ValueError: It is none.
    """

    def __init__(self, written: str) -> None:
        # pydantic brings this engine along; Python's own can be made to run for ever by a pattern.
        config = ConfigDict(regex_engine="rust-regex")
        try:
            self._adapter = TypeAdapter(Annotated[str, StringConstraints(pattern=written)], config=config)
            self._adapter.validate_python("")
        except ValidationError:
            pass
        except Exception as error:
            told = str(error).split("error:")[-1].strip().split("\n")[0]
            raise ValueError(f"this is no regular expression that can be used: {told}") from error

    def found_in(self, text: str) -> bool:
        """Whether it fits anywhere in a text."""
        try:
            self._adapter.validate_python(text)
        except ValidationError:
            return False
        return True


def _is_regex(written: str) -> str:
    Regex(written)
    return written


_Written = Annotated[str, Field(min_length=1, max_length=_MOST_REGEX), AfterValidator(_is_regex)]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_of(rule: _Rule, *names: str) -> None:
    said = [name for name in names if getattr(rule, name) is not None]
    if len(said) != 1:
        listed = ", ".join(names[:-1])
        problem = f"{' and '.join(said)} exclude one another" if said else "there is none of them"
        raise ValueError(f"exactly one of {listed} or {names[-1]} is needed: {problem}")


class ImportsRule(_Rule):
    """What files may import.

    Attributes:
        from_: The files.
        forbid: What they may not import: globs of files, names of packages, ``stdlib``.
        allow: What they may all the same.
        only: All that they may import, besides one another.
        layers: Globs from the topmost layer down; none may import from one above it.
    """

    from_: Globs | None = Field(None, alias="from")
    forbid: Globs | None = None
    allow: Globs = ()
    only: Globs | None = None
    layers: Annotated[tuple[Globs, ...], Field(min_length=2, max_length=50)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> ImportsRule:
        _one_of(self, "forbid", "only", "layers")
        if self.layers is None and self.from_ is None:
            raise ValueError("from is missing: the files that the rule is for")
        if self.layers is not None and self.from_ is not None:
            raise ValueError("layers name their files themselves: leave from out")
        if self.allow and self.forbid is None:
            raise ValueError("allow is an exception from forbid, which is missing")
        return self


class DependenciesRule(_Rule):
    """What manifests may ask for.

    Attributes:
        in_: The manifests; all of them by default.
        forbid: Names, in which ``*`` stands for anything.
        only: All the names that there may be.
    """

    in_: Globs = Field(("**",), alias="in")
    forbid: Globs | None = None
    only: Globs | None = None

    @model_validator(mode="after")
    def _fits(self) -> DependenciesRule:
        _one_of(self, "forbid", "only")
        return self


class PatternsRule(_Rule):
    """What code must or must not hold.

    Attributes:
        in_: The files; all of the language by default.
        language: Of the pattern.
        forbid: What must not occur: what ast-grep has under ``rule``, or a pattern alone.
        require: What every one of the files must have.
        constraints: On meta-variables, as ast-grep has them.
        utils: Rules by name for ``matches``, as ast-grep has them.
    """

    in_: Globs = Field(("**",), alias="in")
    language: str
    forbid: dict[str, Any] | str | None = None
    require: dict[str, Any] | str | None = None
    constraints: dict[str, Any] = {}
    utils: dict[str, Any] = {}

    @field_validator("language")
    @classmethod
    def _known(cls, language: str) -> str:
        found = pattern_language(language)
        if found is None:
            raise ValueError(
                f"there is no grammar of {language!r}; did you mean {nearest_language(language)}?"
            )
        return found

    @model_validator(mode="after")
    def _fits(self) -> PatternsRule:
        _one_of(self, "forbid", "require")
        return self

    @property
    def config(self) -> dict[str, Any]:
        """As ast-grep takes it."""
        written = self.forbid if self.forbid is not None else self.require
        rule = {"pattern": written} if isinstance(written, str) else written
        named = {"constraints": self.constraints, "utils": self.utils}
        return {"rule": rule, **{name: value for name, value in named.items() if value}}


class TextRule(_Rule):
    """What lines must or must not say, in files of any kind.

    Attributes:
        in_: The files.
        forbid: A regular expression that must fit no line.
        require: One that must fit a line of every file.
    """

    in_: Globs = Field(alias="in")
    forbid: _Written | None = None
    require: _Written | None = None

    @model_validator(mode="after")
    def _fits(self) -> TextRule:
        _one_of(self, "forbid", "require")
        return self


class TogetherRule(_Rule):
    """Files that change together.

    Attributes:
        when: A change of one of these …
        also: … asks for a change of a file of each of these.
    """

    when: Globs
    also: Globs


def _is_symbol(kind: str) -> str:
    plain = kind.strip().lower()
    if plain not in _SYMBOLS:
        raise ValueError(f"{kind!r} is no kind of symbol; there are {', '.join(_SYMBOLS)}")
    return plain


_Symbols = Annotated[
    tuple[Annotated[str, AfterValidator(_is_symbol)], ...], BeforeValidator(_as_list), Field(min_length=1)
]
"""One kind of symbol or a list of them."""


class NamesRule(_Rule):
    """How things are called.

    Attributes:
        in_: The files.
        of: Kinds of symbols; of the files themselves, without their folders, where it is left out.
        match: A regular expression for the whole name.
    """

    in_: Globs = Field(("**",), alias="in")
    of: _Symbols | None = None
    match: _Written


class PlacesRule(_Rule):
    """Where things may be.

    Attributes:
        files: Files that are meant …
        symbols: … or a regular expression for the whole name of symbols that are.
        of: Kinds of the symbols; any by default.
        only: Where they may be.
    """

    files: Globs | None = None
    symbols: _Written | None = None
    of: _Symbols | None = None
    only: Globs

    @model_validator(mode="after")
    def _fits(self) -> PlacesRule:
        _one_of(self, "files", "symbols")
        if self.of is not None and self.symbols is None:
            raise ValueError("of is the kind of symbols, which are missing")
        return self


class ConstraintModel(_Rule):
    """One constraint: its kind with a rule, and how a violation is told.

    Attributes:
        message: What is told of a violation, instead of the kind's own words.
        severity: How much a violation weighs.
    """

    imports: ImportsRule | None = None
    dependencies: DependenciesRule | None = None
    patterns: PatternsRule | None = None
    text: TextRule | None = None
    together: TogetherRule | None = None
    names: NamesRule | None = None
    places: PlacesRule | None = None
    message: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    severity: Severity = Severity.ERROR
