"""`croupier init wallet`: a wallet that runs, in the user's own folder, with the SDK beside it."""

import base64
import json
import secrets
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from croupier.main.terminal import AsJson, fail, paper

init = typer.Typer(no_args_is_help=True, help="Begin an integration.")

SDK = "croupier_wallet"
PLAYER = "p-1"
NEW_PLAYER = "python players_to_try.py"


@dataclass(frozen=True)
class Framework:
    """`install`: what pip needs. `before`, `start`: commands. `paste`: into an application that is there already."""

    install: str
    start: str
    paste: tuple[str, ...]
    before: tuple[str, ...] = ()


FRAMEWORKS = {
    "fastapi": Framework(
        install="fastapi uvicorn",
        start="uvicorn wallet:app --port {port}",
        paste=("from wallet import router", 'app.include_router(router, prefix="/wallet")'),
    ),
    "django": Framework(
        install="django waitress",
        before=("python manage.py migrate",),
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
        fail(f"{', '.join(taken[:3])}{' …' if len(taken) > 3 else ''} in {folder.absolute()} would be overwritten")
    written = []
    for name, text in sorted(files.items()):
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(name)
    commands = [f"pip install {chosen.install}", *chosen.before, chosen.start.format(port=port)]
    url = f"http://127.0.0.1:{port}/wallet"
    check = ["set -a; . ./.env; set +a", f'croupier certify --wallet-url {url} --player-command "{NEW_PLAYER}"']
    told = {
        "files": written,
        "commands": commands,
        "check": check,
        "paste": list(chosen.paste),
        "wallet_url": url,
        "player": PLAYER,
    }
    if as_json:
        print(json.dumps(told))
        return
    own = [name for name in written if not name.startswith(f"{SDK}/")]
    lines = [
        *("[bold]Written[/bold]", *own, *([] if installed else [f"{SDK}/  (the SDK)"])),
        *("\n[bold]Run it[/bold]", *commands),
        *("\n[bold]Check it, in another terminal[/bold]", *check),
        *("\n[bold]Or paste this into an application of yours[/bold]", *chosen.paste),
    ]
    for line in lines:
        paper.print(line if "[bold]" in line else f"  {line}", markup="[bold]" in line, highlight=False, soft_wrap=True)


KEPT = (".gitignore", ".env")
"""Left as they are when they exist."""


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
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    files[".env"] = (
        f"# The platform's wallet secret goes here; until then, one to try with.\nCROUPIER_WALLET_SECRET={secret}\n"
    )
    files[".gitignore"] = ".env\nwallet.db*\n__pycache__/\n"
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
