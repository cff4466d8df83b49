"""What a change takes away that a document may name: symbols, parameters, names, literals, values."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from whykeeper.verification.documents.edited_files import EditedFile
from whykeeper.verification.documents.values import given_values, name_words
from whykeeper_indexers.code import Definition
from whykeeper_indexers.freshness.symbols import is_definition
from whykeeper_indexers.links import quoted

__all__ = ["Loss", "Matter", "declares", "losses_of", "parameters"]

_WORD = re.compile(r"[A-Za-z_$][\w$]{2,80}")
_QUOTED = re.compile(r"([\"'`])([^\"'`\s\n]{4,80})\1")
_PARTED = re.compile(r"\w[-_./:{}]\w|^[-/.]|/$")
"""What makes a literal a name of its own: a route, a header, an option, a dotted key."""
_KEY = r"^\s*(?:-\s+)?[\"']?{0}[\"']?\s*\??\s*[:=](?!=)"
_FIELD = r"^\s*(?:[\w<>\[\],.?]+\s+){{0,4}}{0}\s*(?:;|[\w*\[\].]+\s*(?:`.*)?$)"
_ARGUMENT = re.compile(r"[A-Za-z_$][\w$]*")
_LAST_NAMED = frozenset(["java", "c", "cpp", "csharp", "kotlin_", "php", "dart"])
"""Languages that write the type before the parameter."""
_ALIKE = 0.55
_MOST_DECLARED = 120
"""Lines of a declaration, comments and decorators above it included."""
_MODIFIERS = frozenset(["public", "private", "protected", "readonly", "final"])
_FUNCTIONS = frozenset(["function", "method", "constructor"])
_CONSTRUCTORS = frozenset(["__init__", "__new__", "constructor"])
_COMMENT = re.compile(r"\s*(?:#(?!\s*define)|//|/?\*)")


class Matter(StrEnum):
    """What is lost."""

    NAME = "name"
    SYMBOL = "symbol"
    PARAMETER = "parameter"
    LITERAL = "literal"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that held before a change and does not after it, in the files of the change.

    Attributes:
        matter: What it is.
        name: As code has it; of a symbol its own name, without what qualifies it.
        path: Where it was, before the change.
        line: In that file.
        text: That line.
        owners: What may stand before it: its class, its module; of a parameter the functions that had it.
        now: What took its place; empty where nothing plainly did. Of a value, the new one.
        value: Of a value, the one before.
        last_path: The file by its name after the change; empty when it is gone.
        bare: Of a symbol, whether no other of the change's files defines one of its name.
    """

    matter: Matter
    name: str
    path: str
    line: int
    text: str
    owners: frozenset[str] = frozenset()
    now: str = ""
    value: str = ""
    last_path: str = ""
    bare: bool = False


def losses_of(files: Sequence[EditedFile], language: Mapping[str, str]) -> list[Loss]:
    """Give what the files of a change lose.

    Args:
        files: Of the change.
        language: Of each file of code, by its path before the change.
    """
    after: set[str] = set()
    for file in files:
        after.update(_WORD.findall(file.after_text))
    kept = {each.symbol for file in files for each in file.after_symbols}
    named = {quoted(symbol) for symbol in kept}
    found: list[Loss] = []
    for file in files:
        found += _names(file, after)
        found += [replace(each, bare=each.name not in named) for each in _symbols(file, kept, after)]
        found += _parameters(file, language.get(file.path, ""))
        found += _literals(file, files)
        found += _values(file)
    return found


def parameters(declaration: str, language: str) -> list[str]:
    """The names of a function's parameters, in order.

    Args:
        declaration: What stands between its parentheses.
        language: It is written in.
    """
    names = []
    for part in _top_level(declaration):
        words = _ARGUMENT.findall(part.partition("=")[0].partition(":")[0])
        words = [word for word in words if word not in _MODIFIERS]
        if words:
            names.append(words[-1] if language in _LAST_NAMED else words[0])
    return [name for name in names if name not in ("self", "cls", "this")]


