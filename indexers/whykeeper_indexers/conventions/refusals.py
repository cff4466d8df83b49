"""What decisions refused, and whether a rule advises it all the same.

A decision names what it did not choose (its alternatives), or forbids something in so many words. Only names
that mean one thing count: of tools, libraries, formats. And only rules on the decision's own matter: that one
store was refused for orders says nothing about tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import CONDITION, is_negative, spoken_words
from whykeeper_indexers.types import DecisionContent, DecisionRecord

__all__ = ["Refusal", "advised", "forbidden_names", "option_name", "refusals_of"]

MOST_WORDS = 3
"""Of a name; what is longer is a description."""
FEWEST_LETTERS = 3

_TAKEN = frozenset(["accepted", "active", "adopted", "approved", "decided", "final", "implemented"])
"""Status words of what was agreed on: a proposal refuses nothing yet."""
_PREFIX = re.compile(
    r"\A(?:(?:option|alternative|approach)\s+\w{1,2}\s*[:.)–-]*\s*)?"
    r"(?:(?:use|using|adopt|adopting|keep|keeping|choose|stay with|stick with|continue with|switch to|move to"
    r"|go with)\s+)?(?:(?:the|a|an)\s+)?",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"[A-Z][A-Za-z0-9+#.]*\d*|[a-z]+[A-Z][A-Za-z0-9]*|[A-Za-z]*\d[\w.]*|[A-Za-z]+[.+#][\w.+#]*"
)
"""A word that names something: Postgres, gRPC, Log4j, Node.js."""
_GENERIC = frozenset(
    [
        *("API", "Abstract", "Accept", "Add", "All", "Allow", "Alternative", "Alternatives", "Another"),
        *("Any", "Approach", "Background", "Both", "Build", "Buy", "CI", "CLI", "CSS", "Cache"),
        *("Centralized", "Change", "Client", "Cloud", "Code", "Common", "Conclusion", "Config"),
        *("Configuration", "Cons", "Consistency", "Counting", "Create", "Custom", "Database", "Default"),
        *("Define", "Develop", "Direct", "Do", "Docs", "Document", "Documentation", "Drawbacks", "Each"),
        *("Embed", "Existing", "Extend", "External", "File", "Files", "Finally", "First", "Fork", "Full"),
        *("Generate", "Git", "GitHub", "Global", "Go", "HTML", "HTTP", "Hint", "Hybrid", "Ignore"),
        *("Impact", "Implement", "In", "Indifferent", "Inlining", "Interesting", "Internal", "Involve"),
        *("JSON", "Java", "JavaScript", "Keep", "Keyword", "Lastly", "Leave", "Library", "Local", "Make"),
        *("Manual", "Merge", "Migrate", "Minimality", "Misc", "Module", "Monolith", "Move", "Naming"),
        *("Native", "New", "No", "None", "Nothing", "One", "Only", "Option", "Other", "Others", "Our"),
        *("Own", "Package", "Plain", "Plugin", "Prefer", "Principles", "Pros", "Public", "Put", "Python"),
        *("Rationale", "Refactor", "Rejection", "Remove", "Rename", "Replace", "Rewrite", "Ruby", "Rust"),
        *("SDK", "SQL", "Same", "Schema", "Script", "Second", "Separate", "Server", "Service", "Shared"),
        *("Simple", "Single", "Split", "Standard", "Static", "Status", "Store", "Summary", "Switch"),
        *("Test", "Tests", "The", "Third", "This", "Threads", "Tool", "Two", "Type", "TypeScript", "UI"),
        *("URL", "Use", "Using", "Validation", "Verification", "Version", "Wait", "Web", "With"),
        *("Without", "Write"),
    ]
)
"""Capitalised because they open a name, or named on every page: alone they refuse nothing in particular."""
_NAMED = r"(?:`(?P<code>[^`\n]{2,60})`|(?P<plain>[A-Za-z][\w+#-]{1,40}(?:\.[\w+#-]{1,20}){0,3}(?![\w+#-])))"
_FORBIDS = re.compile(
    r"\b(?:do not|don['’]t|must not|mustn['’]t|never|no longer|will not|shall not|should not)\s+"
    r"(?:ever\s+)?(?:use|add|introduce|adopt|depend on|rely on)\s+(?:the\s+|a\s+|an\s+|any\s+)?"
    rf"{_NAMED}(?P<rest>[^.\n]{{0,120}})",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    rf"(?<![\w`.-]){_NAMED}\s+(?:(?:must|may|shall|should|will|can) ?not be (?:used|added|introduced)"
    r"|(?:is|are) (?:forbidden|banned|prohibited|not allowed|not to be used))\b(?P<rest>[^.\n]{0,120})",
    re.IGNORECASE,
)
_TITLE = re.compile(
    rf"\A(?:no|avoid|ban|drop|forbid|remove|stop using)\s+{_NAMED}"
    r"(?P<rest>(?:\s+(?:for|in|from|on)\s.{0,120})?)\Z",
    re.IGNORECASE,
)
"""A title that is a refusal and no more."""
_CAPITALISED = re.compile(r"(?:[ ](?:[A-Z][\w+#-]*|\d+(?:\.\d+)?)(?![\w'])){1,2}")
"""The rest of a name of several words."""
_NO_REST = re.compile(
    r"\A[\s,;!)\"'*]*(?:(?:either|any ?more|any longer|at all|again|anywhere|too)\b\W*)?\Z", re.I
)
_USES = (
    r"(?:\b(?i:use|uses|using|prefer|adopt|choose|rely on|depend on|go with|stick (?:to|with)"
    r"|(?:go|goes) (?:through|to|into|via)|(?:is|are) (?:kept|stored|cached|queued|written) (?:in|to|with))"
    # To do something with it, where the sentence begins by saying so.
    r"|\A\W{{0,4}}(?i:(?:always\s+)?"
    r"(?:build|cache|implement|keep|persist|publish|put|queue|save|send|store|write))"
    r"\s[^.\n]{{0,80}}?\s(?i:in|into|on|through|to|via|with))\s+"
    r"(?:the\s+|a\s+|an\s+)?[`*_\"]{{0,3}}{name}[`*_\"]{{0,3}}(?![\w-])(?P<rest>[^.\n]{{0,200}})"
)
_QUALIFIED = re.compile(
    r"\A[\s,]*(?:to|for|in|on|at|with|within|inside|from|as|by|while|during|from)\b", re.IGNORECASE
)
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|e|s)\Z")
"""So that "caching" and "cache" are one matter."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_STOP = frozenset(
    [
        *("about", "adopt", "adopted", "after", "all", "also", "and", "any", "architecture", "are"),
        *("as", "at", "be", "because", "before", "between", "by", "choose", "choosing", "chosen"),
        *("decide", "decided", "decision", "for", "from", "handle", "has", "have", "how", "in"),
        *("instead", "into", "is", "it", "its", "move", "new", "not", "of", "on", "only", "or", "our"),
        *("over", "record", "replace", "replaced", "should", "standard", "switch", "than", "that"),
        *("the", "their", "this", "to", "use", "used", "using", "vs", "we", "when", "which", "will"),
        *("with", "without"),
    ]
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a decision in force refused.

    Attributes:
        name: What it is called.
        path: The decision record.
        title: Of the record.
        subject: Words of which one must be in a rule for it to be on the same matter; empty where the
            decision's title gives none.
        everywhere: The decision is to refuse it, whatever the matter.
    """

    name: str
    path: str
    title: str
    subject: frozenset[str]
    everywhere: bool = False


def refusals_of(
    decisions: Mapping[str, DecisionRecord], contents: Mapping[str, DecisionContent]
) -> tuple[Refusal, ...]:
    """Give what the decisions in force refused and none of them chose.

    Args:
        decisions: Records by path, each as all of the checkout has it.
        contents: What they say, by path.
    """
    taken = in_force(decisions)
    chosen = (record.title for record in taken.values() if not _refuses(record.title))
    titles = {word for title in chosen for word in spoken_words(title)}
    found = []
    for path, record in taken.items():
        if (content := contents.get(path)) is not None:
            refusing = _refuses(record.title)
            for name, about in _refused(content, record.title):
                words = spoken_words(name)
                # A title that has it may have chosen it.
                if words and not titles.issuperset(words):
                    subject = subject_of(record.title, content) | content_words(about or "")
                    everywhere = refusing and about == ""
                    found.append(Refusal(name, path, record.title, subject - frozenset(words), everywhere))
    return tuple(dict.fromkeys(found))


def in_force(decisions: Mapping[str, DecisionRecord]) -> dict[str, DecisionRecord]:
    """Give the records of what was agreed on and still holds."""
    return {path: each for path, each in decisions.items() if (each.status or "accepted") in _TAKEN}


def advised(rule: Rule, refusal: Refusal) -> bool:
    """Say whether a rule plainly asks for what a decision refused, on the decision's matter."""
    uses = _use_of(refusal.name)
    for sentence in _SENTENCE.split(rule.text):
        match = uses.search(sentence)
        if match is None or is_negative(spoken_words(sentence)) or CONDITION.search(sentence):
            continue
        if refusal.everywhere:
            return True
        if refusal.subject:
            if refusal.subject & content_words(f"{rule.under} {rule.text}"):
                return True
        elif not _QUALIFIED.match(match["rest"]):
            return True
    return False


