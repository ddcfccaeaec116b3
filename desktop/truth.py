"""A supply of references to ``True`` that does not run out.

PySide6 6.12.0 returns ``True`` from every ``Signal.emit`` without taking a reference to it, so
each emission takes one away that somebody else holds. Below CPython 3.12, where ``True`` is not
yet immortal (PEP 683), the interpreter aborts when none is left: measured, after about as many
emissions as modules and constants refer to ``True``, some twenty thousand, which is a morning's
typing. Adding references once costs nothing and is never undone.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

SUPPLY: Final = 1 << 40
"""A thousand emissions a second would take 35 years to use it up."""

_ENOUGH: Final = SUPPLY // 2


def keep_true() -> bool:
    """Make sure that ``True`` outlives the program; says whether anything had to be done.

    The reference count is the first word of a CPython object (``PyObject.ob_refcnt``).
    """
    immortal = sys.version_info >= (3, 12)
    if immortal or sys.implementation.name != "cpython" or sys.getrefcount(True) > _ENOUGH:
        return False
    ctypes.c_ssize_t.from_address(id(True)).value += SUPPLY
    return True
