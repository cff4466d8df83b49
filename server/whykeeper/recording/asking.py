"""Questions to the user before something is written, where the client can put them.

Clients that cannot, or whose user does not answer, get what is related back, and the model decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, NamedTuple, Protocol, TypeAlias

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import AcceptedElicitation, Elicit, ElicitationResult
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema, create_model, model_validator

from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper.recording.naming import with_words
from whykeeper.recording.requests import DecisionRequest, EntryKind, EntryRequest

__all__ = ["UNWANTED", "Answer", "about_decision", "about_entry", "decided_decision", "decided_entry"]

MOST_OFFERED = 3
"""More of them are shown, but no user reads a list of ten choices."""
SHOWN = 120
BESIDE = "Keep both: write it beside what is there"
NOT_AT_ALL = "Do not write it"
_REPLACE, _AMEND = "Replace ", "Amend "

UNWANTED = RecordAnswer(notes=["the user was asked, and does not want it written"])

Answer: TypeAlias = ElicitationResult[Any]
"""What was considered, or what the user chose."""


class Considering(Protocol):
    """The use cases that are asked before something is written."""

    async def consider(self, request: DecisionRequest | EntryRequest) -> RecordAnswer:
        """Say what has to be decided about first, if anything."""


class Decided(NamedTuple):
    """What is to be done.

    Attributes:
        request: The request with the user's choice in it; None where nothing is to be written.
        considered: What was found before; None where it is to be looked for again.
    """

    request: Any
    considered: RecordAnswer | None


async def about_decision(
    ctx: Context[Any, Any],
    title: str,
    context: str,
    decision: str,
    alternatives: dict[str, str],
    supersedes: list[str],
    amends: list[str],
    confirm_new: bool,
    id: str | None,
) -> Elicit[BaseModel] | RecordAnswer:
    """Ask the user about the decisions that a new one may repeat, contradict or replace.

    Runs again when the answer comes, with the same outcome as long as nothing else is recorded meanwhile.
    """
    request = DecisionRequest(
        title=title,
        context=context,
        decision=decision,
        alternatives=alternatives,
        supersedes=tuple(supersedes),
        amends=tuple(amends),
        confirm_new=confirm_new,
        id=id,
    )
    return await _asked(
        ctx, request, f"“{request.heading()}” is to be recorded as a decision", (_REPLACE, _AMEND)
    )


async def about_entry(
    ctx: Context[Any, Any],
    text: str,
    kind: EntryKind,
    paths: list[str],
    replaces: str | None,
    confirm_new: bool,
) -> Elicit[BaseModel] | RecordAnswer:
    """Ask the user about entries that a new one may repeat or contradict."""
    request = EntryRequest(
        text=text, kind=kind, paths=tuple(paths), replaces=replaces, confirm_new=confirm_new
    )
    verbs = (_REPLACE,) if replaces is None else ()
    return await _asked(ctx, request, f"“{text.strip()[:SHOWN]}” is to be remembered", verbs)


async def _asked(
    ctx: Context[Any, Any], request: DecisionRequest | EntryRequest, about: str, verbs: Sequence[str]
) -> Elicit[BaseModel] | RecordAnswer:
    memory: Callable[[], Awaitable[Considering]] = ctx.mcp_server.memory  # type: ignore[attr-defined]
    considered = await (await memory()).consider(request)
    if not considered.related or not _can_ask(ctx):
        return considered
    shown = "\n".join(
        f"- {place(each)} “{each.title[:SHOWN]}”: {each.because}" for each in considered.related
    )
    message = f"{about}, but there is already:\n{shown}\nWhat shall be done?"
    offered = [f"{verb}{named(each)}" for each in considered.related[:MOST_OFFERED] for verb in verbs]
    return Elicit(message, _choice((*offered, BESIDE, NOT_AT_ALL)))


class _Lenient(BaseModel):
    """A user's choice: an answer that is none is as good as no answer, and no error of the tool."""

    @model_validator(mode="before")
    @classmethod
    def _given(cls, given: Any) -> Any:
        return given if isinstance(given, dict) and isinstance(given.get("choice"), str) else {"choice": ""}


def _choice(choices: Sequence[str]) -> type[BaseModel]:
    schema = WithJsonSchema({"type": "string", "enum": list(choices)})
    known = AfterValidator(lambda given: given if given in choices else "")
    field = Field(description="What shall be done?")
    return create_model("Choice", __base__=_Lenient, choice=(Annotated[str, known, schema], field))


def _can_ask(ctx: Context[Any, Any]) -> bool:
    """Whether the client puts questions to its user, and can be reached for it."""
    capabilities = ctx.client_capabilities
    asks = capabilities.elicitation if capabilities is not None else None
    return asks is not None and (asks.form is not None or asks.url is None)


def place(each: RelatedItem) -> str:
    """Where something stands, as the tools take it."""
    return f"{each.path}:{each.line}" if each.line else each.path


def named(each: RelatedItem) -> str:
    """What a choice calls it: an entry by its words too, for lines move while a user thinks."""
    return with_words(place(each), each.title) if each.line else each.path


def decided_decision(request: DecisionRequest, answer: Answer) -> Decided:
    """Put the user's answer into a request."""
    considered, choice = _answer(answer)
    if choice.startswith(_REPLACE):
        named = (*request.supersedes, choice.removeprefix(_REPLACE))
        return Decided(replace(request, supersedes=named, confirm_new=True), considered)
    if choice.startswith(_AMEND):
        named = (*request.amends, choice.removeprefix(_AMEND))
        return Decided(replace(request, amends=named, confirm_new=True), considered)
    return Decided(_beside(request, choice), considered)


def decided_entry(request: EntryRequest, answer: Answer) -> Decided:
    """Put the user's answer into a request."""
    considered, choice = _answer(answer)
    if choice.startswith(_REPLACE):
        changed = replace(request, replaces=choice.removeprefix(_REPLACE), confirm_new=True)
        return Decided(changed, considered)
    return Decided(_beside(request, choice), considered)


def _beside(request: Any, choice: str) -> Any:
    if choice == NOT_AT_ALL:
        return None
    return replace(request, confirm_new=True) if choice == BESIDE else request


def _answer(answer: Answer) -> tuple[RecordAnswer | None, str]:
    """What was considered where nobody was asked, and what the user chose where somebody was."""
    if isinstance(answer, AcceptedElicitation):
        if isinstance(answer.data, RecordAnswer):
            return answer.data, ""
        if chosen := str(answer.data.choice):
            return RecordAnswer(), chosen
        return None, ""
    if answer.action == "decline":
        return RecordAnswer(), NOT_AT_ALL
    # Nobody answered: the model is shown what is related, and decides.
    return None, ""