@lru_cache(maxsize=4_096)
def _use_of(name: str) -> re.Pattern[str]:
    # As it is written: "Pebble" is a tool, "pebble" a stone.
    return re.compile(_USES.format(name=re.escape(name)))


@lru_cache(maxsize=4_096)
def _refused(content: DecisionContent, title: str) -> tuple[tuple[str, str | None], ...]:
    """Names that a record refuses, each with the matter where it says one; None of an option's."""
    said = (title, content.decision) if _refuses(title) else (content.decision,)
    forbidden = (each for text in said for each in _forbidden(text))
    return tuple(dict.fromkeys((*_alternatives(content), *forbidden)))


def _refuses(title: str) -> bool:
    """Whether a title is that something is not to be used."""
    return any(True for _ in _forbidden(title))


def _alternatives(content: DecisionContent) -> Iterator[tuple[str, None]]:
    for alternative in content.alternatives:
        name = option_name(alternative.name)
        words = name.split()
        telling = [word for word in words if _TELLING.fullmatch(word) and word not in _GENERIC]
        named = 0 < len(words) <= MOST_WORDS and len(telling) == len(words)
        if named and len(name) >= FEWEST_LETTERS and not _use_of(name).search(content.decision):
            yield name, None


def option_name(text: str) -> str:
    """Give an option's name without what numbers it or says what to do with it."""
    return _PREFIX.sub("", text, count=1).strip(" .:`")


