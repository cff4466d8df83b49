"""Whether a package, an import, an image or a file is of a technology that people call by another name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache

__all__ = ["file_technologies", "is_of"]

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "angular": ("angular", "ng"),
    "apache commons lang": ("commons lang", "commons lang3"),
    "aws": ("boto3", "aws sdk", "aws"),
    "beautiful soup": ("bs4", "beautifulsoup4", "beautifulsoup"),
    "django rest framework": ("djangorestframework", "rest_framework"),
    "elasticsearch": ("elasticsearch", "elastic", "opensearch"),
    "graphql": ("graphql", "apollo", "gqlgen", "graphene", "strawberry", "gql", "urql"),
    "grpc": ("grpc", "grpcio", "protoc gen go grpc"),
    "jackson": ("jackson", "fasterxml"),
    "joda time": ("joda", "joda time"),
    "junit 4": ("junit junit", "org junit test", "junit4"),
    "junit 5": ("jupiter", "junit5"),
    "kafka": ("kafka", "sarama", "kafkajs", "confluent"),
    "kubernetes": ("kubernetes", "k8s"),
    "log4j": ("log4j", "log4j2"),
    "guava": ("guava", "google common"),
    "material ui": ("mui", "material ui"),
    "memcached": ("memcached", "memcache", "gomemcache", "pymemcache", "pylibmc", "memjs", "spymemcached"),
    "moment": ("moment", "momentjs"),
    "mongodb": ("mongo", "mongodb", "pymongo", "mongoose", "motor", "mongoengine", "mgo"),
    "mysql": ("mysql", "mysql2", "pymysql", "mysqlclient", "mariadb"),
    "postgresql": ("postgresql", "postgres", "psycopg", "psycopg2", "asyncpg", "pg", "pgx", "pq", "pg8000"),
    "protocol buffers": ("protobuf", "protobufjs", "protoc"),
    "rabbitmq": ("rabbitmq", "amqp", "amqplib", "amqp091", "pika"),
    "react query": ("react query",),
    "redis": ("redis", "jedis", "lettuce", "redisson", "redigo"),
    "redux": ("redux", "reduxjs"),
    "rxjava": ("rxjava", "rxjava2", "rxjava3", "reactivex"),
    "rxjs": ("rxjs",),
    "scikit learn": ("sklearn", "scikit learn"),
    "spring": ("spring", "springframework"),
    "sqlite": ("sqlite", "sqlite3", "rusqlite", "modernc sqlite"),
    "vue": ("vue", "vuejs", "nuxt"),
}
"""Well-known packages whose names don't tell; any other is found by the parts of its own name."""
_SAME: Mapping[str, str] = {
    "postgres": "postgresql",
    "mongo": "mongodb",
    "k8s": "kubernetes",
    "protobuf": "protocol buffers",
    "elastic": "elasticsearch",
    "material-ui": "material ui",
    "commons lang": "apache commons lang",
    "junit4": "junit 4",
    "junit5": "junit 5",
    "spring framework": "spring",
    "spring boot": "spring boot",
}
_BEFORE = frozenset(
    ["io", "aio", "py", "python", "go", "node", "lib", "async", "j", "r", "golang", "php", "net"]
)
_AFTER = frozenset(["py", "js", "ts", "go", "io", "rb", "db", "php", "java", "css", "client", "jvm", "sharp"])
"""What names of packages have before and after the name of what they are for."""
_SEPARATORS = re.compile(r"[\s/@:._+#-]+")
_VERSION = re.compile(r"(?i)[\s.-]?(?:js|\.net)\Z")
_SHORTEST_PART = 4
"""Letters of a name that may be a part of another word."""

