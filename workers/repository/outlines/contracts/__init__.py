"""Contracts: what the users of a file's definitions can rely on. One file here for each fact."""
