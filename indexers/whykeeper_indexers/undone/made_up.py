"""Data in product code that somebody made up: people who do not exist, prices at random, answers by heart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tree_sitter import Node

from whykeeper_indexers.code.functions import Function, captured
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.outline import end_row
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone.bodies import unused_parameters
from whykeeper_indexers.undone.languages import Language
from whykeeper_indexers.undone.remnant import Remnant
from whykeeper_indexers.undone.words import MADE_UP, name_words

__all__ = ["made_up_functions", "made_up_names", "made_up_texts", "test_doubles"]

_PERSON = re.compile(
    r"\b(?:John|Jane|Alice|Bob|Jim|Joe|Mary) (?:Doe|Smith|Johnson|Williams|Brown|Jones)\b|\bFoo Bar\b"
    r"|\b(?:Acme|ACME) (?:Corp\w*|Inc)\b|\b(?:Sample|Test|Dummy|Mock|Example|Fake) (?:User|Product|Item"
    r"|Customer|Company|Order|Article|Invoice|Account|Ticket|Report|Booking|Message|Profile|Device|Payment"
    r"|Title|Event|Task|Post)\b"
)
_TEXT = re.compile(
    r"\blorem ipsum\b|\b123 Main (?:St|Street)\b|\b(?:\(?555\)?[ -])\d{3}-?\d{4}\b|\b555-\d{4}\b"
    r"|\b(?:mock|fake|dummy|sample)[-_](?:token|jwt|key|id|user|session|access|api|data|response|result|value)\w*"
    r"|\bThis is a (?:sample|test|mock|dummy|placeholder|fake)\s\w+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:mailto:)?[\w.+-]+@(?:example|test|acme|foo|mail|email)\.(?:com|org|net)|https?://(?:[\w-]+\.)*"
    r"(?:example\.(?:com|org|net)|your-?(?:domain|api|server|site|app)\w*\.\w+|my-?(?:api|domain|app)\.com)(?:[/:?#][^\s]*)?",
    re.IGNORECASE,
)
_COLLECTING: Final = frozenset(
    {
        "user",
        "users",
        "data",
        "db",
        "database",
        "response",
        "result",
        "results",
        "items",
        "rows",
        "records",
        "list",
    }
)
_VERBS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        fetch load get list find query search lookup retrieve read calculate compute predict
        classify estimate score analyze analyse submit send authenticate login verify validate check
        process resolve request call current recommend detect translate summarize measure track sync
        generate describe select
        """,
    )
)
_MEANT_RANDOM: Final = frozenset(
    re.findall(
        r"\w+",
        """
        rand random randomly shuffle jitter uuid guid nonce salt token backoff delay sample sampled
        seed noise unique id color colour pick choice choose dice roll boundary port suffix temp
        temporary key secret password otp mutate mutation fuzz interval weight weighted balance
        balancer probability monte simulate simulation
        """,
    )
)
_RANDOM = re.compile(
    r"rand|shuffle|jitter|uuid|guid|nonce|salt|token|backoff|delay|sample|seed|noise|unique|\bid\b|_id$|Id$|color|colour"
    r"|pick|choice|choose|dice|roll|boundary|port|suffix|temp|key|secret|password|otp|mutat|fuzz|delay|interval|name"
    r"|weight|balanc|probab|monte|simulat",
    re.IGNORECASE,
)
_RANDOM = re.compile(
    r"\bMath\.random\(|\brandom\.(?:random|uniform|randint|choice|choices|randrange|gauss|sample)\("
    r"|\brand\.(?:Float64|Float32|Intn?|Int63n?|Perm|IntN)\(|\bnew\s(?:[\w.]*\.)?Random\(|\bThreadLocalRandom\b|\bmt_rand\(|\brand\("
    r"|\bRandom\.(?:next\w+|Shared\.Next)\(|\brand::(?:random|thread_rng)"
)
_MOST_RECORD: Final = 6_000


