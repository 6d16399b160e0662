import re
from pathlib import Path

from ledgerly.audit import record


def test_a_line_has_time_person_and_action(tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    record(log, "ada", "paid 2024-17")
    assert re.fullmatch(r"\S+Z ada paid 2024-17\n", log.read_text())
