"""Which rules of many to show first: those that speak of the file or the task, then what is plainly to do."""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from whykeeper_indexers.conventions.mentions import find_mentions
from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import spoken_words

__all__ = ["rule_scores"]

MOST_PATHS = 5
"""Compared with each rule; of a longer list the first stand for the rest."""

_PLAIN = 1.5
"""For a rule that says what to do, above a sentence that describes: about two shared words."""
_BINDING = 1.0
"""More for one that leaves no choice."""
_RECIPE = -2.0
"""For a rule on what is done around an edit, as for a release, a pull request or the end of a session: it
outweighs that the rule's file is near. Not where the task is about it."""
_PICTURE = -1.0
"""For code or a diagram that nothing leads in: it shows and asks for nothing."""
_LANGUAGE = 1.0
"""For a rule that names the file's language or its extension; taken from one that names others alone."""
_DIRECTIVE = re.compile(
    r"\b(?:must|never|always|do not|don['’]t|avoid|prefer|use|should|required?|only|run|keep|ensure|make sure"
    r"|cannot|may not|forbidden|add|write|test|name|put)\b",
    re.IGNORECASE,
)
_LEAVES_NO_CHOICE = re.compile(
    r"\b(?:must|never|always|do not|don['’]t|cannot|may not|forbidden|required)\b", re.IGNORECASE
)
_AROUND = re.compile(
    r"\b(?:releas(?:e|es|ing)|pull requests?|prs?|sessions?|hand-?off|changelogs?|publish(?:ing)?"
    r"|merg(?:e|ing)|branch(?:es|ing)?|commit messages?|committing|commits|review(?:s|ing|ers?)?|issues?"
    r"|triage|backport\w*|sign-?off|onboarding)\b",
    re.IGNORECASE,
)
"""Of a heading that a rule stands under."""
_LANGUAGES: Mapping[str, frozenset[str]] = {
    "python": frozenset({"py", "pyi"}),
    "typescript": frozenset({"ts", "tsx", "mts", "cts"}),
    "javascript": frozenset({"js", "jsx", "mjs", "cjs"}),
    "react": frozenset({"tsx", "jsx"}),
    "golang": frozenset({"go"}),
    "rust": frozenset({"rs"}),
    "java": frozenset({"java"}),
    "kotlin": frozenset({"kt", "kts"}),
    "ruby": frozenset({"rb"}),
    "php": frozenset({"php"}),
    "c#": frozenset({"cs"}),
    "swift": frozenset({"swift"}),
    "sql": frozenset({"sql"}),
    "css": frozenset({"css", "scss", "less"}),
    "markdown": frozenset({"md", "mdx"}),
    "yaml": frozenset({"yml", "yaml"}),
    "dockerfile": frozenset({"dockerfile"}),
}


def rule_scores(
    rules: Sequence[Rule], paths: Sequence[str], symbols: Mapping[str, Sequence[str]], task: str
) -> list[float]:
    """Score rules by how much they say about some files and a task.

    Args:
        rules: Of all files that apply.
        paths: The files.
        symbols: What they define, by path.
        task: In words; empty for none.

    Returns:
        A score for each rule, 0 or more but for rules on other languages; comparable within one call.
    """
    texts = {str(number): f"{rule.under} {rule.text}" for number, rule in enumerate(rules)}
    wanted = frozenset(spoken_words(task))
    scores = [_urgency(rule, wanted) for rule in rules]
    for path in [each for each in paths if each][:MOST_PATHS]:
        for number, mention in find_mentions(path, texts, symbols=symbols.get(path, ())).items():
            scores[int(number)] += mention.strength
    for number, gained in _of_task(texts, task).items():
        scores[int(number)] += gained
    extensions = {posixpath.splitext(path)[1].lstrip(".").lower() for path in paths} - {""}
    if extensions:
        for number, text in texts.items():
            scores[int(number)] += _of_language(text, extensions)
    return scores


def _urgency(rule: Rule, task: frozenset[str]) -> float:
    """How plainly a rule says what whoever edits a file has to do."""
    around = {word for each in _AROUND.findall(" / ".join(rule.headings)) for word in spoken_words(each)}
    if around and not around & task:
        return _RECIPE
    if rule.text.startswith(("```", "~~~")):
        return _PICTURE
    return _PLAIN * bool(_DIRECTIVE.search(rule.text)) + _BINDING * bool(_LEAVES_NO_CHOICE.search(rule.text))


def _of_task(texts: Mapping[str, str], task: str) -> Mapping[str, float]:
    """Shared words, each by its rarity among the rules."""
    wanted = frozenset(spoken_words(task))
    if not wanted:
        return {}
    words = {number: frozenset(spoken_words(text)) for number, text in texts.items()}
    frequency = Counter(word for each in words.values() for word in each & wanted)
    weights = {word: math.log(1 + len(texts) / count) for word, count in frequency.items()}
    return {
        number: math.log2(1 + sum(weights[word] for word in each & wanted))
        for number, each in words.items()
        if each & wanted
    }


def _of_language(text: str, extensions: set[str]) -> float:
    words = set(spoken_words(text))
    named = [suffixes for word, suffixes in _LANGUAGES.items() if word in words]
    if not named:
        return 0.0
    return _LANGUAGE if any(extensions & suffixes for suffixes in named) else -_LANGUAGE
