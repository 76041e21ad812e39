from pathlib import Path

import pytest

from ipmatch.cohort import Cohort
from ipmatch.study import Study

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def tight():
    """Too few mentors: somebody in every kind of list."""
    return Cohort.model_validate_json((EXAMPLES / "tight.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def study(tight):
    return Study(tight)
