"""Settings of the platform: from the environment (``CROUPIER_…``), else from ``croupier.toml``, else these defaults."""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import msgspec

PREFIX = "CROUPIER_"
FILE = Path("croupier.toml")


class BadSetting(ValueError):
    """A setting cannot be used; the text names it and says what it should be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field, one environment variable: `data` is ``CROUPIER_DATA``."""

    data: Path = Path(".croupier")
    """Folder of the embedded database, the master key and logs."""
    database_url: str = ""
    """Any PostgreSQL from version 15 on. Empty: an embedded server in `data`."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8080
    """Port to listen on."""
    workers: int = 1
    """Worker processes behind the port; about one for each core."""
    peer_host: str = ""
    """Address by which other servers on the same database reach this one, for demo sessions that began here.
    Empty: only workers of this server do."""
    public_url: str = ""
    """How browsers reach the platform. Empty: ``http://localhost:<port>``."""
    casino_url: str = ""
    """The demo casino's address, when one runs beside the platform."""
    master_key: str = ""
    """Seals operators' secrets: 32 bytes as base64url. Empty: ``<data>/master.key``, made at the first start.
    Several, with spaces between: the first seals, all open."""
    tls_port: int = 0
    """Port with TLS of our own, on which operators may show client certificates. 0: none."""
    tls_certificate: str = ""
    """File with the certificate of that port and its chain, PEM."""
    tls_key: str = ""
    """File with its private key, PEM. Empty: it is in the file of the certificate."""
    tls_url: str = ""
    """How operators reach that port, or a proxy that takes their client certificates. Empty: `public_url`."""
    trusted_proxies: str = ""
    """Addresses or networks of TLS-terminating proxies whose `certificate_header` is believed, with spaces between."""
    certificate_header: str = "X-Client-Subject"
    """Header in which such a proxy passes the verified subject of a client's certificate, in place of any other."""
    journal: str = "postgres"
    """``memory`` keeps rounds in memory only: for measuring what durability costs, never for money."""
    log_level: str = "info"
    """``debug``, ``info``, ``warning`` or ``error``."""

    @property
    def public(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    def environment(self) -> dict[str, str]:
        """These settings for a child process."""
        return {PREFIX + name.upper(): str(getattr(self, name)) for name in self.__struct_fields__}

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, file: Path = FILE, **given: object) -> "Settings":
        """What was `given` on the command line wins, then the environment, then the file.

        BadSetting names what is wrong.
        """
        values: dict[str, object] = {}
        if file.exists():
            try:
                values.update(tomllib.loads(file.read_text(encoding="utf-8")))
            except tomllib.TOMLDecodeError as error:
                raise BadSetting(f"{file}: {error}") from error
        values |= {
            name: environment[PREFIX + name.upper()]
            for name in cls.__struct_fields__
            if PREFIX + name.upper() in environment
        }
        values |= {name: value for name, value in given.items() if value is not None}
        try:
            settings = msgspec.convert(values, cls, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            raise BadSetting(f"a setting is not usable: {error}") from error
        if not 1 <= settings.port <= 65535:
            raise BadSetting(f"port must be 1 to 65535, not {settings.port}")
        if not 1 <= settings.workers <= 64:
            raise BadSetting(f"workers must be 1 to 64, not {settings.workers}")
        try:
            for one in settings.trusted_proxies.split():
                ip_network(one, strict=False)
        except ValueError as error:
            raise BadSetting(f"trusted_proxies must be addresses or networks: {error}") from error
        if settings.tls_port and not (1 <= settings.tls_port <= 65535 and settings.tls_port != settings.port):
            raise BadSetting(f"tls_port must be 1 to 65535 and not the plain port, not {settings.tls_port}")
        for name in ("tls_certificate", "tls_key"):
            file_name = getattr(settings, name)
            if (file_name or name == "tls_certificate") and settings.tls_port and not Path(file_name).is_file():
                raise BadSetting(f"tls_port needs a readable file as {name}, not {file_name!r}")
        if settings.journal not in ("postgres", "memory"):
            raise BadSetting(f"journal must be postgres or memory, not {settings.journal!r}")
        if settings.journal == "memory" and settings.workers > 1:
            raise BadSetting("journal = memory works with one worker only: what it holds is not shared")
        return settings


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value)).absolute()
    raise NotImplementedError(kind)
