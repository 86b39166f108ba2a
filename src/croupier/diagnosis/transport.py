"""Layer 0: did bytes travel?"""

from urllib.parse import urlsplit

from croupier.diagnosis.finding import PATTERN, SURE, Finding
from croupier.domain.exchange import HttpRequest, NoAnswer

LOCAL = {"localhost", "127.0.0.1", "::1"}


def of_transport(answer: NoAnswer, request: HttpRequest) -> list[Finding]:
    where = urlsplit(request.url)
    host = where.netloc
    match answer.why:
        case "refused":
            note = " In a container that is the container itself." if where.hostname in LOCAL else ""
            return [Finding("CRP-NET-001", SURE, f"Nothing listens at {host}.{note}")]
        case "dns":
            return [
                Finding("CRP-NET-001", SURE, f"The name {where.hostname} does not resolve. {answer.detail}".strip())
            ]
        case "tls":
            return [Finding("CRP-NET-002", SURE, f"TLS with {host} failed: {answer.detail or 'handshake'}.")]
        case "timeout":
            step = "No complete answer from" if answer.sent else "No connection to"
            path = where.path if answer.sent else ""
            return [Finding("CRP-NET-004", SURE, f"{step} {host}{path} within {request.timeout_ms} ms.")]
        case "reset":
            return [Finding("CRP-NET-006", SURE, f"{host} closed the connection: {answer.detail or 'no answer'}.")]
        case "bad_http" | "too_large":
            return [Finding("CRP-HTTP-006", SURE, f"{host} sent what cannot be read: {answer.detail or answer.why}.")]
        case "address_not_allowed":
            return [Finding("CRP-CFG-001", PATTERN, f"The wallet URL may not be called: {answer.detail}.")]
        case why:
            return [Finding("CRP-NET-006", PATTERN, f"{host}: {why} {answer.detail}".strip())]
