"""Environments of their own: this package and plugins in them, from wheels, as users have them.

What the package depends on is lent by the environment of the tests, so no network is needed.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv

from tests.cli.programs import BIN, ROOT

LENT = sysconfig.get_path("purelib")
NOT_SOURCE = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say that there is none
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
}


def build_wheel(source, folder):
    """Build a wheel of a copy, so that nothing is left in the source."""
    copy = folder / f"source-{source.name}"
    shutil.copytree(source, copy, ignore=NOT_SOURCE)
    return _build(copy, folder)


def build_own_wheel(folder):
    """Build a wheel of this package."""
    copy = folder / "source"
    copy.mkdir()
    shutil.copytree(ROOT / "livetiming", copy / "livetiming", ignore=NOT_SOURCE)
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    return _build(copy, folder)


def _build(copy, folder):
    wheels = folder / f"wheels-{copy.name}"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", wheels, copy]
    subprocess.run(pip, env=os.environ | OFFLINE, check=True)
    (wheel,) = wheels.iterdir()
    return wheel


class Separate:
    """An environment with this package in it.

    Args:
        folder: for it.
    """

    def __init__(self, folder):
        self.folder = folder / "env"
        self.bin = self.folder / "bin"
        venv.create(self.folder, symlinks=True)
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        self.packages = self.folder / "lib" / python / "site-packages"
        (self.packages / "lent.pth").write_text(f"{LENT}\n")
        self.install(build_own_wheel(folder))
        self._lend("crossbar")

    def _lend(self, program):
        """A program that is lent must find the package that is here, not that of the tests."""
        lent = (BIN / program).read_text().split("\n", 1)[1]
        ours = self.bin / program
        ours.write_text(f"#!{self.bin / 'python'}\n{lent}")
        ours.chmod(0o755)

    def install(self, wheel):
        ended = self.run("python", "-m", "pip", "install", "--no-deps", wheel, cwd=self.folder)
        assert ended.returncode == 0, ended.stderr

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if _is_foreign(name)}
        path = f"{self.bin}{os.pathsep}{kept['PATH']}"
        return {**kept, **OFFLINE, "PATH": path, **more}

    def run(self, program, *args, cwd, timeout=60, **env):
        """Run one of its programs to its end."""
        return subprocess.run(
            [self.bin / program, *map(str, args)],
            cwd=cwd,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def _is_foreign(name):
    """What a user's shell has; the settings of these tests stay out."""
    return not name.startswith(("LIVETIMING", "PYTEST", "PYTHON", "COV"))
