"""The impact of a change on one screen of a terminal, what is broken first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.plural import plural
from workers.cli.output.impact.notes import gathered
from workers.cli.output.impact.tree import ChangedContract, Impact, User, UserLine
from workers.cli.output.page import Page
from workers.context.dependencies import is_telling
from workers.repository.dependencies.words import broken, told
from workers.repository.links import Link

_MOST_CONTRACTS = 15
_MOST_USERS = 5
_MOST_BELOW = 3
_MOST_LINES = 2
_MOST_BODIES = 12
_MOST_LINKS = 8
_MOST_FACTS = 8
_MOST_PACKAGES = 12
_RELATIONS = ("imports", "overrides", "implements", "subclasses", "mentions")
_MARGIN = 10
"""Columns of the word before a line: `signature`, `broken`, `T1`, `tests`."""
_STEP = 3
_LONG_SIGNATURE = 100
"""Beyond it, words that say what differs take the place of both sides."""


def render_impact(impact: Impact, width: int = 80, colour: bool = False) -> str:
    """The page: verdict, contracts with their users, bodies, ties by string and history, notes."""
    page = Page(width, colour)
    page.line((verdict(impact), "title"))
    depth = f"callers to depth {impact.depth}"
    about = f"{impact.base[:10]}..{impact.head[:10]} · {plural(impact.files, 'file')} · {depth}"
    page.line((about, "faint"))
    for contract in impact.contracts[:_MOST_CONTRACTS]:
        _contract(page, contract)
    _more(page, len(impact.contracts) - _MOST_CONTRACTS, "changed contract", 0)
    _findings(page, impact)
    _facts(page, impact)
    _packages(page, impact)
    _bodies(page, impact)
    _links(page, impact.links)
    _companions(page, impact)
    _rest(page, impact)
    return page.text()


def verdict(impact: Impact) -> str:
    """One sentence. "Nothing" is said of what was looked at only."""
    contracts, broken = impact.contracts, sum(one.broken for one in impact.contracts)
    breaking = sum(bool(one.broken) for one in contracts)
    if broken:
        of = f"{breaking} of {plural(len(contracts), 'changed contract')}"
        return f"{of} {'breaks' if breaking == 1 else 'break'} {plural(broken, 'line')} elsewhere."
    if impact.findings:
        return f"{plural(len(impact.findings), 'contract check')} found something."
    lines = sum(len(user.lines) for one in contracts for user in everyone(one))
    if contracts:
        what = plural(len(contracts), "changed contract")
        them = "it" if len(contracts) == 1 else "them"
        if not lines:
            return f"{what}, and no line is known to rely on {them}."
        return f"{what}, {plural(lines, 'line')} {'relies' if lines == 1 else 'rely'} on {them}."
    users = sum(len(user.lines) for one in impact.bodies for user in everyone(one))
    if impact.bodies:
        rely = "relies" if users == 1 else "rely"
        return f"No contract changed; {plural(users, 'line')} {rely} on what changed inside."
    return "No contract changed, and nothing is known to rely on what did."


def everyone(contract: ChangedContract) -> list[User]:
    """All users of a contract at every depth, tests too."""
    return [user for top in (*contract.users, *contract.tests) for user in top.walk()]


def _contract(page: Page, contract: ChangedContract) -> None:
    page.blank()
    style = "broken" if contract.broken else "P2" if contract.change in ("removed",) else "P3"
    page.line(
        (f"{'changed' if contract.change == 'body' else contract.change:<{_MARGIN}} ", style),
        (contract.name, "title"),
        (f"  {contract.kind}  ", "faint"),
        (f"{contract.path}:{contract.line}", "path"),
        hang=_MARGIN + 1,
    )
    both = _signatures(page, contract)
    for said in contract.says:
        if said not in both:
            page.line((said, ""), indent=_MARGIN + 1, hang=2)
    for user in contract.users[:_MOST_USERS]:
        _user(page, user)
    _more(page, len(contract.users) - _MOST_USERS, "user", _MARGIN + 1)
    _tests(page, contract.tests)
    if contract.possible:
        said = f"{plural(contract.possible, 'more line')} only the name matches"
        page.line((f"{'possible':<{_MARGIN}} ", "faint"), (said, "faint"))
    elif not contract.users and not contract.tests:
        page.line(("no use of it was found", "faint"), indent=_MARGIN + 1)


def _signatures(page: Page, contract: ChangedContract) -> tuple[str, ...]:
    """Both sides, where words do not do better; the words that say no more than these."""
    before = _one_line(contract.before.signature) if contract.before else ""
    after = _one_line(contract.after.signature) if contract.after else ""
    if before == after or (contract.says and max(len(before), len(after)) > _LONG_SIGNATURE):
        return ()
    for sign, text, style in (("-", before, "removed"), ("+", after, "added")):
        if text:
            page.line((f"{sign} {text}", style), indent=_MARGIN + 1, hang=4)
    return (f"`{before}` became `{after}`",)


def _one_line(signature: str) -> str:
    flat = " ".join(signature.split())
    return flat if len(flat) <= 160 else flat[:159] + "…"


def _user(page: Page, user: User, level: int = 0) -> None:
    """The lines of a definition that relies on the contract, and its own users below it."""
    shown = sorted(user.lines, key=lambda line: line.status != "broken")[:_MOST_LINES]
    for number, line in enumerate(shown):
        _line(page, user, line, level, first=number == 0)
    indent = _MARGIN + 1 + _STEP * (level + 1)
    left = len(user.lines) - len(shown)
    if left:
        page.line((f"{plural(left, 'more line')} there", "faint"), indent=indent)
    for below in user.users[:_MOST_BELOW]:
        _user(page, below, level + 1)
    _more(page, len(user.users) - _MOST_BELOW, "user", indent)


def _line(page: Page, user: User, line: UserLine, level: int, first: bool) -> None:
    """One row: what is too long of the code is cut, for the tree is what is read."""
    label, style = _label(line)
    branch = " " * _STEP * (level - 1) + "└─ " if level else ""
    place = f"{user.path}:{line.line}"
    inside = f" {user.inside}" if user.inside and first else ""
    room = page.width - _MARGIN - len(branch) - len(place) - len(inside) - 3
    code = line.text.strip()
    page.line(
        (f"{label:<{_MARGIN}} {branch}", style),
        (place, "path"),
        (inside, "title"),
        (
            f"  {code if len(code) <= room else code[: room - 1] + '…'}" if room > 12 else "",
            "faint",
        ),
        hang=_MARGIN + 4,
    )
    if line.status == "broken" and line.why:
        page.line(*page.said(line.why), indent=_MARGIN + 1 + len(branch), hang=2)


def _label(line: UserLine) -> tuple[str, str]:
    """Its verdict; else how it relies on the definition, where it is no use; else the tier."""
    if line.status != "not_inspected":
        return line.status, line.status
    return (line.edge if line.edge in _RELATIONS else line.tier), ""


def _tests(page: Page, tests: Sequence[User]) -> None:
    if not tests:
        return
    broken = [user for user in tests if user.broken]
    for user in broken[:_MOST_USERS]:
        _user(page, user)
    rest = [user for user in tests if not user.broken]
    if rest:
        lines = Counter({user.path: 0 for user in rest})
        for user in rest:
            lines[user.path] += len(user.lines)
        page.line((f"{'tests':<{_MARGIN}} ", "faint"), (_by_file(lines), "faint"), hang=_MARGIN + 1)


def _by_file(lines: Counter[str]) -> str:
    """`3 lines in tests/test_a.py, tests/test_b.py and 2 more files`."""
    names = [path for path, _ in lines.most_common()]
    more = f" and {plural(len(names) - 3, 'more file')}" if len(names) > 3 else ""
    return f"{plural(sum(lines.values()), 'line')} in {', '.join(names[:3])}{more}"


def _findings(page: Page, impact: Impact) -> None:
    if not impact.findings:
        return
    page.heading("Contract checks")
    for finding in impact.findings:
        page.line(
            (f"{finding.severity.value} ", finding.severity.value),
            *page.said(finding.title, "title"),
            (f"  {finding.path}:{finding.line}", "path"),
            indent=2,
            hang=3,
        )


def _facts(page: Page, impact: Impact) -> None:
    if not impact.facts:
        return
    page.heading("Seen by plain code, to be judged by you")
    for fact in impact.facts[:_MOST_FACTS]:
        page.line(*page.said(fact.text), indent=2, hang=2)
        if fact.places:
            places = ", ".join(map(str, fact.places[:4]))
            left = len(fact.places) - 4
            more = f" and {plural(left, 'more line')}" if left > 0 else ""
            page.line((places, "path"), (more, "faint"), indent=4, hang=2)
    _more(page, len(impact.facts) - _MOST_FACTS, "fact", 2)


def _packages(page: Page, impact: Impact) -> None:
    if not impact.packages:
        return
    page.heading("Packages that moved")
    telling = [one for one in impact.packages if is_telling(one.bump)][:_MOST_PACKAGES]
    for package in telling:
        style = "P2" if package.bump.warnings or package.broken else ""
        page.line((told(package.bump, package.users), style), indent=2, hang=2)
        for entry in package.broken:
            page.line(*page.said(broken(package.bump, entry), "broken"), indent=4, hang=2)
    _more(page, len(impact.packages) - len(telling), "package", 2)


def _bodies(page: Page, impact: Impact) -> None:
    if not impact.bodies:
        return
    page.heading("Changed inside, and used elsewhere")
    rows = [
        [(one.name, "title"), (_counted(one), "faint"), (f"{one.path}:{one.line}", "path")]
        for one in impact.bodies[:_MOST_BODIES]
    ]
    page.columns(rows, indent=2)
    _more(page, len(impact.bodies) - _MOST_BODIES, "definition", 2)


def _counted(contract: ChangedContract) -> str:
    near = [user for user in contract.users if user.depth == 1]
    deeper = sum(1 for user in everyone(contract) if user.depth > 1)
    parts = [
        f"{plural(len(near), 'user')}" if near else "",
        f"{plural(len(contract.tests), 'test')}" if contract.tests else "",
        f"{deeper} deeper" if deeper else "",
    ]
    return ", ".join(filter(None, parts))


def _links(page: Page, links: Sequence[Link]) -> None:
    if not links:
        return
    page.heading("Named elsewhere in strings")
    for link in links[:_MOST_LINKS]:
        key = link.key
        gone = key.change == "removed"
        page.line(
            (f"{key.change:<{_MARGIN}} ", "P2" if gone else "faint"),
            (f"{key.kind} ", "faint"),
            (key.word, "title"),
            (f"  {key.path}:{key.line}", "path"),
            ("" if link.tier == "T2" else "  possible", "faint"),
            indent=0,
            hang=_MARGIN + 1,
        )
        places = [f"{place.path}:{place.line} {place.role}" for place in link.places[:3]]
        more = len(link.places) - len(places) + link.more
        tail = [f"{more} more"] if more else []
        page.line((", ".join((*places, *tail)), ""), indent=_MARGIN + 1, hang=2)
        if link.detail:
            page.line(*page.said(link.detail, "P2"), indent=_MARGIN + 1, hang=2)
    _more(page, len(links) - _MOST_LINKS, "string", _MARGIN + 1)


def _companions(page: Page, impact: Impact) -> None:
    if not impact.companions:
        return
    page.heading("Usually changed together, not this time")
    rows = [
        [
            (one.companion, "path"),
            (f"in {one.together} of the last {one.commits} commits of {one.path}", "faint"),
        ]
        for one in impact.companions
    ]
    page.columns(rows, indent=2)


def _rest(page: Page, impact: Impact) -> None:
    """What is not shown one by one, and what was not looked at."""
    counts = ", ".join(f"{what} ({count})" for what, count in sorted(impact.quiet.items()))
    if counts:
        page.blank()
        page.line((f"Not shown one by one: {counts}.", "faint"))
    for note in gathered(impact.notes):
        page.line(("not looked at: ", "P2"), (note, ""), hang=2)


def _more(page: Page, count: int, what: str, indent: int) -> None:
    if count > 0:
        page.line((f"and {plural(count, f'more {what}')}", "faint"), indent=indent)
