"""Bare git repositories: what GitHub stores, computes from and serves."""
