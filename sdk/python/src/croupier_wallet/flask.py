"""Glue for Flask: ``app.register_blueprint(wallet_blueprint(server), url_prefix="/wallet")``."""

from flask import Blueprint, Response, request

from croupier_wallet.server import BODY_MAX, WalletServer


def wallet_blueprint(server: WalletServer, name: str = "croupier_wallet") -> Blueprint:
    """The route of the four calls."""

    def answer(call: str) -> Response:  # noqa: ARG001 - Flask hands over what the route names
        request.max_content_length = BODY_MAX  # Flask answers 413 beyond
        # The raw bytes, and before anybody touches request.form, which would eat them.
        body = request.get_data(cache=True)
        found = server.handle(request.method, request.path, dict(request.headers), body)
        return Response(found.body, found.status, found.headers)

    blueprint = Blueprint(name, __name__)
    blueprint.add_url_rule("/<call>", view_func=answer, methods=["POST"], strict_slashes=False)
    return blueprint