def forbidden_names(text: str) -> list[str]:
    """Give the names of what a text forbids, in whatever cases: whole, and in lower case too."""
    found = []
    for name, rest in _forbidden(text, sure=False):
        more = _CAPITALISED.match(rest)
        found.append(f"{name}{more[0]}" if more else name)
    return found


def _forbidden(text: str, *, sure: bool = True) -> Iterator[tuple[str, str]]:
    for pattern in (_FORBIDS, _FORBIDDEN, _TITLE):
        for match in pattern.finditer(text):
            name, rest = match["code"] or match["plain"], match["rest"]
            means_one = match["code"] or is_telling(name) or not sure
            whole = _NO_REST.match(rest) is not None
            if (
                means_one
                and len(name) >= FEWEST_LETTERS
                and (whole or not sure or not CONDITION.search(rest))
            ):
                yield name, "" if whole else rest


def is_telling(word: str) -> bool:
    """Say whether a word names one thing, as a tool's name does."""
    return _TELLING.fullmatch(word) is not None and word not in _GENERIC


def subject_of(title: str, content: DecisionContent) -> frozenset[str]:
    """What a decision is about: its title's words, without the names of what was to choose from."""
    names = {word for each in content.alternatives for word in spoken_words(each.name)}
    plain = " ".join(
        word for word in title.split() if not (_TELLING.fullmatch(word) and word != title.split()[0])
    )
    return content_words(plain) - names


def content_words(text: str) -> frozenset[str]:
    """Give the words of a text that say what it is about, without their endings."""
    return frozenset(
        _ENDING.sub("", word)
        for word in spoken_words(text)
        if word not in _STOP and len(word) >= FEWEST_LETTERS
    )
