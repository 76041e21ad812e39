import io

import pytest

from ipmatch.cli import progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def test_a_line_is_shown_and_taken_away_only_where_somebody_watches_and_waits(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with progress.Progress(quiet=False) as quick:
        quick("scoring")
    assert screen.getvalue() == ""
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", -1.0)
    with progress.Progress(quiet=False) as slow:
        slow("scoring")
    assert screen.getvalue() == "\rscoring …\r         \r"


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True), (None, False)])
def test_nothing_is_shown_otherwise(monkeypatch, stream, quiet):
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", -1.0)
    with progress.Progress(quiet=quiet) as slow:
        slow("scoring")
    assert stream is None or stream.getvalue() == ""
