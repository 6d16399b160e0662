"""Which gaps in what is known of a change keep its review from being whole."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.identifiers import Sha
from workers.repository.contracts.aspects import Aspect
from workers.repository.contracts.changed_symbols import OUTLINES, Touched
from workers.repository.gaps import CALLERS, CHECKS, Gaps, gaps_of
from workers.repository.graph import ChangedSymbol, Site, Unfollowed

OLD, NEW = FileChange("a.go", "a.go", "modified"), FileChange("new.go", None, "added")
TEST = FileChange("a_test.go", "a_test.go", "modified")
CHANGE = ChangeSet(Sha("b" * 40), Sha("a" * 40), (OLD, NEW, TEST))
NARROWER = (Aspect("parameter_added", "x", "", "x int"),)
RUN = ChangedSymbol("a.go", "Run", "function", "signature", None, None, aspects=NARROWER)
USED = Site("b.go", 3, "Run()", "T1", "Go", False, 1)
BLIND = replace(USED, tier="T3", inside="")
NOTHING = Touched()
CUTS = ("callers of 'Run': not followed, 302 files hold the name",)


def gaps(*changed: ChangedSymbol, touched: Touched = NOTHING, late: tuple[str, ...] = ()) -> Gaps:
    return gaps_of(CHANGE, touched, changed, late, CUTS)


def test_files_that_hold_the_name_of_a_changed_contract_keep_it_open() -> None:
    cut = replace(RUN, sites=(USED,), unfollowed=Unfollowed(files=3, tests=4))
    assert gaps(cut) == Gaps(("callers of `Run`: 3 files with the name were not read",))


def test_so_far_as_no_contract_is_concerned_they_are_told() -> None:
    tests_only = replace(RUN, unfollowed=Unfollowed(tests=4))
    inside = replace(RUN, change="body", aspects=(), unfollowed=Unfollowed(files=9))
    value = replace(RUN, kind="field", unfollowed=Unfollowed(files=9))
    of_tests = replace(RUN, path="a_test.go", unfollowed=Unfollowed(files=9))
    assert gaps(tests_only, inside, value, of_tests) == Gaps(told=CUTS)


def test_names_that_were_not_looked_up_are_named_up_to_a_number() -> None:
    many = [replace(RUN, name=f"R{n}", unfollowed=Unfollowed(unasked=True)) for n in range(7)]
    named = "`R0`, `R1`, `R2`, `R3`, `R4` and 2 more"
    assert gaps(*many) == Gaps((f"callers of {named}: not looked for, too many names changed",))


def test_more_than_five_contracts_are_counted() -> None:
    many = [replace(RUN, name=f"R{n}", unfollowed=Unfollowed(files=1)) for n in range(7)]
    *five, last = gaps(*many).not_done
    assert five == [f"callers of `R{n}`: 1 file with the name were not read" for n in range(5)]
    assert last == "2 more changed contracts whose callers were not all followed"


def test_lines_of_a_file_that_did_not_parse_are_enough_beside_one_that_is_known() -> None:
    alone, beside = replace(RUN, unparsed=(BLIND,)), replace(RUN, unparsed=(BLIND,), sites=(USED,))
    assert gaps(beside) == Gaps(told=CUTS)
    assert gaps(alone) == Gaps(("callers of `Run`: none known, and b.go could not be parsed",))


def test_a_changed_file_without_an_outline_counts_where_others_rely_on_it() -> None:
    why = {path: f"{path}: too large" for path in ("a.go", "new.go", "a_test.go")}
    found = gaps(touched=Touched(unread=why, uncompared=("a.go", "a_test.go")))
    assert found == Gaps(
        (
            "a.go: too large",
            "what exactly changed could not be read in 1 changed file, only which definitions",
        ),
        ("new.go: too large", "a_test.go: too large", *CUTS),
    )


def test_no_time_for_callers_matters_where_a_contract_changed() -> None:
    used_up = "not done, the time for knowing the repository was used up"
    unasked = replace(RUN, unfollowed=Unfollowed(unasked=True))
    late = (CALLERS, CHECKS, "dependencies")
    assert gaps(unasked, late=late) == Gaps(
        (f"callers, contract checks: {used_up}",), (*CUTS, f"dependencies: {used_up}")
    )
    assert gaps(late=(CALLERS,)) == Gaps(told=(*CUTS, f"callers: {used_up}"))
    assert gaps(late=(OUTLINES,)).not_done == (f"outlines of changed files: {used_up}",)
