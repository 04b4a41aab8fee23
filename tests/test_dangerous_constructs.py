"""Reliability row 23: what must not stand in the source, nor happen when it is imported."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "livetiming").rglob("*.py"))
WEB_SOURCES = sorted(
    path
    for path in (ROOT / "web" / "src").rglob("*")
    if path.suffix in {".ts", ".tsx"} and ".test." not in path.name
)
CLOCKS = "livetiming/services/clocks.py"
SETTINGS = {
    "livetiming/settings.py",
    "livetiming/cli/terminal.py",  # COLUMNS, which belongs to the terminal
}

BANNED_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill"}
BANNED_CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load"}
CLOCK_CALLS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
LOG_LEVELS = {"debug", "info", "warn", "warning", "error", "critical", "failure", "exception"}
LOGS = re.compile(r"(^|[._])(log|logger|_log|_logger)$")
DECLARATIONS = (
    *(ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assert, ast.Pass),
)


def findings(source: str, path: str = "livetiming/x.py") -> list[str]:
    """What is dangerous in a module, as `line: what`."""
    tree = ast.parse(source)
    known_as = dict(_aliases(tree))
    found = [
        (node.lineno, what) for node in ast.walk(tree) for what in _dangers(node, path, known_as)
    ]
    if Path(path).name != "__main__.py":
        found += [(part.lineno, "runs at import") for part in tree.body if _runs(part)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What a module calls by another name, and its own name."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from ((alias.asname, alias.name) for alias in names if alias.asname)
            case ast.ImportFrom(module, names):
                for alias in names:
                    if alias.asname:
                        yield alias.asname, f"{module}.{alias.name}"


def _dangers(node: ast.AST, path: str, known_as: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from (a.name for a in names if a.name.split(".")[0] in BANNED_MODULES)
        case ast.ImportFrom(module, names):
            yield from _imported(module or "", {alias.name for alias in names}, path)
        case ast.Call():
            yield from _called(node)
        case ast.Attribute():
            first, _, rest = ast.unparse(node).partition(".")
            yield from _named(f"{known_as.get(first, first)}.{rest}", path)


def _imported(module: str, names: set[str], path: str) -> Iterator[str]:
    if module.split(".")[0] in BANNED_MODULES:
        yield module
    for name in names:
        yield from _named(f"{module}.{name}", path)


def _named(name: str, path: str) -> Iterator[str]:
    if name in BANNED_CALLS or name.endswith(".extractall"):
        yield name
    short = ".".join(name.split(".")[-2:])
    if short in CLOCK_CALLS and path != CLOCKS:
        yield f"{short}: hand the clock in"
    if name in ENVIRONMENT and path not in SETTINGS:
        yield f"{name}: only settings read the environment"


def _called(call: ast.Call) -> Iterator[str]:
    if isinstance(call.func, ast.Name) and call.func.id in BANNED_CALLS:
        yield call.func.id
    for keyword in call.keywords:
        if keyword.arg == "shell" and not _is_false(keyword.value):
            yield "shell=True"
    if _is_log_call(call.func) and call.args and _is_made_text(call.args[0]):
        yield "a log call with a made text: name the fields"


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _is_log_call(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in LOG_LEVELS
        and LOGS.search(ast.unparse(function.value)) is not None
    )


def _is_made_text(text: ast.expr) -> bool:
    match text:
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.Call(ast.Attribute(_, "format" | "join")):
            return True
    return False


def _runs(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Constant()):
            return False
        case ast.If(test):
            guard = ast.unparse(test)
            return not (guard == "TYPE_CHECKING" or guard.startswith("__name__ =="))
    return not isinstance(statement, DECLARATIONS)


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in SOURCES])
def test_nothing_dangerous_stands_in(path):
    assert findings((ROOT / path).read_text("utf-8"), path) == []


@pytest.mark.parametrize(
    "source",
    [
        *(
            "import pickle",
            "import os, marshal",
            "from shelve import open",
            "from pickle import load",
        ),
        *("x = eval('1')", "exec('1')", "import os\nx = os.system('ls')", "from os import system"),
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=flag)",
        "def f(z): z.extractall('/')",
        *("x = yaml.load(f)", "from yaml import load"),
        *("def f(): return time.time()", "from time import time", "def f(c=time.time): pass"),
        "import time as c\ndef f(): return c.time_ns()",
        "import os as o\ndef f(): o.system(1)",
        "from datetime import datetime as d\ndef f(): return d.now(UTC)",
        "def f():\n    import time as c\n    return c.time()",
        *("def f(): return datetime.now(UTC)", "def f(): return datetime.datetime.now()"),
        *("def f(): return os.environ['X']", "def f(): os.getenv('X')", "from os import environ"),
        *("def f(): log.info(f'{x}')", "def f(self): self._log.warn('%s' % x)"),
        *("def f(self): self.log.error('a' + x)", "def f(): logger.debug('{}'.format(x))"),
        *("print('hello')", "for x in y: pass", "with open('f') as f: pass", "if x: y = 1"),
        *("try:\n    import x\nexcept ImportError:\n    pass", "while True: pass"),
    ],
)
def test_the_search_finds(source):
    assert findings(source) != []


@pytest.mark.parametrize(
    "source",
    [
        *(
            "import json",
            "x = ast.literal_eval('1')",
            "subprocess.run",
            "def f(): run(shell=False)",
        ),
        *("def f(clock): return clock.time()", "def f(): log.info('{x} came', x=x)"),
        *("if TYPE_CHECKING:\n    import x", "if __name__ == '__main__':\n    main()"),
        *("def f(): math.log(x + 1)", "def f(): error.info(f'{x}')", "def f(): time.monotonic()"),
    ],
)
def test_the_search_lets_pass(source):
    assert [what for what in findings(source) if "runs at import" not in what] == []


def test_only_a_main_module_runs_when_python_meets_it():
    assert findings("main()", "livetiming/cli/rectool/__main__.py") == []
    assert findings("main()", "livetiming/cli/rectool/main.py") != []


def test_only_the_clocks_read_the_clock_and_only_settings_the_environment():
    assert findings("def f(): return time.time()", CLOCKS) == []
    for path in SETTINGS:
        assert findings("def f(): return os.environ", path) == []


WEB_DANGERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write"
    r"|\beval\s*\(|new\s+Function\s*\(|\bFunction\s*\(|createContextualFragment|srcdoc|javascript:"
)


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in WEB_SOURCES])
def test_no_script_comes_from_data_in(path):
    assert WEB_DANGERS.findall((ROOT / path).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        *("a.innerHTML = b", "<p dangerouslySetInnerHTML={{ __html: a }} />", "eval (a)"),
        *("new Function('a')", "document.write(a)", "a.insertAdjacentHTML('x', b)"),
    ],
)
def test_the_search_of_the_web_finds(source):
    assert WEB_DANGERS.search(source)


IMPORTER = """
import importlib, os, pkgutil, sys, threading

