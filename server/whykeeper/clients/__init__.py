"""Registering whykeeper with coding agents: one module for each, listed in ``registry``."""