def made_up_texts(tree: SyntaxTree, language: Language) -> Iterator[Remnant]:
    """Give the texts of code that are made up: names, addresses, filler.

    Args:
        tree: Of a file of product code.
        language: Of its language.
    """
    for node in captured(tree, " ".join(f"({each})" for each in language.strings)):
        text = text_of(node)
        content = text.strip("rbuf@$").strip("\"'`")
        if "\n" in content or len(content) > 200 or _is_prose(node):
            continue
        if (found := _TEXT.search(content)) or _is_made_up_person(content) or _ADDRESS.fullmatch(content):
            kind = "made-up text" if found else "a made-up address or name"
            lines = _lines(node)
            shown = content[:40]
            yield Remnant("mock-data", lines, content, f"`{shown}` is {kind} in product code.")


def _is_made_up_person(content: str) -> bool:
    found = _PERSON.search(content)
    # Alone, or with an address behind it; in a sentence it is an example for whoever reads it.
    return found is not None and len(content) - len(found.group()) <= 24


def _is_prose(node: Node) -> bool:
    """Whether a text documents something: a docstring, a description, an example, what is thrown."""
    above = node.parent
    if above is None or above.type == "expression_statement":
        return True
    for _ in range(6):
        if above is None:
            return False
        if above.type in (
            "annotation",
            "decorator",
            "attribute_item",
            "attribute_list",
            "jsx_attribute",
            "raise_statement",
        ):
            return True
        label = text_of(
            above.child_by_field_name("name")
            or above.child_by_field_name("key")
            or above.child_by_field_name("left")
        )[:60]
        if above.type in _LABELLED and _DOCUMENTING.search(label):
            return True
        if above.type in ("block", "statement_block", "class_body", "arrow_function"):
            return False
        above = above.parent
    return False


_LABELLED: Final = frozenset(
    {
        "keyword_argument",
        "pair",
        "keyed_element",
        "variable_declarator",
        "assignment",
        "field_initializer",
        "default_parameter",
    }
)
_DOCUMENTING = re.compile(
    r"example|help|usage|descr|doc|hint|placeholder|label|tooltip|long|short|epilog|prompt|pattern|schema|namespace|xmlns|test",
    re.IGNORECASE,
)


def made_up_names(tree: SyntaxTree, language: Language) -> Iterator[Remnant]:
    """Give what is bound to a literal under a name that says it is made up, and classes that stand in.

    Args:
        tree: Of a file of product code.
        language: Of its language.
    """
    for node in captured(tree, " ".join(f"({each})" for each in language.declared)):
        name_field, value_field = language.declared[node.type]
        name_node = node.child_by_field_name(name_field) if name_field else node.named_child(0)
        value = node.child_by_field_name(value_field) if value_field else _last(node)
        name = text_of(name_node)[:80]
        if value is None or not _says_made_up(name) or not _is_data(value, language):
            continue
        yield Remnant("mock-data", _lines(node), name, f"`{name}` holds made-up data in product code.")
    for node in captured(tree, " ".join(f"({each})" for each in language.types)):
        name = text_of(node.child_by_field_name("name"))
        words = name_words(name)
        if words and (words[0] in ("fake", "mock") or (words[0] == "dummy" and len(words) > 1)):
            lines = LineRange(node.start_point[0] + 1, node.start_point[0] + 1)
            message = f"`{name}` stands in for the real thing in product code."
            yield Remnant("mock-data", lines, name, message)


def test_doubles(tree: SyntaxTree, language: Language) -> Iterator[Remnant]:
    """Give the calls that make a test's double.

    Args:
        tree: Of a file of product code.
        language: Of its language.
    """
    if not _DOUBLE_HINT.search(tree.data):
        return
    for node in captured(tree, " ".join(f"({each})" for each in sorted(language.calls))):
        found = _DOUBLE.match(text_of(node)[:80])
        if found is not None:
            name = found.group().rstrip("(")
            yield Remnant("mock-data", _lines(node), name, f"`{name}` makes a test's double in product code.")


