"""Whole fixture projects: what changed, who relies on it, and what the checks say.

`UPDATE_PROJECTS=1 pytest tests/repository/test_references.py` writes them anew; read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.repository.projects import DATA, known, project, told
from workers.repository.graph import Unfollowed

PROJECTS = [
    "python",
    "python_types",
    "typescript",
    "javascript",
    "go",
    "java",
    "ruby",
    "rust",
    "kotlin",
    "c",
    "cpp",
    "csharp",
    "php",
]


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_is_understood_as_recorded(name: str, tmp_path: Path) -> None:
    golden = DATA / "projects" / f"{name}.json"
    understood = told(known(tmp_path, *project(name)))
    if os.environ.get("UPDATE_PROJECTS"):
        golden.write_text(json.dumps(understood, indent=1) + "\n", encoding="utf-8")
    assert understood == json.loads(golden.read_text(encoding="utf-8"))


def test_a_name_in_too_many_files_is_dropped_and_told(tmp_path: Path) -> None:
    users = {f"pkg/u{number}.py": "from pkg.a import run\nrun()\n" for number in range(301)}
    before = {"pkg/__init__.py": "", "pkg/a.py": "def run():\n    return 1\n", **users}
    knowledge = known(tmp_path, before, {"pkg/a.py": "def run(x):\n    return x\n"})
    assert knowledge.changed[0].sites == ()
    assert knowledge.changed[0].unfollowed == Unfollowed(files=301)
    assert knowledge.not_done == ("callers of `run`: 301 files with the name were not read",)


def test_a_word_that_fills_a_search_hides_no_other(tmp_path: Path) -> None:
    """A search returns so many lines, in the order of paths: `rare` stands in the last one."""
    home = "def often():\n    return 1\n\n\ndef rare():\n    return 1\n"
    many = {f"m{number:02}.py": "often = 1\n" * 200 for number in range(26)}
    before = {"a.py": home, **many, "z.py": "from a import rare\n\nrare()\n"}
    knowledge = known(tmp_path, before, {"a.py": home.replace("():", "(x):")})
    sites = {one.name: [f"{s.path}:{s.line}" for s in one.sites] for one in knowledge.changed}
    assert sites == {"often": [], "rare": ["z.py:1", "z.py:3"]}
    assert knowledge.not_done == ("callers of `often`: 25 files with the name were not read",)


def test_files_beyond_the_cap_are_told(tmp_path: Path) -> None:
    users = {f"pkg/u{number:02}.py": "from pkg.a import run\nrun()\n" for number in range(70)}
    before = {"pkg/__init__.py": "", "pkg/a.py": "def run():\n    return 1\n", **users}
    knowledge = known(tmp_path, before, {"pkg/a.py": "def run():\n    return 2\n"})
    assert len({site.path for site in knowledge.changed[0].sites}) == 59
    assert "callers at depth 1: 11 of 71 files not examined" in knowledge.notes


def test_what_the_policy_ignores_is_not_read(tmp_path: Path) -> None:
    before = {"a.py": "def run():\n    pass\n", "vendor/b.py": "from a import run\nrun()\n"}
    knowledge = known(tmp_path, before, {"a.py": "def walk(x, y):\n    return x\n"})
    assert told(knowledge)["sites"] == []
    assert knowledge.findings == ()


def test_a_caller_added_on_the_base_branch_since_is_found_there(tmp_path: Path) -> None:
    before = {"pkg/__init__.py": "", "pkg/a.py": "def run():\n    return 1\n"}
    after = {"pkg/a.py": "def walk(speed):\n    return speed + 2\n"}
    tip = {"pkg/new.py": "from pkg.a import run\n\nrun()\n"}
    knowledge = known(tmp_path, before, after, tip)
    [finding] = knowledge.findings
    assert finding.title == "`run` is removed but still used in 1 place"
    [site] = [entry for entry in finding.evidence if entry.path == "pkg/new.py"]
    assert (site.line, site.quote) == (1, "from pkg.a import run")
    assert {site.commit for symbol in knowledge.changed for site in symbol.sites} != {None}


def test_a_language_without_a_grammar_is_told_by_headings_once(tmp_path: Path) -> None:
    text = "function greet(name)\n  local a = 1\n  local b = 2\n  local c = 3\n  print(name)\nend\n"
    before = {"a.lua": text, "b.lua": text}
    after = {path: text.replace("print(name)", "print(1)") for path in before}
    knowledge = known(tmp_path, before, after)
    assert told(knowledge)["changed"] == [
        "body a.lua heading function greet(name) possible=0",
        "body b.lua heading function greet(name) possible=0",
    ]
    assert knowledge.as_text == {"a.lua": "Lua", "b.lua": "Lua"}


def test_what_no_person_wrote_has_no_contracts(tmp_path: Path) -> None:
    before = {"dist/a.min.js": "function pt(a){return a}"}
    knowledge = known(tmp_path, before, {"dist/a.min.js": "function ht(a,b){return a}"})
    assert knowledge.changed == ()


def test_a_member_of_another_type_is_used_only_where_it_is_named_as_one(tmp_path: Path) -> None:
    before = {
        "a.go": "package a\n\ntype Case struct {\n\tmethod string\n}\n\n"
        'type Kept struct {\n\tlabel string\n}\n\nfunc run(k Kept) string {\n\treturn ""\n}\n'
    }
    changed = before["a.go"].replace('return ""', "method := k.label\n\treturn method")
    assert told(known(tmp_path, before, {"a.go": changed}))["used"] == ["a.go Kept.label"]


def test_a_bare_word_of_ruby_may_be_a_variable_and_resolves_by_no_name(tmp_path: Path) -> None:
    before = {
        "lib/helper.rb": "def self.req(env)\n  env\nend\n",
        "lib/other.rb": "each_pair do |name, req|\n  puts req\nend\n\ndef show\n  req\nend\n",
    }
    knowledge = known(tmp_path, before, {"lib/helper.rb": "X = 1\n"})
    assert told(knowledge)["sites"] == []
