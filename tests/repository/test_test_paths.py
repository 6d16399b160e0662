"""Which paths count as tests."""

from __future__ import annotations

import pytest

from workers.repository.test_paths import is_test_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("core/src/test/java/com/shop/Prices.java", True),
        ("core/src/jvmTest/kotlin/Prices.kt", True),
        ("app/src/androidTest/java/Main.kt", True),
        ("Core.Tests/Prices.cs", True),
        ("src/price_test.cc", True),
        ("src/test_price.c", True),
        ("price/price_test.go", True),
        ("src/PricesTest.java", True),
        ("src/contest/price.c", False),
        ("src/latest/price.kt", False),
        ("src/testing.c", False),
        ("Core/Tester.cs", False),
    ],
)
def test_a_path_is_a_test_by_its_runners_convention(path: str, expected: bool) -> None:
    assert is_test_path(path) is expected
