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

__all__ = ["Refusal", "advised", "refusals_of"]

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
_FORBIDS = re.compile(
    r"\b(?:do not|don['’]t|must not|mustn['’]t|never|no longer|will not|shall not|should not)\s+"
    r"(?:ever\s+)?(?:use|add|introduce|adopt|depend on|rely on)\s+(?:the\s+|a\s+|an\s+|any\s+)?"
    r"(?:`(?P<code>[^`\n]{2,60})`|(?P<plain>[A-Za-z][\w.+#-]{2,40}))(?P<rest>[^.\n]{0,120})",
    re.IGNORECASE,
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
    """

    name: str
    path: str
    title: str
    subject: frozenset[str]


def refusals_of(
    decisions: Mapping[str, DecisionRecord], contents: Mapping[str, DecisionContent]
) -> tuple[Refusal, ...]:
    """Give what the decisions in force refused and none of them chose.

    Args:
        decisions: Records by path, each as all of the checkout has it.
        contents: What they say, by path.
    """
    taken = {path: each for path, each in decisions.items() if (each.status or "accepted") in _TAKEN}
    titles = {word for record in taken.values() for word in spoken_words(record.title)}
    found = []
    for path, record in taken.items():
        if (content := contents.get(path)) is not None:
            for name, about in _refused(content):
                words = spoken_words(name)
                # A title that has it may have chosen it.
                if words and not titles.issuperset(words):
                    subject = _subject(record.title, content) | _content_words(about)
                    found.append(Refusal(name, path, record.title, subject - frozenset(words)))
    return tuple(dict.fromkeys(found))


def advised(rule: Rule, refusal: Refusal) -> bool:
    """Say whether a rule plainly asks for what a decision refused, on the decision's matter."""
    uses = _use_of(refusal.name)
    for sentence in _SENTENCE.split(rule.text):
        match = uses.search(sentence)
        if match is None or is_negative(spoken_words(sentence)) or CONDITION.search(sentence):
            continue
        if refusal.subject:
            if refusal.subject & _content_words(f"{rule.under} {rule.text}"):
                return True
        elif not _QUALIFIED.match(match["rest"]):
            return True
    return False


@lru_cache(maxsize=4_096)
def _use_of(name: str) -> re.Pattern[str]:
    # As it is written: "Pebble" is a tool, "pebble" a stone.
    return re.compile(_USES.format(name=re.escape(name)))


@lru_cache(maxsize=4_096)
def _refused(content: DecisionContent) -> tuple[tuple[str, str], ...]:
    """Names that a record refuses, each with the matter where it says one."""
    return tuple(dict.fromkeys((*_alternatives(content), *_forbidden(content.decision))))


def _alternatives(content: DecisionContent) -> Iterator[tuple[str, str]]:
    for alternative in content.alternatives:
        name = _PREFIX.sub("", alternative.name, count=1).strip(" .:`")
        words = name.split()
        telling = [word for word in words if _TELLING.fullmatch(word) and word not in _GENERIC]
        named = 0 < len(words) <= MOST_WORDS and len(telling) == len(words)
        if named and len(name) >= FEWEST_LETTERS and not _use_of(name).search(content.decision):
            yield name, ""


def _forbidden(decision: str) -> Iterator[tuple[str, str]]:
    for match in _FORBIDS.finditer(decision):
        name = match["code"] or match["plain"].rstrip(".")
        sure = match["code"] or (_TELLING.fullmatch(name) and name not in _GENERIC)
        if sure and not CONDITION.search(match["rest"]):
            yield name, match["rest"]


def _subject(title: str, content: DecisionContent) -> frozenset[str]:
    """What a decision is about: its title's words, without the names of what was to choose from."""
    names = {word for each in content.alternatives for word in spoken_words(each.name)}
    plain = " ".join(
        word for word in title.split() if not (_TELLING.fullmatch(word) and word != title.split()[0])
    )
    return _content_words(plain) - names


def _content_words(text: str) -> frozenset[str]:
    return frozenset(
        _ENDING.sub("", word)
        for word in spoken_words(text)
        if word not in _STOP and len(word) >= FEWEST_LETTERS
    )
