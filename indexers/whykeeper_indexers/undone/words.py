"""Words by which code says of itself that it is not finished."""

from __future__ import annotations

import re

__all__ = ["MADE_UP", "NOT_IMPLEMENTED", "TODO", "UNFINISHED", "name_words"]

TODO = re.compile(r"(?<![\w`'\"/-])(?:(TODO|FIXME)(?![\w`'\"/-])|(XXX|HACK)(?=:|\(\w+\)))")
"""The last two are names and placeholders as well, unless a colon or an owner follows."""

NOT_IMPLEMENTED = re.compile(
    r"\bnot (?:yet |currently )?(?:been )?implemented\b|\bunimplemented\b|\bimplement (?:me|this)\b"
    r"|(?-i:\bTODO\b|\bFIXME\b)|\bto be implemented\b|\bcoming (?:soon|later|in a )|^\W*(?:a )?stub\W*$"
    r"|\bimplementation (?:pending|missing|goes here)\b",
    re.IGNORECASE,
)
"""In a message or a comment: nothing is there yet."""

_FAKE = r"(?:mock|mocked|dummy|fake|stub|stubbed)"
_INVENTED = r"(?:mock|dummy|sample|fake|hard-?coded|static|test)"
_REAL = r"(?:real|actual|proper)"

_INSTEAD = r"(?:data|values?|results?|response|records?|rows?|items?|users?|translation|answer|list|score)"
_SAYINGS = (
    r"\bin (?:a|the) (?:real|actual|full|proper|production) (?:\w+ )?(?:implementation|version|code)\b",
    r"\bin (?:a|the) (?:real|actual|production) (?:app\w*|system)\b",
    r"\bin (?:a|the) (?:real|actual|production) (?:world|scenario|environment)\b",
    r"\bin (?:production|reality),? (?:this|we|you|it) (?:would|should|will)\b",
    r"\bthis (?:would|should) (?:normally|actually|really|eventually|typically)\b",
    r"\bfor now\b[,:]? (?:we |it |I )?(?:just |simply |only )?(?:return|assume|always|do nothing)",
    rf"\bfor now\b[,:]? (?:we |I )?(?:just |simply )?use (?:a )?{_INVENTED}",
    r"\b(?:just |simply )?return\w*\b[^.\n]{0,40}\bfor now\b",
    r"\bplaceholder (?:implementation|values?|data|logic|response|result|until|for now|code|return)\b",
    r"^\W*(?:just )?(?:a )?placeholder\W*$",
    rf"\b(?:this is|just|only) a (?:{_FAKE}|placeholder)\b",
    rf"^\W*(?:a )?{_FAKE} ?(?:implementation|method|function|out|for now|version|response)?\W*$",
    rf"\b{_FAKE} (?:implementation|response|result|data (?:for|until)|value for now)",
    r"^\W*simplified(?: (?:version|implementation|logic|approach|for now))?\W*(?:$|[:,(])",
    r"\b(?:to|will) be (?:added|done|filled in|finished|replaced|written|wired up) (?:later|soon)\b",
    r"^\W*to be (?:added|done|filled in|finished|written)\W*$",
    rf"\buntil (?:the|a|an) {_REAL}\b|^\W*{_INVENTED}(?: \w+)? for now\W*$|^\W*{_INVENTED} values?\W*$",
    r"\bsimulat(?:e|es|ed|ing) (?:an? |the |some )?(?:network|api|async|delay|latency|database|db|server)\b",
    r"\bsimulat(?:e|es|ed|ing) (?:a |an |the |some )?(?:processing|backend|work|call|request)\b",
    rf"\breplace (?:this |it |me )?with (?:a |an |the )?{_REAL}\b",
    rf"\b{_INVENTED} {_INSTEAD} (?:for now|until|for (?:demo\w*|testing|development)|here\b|while)",
    r"\bhard-?coded (?:for|until|value for) ",
    rf"\b(?:return|returns|returning|use|using) (?:some |a )?{_INVENTED} {_INSTEAD}\b",
    r"\b(?:actual|real) (?:implementation|logic|code) (?:here|goes|would|will|should|is missing)",
    r"\bwill be implemented\b|\bneeds? to be implemented\b|\badd (?:actual|real) \w+ (?:here|later)",
)
UNFINISHED = re.compile("|".join(_SAYINGS), re.IGNORECASE)
"""In a comment: what stands here stands in for something else."""

MADE_UP = frozenset({"mock", "mocked", "fake", "faked", "dummy", "hardcoded", "placeholder", "lorem"})
"""In a name: what it holds is made up."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def name_words(name: str) -> list[str]:
    """Split an identifier into its words, in lower case.

    Args:
        name: ``fakeUserDb``, ``MOCK_USERS``, ``get_stats``.
    """
    return [part.lower() for part in _PARTS.findall(name)]
