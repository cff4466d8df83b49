"""A change held against everything remembered: plan, decisions, conventions, documents, existing code."""
