"""What an imported name of JavaScript or TypeScript means in one snapshot."""

from __future__ import annotations

import json
import re
from typing import Literal

from workers.repository.resolution import resolve
from workers.repository.resolution.layout import Layout, folder_of
from workers.repository.scripts.exports import ScriptExports, script_exports
from workers.repository.scripts.imports import ScriptImport, script_imports
from workers.repository.scripts.text import SUFFIXES, ScriptText, script_text
from workers.repository.snapshot import Snapshot

Presence = Literal["present", "absent", "unknown"]
_HOPS = 6
_STRICT = re.compile(r'"(strict|noImplicitAny)"\s*:\s*true|"(extends|references)"\s*:')
_OF_FUNCTIONS = frozenset(("name", "length", "prototype", "call", "apply", "bind", "toString"))


class ScriptLookup:
    """The script files of one snapshot, each read at most once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.layout = Layout(snapshot.paths)
        self._texts: dict[str, ScriptText | None] = {}
        self._exports: dict[str, ScriptExports | None] = {}
        self._imports: dict[str, tuple[ScriptImport, ...]] = {}
        self._strict: dict[str, bool] = {}

    def text(self, path: str) -> ScriptText | None:
        """The file's text with its places; None where it is absent or does not read as a script."""
        if path not in self._texts:
            text = self.snapshot.text(path) if path.endswith(SUFFIXES) else None
            self._texts[path] = None if text is None else script_text(text)
        return self._texts[path]

    def exports(self, path: str) -> ScriptExports | None:
        """What the file exports."""
        if path not in self._exports:
            script = self.text(path)
            self._exports[path] = None if script is None else script_exports(script)
        return self._exports[path]

    def imports(self, path: str) -> tuple[ScriptImport, ...]:
        """What the file imports."""
        if path not in self._imports:
            script = self.text(path)
            self._imports[path] = () if script is None else tuple(script_imports(script))
        return self._imports[path]

    def file(self, importer: str, module: str) -> str | None:
        """The file that a relative module name means here."""
        if not module.startswith("."):
            return None
        found = resolve("javascript", self.layout, importer, module)
        return found[0] if len(found) == 1 else None

    def presence(self, path: str, name: str, hops: int = _HOPS) -> Presence:
        """Whether an import of this name from the file finds a value."""
        exports = self.exports(path)
        if exports is None or hops == 0:
            return "unknown"
        if name in exports.names or name in exports.types:
            return "present"
        if exports.commonjs and (name == "default" or name in _OF_FUNCTIONS):
            return "present"
        if exports.open:
            return "unknown"
        for module in exports.stars if name != "default" or exports.commonjs else ():
            file = self.file(path, module)
            found = self.presence(file, name, hops - 1) if file else "unknown"
            if found != "absent":
                return found
        return "absent"

    def home(self, path: str, name: str, hops: int = _HOPS) -> str:
        """The file whose own text exports the name, through `export * from`."""
        exports = self.exports(path)
        if exports is None or name in exports.names or hops == 0:
            return path
        for module in exports.stars:
            file = self.file(path, module)
            if file is not None and self.presence(file, name) == "present":
                return self.home(file, name, hops - 1)
        return path

    def is_strict(self, path: str) -> bool:
        """Whether a strict TypeScript build reads this file: its compiler finds what is gone."""
        if not re.search(r"\.[cm]?tsx?$", path):
            return False
        folder = folder_of(path)
        while True:
            config = f"{folder}/tsconfig.json".lstrip("/")
            if config in self.layout.paths:
                return self._says_strict(config)
            if not folder:
                return False
            folder = folder_of(folder)

    def _says_strict(self, config: str) -> bool:
        """`strict`, or a base that may say so."""
        if config not in self._strict:
            text = self.snapshot.text(config) or ""
            said = re.search(
                r'"(strict|noImplicitAny)"\s*:\s*true|"(extends|references)"\s*:', text
            )
            self._strict[config] = bool(said)
        return self._strict[config]

    def may_be_resolved_otherwise(self, folder: str) -> bool:
        """A folder whose `package.json` says what an import of it means."""
        text = self.snapshot.text(f"{folder}/package.json")
        if text is None:
            return False
        try:
            manifest = json.loads(text)
        except (ValueError, RecursionError):
            return True
        return isinstance(manifest, dict) and bool({"main", "exports", "module"} & set(manifest))