def _declaration(lines: Sequence[str], symbol: Definition) -> str:
    """What stands between a function's parentheses; empty for what is none."""
    start, end = symbol.lines
    name = quoted(symbol.symbol)
    text = "\n".join(
        line for line in lines[start - 1 : min(end, start + _MOST_DECLARED)] if not _COMMENT.match(line)
    )
    opened = re.search(rf"(?<![\w.@]){re.escape(name)}\s*(?:[<\[][^()]{{0,200}}?[>\]])?\s*\(", text)
    if opened is None:
        return ""
    depth = 1
    for at in range(opened.end(), len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return text[opened.end() : at]
    return ""


def _top_level(text: str) -> Iterator[str]:
    depth, part = 0, ""
    for letter in text:
        if letter in "([{<":
            depth += 1
        elif letter in ")]}>" and not part.endswith(("=", "-")):
            depth -= 1
            if depth < 0:
                break
        if letter == "," and depth == 0:
            yield part
            part = ""
        else:
            part += letter
    if part.strip():
        yield part


def _names(file: EditedFile, after: set[str]) -> Iterator[Loss]:
    """Names that were declared and that no file of the change has any more."""
    seen: dict[str, Loss] = {}
    defined = {quoted(each.symbol): each for each in file.before_symbols}
    for number, line in file.removed_lines():
        for word in _WORD.findall(line[:2_000]):
            if word in after or word in seen:
                continue
            declared = word in defined or declares(line, word)
            if declared:
                now = _in_place_of(word, number, line, file)
                seen[word] = Loss(
                    Matter.NAME,
                    word,
                    file.path,
                    number,
                    line.strip(),
                    now=now,
                    owners=_owners(defined[word], file) if word in defined else frozenset(),
                    last_path=file.after or "",
                )
    yield from seen.values()


def declares(line: str, word: str, *, strings: bool = True) -> bool:
    """Whether a line gives a name to something that others can use: no mere use of it.

    Args:
        line: Of code or configuration.
        word: The name.
        strings: Whether it may be a string, as options and keys are.
    """
    escaped = re.escape(word)
    return bool(
        is_definition(line, word)
        or (strings and re.search(rf"[\"'`]-{{0,2}}{escaped}[\"'`=:]", line))
        or re.match(_KEY.format(escaped), line)
        or re.match(_FIELD.format(escaped), line)
    )


def _in_place_of(word: str, number: int, line: str, file: EditedFile) -> str:
    """The word that the line has instead of one, where that is all that became of it."""
    instead = set()
    for after, other in file.added_lines():
        one, two = _WORD.findall(line), _WORD.findall(other)
        if len(one) == len(two) and abs(after - number) <= 200:
            differing = {(a, b) for a, b in zip(one, two, strict=True) if a != b}
            if differing and {a for a, _ in differing} == {word} and len({b for _, b in differing}) == 1:
                instead.add(next(iter(differing))[1])
    return instead.pop() if len(instead) == 1 else ""


def _symbols(file: EditedFile, kept: set[str], after: set[str]) -> Iterator[Loss]:
    """Definitions that are gone although other things still have the name."""
    fresh = [
        each for each in file.after_symbols if each.symbol not in {b.symbol for b in file.before_symbols}
    ]
    for each in file.before_symbols:
        name = quoted(each.symbol)
        if each.symbol in kept or name not in after or not file.touched(each):
            continue
        number = _line_of(file.before_lines, each, name)
        yield Loss(
            Matter.SYMBOL,
            name,
            file.path,
            number,
            file.before_lines[number - 1].strip(),
            owners=_owners(each, file),
            now=_successor(each, fresh),
            last_path=file.after or "",
        )


def _line_of(lines: Sequence[str], symbol: Definition, name: str) -> int:
    start, end = symbol.lines
    return next((at for at in range(start, min(end, len(lines)) + 1) if name in lines[at - 1]), start)


def _owners(symbol: Definition, file: EditedFile) -> frozenset[str]:
    *above, _ = re.split(r"\.|::|#", symbol.symbol)
    if above:
        return frozenset(above[-1:])
    stem = posixpath.basename(file.path).partition(".")[0]
    folders = posixpath.dirname(file.path).split("/")
    package = re.search(r"^package\s+(\w+)", file.before_text, re.MULTILINE)
    names = [stem, stem.lstrip("_"), *(folder for folder in folders[-3:] if folder)]
    return frozenset((*names, *((package[1],) if package else ())))


def _successor(gone: Definition, fresh: Iterable[Definition]) -> str:
    """The definition that took one's place: of the same kind and owner, declared much alike."""
    owner = gone.symbol.rpartition(".")[0]
    likely = [
        (SequenceMatcher(None, gone.signature or "", each.signature or "").ratio(), quoted(each.symbol))
        for each in fresh
        if each.category == gone.category and each.symbol.rpartition(".")[0] == owner
    ]
    best = max(likely, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else ""


def _parameters(file: EditedFile, language: str) -> Iterator[Loss]:
    """Parameters that a function of the same name has no more."""
    now, before = _by_symbol(file.after_symbols), _by_symbol(file.before_symbols)
    for symbol, definitions in before.items():
        if symbol not in now or not any(map(file.touched, definitions)):
            continue
        said = [_declaration(file.after_lines, each) for each in now[symbol]]
        had = [_declaration(file.before_lines, each) for each in definitions]
        if any("**" in each for each in said):
            continue
        names = dict.fromkeys(name for each in had for name in parameters(each, language))
        names_now = [name for each in said for name in parameters(each, language)]
        lost = [name for name in names if name not in names_now]
        fresh = [name for name in names_now if name not in names]
        for name in lost:
            number = _line_of(file.before_lines, definitions[0], name)
            yield Loss(
                Matter.PARAMETER,
                name,
                file.path,
                number,
                file.before_lines[number - 1].strip(),
                owners=frozenset([_called(symbol)]),
                now=fresh[0] if len(lost) == len(fresh) == 1 else "",
                value=f"{_called(symbol)}({' '.join(said[0].split())})",
                last_path=file.after or "",
            )


def _by_symbol(definitions: Iterable[Definition]) -> dict[str, list[Definition]]:
    """Functions by their names: some languages have several of one name."""
    found: defaultdict[str, list[Definition]] = defaultdict(list)
    for each in definitions:
        if each.category in _FUNCTIONS:
            found[each.symbol].append(each)
    return found


def _called(symbol: str) -> str:
    """The name that a function is called by; a constructor's is its class's."""
    name = quoted(symbol)
    return quoted(symbol.rpartition(".")[0]) if name in _CONSTRUCTORS else name


def _literals(file: EditedFile, files: Sequence[EditedFile]) -> Iterator[Loss]:
    """Options, headers, keys: whole strings that no file of the change has any more.

    Routes are left to the check of boundaries, which knows how clients write them.
    """
    seen = set()
    fresh = {text for _, line in file.added_lines() for _, text in _QUOTED.findall(line[:2_000])}
    for number, line in file.removed_lines():
        if _COMMENT.match(line):
            continue
        for _, text in _QUOTED.findall(line[:2_000]):
            if (
                text in seen
                or not _PARTED.search(text)
                or text.endswith(")")
                or any(text in each.after_text for each in files)
            ):
                continue
            seen.add(text)
            alike = sorted((SequenceMatcher(None, text, other).ratio(), other) for other in fresh)[-1:]
            now = alike[0][1] if alike and alike[0][0] >= _ALIKE else ""
            yield Loss(
                Matter.LITERAL, text, file.path, number, line.strip(), now=now, last_path=file.after or ""
            )


def _values(file: EditedFile) -> Iterator[Loss]:
    """Names that the file gives one value instead of another."""
    before = _given(file.passages_before())
    after = _given(file.passages_after())
    for words, values in before.items():
        gone = {value: place for value, place in values.items() if value not in after.get(words, {})}
        fresh = [value for value in after.get(words, {}) if value not in values]
        if len(gone) != 1 or len(fresh) != 1:
            continue
        (old, (number, name)), (new,) = next(iter(gone.items())), fresh
        elsewhere = {value for each, value in given_values(file.after_text) if name_words(each) == words}
        if old not in elsewhere:
            text = next((line for line in file.before_lines[number - 1 : number] if old in line), "")
            yield Loss(
                Matter.VALUE,
                name,
                file.path,
                number,
                (text or file.before_lines[number - 1]).strip(),
                now=new,
                value=old,
                last_path=file.after or "",
            )


def _given(passages: Iterable[tuple[int, str]]) -> dict[tuple[str, ...], dict[str, tuple[int, str]]]:
    found: defaultdict[tuple[str, ...], dict[str, tuple[int, str]]] = defaultdict(dict)
    for number, passage in passages:
        plain = "\n".join(line for line in passage.split("\n") if not _COMMENT.match(line))
        for name, value in given_values(plain):
            found[name_words(name)].setdefault(value, (number, name))
    return found
