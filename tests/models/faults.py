"""What a model says is wrong with a document."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError


def faults(model: type[BaseModel], data) -> dict[str, str]:
    """The faults by their place."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return {".".join(str(part) for part in error["loc"]): error["msg"] for error in caught.value.errors()}
