"""What hangs on a change, as text, JSON and a page; golden files: UPDATE_GOLDEN=1 rewrites them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identifiers import Sha
from tests.cli.sample_change import sample
from tests.fakes.git_repository import GitRepository
from tests.repository.projects import known
from workers.cli.main import run
from workers.cli.output.impact.graph import Drawing, Edge, Node, drawing_of
from workers.cli.output.impact.html import render_impact_page
from workers.cli.output.impact.json import impact_to_json
from workers.cli.output.impact.layout import layout_of
from workers.cli.output.impact.markup import shortened_path
from workers.cli.output.impact.notes import gathered
from workers.cli.output.impact.svg import svg_of
from workers.cli.output.impact.text import render_impact
from workers.cli.output.impact.tree import ChangedContract, Impact, User, UserLine, impact_of

DATA = Path(__file__).parent.parent / "data" / "impact"
DRAWN = {
    "a", "aside", "b", "body", "code", "div", "h1", "h2", "h3", "h4", "head", "header", "html", "i",
    "li", "main", "meta", "p", "pre", "script", "section", "span", "style", "title", "ul",
    "g", "path", "rect", "svg", "text",
}  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    return sample(tmp_path_factory.mktemp("sample"))


def said(repository: GitRepository, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run(["impact", "main..change", "--repo", str(repository.path), *options]) == 0
    return capsys.readouterr().out


def golden(name: str, text: str) -> None:
    file = DATA / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_text(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    golden("sample.txt", said(repository, capsys))


def test_json(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(repository, capsys, "--format", "json")
    schema = json.loads(Path("docs/impact.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    golden("sample.json", text)


def test_depth_ends_the_tree(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert "shop/nightly.py" not in said(repository, capsys, "--depth", "1", "--format", "json")
    assert "shop/nightly.py" in said(repository, capsys, "--depth", "3", "--format", "json")


def test_what_is_documented_otherwise_is_counted_and_nobodys_use_of_it_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = GitRepository(tmp_path / "repository.git")
    pay = 'def charge(amount):\n    """Takes it."""\n    return amount\n'
    base = repository.commit(
        {"pay.py": pay, "web.py": "from pay import charge\n\ncharge(1)\n"}, branch="main"
    )
    head = {"pay.py": pay.replace("Takes it", "Returns it")}
    repository.commit(head, parent=base, branch="change")
    told = json.loads(said(repository, capsys, "--format", "json"))
    shown = {name: told[name] for name in ("contracts", "bodies", "not_shown", "facts")}
    assert shown == {
        "contracts": [],
        "bodies": [],
        "not_shown": {"changed in their documentation only": 1},
        "facts": [],
    }


HOST = "package pool\n\ntype Host struct{}\n\ntype Upstream struct {\n\t*Host\n\tname string\n}\n"
COUNT = """
func ({} *{}) countPasses(delta int) (int, error) {{
	if delta < 0 {{
		return 0, errors.New("passes never sink")
	}}
	total := 2 * delta
	return total, nil
}}
"""
USE = "package pool\n\nfunc check(upstream *Upstream) {\n\tupstream.countPasses(1)\n}\n"


def test_what_moves_to_the_type_that_embeds_its_old_one_does_not_override_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = GitRepository(tmp_path / "repository.git")
    before = {"go.mod": "module pool\n", "use.go": USE}
    base = repository.commit(
        {**before, "a_rather_long_name_of_a_file_of_hosts.go": HOST + COUNT.format("h", "Host")},
        branch="main",
    )
    head = {"a_rather_long_name_of_a_file_of_hosts.go": HOST + COUNT.format("u", "Upstream")}
    repository.commit(head, parent=base, branch="change")
    assert said(repository, capsys).split("\n\n")[1] == (
        "moved      Upstream.countPasses  method\n"
        "           a_rather_long_name_of_a_file_of_hosts.go:10\n"
        "           - func (h *Host) countPasses(delta int) (int, error)\n"
        "           + func (u *Upstream) countPasses(delta int) (int, error)\n"
        "           moved from `Host.countPasses` to `Upstream.countPasses`\n"
        "T2         use.go:4 check  upstream.countPasses(1)\n"
    )


def test_an_empty_range_is_no_error(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["impact", "main..main", "--repo", str(repository.path)]) == 0
    assert "nothing changed" in capsys.readouterr().err


class Tags(HTMLParser):
    """Every tag with its attributes, what scripts and styles hold, and what a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.inline:
            self.inline[str(self.cdata_elem)].append(data)
        else:
            self.text += data

    @property
    def names(self) -> set[str]:
        return {tag for tag, _ in self.found}

    @property
    def attributes(self) -> set[str]:
        return {name for _, attributes in self.found for name in attributes}


