"""`croupier init`: a wallet that runs, in the user's own folder, with the SDK beside it; then the platform's secret."""

import base64
import json
import secrets
import shlex
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from croupier.main.terminal import AsJson, fail, paper, voice

init = typer.Typer(no_args_is_help=True, help="Begin an integration.")

SDK = "croupier_wallet"
PLAYER = "p-1"
NEW_PLAYER = "python3 players_to_try.py"
VARIABLE = "CROUPIER_WALLET_SECRET"
MADE_UP = "whsec_" + base64.b64encode(b"made up, to try").decode()
"""How secrets begin that `init wallet` made up: nobody is kept from replacing them."""


@dataclass(frozen=True)
class Framework:
    """`install`: what pip needs. `before`, `start`: commands of the environment it is installed in. `paste`: into an
    application that is there already.
    """

    install: str
    start: str
    paste: tuple[str, ...]
    before: tuple[str, ...] = ()

    def commands(self, port: int, *, existing: bool = False) -> list[str]:
        """An existing project has an environment; where there is none, many a system's own takes no packages."""
        tools = "" if existing else ".venv/bin/"
        made = [] if existing else ["python3 -m venv .venv"]
        return made + [
            tools + one for one in (f"pip install {self.install}", *self.before, self.start.format(port=port))
        ]


FRAMEWORKS = {
    "fastapi": Framework(
        install="fastapi uvicorn",
        start="uvicorn wallet:app --port {port}",
        paste=("from wallet import router", 'app.include_router(router, prefix="/wallet")'),
    ),
    "django": Framework(
        install="django waitress",
        before=("python3 manage.py migrate",),
        start="waitress-serve --listen=127.0.0.1:{port} --threads=16 casino.wsgi:application",
        paste=(
            'INSTALLED_APPS += ["wallet"]                          # settings.py',
            'urlpatterns += [path("wallet/", include("wallet.urls"))]  # urls.py',
        ),
    ),
    "flask": Framework(
        install="flask waitress",
        start="waitress-serve --listen=127.0.0.1:{port} --threads=16 wallet:app",
        paste=("from wallet import blueprint", 'app.register_blueprint(blueprint, url_prefix="/wallet")'),
    ),
}
# Only where there is no Django project yet.
NEW_PROJECT = ("manage.py", "casino/", "players_to_try.py", "wallet/models.py", "wallet/migrations/0002_")


