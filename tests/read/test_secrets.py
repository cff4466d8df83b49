from __future__ import annotations

import base64
import json
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from whykeeper_indexers.secrets import redact

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
WORDS = LETTERS + LETTERS.lower() + DIGITS
HEX = "0123456789abcdef"


def _segment(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def planted() -> Iterator[tuple[str, str, str]]:
    """Name, text with ``%s``, secret: put together here, so that none stands in a file."""
    random.seed(7)

    def some(count: int, letters: str = WORDS) -> str:
        return "".join(random.choice(letters) for _ in range(count))

    body = "\n".join(some(64, WORDS + "+/") for _ in range(12))

    def block(kind: str) -> str:
        return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"

    yield "aws-secret", "aws_secret_access_key = %s", some(40, WORDS + "+/")
    yield "aws-identifier", "key = '%s'", "AKIA" + some(16, LETTERS + "234567")
    yield "github-token", "token: %s", "ghp" + "_" + some(36)
    yield "github-fine-grained", "GH=%s", "github" + "_pat_" + some(22) + "_" + some(59)
    yield "gitlab", "t=%s", "glpat" + "-" + some(20)
    yield "slack-bot", "SLACK=%s", "xox" + "b-" + some(12, DIGITS) + "-" + some(12, DIGITS) + "-" + some(24)
    yield (
        "slack-hook",
        "%s",
        "https://hooks.slack.com/services/T" + some(8, LETTERS) + "/B" + some(8, LETTERS) + "/" + some(24),
    )
    yield "stripe", "k='%s'", "sk_" + "live_" + some(24)
    yield "google", "maps=%s", "AIza" + "Sy" + some(33, WORDS + "-_")
    yield "openai", "OPENAI=%s", "sk-" + "proj-" + some(74) + "T3Blbk" + "FJ" + some(74)
    yield "anthropic", "x=%s", "sk-" + "ant-api03-" + some(93, WORDS + "-_") + "AA"
    yield "npm", "//registry.npmjs.org/:_authToken=%s", "npm" + "_" + some(36)
    yield "pypi", "p=%s", "pypi" + "-AgEIcHlwaS5vcmc" + some(80, WORDS + "-_")
    yield "sendgrid", "s=%s", "SG" + "." + some(22) + "." + some(43)
    yield "hugging-face", "HF=%s", "hf" + "_" + some(34, WORDS[:52])
    yield (
        "json-web-token",
        "auth: %s",
        ".".join(
            [
                _segment({"alg": "HS256", "typ": "JWT"}),
                _segment({"sub": "42", "name": "Jo", "iat": 1516239022}),
                some(43),
            ]
        ),
    )
    yield "rsa-key", "%s", block("RSA ")
    yield "openssh-key", "before\n%s\nafter", block("OPENSSH ")
    yield "indented-key", "key: |\n  %s", block("").replace("\n", "\n  ")
    yield "escaped-key", '"private_key": "%s"', block("").replace("\n", "\\n")
    yield "cut-off-key", "%s", block("RSA ").rpartition("\n")[0]
    yield "quoted-password", "password = '%s'", "hunter2-Tr0ub4dor"
    yield "password-with-signs", 'PASSWORD: "%s"', "Winter2024!"
    yield "environment-password", "export DB_PASSWORD=%s", "x9Kd83jfLq2P"
    yield "yaml-password", "db:\n  password: %s", "x9Kd83jfLq2P!z"
    yield "json-password", '{"db_password": "%s"}', "qW8!kd02mXpl"
    yield "api-key", 'api_key = "%s"', some(32, HEX)
    yield "client-secret", 'clientSecret: "%s",', some(40)
    yield "postgres-address", "DATABASE_URL=postgres://admin:%s@db.internal:5432/app", "s3cr3tPassw0rdX"
    yield "mysql-address", "mysql+pymysql://app:%s@10.0.0.5/app", "zKq81mPw02nd"
    yield "mongodb-address", "mongodb+srv://svc:%s@cluster0.ab1cd.mongodb.net/x", "gT7yB2kQw91z"
    yield "redis-address", "redis://:%s@cache:6379/0", "gT7yB2kQw91zPp"
    yield "git-address", "https://joe:%s@git.corp.example/x.git", "gT7yB2kQw91zPp"
    yield "storage-account", "AccountKey=%s;EndpointSuffix=core", some(86, WORDS + "+/") + "=="
    yield "sql-server", "Server=db;User Id=sa;Password=%s;", "kD83jfLq2P0x"
    yield "bearer", "Authorization: Bearer %s", some(48)
    yield "in-a-sentence", "The old DB_PASSWORD=%s leaked because of logs.", "x9Kd83jfLq2P5vB7n"
    yield "spoken-of", "Type password: %s on the console", some(20) + "7q"
    yield "typed-constant", 'export const apiKey: string = "%s";', some(32)
    yield "typed-variable", 'var apiKey string = "%s"', some(32)


PLANTED = list(planted())


@pytest.mark.parametrize(
    ("template", "secret"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_no_part_of_a_secret_is_left_and_the_lines_stay(template: str, secret: str) -> None:
    text = f"# first é\n{template % secret}\nthe last\n"
    cut, redactions = redact(text)
    parts = [secret[at : at + 8] for at in range(0, len(secret) - 7, 4)]
    assert [part for part in parts if part in cut and "KEY-----" not in part] == []
    assert cut.count("\n") == text.count("\n")
    assert cut.startswith("# first é\n")
    assert cut.endswith("\nthe last\n")
    assert redactions
    assert cut.split("\n")[redactions[0].line - 1].count(f"[redacted: {redactions[0].rule}]") == 1


@pytest.mark.parametrize(
    "text",
    [
        'password = "changeme"',
        "password: str | None = None",
        "password=os.environ['DB_PASSWORD']",
        "    token=self.context.token2,",
        "token = auth_header[7:]  # without its scheme",
        'api_key = models.CharField(max_length=255, help_text=_("Key."))',
        'token_url = "https://id.example.org/oauth2/v2/token"',
        "PASSWORD=${DB_PASSWORD1}",
        "the token: getAccessTokenSilently is called, and api_key=API_KEY_2024_PROD names it",
        "password: {{ vault_db1_password }}",
        "password: <your-password-123>",
        'const tokenKind2 = "identifier-reference";',
        'password_hash = "5f4dcc3b5aa765d61d8327deb882cf99"',
        '"credential_uuid": "525756b010aa4c788881141acca72538"',
        '"integrity": "sha512-v665Ct9WCRjGa8+kTr0CzApU0+XXtRgwmzIf1SeKSGAv+2FmCH06"',
        "commit 5d41402abc4b2a76b9719d911017c592ab5d4140",
        "postgres://user:password@localhost:5432/app",
        "https://example.org:8443/path@v2",
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        'max_tokens = "4096tokens"',
        "the secret = understanding1 what it is",
        'SECRET_NAME = "projects/p1/secrets/db2/versions/3"',
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "",
    ],
)
def test_names_placeholders_hashes_and_code_survive(text: str) -> None:
    assert redact(text) == (text, ())


def test_every_secret_of_a_text_is_cut_and_counted_on_its_line() -> None:
    text = "".join(template % secret + "\n" for _, template, secret in PLANTED)
    cut, redactions = redact(text)
    assert cut.count("\n") == text.count("\n")
    lines = [redaction.line for redaction in redactions]
    assert lines == sorted(lines)
    shown = cut.split("\n")
    assert all("[redacted: " in shown[line - 1] for line in lines)
    assert not [secret for _, _, secret in PLANTED if secret in cut]


def test_a_marker_that_asks_scanners_to_look_away_changes_nothing() -> None:
    secret = PLANTED[2][2]
    cut, _ = redact(f"token: {secret}  # kingfisher:ignore pragma: allowlist secret\n")
    assert secret not in cut


def test_a_hostile_text_is_answered_in_time() -> None:
    text = "password=" * 30_000 + "-----BEGIN PRIVATE KEY-----" * 5_000 + "a1" * 100_000
    done = threading.Event()
    threading.Thread(target=lambda: (redact(text), done.set()), daemon=True).start()
    assert done.wait(10)


def test_the_compiled_rules_are_kept_in_a_private_folder(compiled_rules: Path) -> None:
    redact("x")
    assert {path.suffix for path in compiled_rules.iterdir()} == {".vscdb", ".lock"}
    assert compiled_rules.stat().st_mode & 0o777 == 0o700