_DOUBLE_HINT = re.compile(
    rb"Mock\(|autospec|(?:vi|jest)\.(?:fn|mock|spyOn)|Mockito|sinon\.|httptest\.|gomock\."
)
_DOUBLE = re.compile(
    r"(?:(?:unittest\.)?mock\.)?(?:MagicMock|AsyncMock|Mock|create_autospec)\(|(?:vi|jest)\.(?:fn|mock|spyOn)\("
    r"|Mockito\.mock\(|sinon\.(?:stub|mock|fake)\(|httptest\.New\w+\(|gomock\.NewController\("
)


def _says_made_up(name: str) -> bool:
    words = name_words(name)
    if MADE_UP.intersection(words):
        return len(words) > 1
    return (
        len(words) > 1 and words[0] in ("sample", "test", "example") and bool(_COLLECTING.intersection(words))
    )


def _last(node: Node) -> Node | None:
    return node.named_child(node.named_child_count - 1) if node.named_child_count > 1 else None


def _is_data(value: Node, language: Language) -> bool:
    """Whether a value is a literal with something in it."""
    text = text_of(value)[:_MOST_RECORD]
    holds = _holds(value, language)
    if value.type in language.strings or (value.type == "expression_list" and holds):
        return len(text) > 4
    return holds and bool(re.search(r"[\"'`]\w|\d", text))


def _holds(value: Node, language: Language) -> bool:
    kinds = language.collections | frozenset(language.strings)
    if value.type in kinds or (value.named_child_count and (value.named_child(0) or value).type in kinds):
        return True
    # Java's and Kotlin's factories, and arrays with their type before them.
    return bool(
        re.match(
            r"(?:[\w.]+\.)?(?:of|asList|ofEntries|listOf|mapOf|setOf|new)\b|(?:[\w.]*\.)?(?:List|Map|Set|Arrays)\.|new\s",
            text_of(value)[:60],
        )
    )


def made_up_functions(functions: Sequence[Function], language: Language) -> Iterator[Remnant]:
    """Give the functions that answer by heart or at random what their name says they find out.

    Args:
        functions: Of product code.
        language: Of its language.
    """
    for function in functions:
        own = function.name.rsplit(".", 1)[-1]
        words = name_words(own)
        if function.is_test or function.suite or not words:
            continue
        text = text_of(function.body)[:_MOST_RECORD]
        if _answers_at_random(function, words, text, language):
            message = f"`{function.name}` gives a random result."
        elif words[0] in _VERBS and _answers_by_heart(function, text, language):
            message = f"`{function.name}` returns hard-coded data."
        elif _answers_for_inputs(function):
            message = f"`{function.name}` has hard-coded results for particular inputs."
        else:
            continue
        yield Remnant("mock-data", function.lines, function.name, message)


def _answers_at_random(function: Function, words: list[str], text: str, language: Language) -> bool:
    if _MEANT_RANDOM.intersection(words) or words[0] not in _VERBS or not _RANDOM.search(text):
        return False
    last = function.statements()[-1:]
    gives = bool(last) and (last[0].type in language.returns or not function.is_block)
    return gives and bool(_RANDOM.search(text_of(last[0]))) and len(text) < 400


def _answers_by_heart(function: Function, text: str, language: Language) -> bool:
    """Whether all that it does is to give back a record with literal values, whatever it is asked for."""
    statements = function.statements()
    if not statements or len(statements) > 6 or len(text) >= _MOST_RECORD:
        return False
    if any(
        each.type in ("for_statement", "if_statement", "while_statement", "try_statement")
        for each in statements
    ):
        return False
    literal = _literal_returned(statements, function, language)
    if literal is None:
        return False
    count, unused = unused_parameters(function, language)
    strings, numbers, others = _content(literal, language)
    records = len(
        re.findall(r"""["']?\b(?:id|ID|name|Name|title|Title|email|Email|price)["']?\s*:""", text_of(literal))
    )
    if others > count + 1:
        return False
    if records >= 2 and (strings + numbers) >= 4:
        return True
    # Asked for something, and none of it decides what comes back.
    if count > 0 and unused == count and numbers + strings >= 2 and not others:
        return True
    echoed = count - unused
    return (
        count > 0
        and numbers + strings >= 3
        and (numbers >= 1 or records >= 1)
        and others <= echoed
        and echoed <= 1
    )


