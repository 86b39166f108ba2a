"""The build hook: what makes it build again, what it says when a step fails, and what a wheel carries."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tree import ROOT, committed

SPEC = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
hook = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hook)


@pytest.fixture
def project(tmp_path):
    """A project of two pages, whose build writes one file."""
    web = tmp_path / "web"
    web.mkdir()
    scripts = {"build": "node -e \"require('fs').mkdirSync('../src/croupier/web/', {recursive: true})\""}
    (web / "package.json").write_text(json.dumps({"name": "p", "version": "1.0.0", "scripts": scripts}))
    lock = {"name": "p", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "p", "version": "1.0.0"}}}
    (web / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Hello\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: Hello\nsite_dir: src/croupier/web/docs\n")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "builds"),
    [
        ("web/page.tsx", True),
        ("web/package-lock.json", True),
        ("docs/index.md", True),
        ("docs/css/new.css", True),
        ("mkdocs.yml", True),
        ("web/node_modules/left-pad/index.js", False),
        ("web/test-results/picture.png", False),
        ("src/croupier/domain/money.py", False),
        ("README.md", False),
    ],
)
def test_only_a_source_of_the_pages_makes_them_build_again(project, path, builds):
    before = hook.digest(project)
    changed = project / path
    changed.parent.mkdir(parents=True, exist_ok=True)
    changed.write_text("changed")
    assert (hook.digest(project) != before) is builds


def test_a_file_that_moves_makes_them_build_again(project):
    (project / "web/a.ts").write_text("same")
    before = hook.digest(project)
    (project / "web/a.ts").rename(project / "web/b.ts")
    assert hook.digest(project) != before


@pytest.mark.parametrize(
    ("breaks", "step"),
    [
        (lambda project: (project / "web/package-lock.json").write_text("{"), "npm ci"),
        (
            lambda project: (project / "web/package.json").write_text(
                '{"name": "p", "version": "1.0.0", "scripts": {"build": "exit 3"}}'
            ),
            "npm run build",
        ),
        (lambda project: (project / "docs/index.md").write_text("[lost](nowhere.md)"), "zensical build"),
    ],
    ids=["lock", "page", "guide"],
)
def test_a_failing_step_is_named(project, breaks, step):
    breaks(project)
    with pytest.raises(hook.BuildFailed) as failed:
        hook.build(project)
    assert str(failed.value).startswith(f"build failed at: {step} (exit code ")
    assert not (project / "src/croupier/web/.sources").exists(), "a build that failed is not taken for done"


def test_unchanged_sources_start_nothing(project, monkeypatch):
    web = project / "src/croupier/web"
    web.mkdir(parents=True)
    (web / ".sources").write_text(hook.digest(project))
    monkeypatch.setattr(hook, "step", lambda *_: pytest.fail("a step was started"))
    hook.build(project)


def test_an_archive_that_is_not_the_pinned_one_is_refused(tmp_path, monkeypatch):
    def fetch(what, command, cwd, env, hint):
        (cwd / "redoc-3.0.1.tgz").write_bytes(b"something else")

    monkeypatch.setattr(hook, "step", fetch)
    with pytest.raises(hook.BuildFailed, match="not the file that was pinned"):
        hook.reference(tmp_path / "api", ["npm"], {})


@pytest.mark.timeout(300)
def test_a_wheel_carries_the_pages_and_needs_no_node_on_the_path(tmp_path):
    """`pip wheel` on a copy of what git holds and of the pages built here, as a user's `pip install .` does it."""
    copy = tmp_path / "copy"
    for path in committed():
        if (ROOT / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes((ROOT / path).read_bytes())
    subprocess.run(["cp", "-R", ROOT / "src/croupier/web", copy / "src/croupier/web"], check=True)
    # A tool that would be found by chance: whoever starts `node` from PATH fails.
    trap = tmp_path / "bin"
    trap.mkdir()
    (trap / "node").write_text("#!/bin/sh\nexit 97\n")
    (trap / "node").chmod(0o755)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*pip, "--wheel-dir", tmp_path, copy],
        env={**os.environ, "PATH": f"{trap}{os.pathsep}{os.environ['PATH']}"},
        check=True,
    )
    (wheel,) = tmp_path.glob("croupier-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    pages = {"index.html", "account.html", "play.html", "casino.html", "docs/index.html", "docs/quickstart/index.html"}
    reference = {"docs/api/index.html", "docs/api/redoc.standalone.js", "docs/api/LICENSE"}
    assert {f"croupier/web/{name}" for name in pages | reference} <= names
    assert {"croupier_wallet/ledger.py", "croupier_wallet/skeletons/django/manage.py"} <= names, (
        "for croupier init wallet"
    )
    assert not [name for name in names if "node_modules" in name or Path(name).suffix == ".tsx"]
