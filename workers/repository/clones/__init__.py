"""Bare clones: fetched, kept, and read by object id. Nothing is ever checked out."""