_FILES: Mapping[str, str] = {
    ".circleci": "CircleCI",
    ".gitlab-ci.yml": "GitLab CI",
    ".travis.yml": "Travis CI",
    "azure-pipelines.yml": "Azure Pipelines",
    "jenkinsfile": "Jenkins",
    "makefile": "Make",
    "justfile": "just",
    "dockerfile": "Docker",
    "docker-compose.yml": "Docker Compose",
    "docker-compose.yaml": "Docker Compose",
    "compose.yaml": "Docker Compose",
    "compose.yml": "Docker Compose",
    "pom.xml": "Maven",
    "build.gradle": "Gradle",
    "build.gradle.kts": "Gradle",
    "build.sbt": "sbt",
    "workspace.bazel": "Bazel",
    "workspace": "Bazel",
    "module.bazel": "Bazel",
    "build.bazel": "Bazel",
    "package-lock.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "bun.lock": "Bun",
    "bun.lockb": "Bun",
    "uv.lock": "uv",
    "pipfile": "Pipenv",
    "pdm.lock": "PDM",
    "noxfile.py": "nox",
    "tsconfig.json": "TypeScript",
    "turbo.json": "Turborepo",
    "chart.yaml": "Helm",
    "cmakelists.txt": "CMake",
    "gemfile": "Bundler",
    "cargo.toml": "Cargo",
    "manage.py": "Django",
}
_ENDINGS: Mapping[str, str] = {
    ".tf": "Terraform",
    ".kt": "Kotlin",
    ".proto": "Protocol Buffers",
    ".graphql": "GraphQL",
    ".scss": "Sass",
    ".less": "Less",
    ".coffee": "CoffeeScript",
    ".vue": "Vue",
    ".svelte": "Svelte",
}
_CONFIGURATION = re.compile(
    r"\.?(?P<rc>[a-z][\w-]{1,30})rc(?:\.\w{2,5})?"
    r"|(?P<config>[a-z][\w-]{1,30})\.(?:config|conf|setup)\.\w{2,5}"
    r"|\.?(?P<plain>[a-z][\w-]{1,30})\.(?:ini|toml|cfg|lock|ya?ml|xml|json)"
)


@lru_cache(maxsize=16_384)
def is_of(name: str, technology: str) -> bool:
    """Say whether a name of a package, module or image is of a technology.

    Args:
        name: ``@scope/redis-client``, ``github.com/redis/go-redis/v9``, ``redis.clients:jedis``.
        technology: As people write it: ``Redis``, ``Styled Components``, ``lodash``.
    """
    plain = _plain(technology)
    if not plain:
        return False
    parts = [part for part in _SEPARATORS.split(name.lower()) if part]
    wanted = _ALIASES.get(plain, (plain,))
    return any(_has(parts, each.split()) for each in wanted)


def file_technologies(path: str) -> tuple[str, ...]:
    """Give the tools that a file is the configuration of, as far as its name tells."""
    name = posixpath.basename(path).lower()
    found = [_FILES[each] for each in (name, path.split("/")[0].lower()) if each in _FILES]
    if path.startswith(".github/workflows/"):
        found.append("GitHub Actions")
    if ending := _ENDINGS.get(posixpath.splitext(name)[1]):
        found.append(ending)
    if configured := _CONFIGURATION.fullmatch(name):
        found.append(next(filter(None, configured.groupdict().values())))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4_096)
def _plain(technology: str) -> str:
    """A technology's name in lower case, its words apart, without an ending that some leave out."""
    lower = " ".join(_SEPARATORS.split(_VERSION.sub("", technology.strip("`@ ")).lower())).strip()
    return _SAME.get(lower, lower)


def _has(parts: list[str], words: list[str]) -> bool:
    """Whether the words stand one after another among the parts, or are written as one."""
    joined = "".join(words)
    size = len(words)
    for at in range(len(parts)):
        if parts[at : at + size] == words:
            return True
        if _is_one(parts[at], joined):
            return True
    return False


def _is_one(part: str, word: str) -> bool:
    plain = part.rstrip("0123456789") if not word[-1:].isdigit() else part
    if plain == word or (len(word) > _SHORTEST_PART and plain == word.removesuffix("s")):
        return True
    # What is installed as PyYAML is imported as yaml.
    if len(plain) >= _SHORTEST_PART and word.endswith(plain) and word.removesuffix(plain) in _BEFORE:
        return True
    if len(word) < _SHORTEST_PART or word not in part:
        return False
    before, _, after = part.partition(word)
    return (not before or before in _BEFORE) and (
        not after.rstrip("0123456789") or after.rstrip("0123456789") in _AFTER
    )
