"""What was decided, and how what was refused comes back, by language: made up after what projects decide."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["MATTERS", "Matter"]


class Matter(NamedTuple):
    """Something that was decided.

    Attributes:
        title: Of the record.
        chosen: What is used.
        refused: What is not, by the name people have for it.
        package: The same by the name code has for it.
        reason: Why not.
        dependency: The line or lines of the manifest that bring it in; empty where none does.
        imports: What code that uses it imports.
        code: A function that uses it.
    """

    title: str
    chosen: str
    refused: str
    package: str
    reason: str
    dependency: str
    imports: tuple[str, ...]
    code: str


_MAVEN: Final = (
    "<dependency>\n      <groupId>{}</groupId>\n      <artifactId>{}</artifactId>\n"
    "      <version>{}</version>\n    </dependency>"
)

MATTERS: Final[dict[str, tuple[Matter, ...]]] = {
    "python": (
        Matter(
            "Cache in the process",
            "functools.lru_cache",
            "Redis",
            "redis",
            "a server of its own has to be run",
            "redis>=5.0",
            ("import redis",),
            "def cached_settings(key: str) -> bytes | None:\n"
            '    store = redis.Redis(host="localhost", port=6379)\n'
            "    return store.get(key)",
        ),
        Matter(
            "Settings are TOML",
            "tomllib",
            "PyYAML",
            "yaml",
            "YAML reads no as false, and needs a compiler on some platforms",
            "PyYAML>=6.0",
            ("import yaml",),
            "def read_settings(path: str) -> dict[str, object]:\n"
            '    with open(path, encoding="utf-8") as file:\n'
            "        return yaml.safe_load(file)",
        ),
        Matter(
            "Retry in a loop of our own",
            "a loop with a limit",
            "Tenacity",
            "tenacity",
            "its decorators hide how long a call can take",
            "tenacity>=8.2",
            ("from tenacity import retry, stop_after_attempt",),
            "@retry(stop=stop_after_attempt(3))\n"
            "def send_report(address: str, payload: bytes) -> int:\n"
            "    return len(payload) + len(address)",
        ),
        Matter(
            "Log through the standard library",
            "logging",
            "Loguru",
            "loguru",
            "libraries must not configure their users' logs",
            "loguru>=0.7",
            ("from loguru import logger",),
            'def announce(event: str) -> None:\n    logger.bind(component="core").info("event {}", event)',
        ),
        Matter(
            "Keep state in SQLite",
            "SQLite",
            "MongoDB",
            "pymongo",
            "nobody wants to run a database for this",
            "pymongo>=4.6",
            ("from pymongo import MongoClient",),
            "def stored_sessions(address: str) -> list[dict[str, object]]:\n"
            "    client = MongoClient(address)\n"
            '    return list(client["state"]["sessions"].find({}))',
        ),
        Matter(
            "Keep objects as JSON",
            "JSON",
            "pickle",
            "pickle",
            "loading it runs whatever somebody put there",
            "",
            ("import pickle",),
            "def restore_state(data: bytes) -> object:\n    return pickle.loads(data)",
        ),
        Matter(
            "Work with datetime",
            "datetime",
            "Arrow",
            "arrow",
            "its parser guesses, and it is slow to import",
            "arrow>=1.3",
            ("import arrow",),
            "def expires_at(stamp: str) -> float:\n    return arrow.get(stamp).shift(hours=1).timestamp()",
        ),
        Matter(
            "No background threads",
            "tasks of the event loop",
            "background threads",
            "threading",
            "nobody joins them, and tests hang",
            "",
            ("import threading",),
            "def start_refreshing(refresh) -> None:\n"
            "    worker = threading.Thread(target=refresh, daemon=True)\n"
            "    worker.start()",
        ),
        Matter(
            "Queue work in the process",
            "asyncio.Queue",
            "Celery",
            "celery",
            "a broker is too much for a library",
            "celery>=5.3",
            ("from celery import Celery",),
            'queue = Celery("jobs", broker="memory://")\n\n\n'
            'def enqueue_cleanup(name: str) -> None:\n    queue.send_task("cleanup", args=[name])',
        ),
    ),
    "typescript": (
        Matter(
            "Requests go through fetch",
            "fetch",
            "Axios",
            "axios",
            "the platform has what we need",
            '"axios": "^1.6.0"',
            ('import axios from "axios";',),
            "export async function loadSchema(url: string): Promise<unknown> {\n"
            "  const answer = await axios.get(url);\n  return answer.data;\n}",
        ),
        Matter(
            "No utility belts",
            "small helpers of our own",
            "Lodash",
            "lodash",
            "it doubles the size of the bundle",
            '"lodash": "^4.17.21"',
            ('import _ from "lodash";',),
            "export function groupByKind(items: { kind: string }[]): Record<string, unknown[]> {\n"
            '  return _.groupBy(items, "kind");\n}',
        ),
        Matter(
            "Dates are Date",
            "Date and Intl",
            "Moment.js",
            "moment",
            "it is in maintenance mode and cannot be tree-shaken",
            '"moment": "^2.30.0"',
            ('import moment from "moment";',),
            "export function describeAge(since: string): string {\n  return moment(since).fromNow();\n}",
        ),
        Matter(
            "Tokens stay in cookies",
            "cookies that scripts cannot read",
            "localStorage",
            "localStorage",
            "any script on the page can read it",
            "",
            (),
            "export function rememberToken(token: string): void {\n"
            '  localStorage.setItem("token", token);\n}',
        ),
        Matter(
            "Log through console",
            "console",
            "Winston",
            "winston",
            "a library must not choose its users' logger",
            '"winston": "^3.11.0"',
            ('import winston from "winston";',),
            "export function makeLogger() {\n"
            '  return winston.createLogger({ level: "info", transports: [] });\n}',
        ),
        Matter(
            "Identifiers come from the platform",
            "crypto.randomUUID",
            "the uuid package",
            "uuid",
            "every runtime that we support has it built in",
            '"uuid": "^9.0.0"',
            ('import { v4 as uuidv4 } from "uuid";',),
            "export function nextRequestId(): string {\n  return uuidv4();\n}",
        ),
        Matter(
            "Changes are pushed",
            "an event stream",
            "polling with setInterval",
            "setInterval",
            "it keeps phones awake",
            "",
            (),
            "export function watchRegistry(refresh: () => void): void {\n  setInterval(refresh, 5_000);\n}",
        ),
        Matter(
            "Immutable by hand",
            "spread copies",
            "Immer",
            "immer",
            "proxies are too slow for hot paths",
            '"immer": "^10.0.0"',
            ('import { produce } from "immer";',),
            "export function withTag<T extends { tags: string[] }>(value: T, tag: string): T {\n"
            "  return produce(value, (draft: any) => {\n    draft.tags.push(tag);\n  });\n}",
        ),
        Matter(
            "Streams of the platform",
            "async iterators",
            "RxJS",
            "rxjs",
            "few of us can read it",
            '"rxjs": "^7.8.0"',
            ('import { Subject } from "rxjs";',),
            "export function makeBus(): Subject<string> {\n  return new Subject<string>();\n}",
        ),
    ),
    "go": (
        Matter(
            "Log with slog",
            "log/slog",
            "Logrus",
            "github.com/sirupsen/logrus",
            "it is in maintenance mode",
            "github.com/sirupsen/logrus v1.9.3",
            ('"github.com/sirupsen/logrus"',),
            'func announce(event string) {\n\tlogrus.WithField("component", "core").Info(event)\n}',
        ),
        Matter(
            "SQL is written by hand",
            "database/sql",
            "GORM",
            "gorm.io/gorm",
            "the queries it makes cannot be reviewed",
            "gorm.io/gorm v1.25.5",
            ('"gorm.io/gorm"',),
            "func countSessions(db *gorm.DB) int64 {\n\tvar count int64\n"
            '\tdb.Table("sessions").Count(&count)\n\treturn count\n}',
        ),
        Matter(
            "Wrap errors with the standard library",
            "fmt.Errorf with %w",
            "pkg/errors",
            "github.com/pkg/errors",
            "it is archived",
            "github.com/pkg/errors v0.9.1",
            ('"github.com/pkg/errors"',),
            'func explain(err error) error {\n\treturn errors.Wrap(err, "cannot go on")\n}',
        ),
        Matter(
            "Settings are flags and variables",
            "flags and environment variables",
            "Viper",
            "github.com/spf13/viper",
            "it brings thirty dependencies",
            "github.com/spf13/viper v1.18.2",
            ('"github.com/spf13/viper"',),
            'func listenAddress() string {\n\tviper.SetDefault("address", ":8080")\n'
            '\treturn viper.GetString("address")\n}',
        ),
        Matter(
            "Cache in the process",
            "a map behind a mutex",
            "Redis",
            "github.com/redis/go-redis/v9",
            "a server of its own has to be run",
            "github.com/redis/go-redis/v9 v9.4.0",
            ('"github.com/redis/go-redis/v9"',),
            "func openCache(address string) *redis.Client {\n"
            "\treturn redis.NewClient(&redis.Options{Addr: address})\n}",
        ),
        Matter(
            "State is JSON",
            "encoding/json",
            "gob",
            "encoding/gob",
            "no other language reads it",
            "",
            ('"encoding/gob"', '"io"'),
            "func storeState(w io.Writer, state map[string]string) error {\n"
            "\treturn gob.NewEncoder(w).Encode(state)\n}",
        ),
        Matter(
            "Identifiers are counted",
            "a counter",
            "UUIDs",
            "github.com/google/uuid",
            "nobody can read them out over the phone",
            "github.com/google/uuid v1.6.0",
            ('"github.com/google/uuid"',),
            "func nextTicket() string {\n\treturn uuid.NewString()\n}",
        ),
        Matter(
            "One logger",
            "log/slog",
            "Zap",
            "go.uber.org/zap",
            "two loggers in one program are one too many",
            "go.uber.org/zap v1.26.0",
            ('"go.uber.org/zap"',),
            "func openLog() *zap.Logger {\n\tlogger, _ := zap.NewProduction()\n\treturn logger\n}",
        ),
        Matter(
            "Changes are pushed",
            "a channel that is closed",
            "polling with time.Tick",
            "time.Tick",
            "its ticker can never be stopped",
            "",
            ('"time"',),
            "func watchSettings(refresh func()) {\n\tfor range time.Tick(5 * time.Second) {\n"
            "\t\trefresh()\n\t}\n}",
        ),
    ),
    "java": (
        Matter(
            "Accessors are written out",
            "plain classes",
            "Lombok",
            "lombok",
            "it patches the compiler",
            _MAVEN.format("org.projectlombok", "lombok", "1.18.30"),
            ("import lombok.Data;",),
            "@Data\nstatic class Labelled {\n  private String label;\n  private int weight;\n}",
        ),
        Matter(
            "Strings by the standard library",
            "String and StringBuilder",
            "Apache Commons Lang",
            "org.apache.commons.lang3",
            "users should not have to resolve its versions",
            _MAVEN.format("org.apache.commons", "commons-lang3", "3.14.0"),
            ("import org.apache.commons.lang3.StringUtils;",),
            "static String cleanedLabel(String label) {\n  return StringUtils.trimToEmpty(label);\n}",
        ),
        Matter(
            "Log through java.util.logging",
            "java.util.logging",
            "SLF4J",
            "org.slf4j",
            "a library should bring no logging facade along",
            _MAVEN.format("org.slf4j", "slf4j-api", "2.0.9"),
            ("import org.slf4j.Logger;", "import org.slf4j.LoggerFactory;"),
            "static void announce(String event) {\n"
            '  Logger logger = LoggerFactory.getLogger("core");\n  logger.info("event {}", event);\n}',
        ),
        Matter(
            "Time is java.time",
            "java.time",
            "Joda-Time",
            "org.joda.time",
            "its successor is in the platform",
            _MAVEN.format("joda-time", "joda-time", "2.12.5"),
            ("import org.joda.time.DateTime;",),
            "static long expiresAt(String stamp) {\n"
            "  return DateTime.parse(stamp).plusHours(1).getMillis();\n}",
        ),
        Matter(
            "Read documents by our own reader",
            "our own reader",
            "Jackson",
            "com.fasterxml.jackson",
            "its releases break each other",
            _MAVEN.format("com.fasterxml.jackson.core", "jackson-databind", "2.16.0"),
            ("import com.fasterxml.jackson.databind.ObjectMapper;",),
            "static Object readDocument(String text) throws java.io.IOException {\n"
            "  return new ObjectMapper().readTree(text);\n}",
        ),
        Matter(
            "State is written as text",
            "JSON",
            "Java serialization",
            "ObjectInputStream",
            "reading it runs code of whoever wrote it",
            "",
            ("import java.io.ObjectInputStream;", "import java.io.InputStream;"),
            "static Object restoreState(InputStream in) throws Exception {\n"
            "  return new ObjectInputStream(in).readObject();\n}",
        ),
        Matter(
            "Callbacks are plain interfaces",
            "plain interfaces",
            "RxJava",
            "io.reactivex",
            "few of us can read it",
            _MAVEN.format("io.reactivex.rxjava3", "rxjava", "3.1.8"),
            ("import io.reactivex.rxjava3.core.Observable;",),
            "static Observable<String> eventsOf(String name) {\n  return Observable.just(name);\n}",
        ),
        Matter(
            "Collections of the platform",
            "java.util",
            "Eclipse Collections",
            "org.eclipse.collections",
            "it adds ten megabytes",
            _MAVEN.format("org.eclipse.collections", "eclipse-collections", "11.1.0"),
            ("import org.eclipse.collections.impl.list.mutable.FastList;",),
            "static java.util.List<String> emptyLabels() {\n  return FastList.newList();\n}",
        ),
    ),
}