happened = []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def watch(event, args):
    if event == "open":
        path, mode, flags = args
        if set(mode or "") & set("wax+") or flags & WRITES:
            happened.append(f"opened {path} for writing")
    elif event in ("socket.bind", "socket.connect", "subprocess.Popen", "os.chdir", "os.mkdir"):
        happened.append(f"{event} {args!r}")


sys.addaudithook(watch)
import livetiming

names = [module.name for module in pkgutil.walk_packages(livetiming.__path__, "livetiming.")]
names = [name for name in names if not name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
    if threading.active_count() > 1:
        happened.append("started a thread")
    if "twisted.internet.reactor" in sys.modules:
        happened.append("installed a reactor")
    if happened:
        sys.exit(f"{name}: {happened}")
assert "livetiming.events.codec" in names
sys.exit(0)
"""


def test_importing_every_module_does_nothing():
    run = subprocess.run(
        [sys.executable, "-B", "-c", IMPORTER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "source",
    [
        "print('hello')",
        "open('/dev/null', 'w')",
        "from twisted.internet import reactor",
        "import threading, time as t; threading.Thread(target=t.sleep, args=(1,)).start()",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_the_watch_over_imports_notices(source, tmp_path):
    package = tmp_path / "livetiming"
    (package / "events").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "events" / "__init__.py").touch()
    (package / "events" / "codec.py").write_text(source)
    run = subprocess.run(
        [sys.executable, "-B", "-c", IMPORTER],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) != (0, "", "")