@init.command("wallet")
def wallet(
    framework: Annotated[str, typer.Option(help=f"{', '.join(FRAMEWORKS)}.")],
    folder: Annotated[Path, typer.Option(help="Where to; made when it is not there.")] = Path(),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port in the commands that are printed.")] = 9000,
    installed: Annotated[bool, typer.Option("--installed", help="The SDK is installed: do not copy it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a wallet that works as it is: then put your own table of players under it.

    Nothing that exists is overwritten.
    """
    chosen = FRAMEWORKS.get(framework)
    if chosen is None:
        fail(f"there is no skeleton for {framework!r}; there is {', '.join(FRAMEWORKS)}")
        return
    existing = framework == "django" and (folder / "manage.py").exists()
    files = skeleton(framework, port, existing=existing) | ({} if installed else sdk(framework))
    taken = sorted(name for name in files if name not in KEPT and (folder / name).exists())
    if taken:
        named = f"{', '.join(taken[:3])}{' …' if len(taken) > 3 else ''}"
        fail(f"{named} in {folder.absolute()} would be overwritten: choose another --folder, or move it away first")
    written, kept = [], sorted(name for name in KEPT if (folder / name).exists())
    for name, text in sorted(files.items()):
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(name)
    if _secret_line(env := _lines(folder / ".env")) is None:
        made_up = MADE_UP + base64.b64encode(secrets.token_bytes(24)).decode()
        note = "# The platform's wallet secret, or one to try with."
        _write(folder / ".env", [*env, note, f"{VARIABLE}={made_up}"])
    written += [".env"] if ".env" not in kept else []
    commands = chosen.commands(port, existing=existing)
    url = f"http://127.0.0.1:{port}/wallet"
    players = "--player ID_OF_A_TEST_PLAYER" if existing else f'--player-command "{NEW_PLAYER}"'
    check = ["set -a; . ./.env; set +a", f"croupier certify --wallet-url {url} {players}"]
    told = {
        "files": written,
        "kept": kept,
        "commands": commands,
        "check": check,
        "paste": list(chosen.paste),
        "wallet_url": url,
        "player": PLAYER,
    }
    if as_json:
        print(json.dumps(told))
        return
    there = [f"cd {shlex.quote(str(folder))}"] if folder != Path() else []
    own = [name for name in written if not name.startswith(f"{SDK}/")]
    lines = [
        *("[bold]Written[/bold]", *own, *([] if installed else [f"{SDK}/  (the SDK)"])),
        *(("\n[bold]Kept[/bold]", *kept) if kept else ()),
        *("\n[bold]Run it[/bold]", *there, *commands),
        *("\n[bold]Check it, in another terminal[/bold]", *there, *check),
        *("\n[bold]Or paste this into an application of yours[/bold]", *chosen.paste),
    ]
    for line in lines:
        paper.print(line if "[bold]" in line else f"  {line}", markup="[bold]" in line, highlight=False, soft_wrap=True)


@init.command("secret")
def secret(
    printed: Annotated[Path, typer.Argument(help="The file with what `croupier operator add --json` printed.")],
    folder: Annotated[Path, typer.Option(help="Where the wallet is.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Also in place of a secret that you have put there.")] = False,
) -> None:
    """Put the platform's wallet secret into the wallet's .env; all its other lines stay.

    The secret that `init wallet` made up gives way, another one only with --force.
    """
    try:
        given = str(json.loads(printed.read_text(encoding="utf-8"))["wallet_secret"])
    except (OSError, ValueError, KeyError, TypeError):
        fail(f"{printed} has no wallet_secret: make it with croupier operator add … --json > {printed}")
        raise
    if not folder.is_dir():
        fail(f"there is no folder {folder}: croupier init wallet makes one with a wallet in it")
    path = folder / ".env"
    lines = _lines(path)
    at = _secret_line(lines)
    before = lines[at].partition("=")[2].strip() if at is not None else ""
    if before and before != given and not before.startswith(MADE_UP) and not force:
        fail(
            f"{path} has another {VARIABLE} already, and it is kept. If this wallet is to belong to the operator of"
            f" {printed}, say it again with --force: it puts the new secret in place of the old one"
        )
    at = len(lines) if at is None else at
    _write(path, [*lines[:at], f"{VARIABLE}={given}", *lines[at + 1 :]])
    voice.print(f"{path}: {VARIABLE} is the one of {printed}. A wallet that runs reads it when it is started again.")


KEPT = (".gitignore", ".env")
"""Left as they are when they exist; but a line for the secret is added to an .env that has none."""


def _lines(env: Path) -> list[str]:
    return env.read_text(encoding="utf-8").splitlines() if env.exists() else []


def _secret_line(lines: list[str]) -> int | None:
    """The first one counts, as in the SDK."""
    return next((at for at, line in enumerate(lines) if line.partition("=")[0].strip() == VARIABLE), None)


def _write(env: Path, lines: list[str]) -> None:
    env.touch(mode=0o600)
    env.write_text("\n".join(lines) + "\n", encoding="utf-8")


def skeleton(framework: str, port: int, *, existing: bool) -> dict[str, str]:
    """Path -> text of the files that become the user's own."""
    root = _package() / "skeletons"
    folders = [root / framework, root / "shared"]
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8").replace("{port}", str(port))
        for folder in folders
        for path in folder.rglob("*.py")
    }
    if existing:
        files = {name: text for name, text in files.items() if not name.startswith(NEW_PROJECT)}
    files[".gitignore"] = ".env\n.venv/\nwallet.db*\n__pycache__/\n"
    return files


def sdk(framework: str) -> dict[str, str]:
    """Path -> text of the SDK's own files, with the glue of one framework."""
    others = {f"{name}.py" for name in FRAMEWORKS if name != framework}
    files = [path for path in _package().iterdir() if path.suffix in {".py", ".typed"} and path.name not in others]
    return {f"{SDK}/{path.name}": path.read_text(encoding="utf-8") for path in files}


def _package() -> Path:
    found = find_spec(SDK)
    if found is None or found.origin is None:
        fail("the wallet SDK is not installed beside this command: install croupier once more (make setup)")
        raise AssertionError
    return Path(found.origin).parent