def test_the_page_runs_nothing_of_the_repository_and_asks_for_nothing(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    page = said(repository, capsys, "--format", "html")
    tags = Tags(page)
    [policy] = [a["content"] for tag, a in tags.found if a.get("http-equiv")]
    assert tags.names <= DRAWN
    assert not tags.attributes & {"src", "href", "style", "onerror", "onload", "srcset"}
    ours = "".join(piece for pieces in tags.inline.values() for piece in pieces)
    assert not re.search(r"url\(|@import|://", ours)
    for kind, pieces in tags.inline.items():
        digest = hashlib.sha256("".join(pieces).encode()).digest()
        assert f"{kind}-src 'sha256-{b64encode(digest).decode()}'" in str(policy)
        assert [tag for tag, _ in tags.found].count(kind) == 1
    assert "<img src=x onerror=alert(1)>.py" in tags.text
    assert "return receipt(x)  # </script><script>alert(1)</script> \\u202e" in tags.text


def test_the_page_shows_each_node_with_its_code(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    tags = Tags(said(repository, capsys, "--format", "html"))
    nodes = [a["data-node"] for _, a in tags.found if "data-node" in a]
    panels = [a["id"] for tag, a in tags.found if tag == "section" and a.get("class") == "panel"]
    edges = [a for _, a in tags.found if "data-user" in a]
    assert panels == [f"panel-{node}" for node in nodes]
    assert len(nodes) == 14
    assert {a["data-used"] for a in edges} | {a["data-user"] for a in edges} <= set(nodes)
    assert sum("broken" in str(a["class"]).split() for a in edges) == 3
    for shown in ("charge(cart.total, 'EUR')", "-def charge(amount, currency):", "bill(orders[0])"):
        assert shown in tags.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/hono.ts", "src/hono.ts"),
        ("src/router/trie-router/node.ts", "…/router/trie-router/node.ts"),
        ("src/middleware/combine/index.ts", "…/combine/index.ts"),
        ("src/middleware/method-not-allowed/index.ts", "…method-not-allowed/index.ts"),
        ("tests/test_http2_client_protocol.py", "…st_http2_client_protocol.py"),
    ],
)
def test_a_long_path_keeps_its_end_and_as_much_of_its_folder_as_fits(path: str, shown: str) -> None:
    assert shortened_path(path, 28) == shown


def test_four_columns_shrink_into_a_narrow_window_and_more_scroll() -> None:
    def drawn(depth: int) -> str:
        below = [user(f"u{at}.py", "run", depth=at) for at in range(1, depth + 1)]
        nested = below.pop()
        while below:
            nested = replace(below.pop(), users=(nested,))
        test = User("test_a.py", "test_f", 1, True, (UserLine(1, "f()", "T1"),))
        drawing = drawing_of(impact(replace(contract("f", nested), tests=(test,))))
        return svg_of(drawing, layout_of(drawing))

    assert ['class="shrinks"' in drawn(depth) for depth in (1, 2, 3)] == [False, True, False]


def test_files_with_one_reason_are_told_together() -> None:
    assert gathered(
        ["a.py: cut", "callers: 3 not followed", "b.py: cut", "c/d: cut", "a.py: cut", "e.py: late"]
    ) == ["a.py, b.py and 1 more file: cut", "callers: 3 not followed", "e.py: late"]


NODES = st.lists(
    st.tuples(st.integers(-1, 3), st.sampled_from("abcdef"), st.text(max_size=8)), max_size=60
)


