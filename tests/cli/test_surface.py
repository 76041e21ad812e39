"""What the package promises to export, and the schemas it publishes."""

import pytest

import ipmatch
from ipmatch.schemas import NAMES, published
from ipmatch.schemas.made import made, renew


def test_the_public_names_are_sorted_and_importable():
    assert ipmatch.__all__ == sorted(ipmatch.__all__)
    for name in ipmatch.__all__:
        assert getattr(ipmatch, name) is not None
    assert set(ipmatch.__all__) - {"__version__"} == set(ipmatch._HOME)
    assert set(ipmatch.__all__) <= set(dir(ipmatch))


def test_what_is_asked_of_the_package_is_what_the_module_has():
    from ipmatch.front_door import match

    assert ipmatch.match is match


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'ipmatch' has no attribute 'mtach'"):
        ipmatch.mtach  # noqa: B018 (looking it up is the test)


@pytest.mark.parametrize("name", NAMES)
def test_a_published_schema_is_what_the_model_gives(name, request):
    if request.config.getoption("--renew-golden"):
        renew()
    assert published(name) == made(name), "renew with --renew-golden"


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (("help",), ("--help",)),
        (("help", "why-not"), ("why-not", "--help")),
        (("-q", "help"), ("--help",)),
        (("version",), ("--version",)),
    ],
)
def test_help_and_version_are_understood_without_dashes(capsys, words, same):
    from ipmatch.cli import main

    assert main(same) == 0
    meant = capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out == meant


def test_only_what_is_for_users_is_offered_by_completion():
    assert dir(ipmatch) == ipmatch.__all__
    assert dir(ipmatch.plots) == sorted(ipmatch.plots.__all__)
