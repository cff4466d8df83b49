"""Functions that say more than they do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from whykeeper_indexers.code.functions import Function
from whykeeper_indexers.undone.bodies import Body, Shape, body_of, unused_parameters
from whykeeper_indexers.undone.languages import Language
from whykeeper_indexers.undone.remnant import Remnant, Weight
from whykeeper_indexers.undone.words import NOT_IMPLEMENTED, UNFINISHED, name_words

__all__ = ["LEAST_WORK", "stub_in", "work_in"]

LEAST_WORK: Final = 25
"""Characters of a body from which it did something that can be missed."""

_MEANT = re.compile(
    r"no-?\s?op\b|\b(?:do(?:es)?|receives?|needs?|ha(?:s|ve)) nothing|nothing to"
    r"|intentional|on purpose|deliberate|\bignore"
    r"|by default|default (?:impl|is|does)|\boverrid|\bsub-?class|\bhook\b|\boptional\b|\bunused\b|\bempty\b"
    r"|\babstract\b|not (?:needed|required|used|supported|applicable|necessary|relevant)"
    r"|\bnever (?:called|reached|happens)|\bno need|\bdeprecat|\bplaceholder for\b|\bunsupported\b",
    re.IGNORECASE,
)
_ON_PURPOSE = re.compile(r"no-?\s?op\b|do(?:es)? nothing|intentional|on purpose|deliberate", re.IGNORECASE)
_NO_STUB_MARK = re.compile(
    r"abstract|overload|override|hook|fixture|group|command|property|setter|deleter|callback|listen|event|final"
    r"|protocol|deprecated|Inject|Autowired|Bean|Pointcut|JsonCreator|typing|contextmanager",
    re.IGNORECASE,
)
_ABSTRACT_OWNER = re.compile(
    r"\babstract\b|\([^)]*\b(?:Protocol|ABC|ABCMeta|Interface|TypedDict|NamedTuple)\b"
    r"|\b(?:class|struct) (?:Abstract|Base)"
)
_ABSTRACT: Final = frozenset({"abstract", "virtual", "declare", "external", "native"})
_MARKS_OVERRIDES: Final = ("java", "kotlin", "csharp", "swift", "scala")
"""Languages in which a method that takes another's place is marked so."""
_HOOK = re.compile(
    r"^(?:on|before|after|pre|post|visit|enter|leave|exit|did|will|set_?up|tear_?down|noop|no_op|nop|identity|dummy"
    r"|main|always|never|default|empty|ignore|skip|assert|unsafe|sealed|private)(?:_|$|[A-Z0-9])"
    r"|(?:Listener|Hook|Callback|Handler|Noop|NoOp|Marker)$|^_*$|^__\w+__$|^~|^operator"
)
"""Names of what others call, or that say that nothing is done."""
_METHOD_DEFAULTS = re.compile(
    r"^(?:handle|init|initiali[sz]e|dispose|close|flush|shutdown|start|stop|reset|clear|configure|log|debug|trace|mark"
    r"|accept|finali[sz]e|supports?|is|has|can|should|allows?|needs?|must|wants|uses|equals|hash|ensure|register"
    r"|lock|unlock)(?:_|$|[A-Z0-9])"
)
"""Names of methods that a class may well have nothing to do for."""
_VERBS: Final = frozenset(
    re.findall(
        r"\S+",
        """
        add analyse analyze apply authenticate authorize build calculate cancel charge check
        classify compare compile compress compute connect convert copy count create decode decrypt
        delete deliver deploy deserialize detect diff download encode encrypt enqueue estimate
        evaluate execute export extract fetch fill filter find flush format generate get group hash import
        index insert list load login lookup map measure merge migrate move normalize notify open
        optimize parse pay persist predict prepare process publish pull purchase push query read
        receive reconcile refresh refund render replace request resolve restore retrieve save scan
        score search select send serialize sign sort split store submit subscribe sum summarize sync
        synchronise synchronize tokenize transfer transform translate traverse update upload
        validate verify watch write
        """,
    )
)


def work_in(function: Function, language: Language) -> int:
    """Measure what a function does: the characters of its statements, 0 where it only looks like one."""
    if body_of(function, language).shape is not Shape.WORK:
        return 0
    return sum(each.end_byte - each.start_byte for each in function.statements())


