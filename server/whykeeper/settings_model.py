"""The settings themselves: one pydantic model, each field with its meaning, unit and bounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from whykeeper.budgets import LEAST_BUDGET, MOST_BUDGET, MOST_RESULTS

__all__ = [
    "REPOSITORY_MAY_SET",
    "Config",
    "DaemonSettings",
    "GapsSettings",
    "IndexSettings",
    "LogSettings",
    "ModelSection",
    "SearchSettings",
    "SecretsSettings",
    "VectorsSettings",
    "VerifySettings",
    "WatchSettings",
]

REPOSITORY_MAY_SET = frozenset({"index", "search", "watch", "verify", "model.code"})
"""Sections and keys that a file in the repository may set.

A clone is untrusted: it may shape its own index and answers, never where data goes, what is
downloaded or loaded, or what the user's other repositories share.
"""

_MEBIBYTE = 1024 * 1024
_WEEK_S = 7 * 24 * 3600.0

Severities = dict[
    Annotated[str, Field(min_length=1, max_length=200)], Literal["error", "warning", "note", "off"]
]
Globs = tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class IndexSettings(_Section):
    """What is remembered."""

    include: Annotated[
        Globs,
        Field(
            description="Extra files to remember although git ignores them: patterns in gitignore syntax, "
            "relative to the repository's root."
        ),
    ] = ()
    exclude: Annotated[
        Globs,
        Field(
            description="Files never to remember although git tracks them: patterns in gitignore syntax, "
            "relative to the repository's root. Stronger than include."
        ),
    ] = ()
    max_file_bytes: Annotated[
        int, Field(ge=1024, le=64 * _MEBIBYTE, description="Size above which a file is left out, in bytes.")
    ] = _MEBIBYTE
    history: Annotated[bool, Field(description="Remember git commits whose messages give reasons.")] = True
    history_limit: Annotated[
        int, Field(ge=0, le=1_000_000, description="How many commits to read at most, newest first.")
    ] = 20_000


class ModelSection(_Section):
    """The embedding model, which makes search by meaning possible."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4096,
            description='"default" is all-MiniLM-L6-v2, which is installed with whykeeper. Otherwise the '
            "absolute path of a sentence-transformers model folder, or a name on the Hugging Face hub "
            "(which also needs allow_download, once).",
        ),
    ] = "default"
    code: Annotated[
        Literal["static", "transformer"],
        Field(
            description='What encodes code: "transformer" is the model itself, which reads names, signatures '
            'and comments; "static" is a table distilled from it, which reads everything, twenty times '
            "faster and less well. Commits are encoded by the table."
        ),
    ] = "transformer"
    query_prompt: Annotated[
        str,
        Field(
            max_length=1000,
            description="Text put before every question, for models trained with one. Empty takes what the "
            "model's own configuration says.",
        ),
    ] = ""
    passage_prompt: Annotated[
        str,
        Field(
            max_length=1000,
            description="Text put before every passage, for models trained with one. Empty takes what the "
            "model's own configuration says.",
        ),
    ] = ""
    dimensions: Annotated[
        int,
        Field(
            ge=0, le=8192, description="Cut vectors to this many dimensions; 0 keeps the model's own number."
        ),
    ] = 0
    max_length: Annotated[
        int,
        Field(
            ge=0, le=32768, description="Tokens of a passage the model reads; 0 keeps the model's own limit."
        ),
    ] = 0
    dtype: Annotated[
        Literal["auto", "float32", "bfloat16"],
        Field(
            description='Number format; "auto" takes the fastest here of 8-bit integers, bfloat16, float32.'
        ),
    ] = "auto"
    batch_size: Annotated[int, Field(ge=1, le=1024, description="Passages encoded at once, at most.")] = 32
    threads: Annotated[
        int,
        Field(ge=0, le=256, description="Processor threads for encoding; 0 takes one for each processor."),
    ] = 0
    allow_download: Annotated[
        bool,
        Field(description="Whether a model named above may be fetched from the hub. Nothing else ever is."),
    ] = False


class SearchSettings(_Section):
    """How answers are cut."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_RESULTS, description="Results of a search when the caller names no number.")
    ] = 10
    budget_tokens: Annotated[
        int,
        Field(
            ge=LEAST_BUDGET,
            le=MOST_BUDGET,
            description="Text of an answer in tokens, counted by the embedding model's tokenizer, when the "
            "caller names no budget.",
        ),
    ] = 1500


class DaemonSettings(_Section):
    """The background process that all sessions share."""

    idle_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            le=_WEEK_S,
            description="Seconds without a session after which the daemon exits. The settings of the session "
            "that was opened last hold.",
        ),
    ] = 600
    encoder_idle_timeout_s: Annotated[
        float,
        Field(gt=0, le=_WEEK_S, description="Seconds without encoding after which the model is unloaded."),
    ] = 300


class VectorsSettings(_Section):
    """Where vectors are kept."""

    mode: Annotated[
        Literal["embedded", "server"],
        Field(description='"embedded" keeps them in the data folder; "server" uses a Chroma server.'),
    ] = "embedded"
    host: Annotated[
        str,
        Field(min_length=1, max_length=253, description='Host name of the Chroma server, for mode "server".'),
    ] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=1, le=65535, description='Port of the Chroma server, for mode "server".')
    ] = 8000
    ssl: Annotated[bool, Field(description='Speak TLS to the Chroma server, for mode "server".')] = False


class SecretsSettings(_Section):
    """Passwords, tokens and keys in files."""

    enabled: Annotated[
        bool,
        Field(
            description="Cut secrets out of files before anything is stored. Out of commit messages they are "
            "cut whatever this says."
        ),
    ] = True


class WatchSettings(_Section):
    """Following changes while a session is open."""

    enabled: Annotated[
        bool, Field(description="Watch the files; without it changes are found when a question is asked.")
    ] = True
    mode: Annotated[
        Literal["auto", "native", "polling"],
        Field(
            description='"native" uses the operating system\'s notices, "polling" looks every two seconds; '
            '"auto" polls on network mounts alone. Where no notices are to be had, all of them poll.'
        ),
    ] = "auto"
    settle_ms: Annotated[
        int, Field(ge=0, le=10_000, description="Milliseconds of quiet before a burst of changes is read.")
    ] = 20


class GapsSettings(_Section):
    """Questions that nothing recorded answers."""

    keep: Annotated[
        bool,
        Field(
            description="Keep them on this machine, so that `whykeeper gaps` can show which documents are "
            "worth writing. Without it none is kept, and those kept before are not shown."
        ),
    ] = True


class VerifySettings(_Section):
    """How changes are verified."""

    severity: Annotated[
        Severities,
        Field(
            description='What findings weigh here, by check ("tests") or by rule ("undone/todo"), which is '
            'stronger; "off" leaves them out. `whykeeper verify --calibrate` proposes some.'
        ),
    ] = {}


class LogSettings(_Section):
    """The daemon's log."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(
            description="Least severity that is written. The settings of the session that was opened last "
            "hold."
        ),
    ] = "info"


class Config(_Section):
    """Every setting of whykeeper."""

    index: IndexSettings = IndexSettings()
    model: ModelSection = ModelSection()
    search: SearchSettings = SearchSettings()
    daemon: DaemonSettings = DaemonSettings()
    vectors: VectorsSettings = VectorsSettings()
    secrets: SecretsSettings = SecretsSettings()
    watch: WatchSettings = WatchSettings()
    gaps: GapsSettings = GapsSettings()
    verify: VerifySettings = VerifySettings()
    log: LogSettings = LogSettings()
