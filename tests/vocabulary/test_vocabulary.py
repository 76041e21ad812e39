import subprocess
import sys

from ipmatch import vocabulary


def test_the_public_names_are_sorted_and_there():
    assert vocabulary.__all__ == sorted(vocabulary.__all__, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(vocabulary, name) for name in vocabulary.__all__)


def test_importing_the_vocabulary_opens_no_data_file():
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))\n"
        "import ipmatch.vocabulary as v\n"
        "assert not [name for name in opened if name.endswith('.csv')], opened\n"
        "v.read_scope('bp')\n"
        "assert [name for name in opened if name.endswith('.csv')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
