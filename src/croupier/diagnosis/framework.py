"""Which framework answered? Told by headers and by the shape of its error pages."""

from croupier.domain.exchange import HttpResponse

HEADERS: tuple[tuple[str, str, str], ...] = (
    ("set-cookie", "laravel_session", "laravel"),
    ("x-powered-by", "express", "express"),
    ("x-powered-by", "next.js", "next"),
    ("x-powered-by", "asp.net", "aspnet"),
    ("x-powered-by", "php", "php"),
    ("x-debug-token", "", "symfony"),
    ("x-runtime", "", "rails"),
    ("server", "werkzeug", "flask"),
    ("server", "wsgiserver", "django"),
    ("server", "uvicorn", "fastapi"),
    ("server", "kestrel", "aspnet"),
)
"""Header, what its value holds, framework."""

BODIES: tuple[tuple[bytes, str], ...] = (
    (b"Illuminate\\", "laravel"),
    (b"Symfony\\", "symfony"),
    (b"Werkzeug Debugger", "flask"),
    (b"DJANGO_SETTINGS_MODULE", "django"),
    (b"You're seeing this error because you have <code>DEBUG = True", "django"),
    (b"<pre>Cannot POST ", "express"),
    (b"Whitelabel Error Page", "spring"),
    (b"ActionController::", "rails"),
    (b'{"detail":"Not Found"}', "fastapi"),
    (b"<b>Notice</b>:", "php"),
    (b"<b>Warning</b>:", "php"),
    (b"<b>Fatal error</b>:", "php"),
)


def framework_of(answer: HttpResponse) -> str | None:
    for name, part, framework in HEADERS:
        value = answer.header(name)
        if value is not None and part in value.lower():
            return framework
    return next((framework for mark, framework in BODIES if mark in answer.body), None)
