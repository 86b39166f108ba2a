"""What to write in a framework: named as we recognise them, and said where frameworks are known to differ."""

import pytest

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.finding import FAMILY, SURE, Finding, with_fix
from croupier.diagnosis.framework import BODIES, HEADERS

RECOGNISED = {framework for *_, framework in (*HEADERS, *BODIES)}
UNMARKED = {"go"}
"""Its answers have no mark of their own; the guide's pages name it."""
ADVISED = (
    "CRP-CT-001", "CRP-CT-003", "CRP-ENC-004", "CRP-HTTP-001", "CRP-HTTP-003", "CRP-HTTP-008", "CRP-IDEM-001",
    "CRP-IDEM-005", "CRP-JSON-002", "CRP-JSON-003", "CRP-SIG-001", "CRP-SIG-004", "CRP-TYPE-001",
)  # fmt: skip


def test_a_fix_is_for_a_framework_that_we_recognise_and_fits_a_cell_of_code():
    for code, entry in CATALOGUE.items():
        assert entry.fixes.keys() <= RECOGNISED | UNMARKED, code
        assert all(
            fix.strip() == fix and not set(fix) & set("`\n") and len(fix) <= 120 for fix in entry.fixes.values()
        ), code


@pytest.mark.parametrize("code", ADVISED)
@pytest.mark.parametrize("framework", ["fastapi", "flask", "django", "laravel"])
def test_where_frameworks_differ_each_of_these_gets_its_own_line(code, framework):
    assert with_fix(Finding(code, SURE, ""), framework).fix


def test_a_member_of_a_family_gets_its_own_line_before_the_family_s():
    fixes = CATALOGUE["CRP-CT-001"].fixes
    assert with_fix(Finding("CRP-CT-001", SURE, ""), "laravel").fix == fixes["laravel"] != fixes["php"]
    assert FAMILY["next"] == "express"
    assert with_fix(Finding("CRP-CT-001", SURE, ""), "next").fix == fixes["express"]
