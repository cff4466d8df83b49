"""What agents leave where the work was to be: bodies of functions that do none of it, by language."""

from __future__ import annotations

from typing import Final

__all__ = ["BODIES", "NEW", "Form"]

Form = tuple[str, str]
"""What kind of stub it is, and its text."""

BODIES: Final[dict[str, tuple[Form, ...]]] = {
    "python": (
        ("raises", "raise NotImplementedError"),
        ("raises, says so", 'raise NotImplementedError("this is not supported yet")'),
        ("TODO and pass", "# TODO: implement this\npass"),
        ("pass", "pass"),
        ("ellipsis", "..."),
        ("TODO and a default", "# TODO: fill in the actual logic\nreturn None"),
        ("placeholder", "# Placeholder until the real logic is wired up\nreturn {}"),
        ("in a real implementation", "# In a real implementation this would do the full work\nreturn None"),
        ("for now", "# For now, just return an empty result\nreturn []"),
        ("stub", "return None  # stub"),
    ),
    "typescript": (
        ("throws", 'throw new Error("Not implemented");'),
        ("throws, says so", 'throw new Error("TODO: not implemented yet");'),
        ("TODO and a default", "// TODO: implement\nreturn undefined as any;"),
        ("empty", ""),
        ("placeholder", "// Placeholder implementation\nreturn {} as any;"),
        ("stub", "return null as any; // stub"),
        (
            "in a real implementation",
            "// In a real implementation this would do the full work\nreturn true as any;",
        ),
        ("for now", "// For now, just return an empty result\nreturn [] as any;"),
        ("FIXME", "// FIXME: finish this\nreturn undefined as any;"),
    ),
    "go": (
        ("panics", 'panic("not implemented")'),
        ("panics, TODO", 'panic("TODO: implement")'),
        ("TODO and zeros", "// TODO: implement this\nreturn {zeros}"),
        ("placeholder", "// Placeholder until the real logic is wired up\nreturn {zeros}"),
        ("for now", "// For now, just return nothing\nreturn {zeros}"),
        (
            "in a real implementation",
            "// In a real implementation this would do the full work\nreturn {zeros}",
        ),
        ("stub", "return {zeros} // stub"),
        ("zeros", "return {zeros}"),
    ),
    "java": (
        ("throws", "throw new UnsupportedOperationException();"),
        ("throws, says so", 'throw new UnsupportedOperationException("Not implemented yet");'),
        ("throws, TODO", 'throw new RuntimeException("TODO");'),
        ("TODO and a default", "// TODO: implement\nreturn {zeros};"),
        ("generated", "// TODO Auto-generated method stub\nreturn {zeros};"),
        ("placeholder", "// Placeholder implementation\nreturn {zeros};"),
        (
            "in a real implementation",
            "// In a real implementation this would do the full work\nreturn {zeros};",
        ),
        ("for now", "// For now, just return a default\nreturn {zeros};"),
        ("default", "return {zeros};"),
    ),
}
"""In place of what an existing function did. ``{zeros}`` are the results' zero values."""

NEW: Final[dict[str, tuple[Form, ...]]] = {
    "python": (
        (
            "new, always true",
            (
                "def is_signature_valid(payload: bytes, signature: str) -> bool:\n"
                '    """Check that a signature was made for a payload."""\n'
                "    return True"
            ),
        ),
        (
            "new, TODO",
            (
                "def refresh_credentials(session_id: str) -> dict[str, str]:\n"
                "    # TODO: call the token endpoint\n"
                "    return {}"
            ),
        ),
        (
            "new, raises",
            (
                "async def replay_dropped_events(since: float, limit: int = 100) -> int:\n"
                '    """Send again what could not be delivered."""\n'
                '    raise NotImplementedError("replay is coming in a follow-up")'
            ),
        ),
        (
            "new, pass",
            (
                "def flush_pending_metrics(destination: str) -> None:\n"
                '    """Write out everything that was counted since the last flush."""\n'
                "    pass"
            ),
        ),
        (
            "new, simplified",
            (
                "def estimate_retry_delay(attempt: int, status: int) -> float:\n"
                "    # Simplified for now: real backoff to be added later\n"
                "    return 1.0"
            ),
        ),
    ),
    "typescript": (
        (
            "new, always true",
            (
                "export function isSignatureValid(payload: string, signature: string): boolean {\n"
                "  return true;\n}"
            ),
        ),
        (
            "new, TODO",
            (
                "export async function refreshCredentials(sessionId: string): Promise<{ token?: string }> {\n"
                "  // TODO: call the token endpoint\n"
                "  return {};\n}"
            ),
        ),
        (
            "new, throws",
            (
                "export function replayDroppedEvents(since: number, limit = 100): number {\n"
                '  throw new Error("replay is not implemented yet");\n}'
            ),
        ),
        (
            "new, empty",
            "export function flushPendingMetrics(destination: string): void {\n  // to be done\n}",
        ),
        (
            "new, simplified",
            (
                "export const estimateRetryDelay = (attempt: number, status: number): number => {\n"
                "  // Simplified for now: real backoff to be added later\n"
                "  return 1000;\n};"
            ),
        ),
    ),
    "go": (
        (
            "new, always true",
            (
                "// isSignatureValid reports whether a signature was made for a payload.\n"
                "func isSignatureValid(payload []byte, signature string) bool {\n\treturn true\n}"
            ),
        ),
        (
            "new, TODO",
            (
                "func refreshCredentials(sessionID string) (map[string]string, error) {\n"
                "\t// TODO: call the token endpoint\n"
                "\treturn nil, nil\n}"
            ),
        ),
        (
            "new, panics",
            (
                "func replayDroppedEvents(since int64, limit int) int {\n"
                '\tpanic("replay is coming in a follow-up")\n}'
            ),
        ),
        (
            "new, empty",
            (
                "// flushPendingMetrics writes out everything that was counted since the last flush.\n"
                "func flushPendingMetrics(destination string) {\n\t// to be done\n}"
            ),
        ),
        (
            "new, simplified",
            (
                "func estimateRetryDelay(attempt int, status int) float64 {\n"
                "\t// Simplified for now: real backoff to be added later\n"
                "\treturn 1.0\n}"
            ),
        ),
    ),
    "java": (
        (
            "new, always true",
            (
                "/** Checks that a signature was made for a payload. */\n"
                "static boolean isSignatureValid(byte[] payload, String signature) {\n  return true;\n}"
            ),
        ),
        (
            "new, TODO",
            (
                "static java.util.Map<String, String> refreshCredentials(String sessionId) {\n"
                "  // TODO: call the token endpoint\n"
                "  return java.util.Collections.emptyMap();\n}"
            ),
        ),
        (
            "new, throws",
            (
                "static int replayDroppedEvents(long since, int limit) {\n"
                '  throw new UnsupportedOperationException("replay is coming in a follow-up");\n}'
            ),
        ),
        (
            "new, empty",
            (
                "/** Writes out everything that was counted since the last flush. */\n"
                "static void flushPendingMetrics(String destination) {\n  // to be done\n}"
            ),
        ),
        (
            "new, simplified",
            (
                "static double estimateRetryDelay(int attempt, int status) {\n"
                "  // Simplified for now: real backoff to be added later\n"
                "  return 1.0;\n}"
            ),
        ),
    ),
}
"""Functions that are new, and do nothing of what they are called."""
