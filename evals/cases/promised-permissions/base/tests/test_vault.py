from pathlib import Path

from vaultlet.vault import Vault


def test_what_is_put_is_there(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "tokens.json")
    vault.put("ci", "abc")
    vault.put("deploy", "def")
    vault.forget("ci")
    assert (vault.get("ci"), vault.get("deploy")) == (None, "def")
