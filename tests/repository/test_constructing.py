"""A changed constructor concerns those who make one, not those who only name the type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known

PYTHON = """from shop.basket import Basket

made = Basket(1)
many = list(map(Basket, [1, 2]))
best = Basket.best()


class Till:
    basket: Basket

    @traced
    def fill(
        self, old: Basket | None
    ) -> Basket:
        same: list[Basket] = [old]
        return all(isinstance(each, (Bag, Basket)) for each in same)

    def again(self) -> Basket: return Basket(2)


class Bag(Basket):
    def __init__(self):
        Basket.__init__(self, 3)
"""
SCRIPT = """import { Basket } from "./basket";

const made = new Basket(1);
const none: Basket | undefined = undefined;
class Till {
  #baskets: Record<string, Basket> = {};
  fill(old: Basket): Promise<Basket> { return this.keep(old); }
  make(): Basket { return build(Basket); }
}
class Bag extends Basket {}
"""
JAVA = """package shop;
class Till {
    private Basket held;
    Function<Integer, Basket> maker = Basket::new;
    Function<Basket, Integer> sizes = Basket::size;
    Basket fill(List<Basket> old) { return Basket.best(old); }
}
"""
CSHARP = """namespace Shop;
class Till {
    Basket held;
    Basket made = new Basket(1);
    Basket short_ = new(1);
    Basket Fill(Basket old) { return old; }
}
"""
CPP = """#include "basket.hpp"
void fill() {
  Basket basket(1);
  Basket* none = nullptr;
}
"""


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (
            {
                "shop/__init__.py": "",
                "shop/basket.py": "class Basket:\n    def __init__(self, size): pass\n",
                "shop/till.py": PYTHON,
            },
            {"shop/basket.py": "class Basket:\n    def __init__(self, size, deep): pass\n"},
            [
                "shop/till.py:3",
                "shop/till.py:4",
                "shop/till.py:18",
                "shop/till.py:21",
                "shop/till.py:23",
            ],
        ),
        (
            {
                "src/basket.ts": "export class Basket {\n  constructor(size: number) {}\n}\n",
                "src/till.ts": SCRIPT,
            },
            {"src/basket.ts": "export class Basket {\n  constructor() {}\n}\n"},
            ["src/till.ts:3", "src/till.ts:8", "src/till.ts:10"],
        ),
        (
            {
                "shop/Basket.java": "package shop;\nclass Basket {\n  Basket(int size) {}\n}\n",
                "shop/Till.java": JAVA,
            },
            {"shop/Basket.java": "package shop;\nclass Basket {\n  Basket() {}\n}\n"},
            ["shop/Till.java:4"],
        ),
        (
            {
                "Basket.cs": "namespace Shop;\nclass Basket {\n    public Basket(int size) {}\n}\n",
                "Till.cs": CSHARP,
            },
            {"Basket.cs": "namespace Shop;\nclass Basket {\n    public Basket() {}\n}\n"},
            ["Till.cs:4", "Till.cs:5"],
        ),
        (
            {"basket.hpp": "struct Basket {\n  Basket(int size);\n};\n", "till.cpp": CPP},
            {"basket.hpp": "struct Basket {\n  Basket(int size, int deep);\n};\n"},
            ["till.cpp:3", "till.cpp:4"],
        ),
    ],
    ids=["python", "typescript", "java", "csharp", "cpp"],
)
def test_only_those_who_make_one_rely_on_a_constructor(
    before: Files, after: Files, lines: list[str], tmp_path: Path
) -> None:
    changed = known(tmp_path, before, after).changed
    [constructor] = [one for one in changed if "." in one.name]
    assert [f"{site.path}:{site.line}" for site in constructor.sites] == lines
