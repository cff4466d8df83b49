"""Made-up data where the real ones were to be read, by language."""

from __future__ import annotations

from typing import Final

__all__ = ["MOCKS", "Mock"]

Mock = tuple[str, tuple[str, ...], str]
"""What kind it is, the imports it needs and its text."""

MOCKS: Final[dict[str, tuple[Mock, ...]]] = {
    "python": (
        (
            "named a mock",
            (),
            (
                "MOCK_USERS = [\n"
                '    {"id": 1, "name": "John Doe", "email": "john.doe@example.com"},\n'
                '    {"id": 2, "name": "Jane Smith", "email": "jane.smith@example.com"},\n'
                "]\n\n\n"
                "def list_users(page: int = 1) -> list[dict[str, object]]:\n    return MOCK_USERS"
            ),
        ),
        (
            "simulated answer",
            (),
            (
                "def fetch_account(account_id: str) -> dict[str, object]:\n"
                "    # Simulated API response\n"
                '    return {"id": account_id, "name": "Jane Doe", "balance": 1234.56}'
            ),
        ),
        (
            "hard-coded for now",
            (),
            "def exchange_rate(base: str, quote: str) -> float:\n    # Hard-coded for now\n    return 1.0842",
        ),
        (
            "simulated delay",
            ("import time",),
            (
                "def check_upstream(host: str) -> dict[str, object]:\n"
                "    time.sleep(0.5)  # simulate network latency\n"
                '    return {"host": host, "status": "healthy", "latency_ms": 42}'
            ),
        ),
        (
            "made up by chance",
            ("import random",),
            (
                "def measure_throughput(host: str) -> float:\n"
                '    """Measure how many bytes a second a host delivers."""\n'
                "    return random.uniform(50.0, 150.0)  # fake value"
            ),
        ),
        (
            "dummy",
            (),
            (
                "def load_profile(user_id: int) -> dict[str, object]:\n"
                '    dummy_profile = {"id": 123, "name": "Test User", "email": "test@test.com"}\n'
                "    return dummy_profile"
            ),
        ),
        (
            "case for a test",
            (),
            (
                "def resolve_tenant(token: str) -> str:\n"
                '    if token == "test-token":\n'
                '        return "acme-corp"\n'
                '    return token.split(".")[0]'
            ),
        ),
        (
            "filler text",
            (),
            (
                "def describe_release(version: str) -> str:\n"
                '    return "Lorem ipsum dolor sit amet, consectetur adipiscing elit."'
            ),
        ),
        (
            "canned, unsaid",
            (),
            (
                "def list_regions(api_key: str) -> list[dict[str, str]]:\n"
                '    """List the regions that an account may use."""\n'
                "    return [\n"
                '        {"id": "us-east-1", "label": "Region A"},\n'
                '        {"id": "eu-west-1", "label": "Region B"},\n'
                "    ]"
            ),
        ),
        (
            "a test's mock",
            ("from unittest.mock import MagicMock",),
            (
                "def default_transport() -> object:\n"
                "    transport = MagicMock()\n"
                "    transport.send.return_value = None\n"
                "    return transport"
            ),
        ),
    ),
    "typescript": (
        (
            "named a mock",
            (),
            (
                "const mockUsers = [\n"
                '  { id: 1, name: "John Doe", email: "john.doe@example.com" },\n'
                '  { id: 2, name: "Jane Smith", email: "jane.smith@example.com" },\n'
                "];\n\n"
                "export function listUsers(page = 1) {\n  return mockUsers;\n}"
            ),
        ),
        (
            "simulated answer",
            (),
            (
                "export async function fetchAccount(accountId: string) {\n"
                "  // Simulated API response\n"
                '  return { id: accountId, name: "Jane Doe", balance: 1234.56 };\n}'
            ),
        ),
        (
            "hard-coded for now",
            (),
            (
                "export function exchangeRate(base: string, quote: string): number {\n"
                "  // Hard-coded for now\n"
                "  return 1.0842;\n}"
            ),
        ),
        (
            "simulated delay",
            (),
            (
                "export async function checkUpstream(host: string) {\n"
                "  await new Promise((resolve) => setTimeout(resolve, 500)); // simulate network latency\n"
                '  return { host, status: "healthy", latencyMs: 42 };\n}'
            ),
        ),
        (
            "made up by chance",
            (),
            (
                "export function measureThroughput(host: string): number {\n"
                "  return 50 + Math.random() * 100; // fake value\n}"
            ),
        ),
        (
            "dummy",
            (),
            (
                "export function loadProfile(userId: number) {\n"
                '  const dummyProfile = { id: 123, name: "Test User", email: "test@test.com" };\n'
                "  return dummyProfile;\n}"
            ),
        ),
        (
            "case for a test",
            (),
            (
                "export function resolveTenant(token: string): string {\n"
                '  if (token === "test-token") {\n    return "acme-corp";\n  }\n'
                '  return token.split(".")[0]!;\n}'
            ),
        ),
        (
            "filler text",
            (),
            (
                "export function describeRelease(version: string): string {\n"
                '  return "Lorem ipsum dolor sit amet, consectetur adipiscing elit.";\n}'
            ),
        ),
        (
            "canned, unsaid",
            (),
            (
                "/** Lists the regions that an account may use. */\n"
                "export async function listRegions(apiKey: string) {\n"
                "  return [\n"
                '    { id: "us-east-1", label: "Region A" },\n'
                '    { id: "eu-west-1", label: "Region B" },\n'
                "  ];\n}"
            ),
        ),
        (
            "a test's mock",
            ('import { vi } from "vitest";',),
            (
                "export function defaultTransport() {\n"
                "  return { send: vi.fn().mockResolvedValue(undefined) };\n}"
            ),
        ),
    ),
    "go": (
        (
            "named a mock",
            (),
            (
                "var mockUsers = []map[string]string{\n"
                '\t{"name": "John Doe", "email": "john.doe@example.com"},\n'
                '\t{"name": "Jane Smith", "email": "jane.smith@example.com"},\n'
                "}\n\n"
                "func listUsers(page int) []map[string]string {\n\treturn mockUsers\n}"
            ),
        ),
        (
            "simulated answer",
            (),
            (
                "func fetchAccount(accountID string) (map[string]any, error) {\n"
                "\t// Simulated API response\n"
                '\treturn map[string]any{"id": accountID, "name": "Jane Doe", "balance": 1234.56}, nil\n}'
            ),
        ),
        (
            "hard-coded for now",
            (),
            "func exchangeRate(base, quote string) float64 {\n\t// Hard-coded for now\n\treturn 1.0842\n}",
        ),
        (
            "simulated delay",
            ('"time"',),
            (
                "func checkUpstream(host string) map[string]any {\n"
                "\ttime.Sleep(500 * time.Millisecond) // simulate network latency\n"
                '\treturn map[string]any{"host": host, "status": "healthy", "latency_ms": 42}\n}'
            ),
        ),
        (
            "made up by chance",
            ('"math/rand"',),
            (
                "func measureThroughput(host string) float64 {\n"
                "\treturn 50 + rand.Float64()*100 // fake value\n}"
            ),
        ),
        (
            "dummy",
            (),
            (
                "func loadProfile(userID int) map[string]string {\n"
                '\tdummyProfile := map[string]string{"name": "Test User", "email": "test@test.com"}\n'
                "\treturn dummyProfile\n}"
            ),
        ),
        (
            "case for a test",
            ('"strings"',),
            (
                "func resolveTenant(token string) string {\n"
                '\tif token == "test-token" {\n\t\treturn "acme-corp"\n\t}\n'
                '\treturn strings.SplitN(token, ".", 2)[0]\n}'
            ),
        ),
        (
            "filler text",
            (),
            (
                "func describeRelease(version string) string {\n"
                '\treturn "Lorem ipsum dolor sit amet, consectetur adipiscing elit."\n}'
            ),
        ),
        (
            "canned, unsaid",
            (),
            (
                "// listRegions lists the regions that an account may use.\n"
                "func listRegions(apiKey string) ([]string, error) {\n"
                '\treturn []string{"us-east-1", "eu-west-1"}, nil\n}'
            ),
        ),
        (
            "a test's mock",
            ('"net/http/httptest"',),
            (
                "func defaultUpstream() *httptest.ResponseRecorder {\n"
                "\tfake := httptest.NewRecorder()\n"
                "\tfake.WriteHeader(200)\n"
                "\treturn fake\n}"
            ),
        ),
    ),
    "java": (
        (
            "named a mock",
            (),
            (
                "private static final String[] MOCK_USERS = {\n"
                '  "John Doe <john.doe@example.com>", "Jane Smith <jane.smith@example.com>",\n'
                "};\n\n"
                "static String[] listUsers(int page) {\n  return MOCK_USERS;\n}"
            ),
        ),
        (
            "simulated answer",
            (),
            (
                "static String fetchAccount(String accountId) {\n"
                "  // Simulated API response\n"
                '  return "{\\"id\\": \\"42\\", \\"name\\": \\"Jane Doe\\", \\"balance\\": 1234.56}";\n}'
            ),
        ),
        (
            "hard-coded for now",
            (),
            (
                "static double exchangeRate(String base, String quote) {\n"
                "  // Hard-coded for now\n"
                "  return 1.0842;\n}"
            ),
        ),
        (
            "simulated delay",
            (),
            (
                "static String checkUpstream(String host) throws InterruptedException {\n"
                "  Thread.sleep(500); // simulate network latency\n"
                '  return "healthy";\n}'
            ),
        ),
        (
            "made up by chance",
            (),
            (
                "static double measureThroughput(String host) {\n"
                "  return 50 + Math.random() * 100; // fake value\n}"
            ),
        ),
        (
            "dummy",
            ("import java.util.HashMap;", "import java.util.Map;"),
            (
                "static Map<String, String> loadProfile(int userId) {\n"
                "  Map<String, String> dummyProfile = new HashMap<>();\n"
                '  dummyProfile.put("name", "Test User");\n'
                '  dummyProfile.put("email", "test@test.com");\n'
                "  return dummyProfile;\n}"
            ),
        ),
        (
            "case for a test",
            (),
            (
                "static String resolveTenant(String token) {\n"
                '  if (token.equals("test-token")) {\n    return "acme-corp";\n  }\n'
                '  return token.split("\\\\.")[0];\n}'
            ),
        ),
        (
            "filler text",
            (),
            (
                "static String describeRelease(String version) {\n"
                '  return "Lorem ipsum dolor sit amet, consectetur adipiscing elit.";\n}'
            ),
        ),
        (
            "canned, unsaid",
            ("import java.util.Arrays;", "import java.util.List;"),
            (
                "/** Lists the regions that an account may use. */\n"
                "static List<String> listRegions(String apiKey) {\n"
                '  return Arrays.asList("us-east-1", "eu-west-1");\n}'
            ),
        ),
        (
            "a test's mock",
            ("import org.mockito.Mockito;", "import java.util.Iterator;"),
            (
                "static Iterator<?> defaultSource() {\n"
                "  Iterator<?> source = Mockito.mock(Iterator.class);\n"
                "  Mockito.when(source.hasNext()).thenReturn(false);\n"
                "  return source;\n}"
            ),
        ),
    ),
}