@given(nodes=NODES, wires=st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=80))
def test_no_two_boxes_touch_and_all_stand_within_the_page(
    nodes: list[tuple[int, str, str]], wires: list[tuple[int, int]]
) -> None:
    drawing = Drawing(
        tuple(Node(column, path, title, "user") for column, path, title in nodes),
        tuple(Edge(a, b, "T1") for a, b in wires if max(a, b) < len(nodes)),
        {},
    )
    layout = layout_of(drawing)
    assert sorted(layout.corners) == list(range(len(nodes)))
    assert sorted(node for box in layout.boxes for node in box.nodes) == sorted(layout.corners)
    for at, box in enumerate(layout.boxes):
        assert box.x >= 0
        assert box.x + box.width <= layout.width
        assert box.y >= 0
        assert box.y + box.height <= layout.height + 0.01
        for other in layout.boxes[at + 1 :]:
            apart = box.y + box.height < other.y or other.y + other.height < box.y
            assert apart or box.column != other.column
        for node in box.nodes:
            x, y = layout.corners[node]
            assert box.x <= x < box.x + box.width
            assert box.y <= y < box.y + box.height


def impact(*contracts: ChangedContract, notes: Sequence[str] = ()) -> Impact:
    return Impact(Sha("b" * 40), Sha("a" * 40), 2, 1, contracts, notes=tuple(notes))


def contract(name: str, *users: User, path: str = "a.py") -> ChangedContract:
    return ChangedContract(name, "function", path, "signature", None, None, (), users, ())


def user(path: str, inside: str, *below: User, depth: int = 1, text: str = "f()") -> User:
    return User(path, inside, depth, False, (UserLine(1, text, "T1"),), below)


def test_a_full_column_counts_what_it_leaves_out() -> None:
    users = [user(f"u{number}.py", "run") for number in range(100)]
    drawing = drawing_of(impact(contract("f", *users)))
    assert drawing.left_out == {1: 20}
    assert len(drawing.nodes) == 81


def test_users_of_one_file_beyond_seven_share_a_node_but_broken_ones_do_not() -> None:
    broken = User(
        "u.py", "last", 1, False, (UserLine(9, "f(1)", "T1", status="broken", why="why"),)
    )
    users = [user("u.py", f"run{number}") for number in range(12)]
    drawing = drawing_of(impact(contract("f", *users, broken)))
    assert [node.title for node in drawing.nodes if node.column == 1] == [
        *(f"run{number}" for number in range(7)),
        "5 more",
        "last",
    ]
    assert [edge.broken for edge in drawing.edges] == [False] * 8 + [True]


def test_one_definition_that_relies_on_two_contracts_is_one_node() -> None:
    one, two = user("u.py", "run", text="f()"), user("u.py", "run", text="g()")
    drawing = drawing_of(impact(contract("f", one), contract("g", two)))
    assert [(node.title, node.source) for node in drawing.nodes if node.column == 1] == [
        ("run", (one, two))
    ]
    assert len(drawing.edges) == 2


@given(text=st.text(max_size=60))
def test_no_name_text_or_note_becomes_markup(text: str) -> None:
    made = impact(contract(text, user(text, text, text=text), path=text), notes=[text])
    page = render_impact_page(made, lambda _commit, _path: text.encode("utf-8", "replace"))
    tags = Tags(page)
    assert tags.names <= DRAWN
    assert not tags.attributes & {"src", "href", "style", "onerror"}
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", render_impact(made))
    json.dumps(impact_to_json(made))


def test_a_large_change_stays_small_enough_to_open() -> None:
    users = [
        user(f"u{n}.py", f"run{m}", user(f"v{n}.py", "x", depth=2), text="f(" + "x" * 500)
        for n in range(90)
        for m in range(10)
    ]
    page = render_impact_page(
        impact(*(contract(f"f{n}", *users, path=f"c{n % 9}.py") for n in range(60))),
        lambda _commit, _path: b"x" * 200_000,
    )
    assert len(page) < 1_500_000


def test_what_may_hide_a_broken_user_is_told_first(tmp_path: Path) -> None:
    lua = "function greet(name)\nend\n"
    before = {"a.ts": "export function run() {}\n", "a.lua": lua}
    before |= {f"u{n}.ts": "import { run } from './a'\nrun()\n" for n in range(301)}
    after = {"a.ts": "export function run(x: number) {}\n", "a.lua": f"{lua}greet()\n"}
    told = impact_of(known(tmp_path, before, after), Sha("b" * 40), Sha("a" * 40), 2, 2)
    assert told.notes[:2] == (
        "callers of `run`: 301 files with the name were not read",
        "a.lua: read as text, there is no grammar for Lua",
    )
