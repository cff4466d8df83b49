"""Documents and decisions that describe what a change changes, and that it leaves as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from whykeeper.verification.documents.edited_files import edited_files
from whykeeper.verification.documents.losses import Loss, Matter, declares, losses_of
from whykeeper.verification.documents.quotations import quotations
from whykeeper.verification.documents.rewritten import rewritten
from whykeeper.verification.documents.statements import Statement, statements_on, told_documents
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.code import language_of
from whykeeper_indexers.freshness.present import NOT_DOCUMENTS
from whykeeper_indexers.freshness.symbols import is_definition
from whykeeper_indexers.links.symbols import is_telling
from whykeeper_indexers.path_roles import is_product
from whykeeper_indexers.types import LineRange

__all__ = ["NAME", "check"]

NAME: Final = "documents"
MOST_FINDINGS: Final = 40
"""Of one change: what breaks more statements is a migration, and the rest is counted."""
SHORTEST: Final = 4
"""Characters of a name that is looked for."""
_SHOWN: Final = 160


def check(subject: Subject) -> Iterable[Finding]:
    """Find what documents say and what no longer holds after a change."""
    documents = told_documents(subject.head)
    files = edited_files(subject)
    if not documents or not files:
        return
    losses = losses_of(files, {each.path: language_of(each.path) or "" for each in files})
    found = [each for each in statements_on(losses, subject.head, documents) if not _is_new(each, subject)]
    quoted = list(quotations(subject, files, documents))
    told = {(each.path, each.line) for each in quoted}
    found = [each for each in found if (each.document, each.line) not in told]
    stale = list(_once(_no_longer_so(found, subject)))
    findings = [*(_finding(each, subject) for each in stale), *quoted]
    findings += rewritten(subject, files, documents, {each.path for each in findings})
    if len(findings) > MOST_FINDINGS:
        subject.note(f"{len(findings) - MOST_FINDINGS} more statements of documents no longer hold")
    yield from findings[:MOST_FINDINGS]


def _is_new(statement: Statement, subject: Subject) -> bool:
    """Whether the change itself wrote the statement."""
    here = LineRange(statement.line, statement.line)
    return any(each.path == statement.document and each.adds(here) for each in subject.change.files)


def _no_longer_so(statements: Sequence[Statement], subject: Subject) -> list[Statement]:
    """Those of some statements whose matter the whole repository has lost."""
    # What is shorter is a word of some other language somewhere, and stands in half of the lines.
    statements = [each for each in statements if len(each.loss.name) >= SHORTEST or not _is_name(each.loss)]
    named = {each.loss for each in statements}
    words = {each.name for each in named if _is_name(each)}
    literals = {each.name for each in named if each.matter is Matter.LITERAL}
    standing: defaultdict[str, list[str]] = defaultdict(list)
    defined: set[str] = set()
    for line in subject.head.tree.grep(words, NOT_DOCUMENTS) if words else ():
        for word in (each for each in words if each in line.text):
            standing[word].append(line.text if is_product(line.path) else "")
            if standing[word][-1] and is_definition(line.text, word):
                defined.add(word)
    for line in subject.head.tree.grep_text(literals, NOT_DOCUMENTS) if literals else ():
        for literal in (each for each in literals if each in line.text):
            standing[literal].append(line.text)
    return [each for each in statements if _is_lost(each, standing[each.loss.name], defined)]


def _is_name(loss: Loss) -> bool:
    return loss.matter in (Matter.NAME, Matter.SYMBOL)


def _is_lost(statement: Statement, standing: Sequence[str], defined: Collection[str]) -> bool:
    loss = statement.loss
    if loss.matter is Matter.SYMBOL:
        declared = loss.bare and any(declares(line, loss.name, strings=False) for line in standing)
        return loss.name not in defined and not declared
    if loss.matter is Matter.NAME and loss.owners and is_telling(loss.name, called=False):
        # It was defined, and files that did not change say of it what they said before. Under another's name,
        # as in ``ssl.SSLContext``, it is another's.
        others = re.findall(rf"(\w+\.){re.escape(loss.name)}\b", statement.text)
        return loss.name not in defined and not any(
            f"{other}{loss.name}" in line for other in others for line in (*standing, loss.text)
        )
    return loss.matter in (Matter.PARAMETER, Matter.VALUE) or not standing


def _once(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Each name once in a document, where it stands first."""
    seen: set[tuple[str, str]] = set()
    order = list(Matter)
    for each in sorted(
        statements, key=lambda each: (each.document, each.line, order.index(each.loss.matter))
    ):
        key = (each.document, each.loss.name)
        if key not in seen:
            seen.add(key)
            yield each


def _finding(statement: Statement, subject: Subject) -> Finding:
    loss = statement.loss
    record = statement.document in subject.head.decisions
    touched = any(each.path == statement.document for each in subject.change.files)
    return Finding(
        check=NAME,
        rule=f"{NAME}/{_RULES[loss.matter]}",
        severity=Severity.NOTE
        if touched or (record and not _decides(statement, subject))
        else Severity.WARNING,
        path=statement.document,
        line=statement.line,
        message=_message(loss),
        hint=_hint(loss, record=record),
        evidence=(
            Evidence(statement.document, (statement.line, statement.line), statement.text[:_SHOWN]),
            Evidence(loss.path, (loss.line, loss.line), f"before: {loss.text[:_SHOWN]}"),
        ),
        subject=loss.name,
    )


def _decides(statement: Statement, subject: Subject) -> bool:
    """Whether a line of a record is what was decided; why and when it was is history."""
    content = subject.head.contents.get(statement.document)
    return content is not None and statement.text in content.decision


_RULES: Final = {
    Matter.NAME: "gone",
    Matter.SYMBOL: "gone",
    Matter.LITERAL: "gone",
    Matter.PARAMETER: "parameter",
    Matter.VALUE: "value",
}


def _message(loss: Loss) -> str:
    if loss.matter is Matter.VALUE:
        return f"says that {loss.name} is {loss.value}, and the change makes it {loss.now}"
    if loss.matter is Matter.PARAMETER:
        return f"gives {'/'.join(sorted(loss.owners))} the parameter {loss.name}, which the change takes away"
    instead = f" in favour of {loss.now}" if loss.now else ""
    return f"names {loss.name}, which the change takes out of {loss.path}{instead}"


def _hint(loss: Loss, *, record: bool) -> str:
    if record:
        return "see whether the decision still holds; if not, record the one that takes its place"
    if loss.matter is Matter.VALUE:
        return f"say {loss.now}"
    if loss.matter is Matter.PARAMETER:
        return (
            f"name {loss.now} instead" if loss.now else f"describe what it takes now: {loss.value[:_SHOWN]}"
        )
    return f"name {loss.now} instead" if loss.now else "say what took its place, or take it out"
