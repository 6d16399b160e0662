"""Newtypes, so that a repository id is never passed where an installation id is meant."""

from __future__ import annotations

from typing import NewType

Sha = NewType("Sha", str)
"""A full, lower-case hexadecimal commit object id."""

BlobId = NewType("BlobId", str)
"""A full, lower-case hexadecimal blob object id."""

InstallationId = NewType("InstallationId", int)
RepositoryId = NewType("RepositoryId", int)
"""GitHub's numeric id: survives renames and transfers, so every stored key uses it."""

DeliveryId = NewType("DeliveryId", str)
"""The GUID in `X-GitHub-Delivery`; a redelivery keeps it."""
