"""Why code is as it is: documents, comments and commits in one order, within a budget."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whykeeper.explaining.answer import ExplainAnswer, Reason, ReasonKind
from whykeeper.explaining.commits import History, history_of
from whykeeper.explaining.documents import Named, documents_naming
from whykeeper.explaining.markdown import fitted
from whykeeper.explaining.target import Target, TargetReader
from whykeeper.links import called_before
from whykeeper.reading import Source
from whykeeper_indexers.code import MAX_REASONS, language_of, reasons_at
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.errors import NotFoundError
from whykeeper_indexers.printable import one_line
from whykeeper_indexers.scan import Repository
from whykeeper_indexers.search.budget import heading
from whykeeper_indexers.search.framing import short_title
from whykeeper_indexers.search.recall import Recall
from whykeeper_indexers.types import Chunk, Exclusion, ExclusionReason, Kind, LineRange, Role

__all__ = ["ExplainRequest", "explain"]

MOST_COMMENTS = 8
_CITED = "the code names it"
_SYMBOL_LIKE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_NOT_READ = frozenset(
    {
        ExclusionReason.TOO_LARGE,
        ExclusionReason.GENERATED,
        ExclusionReason.MINIFIED,
        ExclusionReason.CONFIGURED,
        ExclusionReason.UNREADABLE,
    }
)


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What is to be explained.

    Attributes:
        target: As it was named.
        budget: Most tokens of what is shown, notes aside.
    """

    target: str
    budget: int


def explain(request: ExplainRequest, repository: Repository, source: Source, recall: Recall) -> ExplainAnswer:
    """Say why code is as it is.

    Args:
        request: What is asked.
        repository: The checkout.
        source: Its files as they are now.
        recall: The checkout's view of its stores.

    Returns:
        An answer; its time and notes are the caller's to add to.

    Raises:
        QueryError: No target was named, or a name with several definitions.
        NotFoundError: There is no such path, symbol or line.
        RepositoryError: It is a path outside the checkout.
    """
    target = TargetReader(repository, source, recall.catalog, recall.checkout).read(request.target)
    return _Explaining(repository, source, recall, target).answer(request.budget)


class _Explaining:
    def __init__(self, repository: Repository, source: Source, recall: Recall, target: Target) -> None:
        self._repository = repository
        self._source = source
        self._recall = recall
        self._target = target

    def answer(self, budget: int) -> ExplainAnswer:
        history = self._history()
        if history.unknown:
            raise self._not_found()
        documents, comments = self._documents(history), self._comments()
        ranked = _ranked(self._target, documents, comments, history.reasons)
        reasons = fitted(ranked, budget, self._recall.encoder)
        confident = any(each.explains for each in ranked)
        notes = [*history.notes, *self._left_out()]
        if len(reasons) < len(ranked):
            notes.append(f"{len(ranked) - len(reasons)} more do not fit the budget")
        target = self._target
        return ExplainAnswer(
            path=target.path,
            lines=(target.lines.start, target.lines.end) if target.lines else None,
            symbol=target.symbol,
            confident=confident,
            summary=_summary(target, history, confident),
            last_commit=history.last_commit,
            reasons=reasons,
            took_ms=0.0,
            notes=notes,
        )

    def _history(self) -> History:
        target = self._target
        if not self._repository.is_git:
            # That there is no history is said of the repository already.
            return History(unknown=not target.there)
        return history_of(
            self._repository.root, target.path, target.lines, folder=target.folder, there=target.there
        )

    def _left_out(self) -> list[str]:
        """Say of a file that the index leaves out for its size or making that its comments were not read."""
        target = self._target
        why = self._source.read(target.path) if target.there and not target.folder else None
        if not isinstance(why, Exclusion) or why.reason not in _NOT_READ:
            return []
        detail = f" ({why.detail})" if why.detail else ""
        said = f"{target.path} is not in the index, {why.reason.value}{detail}"
        return [f"{said}: its comments were not looked at"]

    def _not_found(self) -> NotFoundError:
        path = self._target.path
        near = self._recall.catalog.paths_like(self._recall.checkout, path.rpartition("/")[2], 1)
        hint = f"did you mean {near[0]}?" if near else "search_memory finds what there is"
        if "/" not in path and _SYMBOL_LIKE.fullmatch(path) and not (language_of(path) or is_document(path)):
            said = f"nothing defines {path}, and no commit has ever had a file of that name"
            return NotFoundError(said, "search_memory finds what documents and commits say of it")
        return NotFoundError(f"there is no file {path}, and no commit has ever had it", hint)

    def _documents(self, history: History) -> list[Reason]:
        target = self._target
        catalog, checkout = self._recall.catalog, self._recall.checkout
        text = "" if target.folder else self._text()
        others = dict.fromkeys(self._older_names(history), "as this file was called before")
        if history.now:
            others[history.now] = "as it is called now"
        named = documents_naming(
            catalog, checkout, target.path, target.symbol, text, folder=target.folder, others=others
        )
        return [_document_reason(each, target) for each in named]

    def _older_names(self, history: History) -> list[str]:
        target, recall = self._target, self._recall
        if target.folder:
            return []
        root, known = self._repository.root, history.now or history.before or target.path
        names = called_before(recall.catalog, recall.checkout, root, known)
        return [each for each in [history.before, *names] if each and each != target.path]

    def _text(self) -> str:
        """The code that is asked about, with what stands around it in its symbol."""
        text = self._source.text(self._target.path) if self._target.there else None
        if text is None or self._target.lines is None:
            return text or ""
        lines = self._target.lines
        return "\n".join(text.split("\n")[max(lines.start - 4, 0) : lines.end])

    def _comments(self) -> list[Reason]:
        target = self._target
        stored = self._recall.catalog.file_chunks(self._recall.checkout, target.path)
        reasons = [each for each in stored if each.chunk.role is Role.REASON and each.chunk.lines]
        pairs = [(each.id, each.chunk) for each in reasons]
        if target.lines and len(reasons) >= MAX_REASONS:
            # The index has the first of them only.
            pairs = self._comments_at(target.lines, {each.chunk.lines: each.id for each in reasons})
        found = [
            _comment_reason(name, chunk, because)
            for name, chunk in pairs
            if (because := _connection(chunk, target)) is not None
        ]
        return found[:MOST_COMMENTS]

    def _comments_at(
        self, lines: LineRange, known: Mapping[LineRange | None, str]
    ) -> list[tuple[str, Chunk]]:
        source = self._source.read(self._target.path)
        if isinstance(source, Exclusion):
            return []
        return [
            (known.get(each.lines) or f"{each.path}:{each.lines.start}-{each.lines.end}", each)
            for each in reasons_at(source, lines)
            if each.lines
        ]


