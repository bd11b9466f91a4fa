"""bin/setup.sh: installs what is missing, says so when it cannot, does nothing when nothing is missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and with made-up tools that write down how they were called."""
    folder = tmp_path / "a checkout with spaces"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "setup.sh", folder / "bin")
    (folder / "requirements.txt").write_text(
        "uv==1 \\\n    --hash=sha256:1\n    # why\nother==2 \\\n    --hash=sha256:2\n"
    )
    tool(folder / "tools" / "id", "echo 1000")
    tool(folder / "tools" / "sudo", "exit 1")
    tool(
        folder / "tools" / "apt-get",
        'echo "apt-get $*" >>calls; [ ! -e apt-fails ] || { echo "E: no network"; exit 100; }',
    )
    environment(folder / ".venv")
    return folder


def tool(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def environment(folder: Path) -> None:
    tool(folder / "bin" / "uv", 'echo "uv $*" >>calls')
    tool(folder / "bin" / "python", 'echo "python $*" >>calls')


def set_up(folder: Path, packages: str = "") -> "subprocess.CompletedProcess[str]":
    script = f"""
        PATH="$PWD/tools:$PATH" SYSTEM_PACKAGES="{packages}" REQUIREMENTS=requirements.txt
        . bin/setup.sh
        set_up
        echo ready
    """
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def calls(folder: Path, word: str) -> list[str]:
    log = folder / "calls"
    return [line for line in log.read_text().splitlines() if line.startswith(word)] if log.exists() else []


def test_the_second_set_up_installs_nothing(checkout: Path) -> None:
    for _ in range(2):
        assert set_up(checkout).stdout == "ready\n"
    assert len(calls(checkout, "uv pip install")) == 1
    assert "--require-hashes" in calls(checkout, "uv")[0]


def test_a_changed_lock_file_is_installed(checkout: Path) -> None:
    set_up(checkout)
    with (checkout / "requirements.txt").open("a") as file:
        file.write("more==3 --hash=sha256:3\n")
    set_up(checkout)
    assert len(calls(checkout, "uv pip install")) == 2


def test_a_missing_environment_is_made_with_the_locked_uv_only(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    tool(
        checkout / "tools" / "python3",
        '[ "$2" != venv ] || { mkdir -p .venv/bin; cp tools/uv tools/python .venv/bin/; }',
    )
    environment(checkout / "made")
    for name in ("uv", "python"):
        shutil.copy(checkout / "made" / "bin" / name, checkout / "tools" / name)
    assert set_up(checkout).stdout == "ready\n"
    assert "--require-hashes -r .venv/uv.txt" in calls(checkout, "python -m pip")[0]
    assert (checkout / ".venv" / "uv.txt").read_text() == "uv==1 \\\n    --hash=sha256:1\n    # why\n"


def test_without_root_it_says_what_to_install(checkout: Path) -> None:
    done = set_up(checkout, "no-such-command:some-package bash:bash")
    assert done.returncode == 1
    assert "Please install by hand: sudo apt-get install some-package\n" in done.stderr
    assert not calls(checkout, "apt-get")


def test_with_sudo_it_installs_what_is_missing(checkout: Path) -> None:
    tool(checkout / "tools" / "sudo", 'shift; exec "$@"')
    assert set_up(checkout, "no-such-command:some-package bash:bash").stdout == "ready\n"
    assert calls(checkout, "apt-get") == ["apt-get update", "apt-get install -y --no-install-recommends some-package"]


def test_a_failing_apt_is_quoted(checkout: Path) -> None:
    tool(checkout / "tools" / "sudo", 'shift; exec "$@"')
    (checkout / "apt-fails").touch()
    done = set_up(checkout, "no-such-command:some-package")
    assert done.returncode == 1
    assert "apt could not install some-package." in done.stderr
    assert "E: no network" in done.stderr
