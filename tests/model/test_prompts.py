"""Prompt files: versions in front, strict placeholders."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.model.prompts import FOLDER, PromptError, load_prompt


def write(folder: Path, text: str) -> Path:
    (folder / "hunt.md").write_text(text, encoding="utf-8")
    return folder


def test_a_prompt_is_rendered_and_tagged(tmp_path: Path) -> None:
    prompt = load_prompt("hunt", write(tmp_path, "---\nversion: 3\n---\n\nRead {{diff}} now.\n"))
    assert prompt.tag == "hunt@3"
    assert prompt.placeholders == {"diff"}
    assert prompt.render(diff="a {{focus}} b") == "Read a {{focus}} b now."


def test_values_must_be_exactly_those_that_the_prompt_names(tmp_path: Path) -> None:
    prompt = load_prompt("hunt", write(tmp_path, "---\nversion: 1\n---\n{{diff}} {{focus}}"))
    with pytest.raises(PromptError) as caught:
        prompt.render(diff="d", sites="s")
    assert str(caught.value) == (
        "prompt 'hunt@1': values missing for ['focus'], not asked for: ['sites']"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Read.", "must start with the lines '---', 'version: 1' and '---'"),
        ("---\nversion: 0\n---\nRead.", "must start with the lines"),
        ("---\nversion: 1\n---\nRead {{ diff }}.", "'{{ diff }}.' is not a placeholder"),
        ("---\nversion: 1\n---\nRead {{Diff}}.", "'{{Diff}}.' is not a placeholder"),
    ],
)
def test_a_malformed_file_is_an_error_that_says_how(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(PromptError) as caught:
        load_prompt("hunt", write(tmp_path, text))
    assert problem in str(caught.value)


def test_a_missing_prompt_names_the_file_expected(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"expected the file .*nothing\.md"):
        load_prompt("nothing", tmp_path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_prompt_of_the_project_loads_and_renders(path: Path) -> None:
    prompt = load_prompt(path.stem)
    assert "{{" not in prompt.render(**dict.fromkeys(prompt.placeholders, "value"))
