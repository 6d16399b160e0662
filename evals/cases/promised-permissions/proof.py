"""Under the usual umask nobody else may read the file."""

import os
import stat
import tempfile
from pathlib import Path

from vaultlet.vault import Vault

os.umask(0o022)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "tokens.json"
    Vault(path).put("ci", "abc")
    mode = stat.S_IMODE(path.stat().st_mode)
if mode & 0o077:
    raise SystemExit(f"DEFECT: the mode is {mode:o}")
