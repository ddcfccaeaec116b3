"""Reasons that pages offer are known to whoever tells them later, in any language."""

from __future__ import annotations

import ast
from pathlib import Path

from workspace.telling import OFFERED

DESKTOP = Path(__file__).parents[2] / "desktop"
PAGES = (*(DESKTOP / "pages").glob("*.py"), *(DESKTOP / "adjudication").glob("*.py"))
LISTS = ("_REASONS", "_AGAIN", "_WHY", "_DIFFERENT", "_BACK", "_HOLDS")
NOT_TOLD = {
    # Drafts, users, sealed answers and recovery sheets: nobody reads these in a record's past.
    "care.py",
    "interview.py",
    "sealed.py",
    "users.py",
}


def texts(node: ast.AST) -> set[str]:
    return {
        one.args[0].value
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Name)
        and one.func.id in ("tr", "N_")
        and isinstance(one.args[0], ast.Constant)
    }


def offered(path: Path) -> set[str]:
    """What is offered as a reason: in the call, or in the page's own list of reasons."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "choices":
            found |= texts(node.value)
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id in LISTS
            and node.value is not None
        ):
            found |= texts(node.value)
    return found


def test_every_offered_reason_can_be_told_in_another_language() -> None:
    every = {path.name: offered(path) for path in sorted(PAGES)}
    known = set().union(*(found for name, found in every.items() if name not in NOT_TOLD))
    assert known == set(OFFERED)