def stub_in(
    function: Function, language: Language, comment: str, before: Mapping[str, int]
) -> Remnant | None:
    """Say whether a function is a stub.

    Args:
        function: Of product code.
        language: Of its language.
        comment: The comments inside it.
        before: What each function of the file did before the change; see `work_in`.
    """
    body = body_of(function, language)
    if body.shape is Shape.WORK or function.suite or function.is_test:
        return None
    emptied = before.get(function.name, 0) >= LEAST_WORK
    unfinished = body.says or bool(NOT_IMPLEMENTED.search(comment) or UNFINISHED.search(comment))
    weight = _weight(function, language, body, (emptied, unfinished, bool(comment.strip())), comment)
    if weight is None:
        return None
    own = function.name.rsplit(".", 1)[-1]
    return Remnant(
        "stub",
        function.lines,
        function.name,
        _message(function, body, emptied),
        weight,
        overridable="" if emptied or body.says or "." not in function.name else own,
        base=_base(function) if body.shape is Shape.REFUSES else "",
    )


def _weight(
    function: Function, language: Language, body: Body, signs: tuple[bool, bool, bool], comment: str
) -> Weight | None:
    emptied, unfinished, commented = signs
    if _is_abstract(function, emptied):
        return None
    if unfinished and emptied:
        return Weight.SURE
    if body.shape is Shape.REFUSES:
        return Weight.MAYBE if _only_unsupported(function) and not (body.says or emptied) else Weight.LIKELY
    if body.shape is Shape.RAISES and not unfinished:
        # What refuses every call may mean it, unless it takes parameters to do something with.
        promises = _is_free(function) and _promises(function, language)
        return Weight.LIKELY if promises else Weight.MAYBE if emptied else None
    if unfinished:
        return None if _ON_PURPOSE.search(comment) else Weight.LIKELY
    if _MEANT.search(comment) or _MEANT.search(function.docstring or ""):
        return None
    if emptied:
        return Weight.LIKELY
    return Weight.LIKELY if not commented and _promises(function, language) else None


def _only_unsupported(function: Function) -> bool:
    """Whether it refuses as Java's immutable collections do, without saying that anything is to come."""
    return b"UnsupportedOperation" in (function.body.text or b"")


def _base(function: Function) -> str:
    """Its class, where that takes over from no other: what refuses there waits for classes below it."""
    owner = function.owner
    return owner.names[0] if owner is not None and owner.names and not _implements(function) else ""


def _is_abstract(function: Function, emptied: bool) -> bool:
    owner = function.owner
    if function.modifiers & _ABSTRACT:
        return True
    if any(re.search(r"abstract|overload", mark, re.IGNORECASE) for mark in function.marks):
        return True
    if emptied or owner is None:
        return False
    return owner.category == "interface" or bool(_ABSTRACT_OWNER.search(owner.signature or ""))


def _promises(function: Function, language: Language) -> bool:
    """Whether name and parameters say that something is done, and nothing says that it is not."""
    name = function.name.rsplit(".", 1)[-1]
    if "override" in function.modifiers or any(_NO_STUB_MARK.search(mark) for mark in function.marks):
        return False
    if _HOOK.search(name) or "constructor" in function.node.type or _is_nested(function):
        return False
    count, unused = unused_parameters(function, language)
    if unused < count or not count:
        return False
    words = name_words(name)
    if _is_free(function):
        # Nobody can have asked for its form: it was made for what it is called.
        return count > 1 or bool(words and words[0] in _VERBS)
    if _METHOD_DEFAULTS.search(name) or (_implements(function) and language.name not in _MARKS_OVERRIDES):
        return False
    return bool(words) and words[0] in _VERBS


def _is_free(function: Function) -> bool:
    """Whether it belongs to no object, so that it takes no other's place."""
    return "static" in function.modifiers or (function.owner is None and "." not in function.name)


def _implements(function: Function) -> bool:
    """Whether its class takes methods over from others, so that one may have to be there and do nothing."""
    signature = (function.owner.signature or "") if function.owner is not None else ""
    return bool(re.search(r"\b(?:implements|extends)\b|\bfor\b|\(\s*\w|[<:]\s*[A-Z]", signature))


def _is_nested(function: Function) -> bool:
    scope = function.name.rsplit(".", 1)[0] if "." in function.name else ""
    return bool(scope) and function.owner is None and function.category == "function"


def _message(function: Function, body: Body, emptied: bool) -> str:
    does = {
        Shape.EMPTY: "does nothing",
        Shape.HOLLOW: f"only returns {_short(body.value)}" if body.value else "returns nothing",
        Shape.REFUSES: "only says that it is not implemented",
        Shape.RAISES: "only raises an error",
        Shape.WORK: "",
    }[body.shape]
    if emptied:
        return f"`{function.name}` {does}, and did something before this change."
    return f"`{function.name}` {does}."


def _short(value: str) -> str:
    text = " ".join(value.split())
    return f"`{text}`" if len(text) <= 40 else f"`{text[:38]}…`"
