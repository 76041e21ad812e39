"""What a type checker knows of the models that people build in code."""

import ast
import inspect
import textwrap

import pytest

from ipmatch.cohort import Cohort
from ipmatch.policy import Policy


@pytest.mark.parametrize("model", [Cohort, Policy])
def test_a_type_checker_is_told_of_every_field_and_of_no_other(model):
    """It knew the fields alone, and refused the lists and plain numbers of the documentation."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    told = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "__init__")
    assert [argument.arg for argument in told.args.kwonlyargs] == list(model.model_fields)
    assert "__init__" not in vars(model)
