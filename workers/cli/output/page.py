"""A terminal page: styled lines, wrapped at a width, as one string."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.domain.plural import plural
from workers.cli.output.prose_markup import blocks, spans
from workers.cli.output.safe_text import safe, safe_code, safe_line
from workers.cli.output.snippets import Snippet

_WORD = re.compile(r"\S+\s*")
STYLES = {
    "P0": "bold white on red",
    "P1": "bold red",
    "P2": "bold yellow",
    "P3": "bold cyan",
    "kept": "green",
    "broken": "bold red",
    "partly": "yellow",
    "unverifiable": "dim",
    "safe": "green",
    "not_inspected": "dim",
    "marked": "bold",
    "faint": "dim",
    "heading": "bold underline",
    "path": "cyan",
    "title": "bold",
    "code": "cyan",
    "added": "green",
    "removed": "red",
}


class Page:
    """Collects lines. Every text that is handed in is made safe here, so no caller can forget."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self._colour = colour
        self._stream = io.StringIO()
        self._console = Console(
            file=self._stream,
            width=width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def text(self) -> str:
        """What was written, without trailing spaces or blank lines at the end."""
        lines = [line.rstrip() for line in self._stream.getvalue().split("\n")]
        return "\n".join(lines).rstrip("\n") + "\n"

    def blank(self) -> None:
        """One empty line."""
        self._console.print()

    def heading(self, text: str) -> None:
        """A blank line and a section's name."""
        self.blank()
        self.line((text, "heading"))

    def line(self, *parts: tuple[str, str], indent: int = 0, hang: int = 0) -> None:
        """Parts of (text, style) on one line; what is too long wraps, indented by `hang` more.

        It wraps between words only: half a path is of no use to a person or to an editor.
        """
        whole = Text()
        for words, style in parts:
            whole.append(_on_one_line(words), STYLES.get(style, ""))
        first = self.width - indent
        pieces = _wrapped(whole, first)
        if len(pieces) > 1 and hang:
            rest = whole[len(pieces[0].plain) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            pieces = [pieces[0], *_wrapped(rest, max(20, first - hang))]
        for number, piece in enumerate(pieces):
            room = max(0, self.width - cell_len(piece.plain))
            margin = min(indent + (hang if number else 0), room)
            self._console.print(
                Text(" " * margin) + piece, soft_wrap=True, overflow="ignore", no_wrap=True
            )

    def said(self, text: str, style: str = "") -> list[tuple[str, str]]:
        """A model's line as parts for `line`: its bold words and code spans rendered."""
        return list(spans(" ".join(text.split()), style, self._colour))

    def markup(self, text: str, indent: int) -> None:
        """A model's paragraphs, lists and code, rendered as far as a terminal can."""
        for block in blocks(safe(text)):
            inset = indent + min(block.indent, 8)
            match block.kind:
                case "blank":
                    self.blank()
                case "code":
                    self.code_line(block.text, "code", indent)
                case "heading":
                    self.line(*self.said(block.text, "title"), indent=inset)
                case "item":
                    bullet = f"{block.bullet} "
                    parts = self.said(block.text)
                    self.line((bullet, ""), *parts, indent=inset, hang=len(bullet))
                case "line":
                    self.line(*self.said(block.text), indent=inset)

    def prose(self, text: str, indent: int, style: str = "") -> None:
        """Paragraphs; the writer's own line breaks are kept."""
        for line in safe(text).strip().split("\n"):
            if not line.strip():
                self.blank()
                continue
            own = len(line) - len(line.lstrip())
            self.line((line.strip(), style), indent=indent + min(own, 8))

    def snippet(self, snippet: Snippet, indent: int) -> None:
        """Numbered code; meant lines carry a `>`. Long lines are cut, so that columns stay."""
        if not snippet.lines:
            return
        digits = len(str(snippet.lines[-1].number))
        room = self.width - indent - digits - 5
        for line in snippet.lines:
            code = safe_code(line.text)
            shown = code if cell_len(code) <= room else code[: room - 1] + "…"
            margin = "> " if line.marked else "  "
            self._console.print(
                Text(" " * indent)
                + Text(f"{margin}{line.number:>{digits}} │ ", STYLES["faint"])
                + Text(shown, STYLES["marked"] if line.marked else STYLES["faint"]),
                soft_wrap=True,
                no_wrap=True,
            )
        if snippet.left_out:
            self.line((f"({plural(snippet.left_out, 'line')} more)", "faint"), indent=indent + 2)

    def code_line(self, code: str, style: str, indent: int) -> None:
        """One whole line of code, never wrapped or cut: it may be copied."""
        shown = Text(safe_code(code), STYLES[style])
        self._console.print(
            Text(" " * indent) + Text("│ ", STYLES["faint"]) + shown, soft_wrap=True
        )

    def whole(self, text: str, style: str, indent: int) -> None:
        """One line that is never wrapped: it is there to be copied."""
        shown = Text(safe_line(text), STYLES[style])
        self._console.print(Text(" " * indent) + shown, soft_wrap=True)

    def columns(self, rows: Sequence[Sequence[tuple[str, str]]], indent: int) -> None:
        """Rows of cells; all but the last column are as wide as their widest cell.

        No column takes more than half of the page: a longer cell moves what follows in its row.
        """
        if not rows:
            return
        widths = [
            min(max(cell_len(safe_line(row[place][0])) for row in rows), self.width // 2)
            for place in range(len(rows[0]) - 1)
        ]
        for row in rows:
            lengths = [cell_len(safe_line(words)) for words, _ in row[:-1]]
            parts = [
                (safe_line(words) + " " * (max(0, width - length) + 2), style)
                for (words, style), width, length in zip(row, widths, lengths, strict=False)
            ]
            wide = (n for n, length in enumerate(lengths) if length > widths[n])
            before = widths[: next(wide, len(widths))]
            hang = min(sum(before) + 2 * len(before), self.width // 2)
            self.line(*parts, row[-1], indent=indent, hang=hang)


def _wrapped(whole: Text, width: int) -> list[Text]:
    """Lines of whole words; a word that is wider than the line stands alone on one."""
    starts, used = [], 0
    for word in _WORD.finditer(whole.plain):
        if used and used + cell_len(word[0].rstrip()) > width:
            starts.append(word.start())
            used = 0
        used += cell_len(word[0])
    lines = list(whole.divide(starts))
    for line in lines:
        line.rstrip()
    return lines


def _on_one_line(text: str) -> str:
    """Safe, with the spaces at its ends and between columns."""
    return safe(text).replace("\n", " ")
