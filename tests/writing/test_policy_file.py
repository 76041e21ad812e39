from decimal import Decimal

import pytest

from ipmatch.errors import UsageError
from ipmatch.policy import PRESETS, Policy
from ipmatch.reading.documents import read_policy
from ipmatch.writing.policy_file import policy_toml, write_policy

from ..strategies import random_case, ruled_case


def test_a_policy_survives_being_written_and_read(tmp_path):
    policies = [Policy(preset=preset) for preset in PRESETS]
    policies += [
        Policy.model_validate(make(seed).policy) for make in (random_case, ruled_case) for seed in range(60)
    ]
    for place, policy in enumerate(policies):
        path = tmp_path / f"{place}.toml"
        write_policy(policy, path)
        assert read_policy(path) == policy


def test_awkward_text_in_a_quota_survives(tmp_path):
    where = {"sectors": 'other: "hospice"\\ care', "region": "Ynys Môn\x7f"}
    quotas = [{"side": "mentee", "where": where, "min": 1, "name": 'a "promise"'}]
    path = tmp_path / "policy.toml"
    write_policy(Policy(quotas=quotas), path)
    assert read_policy(path) == Policy(quotas=quotas)


def test_the_file_reads_like_one_written_by_hand():
    text = policy_toml(Policy(weights={"region": Decimal("7.25")}))
    assert text.startswith('preset = "sector-first"\n\n[weights]\nsector = 65\nscope = 25\nregion = 7.25\n')
    assert 'levels = ["placed", "score"]\n' in text


def test_a_file_that_is_there_is_kept_and_another_suffix_refused(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text("mine")
    with pytest.raises(UsageError, match="it exists already"):
        write_policy(Policy(), path)
    assert path.read_text() == "mine"
    write_policy(Policy(), path, force=True)
    assert read_policy(path) == Policy()
    with pytest.raises(UsageError, match=r"a policy is a \.toml file\. Name it policy\.toml\."):
        write_policy(Policy(), tmp_path / "policy.json")
