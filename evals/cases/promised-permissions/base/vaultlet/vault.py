"""Tokens by name."""

from pathlib import Path

from vaultlet import files


class Vault:
    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        return files.read(self._path).get(name)

    def put(self, name: str, token: str) -> None:
        files.write(self._path, {**files.read(self._path), name: token})

    def forget(self, name: str) -> None:
        tokens = files.read(self._path)
        tokens.pop(name, None)
        files.write(self._path, tokens)
