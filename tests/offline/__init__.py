"""The guard in force: a Python that a test started has it from its start, and needs no second one."""

import sys

guard = sys.modules.get("sitecustomize")
if not hasattr(guard, "tried"):
    from . import sitecustomize as guard
