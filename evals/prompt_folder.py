"""Where the prompts of the evaluation are: files with a version, as those of the program."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("prompts")
