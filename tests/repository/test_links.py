"""Strings that tie files together: a change on one side, the lines that hold it on the other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.review import Fact, SourceLine
from tests.repository.projects import known
from workers.repository.links.link import ChangedLine, strings_in
from workers.repository.links.routes import fixed_part, registers
from workers.repository.links.settings import settings_on
from workers.repository.links.tables import tables_on
from workers.repository.links.templates import is_template, names_of, variables_in

Files = Mapping[str, str | None]


def told(folder: Path, before: Files, after: Files) -> list[str]:
    return [f"{link.tier} {link}" for link in known(folder, before, after).links]


def test_a_removed_setting_that_is_still_read_comes_first(tmp_path: Path) -> None:
    before = {
        "pay.py": "import os\nURL = os.environ['PAYMENT_URL']\nNEW = 1\n",
        "retry.py": "import os\nagain = os.getenv('PAYMENT_URL')\nlog('PAYMENT_URLS')\n",
        "deploy.yml": "environment:\n  PAYMENT_URL: https://pay\n",
        "docs/run.md": "Set PAYMENT_URL.\n",
        "uv.lock": "PAYMENT_URL = 1\n",
    }
    after = {"pay.py": "import os\nURL = os.environ['PAYMENTS_HOST']\nNEW = 1\n"}
    assert told(tmp_path, before, after) == [
        "T2 setting `PAYMENT_URL` (pay.py:2) is removed here but still stands elsewhere: "
        "retry.py:2 reads, deploy.yml:2 defines, docs/run.md:1 documents"
    ]


def test_a_touched_handler_is_tied_to_its_clients(tmp_path: Path) -> None:
    before = {
        "shop/web.py": "@app.get('/api/orders/{number}')\ndef order(number):\n    return 1\n",
        "ui/orders.ts": "export const one = (n) => fetch(`/api/orders/${n}`);\n",
        "tests/test_web.py": "client.get('/api/orders/7')\nclient.get('/api/orders-old/7')\n",
        "etc.py": "open('/etc/passwd')\n",
    }
    after = {"shop/web.py": "@app.get('/api/orders/{number}')\ndef order(number):\n    return 2\n"}
    assert told(tmp_path, before, after) == [
        "T2 route `/api/orders` (shop/web.py:1) is touched here and stands elsewhere: "
        "ui/orders.ts:1 reads, tests/test_web.py:1 tests"
    ]


def test_a_template_that_names_what_nobody_gives_it_is_told(tmp_path: Path) -> None:
    before = {
        "app/templates/users/show.html": "<b>{{ user.name }}</b>\n",
        "app/views.py": "def show():\n    return render('users/show.html', user=load())\n",
    }
    template = "app/templates/users/show.html"
    page = (
        "<b>{{ user.name }}</b>{% for one in user.plans %}{{ one }}{{ plan|upper }}{% endfor %}\n"
    )
    assert told(tmp_path, before, {template: page}) == [
        f"T2 template `users/show.html` ({template}:1) is touched here and stands "
        "elsewhere; no code that renders it names `plan`: app/views.py:2 names"
    ]


def test_a_dropped_column_and_a_table_are_looked_for(tmp_path: Path) -> None:
    before = {
        "report.py": "SQL = 'SELECT unit_price FROM order_items'\nitems = 'orders'\n",
        "models.py": "class Item:\n    __tablename__ = 'order_items'\n",
    }
    after = {"db/3.sql": "ALTER TABLE order_items DROP COLUMN unit_price;\n"}
    assert told(tmp_path, before, after) == [
        "T2 column `unit_price` (db/3.sql:1) is new here and stands elsewhere: report.py:1 names",
        "T2 table `order_items` (db/3.sql:1) is new here and stands elsewhere: "
        "models.py:2 names, report.py:1 names",
    ]


def test_a_renamed_function_is_still_named_as_an_entry_point(tmp_path: Path) -> None:
    before = {
        "src/shop/__init__.py": "",
        "src/shop/cli.py": "def main():\n    a = 1\n    return a + 2\n",
        "pyproject.toml": "[project.scripts]\nshop = 'shop.cli:main'\n",
        "tests/test_cli.py": "mock.patch('shop.cli.main')\n",
    }
    after = {"src/shop/cli.py": "def run():\n    a = 1\n    return a + 2\n"}
    assert told(tmp_path, before, after) == [
        "T2 name `shop.cli:main` (src/shop/cli.py:1) is removed here but still stands elsewhere: "
        "pyproject.toml:2 names",
        "T2 name `shop.cli.main` (src/shop/cli.py:1) is removed here but still stands elsewhere: "
        "tests/test_cli.py:1 tests",
    ]


def test_imports_of_a_dotted_name_are_no_strings(tmp_path: Path) -> None:
    before = {
        "src/main/java/com/acme/Pay.java": "package com.acme;\nclass Pay {\n  int a;\n}\n",
        "src/main/java/com/other/Shop.java": "import com.acme.Pay;\nclass Shop {}\n",
        "src/main/java/com/other/Find.java": 'class Find { Object o = named("com.acme.Pay"); }\n',
        "src/main/resources/META-INF/services/x": "com.acme.Pay\n",
    }
    after = {"src/main/java/com/acme/Pay.java": "package com.acme;\n"}
    [link] = known(tmp_path, before, after).links
    assert [place.path for place in link.places] == [
        "src/main/java/com/other/Find.java",
        "src/main/resources/META-INF/services/x",
    ]


def test_a_word_that_stands_everywhere_ties_nothing_and_a_short_one_is_only_possible(
    tmp_path: Path,
) -> None:
    users = {f"u{number}.py": "os.getenv('APP_MODE')\n" for number in range(61)}
    before = {**users, "a.py": "os.getenv('APP_MODE')\nos.getenv('DB_URL')\n"}
    before |= {"b.py": "os.getenv('DB_URL')\n", "c.py": "".join("os.getenv('DB_URL')\n" * 9)}
    found = known(tmp_path, before, {"a.py": ""})
    assert [str(link) for link in found.links] == [
        "setting `DB_URL` (a.py:2) is removed here but still stands elsewhere, perhaps by chance, "
        "and in 4 more places: b.py:1 reads, c.py:1 reads, c.py:2 reads, c.py:3 reads, "
        "c.py:4 reads, c.py:5 reads"
    ]


def test_a_model_is_told_of_it_unless_a_check_speaks_of_it_already(tmp_path: Path) -> None:
    before = {
        "shop/web.py": "@app.get('/api/orders')\ndef orders():\n    return 1\n",
        "ui/orders.ts": "fetch('/api/orders');\n",
        "pay.py": "import os\nURL = os.environ['PAYMENT_URL']\n",
        ".env.example": "PAYMENT_URL=x\n",
        "retry.py": "import os\nagain = os.environ['PAYMENT_URL']\n",
    }
    after = {
        "shop/web.py": "@app.get('/api/orders')\ndef orders():\n    return 2\n",
        ".env.example": "OTHER_URL=x\n",
    }
    knowledge = known(tmp_path, before, after)
    assert {link.key.word for link in knowledge.links} == {"/api/orders", "PAYMENT_URL"}
    assert [fact for fact in knowledge.facts if fact.kind.endswith("-string")] == [
        Fact(
            "route-string",
            "route `/api/orders` (shop/web.py:1) is touched here and stands elsewhere",
            "shop/web.py",
            (SourceLine("ui/orders.ts", 1),),
        )
    ]
    assert any("PAYMENT_URL" in finding.title for finding in knowledge.findings)


def test_what_the_policy_leaves_out_is_neither_read_nor_named(tmp_path: Path) -> None:
    before = {"a.py": "os.getenv('PAYMENT_URL')\n", "vendor/b.py": "os.getenv('PAYMENT_URL')\n"}
    assert told(tmp_path, before, {"a.py": "pass\n"}) == []


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("a.js", "const url = process.env.PAY_URL;", ["PAY_URL"]),
        ("Dockerfile", "ENV PAY_URL=x", ["PAY_URL", "PAY_URL"]),
        ("run.sh", 'curl "$PAY_URL"', ["PAY_URL"]),
        (".env.example", "PAY_URL=x", ["PAY_URL"]),
        ("conf/app.toml", 'retry_limit = "A_B_C_D"', ["retry_limit"]),
        (".github/workflows/ci.yml", "  node-version: 20", []),
        ("a.py", "x = settings['retry.limit']", ["retry.limit"]),
        ("a.py", "x = translate('hello.world')", []),
        ("a.py", "VALUE_ONE = 1", []),
        ("a.py", "options.headers['content-type']", []),
        ("a.ts", "import * as config from 'find-my-way'", []),
        (".github/workflows/ci.yml", "  run: echo $GITHUB_OUTPUT", []),
    ],
)
def test_settings_are_recognised(path: str, text: str, words: list[str]) -> None:
    assert list(settings_on(ChangedLine(path, 1, text, True))) == words


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("/users/list", "/users/list"),
        ("/users/<int:id>/edit", "/users"),
        ("/users/:id", "/users"),
        ("/users/list?page=1", "/users/list"),
        ("/:id", ""),
        ("/etc/x", ""),
        ("//cdn.example/x", ""),
        ("/a b/c", ""),
        ("users/list", ""),
    ],
)
def test_the_fixed_part_of_a_route(text: str, beginning: str) -> None:
    assert fixed_part(text) == beginning


@pytest.mark.parametrize(
    "text",
    [
        "@bp.route('/x')",
        "router.get('/x', show)",
        'r.HandleFunc("/x", show)',
        '@GetMapping("/x")',
        "path('x/', views.show)",
        "  get '/x', to: 'x#show'",
        'app.MapGet("/x", () => 1);',
    ],
)
def test_lines_that_register_a_handler(text: str) -> None:
    assert registers(text)


def test_calls_of_a_client_register_nothing() -> None:
    assert not registers("response = session.load('/x')")
    assert not registers("fetch('/x')")


def test_tables_are_read_from_statements_not_from_prose() -> None:
    def found(text: str, path: str = "a.py") -> list[tuple[str, str]]:
        return list(tables_on(ChangedLine(path, 1, text, True)))

    assert found("'''select id from orders join order_items on x'''") == [
        ("table", "orders"),
        ("table", "order_items"),
    ]
    assert found("op.add_column('users', sa.Column('plan_name', String))") == [
        ("column", "plan_name")
    ]
    assert found("import x from module") == []
    assert found("drop table if exists `sessions`", "x.sql") == [("table", "sessions")]


def test_templates_and_their_names() -> None:
    assert is_template("app/views/users/show.html.erb")
    assert is_template("x/templates/mail.txt")
    assert not is_template("docs/page.html")
    assert names_of("app/views/users/show.html.erb") == [
        "users/show.html.erb",
        "users/show.html",
        "users/show",
        "show.html.erb",
    ]
    assert list(variables_in(["{{ a.b|c }} {% if not d %}{{ 'e' }}<%= @f.g %>"])) == ["a", "d", "f"]


@given(st.text(max_size=500))
def test_hostile_lines_are_read_in_bounded_time_and_raise_nothing(text: str) -> None:
    for path in ("a.py", "a.ts", ".env", "x.sql", "a.html"):
        line = ChangedLine(path, 1, text, True)
        list(settings_on(line))
        list(tables_on(line))
        list(strings_in(path, text))
        fixed_part(text)
        registers(text)
        list(variables_in([text]))
