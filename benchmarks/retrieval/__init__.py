"""Retrieval quality over real repositories, through the MCP tools."""
