"""No operator's URL reaches our own network (security.md §4)."""

import pytest

from croupier.domain.exchange import HttpRequest
from croupier.runtime import connections
from croupier.runtime.addresses import allowed
from croupier.runtime.wallet_client import WalletClient

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "192.169.0.1", "2606:4700:4700::1111", "2a00:1450::1"]
PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "::1",
    "fc00::1",
    "fd12::1",
]
NEVER = [
    *("0.0.0.0", "0.1.2.3", "100.64.0.1", "100.100.100.200", "169.254.169.254", "169.254.170.2", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::2", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fd00:ec2::254", "4000::1", "5f00::1"),
]

# Spellings of addresses that resolvers accept, and things that are no host at all.
URLS = [
    *("https://127.0.0.1/bet", "https://127.1/bet", "https://2130706433/bet", "https://0x7f000001/bet"),
    *("https://0177.0.0.1/bet", "https://0x7f.1/bet", "https://017700000001/bet", "https://127.0.0.1./bet"),
    *("https://localhost/bet", "https://LOCALHOST./bet", "https://[::1]/bet", "https://[::ffff:127.0.0.1]/bet"),
    *("https://[0:0:0:0:0:0:0:1]/bet", "https://[::ffff:7f00:1]/bet", "https://10.1/bet", "https://0/bet"),
    *(
        "https://169.254.169.254/latest/meta-data",
        "https://2852039166/",
        "https://[fd00:ec2::254]/",
        "https://192.168.1/bet",
    ),
    *("https://user@8.8.8.8/bet", "https://user:secret@8.8.8.8/bet", "https://8.8.8.8#@127.0.0.1/bet", "https:///bet"),
    *(
        "https://8.8.8.8\\@127.0.0.1/bet",
        "https://127.0.0.1 .example/bet",
        "https://127。0。0。1/bet",
        "https://①②⑦.0.0.1/",
    ),
    *(
        "ftp://8.8.8.8/bet",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "//8.8.8.8/bet",
        "8.8.8.8/bet",
        "https://8.8.8.8:0/",
    ),
    *(
        "https://8.8.8.8:99999/",
        "https://8.8.8.8:x/",
        "https://8.8.8.8/\r\nhost: inner",
        "http://8.8.8.8/bet",
        "",
        "https://[",
    ),
    *(f"https://[{one}]/bet" if ":" in one else f"https://{one}/bet" for one in (*PRIVATE, *NEVER)),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_net_is_for_everyone(address):
    assert allowed(address, private=False)
    assert allowed(address, private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_for_test_operators_only(address):
    assert not allowed(address, private=False)
    assert allowed(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_special_addresses_are_for_nobody(address):
    assert not allowed(address, private=False)
    assert not allowed(address, private=True)


@pytest.mark.parametrize("url", URLS)
async def test_a_live_operator_cannot_make_us_call(url):
    answer = await WalletClient().send(HttpRequest("POST", url, (), b"{}", 1000))
    assert (answer.sent, answer.why in {"address_not_allowed", "dns"}) == (False, True), answer


@pytest.mark.parametrize("addresses", [["8.8.8.8", "127.0.0.1"], ["169.254.169.254"], ["2606:4700::1", "::1"]])
async def test_one_inner_address_condemns_the_name(monkeypatch, addresses):
    async def resolved(host: str, port: int) -> list[str]:
        return addresses

    monkeypatch.setattr(connections, "_resolve", resolved)
    answer = await WalletClient().send(HttpRequest("POST", "https://wallet.example/bet", (), b"{}", 1000))
    assert (answer.why, answer.sent) == ("address_not_allowed", False)


async def test_a_name_is_resolved_again_at_every_connect(monkeypatch):
    """Rebinding: the second answer of the name server is checked like the first, not remembered as good."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    monkeypatch.setattr(connections, "_resolve", rebinding)
    client = WalletClient()
    request = HttpRequest("POST", "http://wallet.example:1/bet", (), b"{}", 1000)
    assert (await client.send(request, private=True)).why == "refused"
    assert (await client.send(request, private=True)).why == "address_not_allowed"