def _literal_returned(statements: Sequence[Node], function: Function, language: Language) -> Node | None:
    last = statements[-1]
    if last.type not in language.returns and function.is_block:
        return None
    todo, found = [last], None
    while todo and found is None:
        node = todo.pop(0)
        if node.type in language.collections or _is_factory(node):
            found = node
        elif node.type in (
            "return_statement",
            "return_expression",
            "expression_list",
            "parenthesized_expression",
            "as_expression",
            "satisfies_expression",
            "unary_expression",
            "list",
            "array",
            "object_creation_expression",
            "array_creation_expression",
            "call_expression",
        ):
            todo.extend(node.named_children)
    return found


def _is_factory(node: Node) -> bool:
    return node.type in ("method_invocation", "call_expression") and bool(
        re.match(
            r"(?:java\.util\.)?(?:List|Map|Set)\.(?:of|ofEntries)\(|Arrays\.asList\(|(?:list|map|set)Of\(",
            text_of(node)[:60],
        )
    )


_NUMBER = re.compile(r"int|float|number|decimal")
_AROUND: Final = frozenset(
    {
        "argument_list",
        "literal_element",
        "method_invocation",
        "unary_expression",
        "unary_operator",
        "value_argument",
        "value_arguments",
    }
)
"""What stands around values in a literal."""
_NO_VALUE: Final = frozenset(
    {"true", "false", "none", "null", "nil", "undefined", "comment", "map_type", "slice_type", "array_type"}
    | {"type_identifier", "interface_type", "qualified_type"}
)


def _content(literal: Node, language: Language) -> tuple[int, int, int]:
    """How many texts, numbers and other values a literal holds, keys left out."""
    strings = numbers = others = 0
    todo = [literal]
    while todo:
        node = todo.pop()
        if node.type in language.strings:
            strings += 1
        elif node.type in language.pairs or node.type in language.collections or node.type in _AROUND:
            todo.extend(_values(node, language))
        elif _NUMBER.search(node.type) and node.named_child_count == 0:
            numbers += 1
        elif node.type not in _NO_VALUE:
            others += 1
    return strings, numbers, others


def _values(node: Node, language: Language) -> list[Node]:
    """What a part of a literal holds, without keys and names of what is called."""
    if node.type in language.pairs:
        value = node.child_by_field_name("value") or _last(node)
        return [value] if value is not None else []
    if node.type == "method_invocation":
        arguments = child_of_type(node, "argument_list")
        return [arguments] if arguments is not None else []
    return node.named_children


_COMPARED = re.compile(
    r"""(?:if|elif|else\sif|when|case)\b[\s(]*\w+(?:\s*={2,3}\s*|\.equals\(\s*)(["'])(?P<input>[^"'\n]{1,60})\1[\s):{]*(?:return|->)\s*(?P<result>[^\n]{1,200})"""
)
_TRIED = re.compile(r"\b(?:test|mock|dummy|fake|demo|sample)[-_@.]\w+", re.IGNORECASE)
_INVENTED = re.compile(r"\b(?:Alice|Bob|John|Jane|admin|Carol|Charlie|Eve)\b|\w\d{2,}|\d{3}")


def _answers_for_inputs(function: Function) -> bool:
    """Whether it compares what it is given with made-up keys, and answers each by heart."""
    if len(function.statements()) > 8:
        return False
    found = list(_COMPARED.finditer(text_of(function.body)[:_MOST_RECORD]))
    if any(_TRIED.search(each["input"]) and each["result"][:1] in "\"'{[" for each in found):
        return True
    invented = [
        each
        for each in found
        if _INVENTED.search(each["input"]) and re.search(r"[\"'{\[]|\d", each["result"])
    ]
    return len(invented) >= 2


def _lines(node: Node) -> LineRange:
    return LineRange(node.start_point[0] + 1, end_row(node) + 1)