def _connection(chunk: Chunk, target: Target) -> str | None:
    """How a comment is connected with the target; None where it is not."""
    at = chunk.lines
    assert at is not None
    if target.lines is None:
        return "a comment in this file"
    if at.start <= target.lines.end and target.lines.start <= at.end:
        return "a comment at these lines" if len(_numbers(target.lines)) > 1 else "the comment at this line"
    return None


def _numbers(lines: LineRange) -> range:
    return range(lines.start, lines.end + 1)


def _ranked(
    target: Target, documents: Sequence[Reason], comments: Sequence[Reason], commits: Sequence[Reason]
) -> list[Reason]:
    """Put what gives a reason for just this first, and what merely speaks of the file after it."""
    decided = [each for each in documents if each.kind == "decision"]
    close = [
        each for each in decided if each.explains and (not target.lines or not _of_file_only(each, target))
    ]
    telling = [each for each in commits if each.explains]
    silent = [each for each in commits if not each.explains]
    ordered = [*close, *comments, *telling, *decided, *silent[:1], *documents, *silent[1:]]
    found: dict[str, Reason] = {}
    for each in ordered:
        found.setdefault(each.id, each)
    return list(found.values())


def _of_file_only(document: Reason, target: Target) -> bool:
    """Whether a document that names the file says nothing of the lines in it."""
    name = (target.symbol or "\0").rpartition(".")[2]
    return document.because != _CITED and not document.because.startswith(f"names {name}")


def _document_reason(named: Named, target: Target) -> Reason:
    chunk, record = named.stored.chunk, named.decision
    if named.cited:
        because = "this document names it" if is_document(target.path) else _CITED
    elif named.of_symbol:
        name = (target.symbol or "").rpartition(".")[2]
        because = f"names {name}" if target.by_symbol else f"names {name}, which holds this code"
    elif named.of_folder:
        because = f"is about {', '.join(named.names[:2])}" + ("" if target.folder else ", where this is")
    else:
        because = f"names {', '.join(named.names[:2])}" + (f", {named.called}" if named.called else "")
    return Reason(
        id=named.stored.id,
        kind=_kind(chunk.kind),
        path=chunk.path,
        lines=(chunk.lines.start, chunk.lines.end) if chunk.lines else None,
        title=short_title(heading(chunk)),
        status=record.status if record else None,
        superseded_by=list(record.superseded_by) or None if record else None,
        amended_by=list(record.amended_by) or None if record else None,
        date=record.date if record else None,
        because=because,
        # What is decided of a folder is no reason for each line in it.
        explains=chunk.kind is Kind.DECISION and (target.folder or not named.of_folder),
        text=chunk.text.strip("\n"),
    )


def _kind(kind: Kind) -> ReasonKind:
    kinds: dict[Kind, ReasonKind] = {
        Kind.DECISION: "decision",
        Kind.CONVENTION: "convention",
        Kind.PLAN: "plan",
    }
    return kinds.get(kind, "document")


def _comment_reason(name: str, chunk: Chunk, because: str) -> Reason:
    assert chunk.lines is not None
    return Reason(
        id=name,
        kind="comment",
        path=chunk.path,
        lines=(chunk.lines.start, chunk.lines.end),
        title=short_title(chunk.title),
        because=f"{because}, in {chunk.symbol}" if chunk.symbol else because,
        text=re.sub(r"^\n+|\n+$", "", chunk.text),
    )


def _summary(target: Target, history: History, confident: bool) -> str:
    where = target.path or "the repository"
    if target.lines:
        first, last = target.lines
        where += f":{first}" if first == last else f":{first}-{last}"
    held = f" ({target.symbol})" if target.symbol else ""
    told = history.summary
    if confident:
        return one_line(f"{where}{held}" + (f": {told}" if told else ""))
    return one_line(f"{where}{held}: nothing recorded says why" + (f"; {told}" if told else ""))
