"""Where a setting comes from, and what is said when it cannot be used."""

import pytest

from croupier.main.settings import BadSetting, Settings


def read(tmp_path, environment=None, text=None, **given):
    file = tmp_path / "croupier.toml"
    if text is not None:
        file.write_text(text)
    return Settings.read(environment or {}, file, **given)


def test_the_command_line_wins_over_environment_over_file_over_default(tmp_path):
    environment = {"CROUPIER_PORT": "9002", "CROUPIER_HOST": "0.0.0.0", "OTHER": "x"}
    text = 'port = 9001\nhost = "127.0.0.2"\nlog_level = "debug"\n'
    got = read(tmp_path, environment, text, port=9003)
    assert (got.port, got.host, got.log_level, got.journal) == (9003, "0.0.0.0", "debug", "postgres")


def test_an_option_that_was_not_given_changes_nothing(tmp_path):
    assert read(tmp_path, {"CROUPIER_PORT": "9002"}, port=None).port == 9002


BAD = [
    ({"CROUPIER_PORT": "eighty"}, None, "port"),
    ({"CROUPIER_PORT": "0"}, None, "port"),
    ({"CROUPIER_PORT": "65536"}, None, "port"),
    ({"CROUPIER_JOURNAL": "paper"}, None, "journal"),
    ({}, "port = [1]", "port"),
    ({}, "prot = 8080", "prot"),
    ({}, "port 8080", "croupier.toml"),
]


@pytest.mark.parametrize(("environment", "text", "named"), BAD)
def test_a_bad_setting_is_named(tmp_path, environment, text, named):
    with pytest.raises(BadSetting, match=named):
        read(tmp_path, environment, text)


def test_children_get_the_same_settings(tmp_path):
    mine = read(tmp_path, {}, port=9004, data=str(tmp_path / "data"))
    assert read(tmp_path, mine.environment()) == mine


def test_the_public_address_has_no_slash_at_its_end(tmp_path):
    assert read(tmp_path, {"CROUPIER_PUBLIC_URL": "https://games.example/"}).public == "https://games.example"
    assert read(tmp_path, {"CROUPIER_PORT": "9005"}).public == "http://localhost:9005"
