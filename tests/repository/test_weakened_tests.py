"""Tests that are removed, skipped or emptied while the code that they test stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.finding import Fate, Severity
from tests.repository.projects import Files, known

CODE = "def total(items):\n    return sum(items)\n\n\ndef spare(items):\n    return items\n"
RENAMED = (
    "class TestMore:\n    def test_one(self):\n        assert total([1, 2, 3, 4, 5, 6, 7]) == 28\n"
)
TEST = (
    "def test_total():\n    assert total([1, 2, 3, 4, 5, 6, 7]) == 28\n\n\n"
    "def test_spare():\n    assert spare(1)\n"
)
BEFORE = {"shop.py": CODE, "tests/test_shop.py": TEST}
WITHOUT = TEST.partition("\n\n\n")[2]


def notes(folder: Path, after: Files) -> list[str]:
    """The titles of the notes on tests."""
    found = known(folder, BEFORE, after).findings
    return [finding.title for finding in found if finding.kind == "weakened_test"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (WITHOUT, "removed"),
        ("import pytest\n\n\n@pytest.mark.skip\n" + TEST, "skipped"),
        (TEST.replace("    assert total", "    pytest.skip('later')\n    assert total"), "skipped"),
        (TEST.replace("    assert total([1, 2, 3, 4, 5, 6, 7]) == 28", "    pass"), "emptied"),
    ],
)
def test_a_test_that_lost_its_force(changed: str, fault: str, tmp_path: Path) -> None:
    after = {"tests/test_shop.py": changed}
    assert notes(tmp_path, after) == [f"1 test is {fault} while the code stays"]


@pytest.mark.parametrize(
    "after",
    [
        {"tests/test_shop.py": WITHOUT, "shop.py": CODE.partition("\n\n\n")[2]},
        {"tests/test_shop.py": WITHOUT, "tests/test_more.py": TEST.partition("\n\n\n")[0] + "\n"},
        {"tests/test_shop.py": TEST.replace("test_total", "test_total_of_one")},
        {"tests/test_shop.py": "@pytest.mark.skipif(WINDOWS)\n" + TEST},
        {"tests/test_shop.py": TEST.replace("== 28", "== 29")},
        {"tests/test_shop.py": WITHOUT, "tests/test_more.py": RENAMED},
        {"tests/test_shop.py": TEST.replace("test_total", "provide_total")},
    ],
    ids=["with its code", "moved", "renamed", "on a condition", "edited", "both", "no test at all"],
)
def test_tests_that_went_for_a_reason(after: Files, tmp_path: Path) -> None:
    assert notes(tmp_path, after) == []


def test_a_skipped_test_that_goes_takes_nothing_away(tmp_path: Path) -> None:
    """As where a subclass skipped what its base tests, because the code could not do it yet."""
    skips = "class TestShop(Base):\n    def test_total(self):\n        pytest.skip('not yet')\n"
    before = {"shop.py": CODE, "tests/test_shop.py": f"import pytest\n\n\n{skips}"}
    after = {"tests/test_shop.py": "class TestShop(Base):\n    pass\n"}
    assert known(tmp_path, before, after).findings == ()


def test_the_note_never_speaks_up(tmp_path: Path) -> None:
    [note] = known(tmp_path, BEFORE, {"tests/test_shop.py": WITHOUT}).findings
    assert (note.severity, note.fate, note.side, note.line) == (Severity.P3, Fate.LISTED, "LEFT", 1)
    assert note.body == (
        "1 test is removed here, and no code that `test_total` speaks of went away. "
        "If that is meant, say why."
    )


SCRIPT = "it('adds', () => {\n  expect(1);\n});\n"
SPEC = "it 'adds' do\n  expect(1)\nend\n"
PHP = "    public function testAdd()\n    {\n        $this->ok();\n    }\n"
JAVA = "    @Test\n    void adds() {\n        ok();\n    }\n"


def test_a_renamed_case_keeps_the_mark_above_it(tmp_path: Path) -> None:
    after = JAVA.replace("adds()", "addsAll()")
    before = {"CartTest.java": JAVA, "shop.py": CODE}
    assert known(tmp_path, before, {"CartTest.java": after}).findings == ()


LANGUAGES = {
    "cart.test.ts": (SCRIPT, SCRIPT.replace("it(", "it.skip(")),
    "cart_test.go": ("func TestAdd(t *testing.T) {\n\tok()\n}\n", ""),
    "cart_spec.rb": (SPEC, "x" + SPEC),
    "tests/CartTest.php": (PHP, PHP.replace("        $this->ok();\n", "")),
    "CartTest.java": (JAVA, "    @Disabled\n" + JAVA),
}


@pytest.mark.parametrize("path", LANGUAGES)
def test_other_runners(path: str, tmp_path: Path) -> None:
    before, after = LANGUAGES[path]
    found = known(tmp_path, {path: before, "shop.py": CODE}, {path: after}).findings
    assert [finding.kind for finding in found] == ["weakened_test"]
