"""Operator APIs, one folder each: pure translation both ways. An explicit list, so that it can be searched.

In each folder: `wallet`, our calls to the operator's wallet; `facade`, the operator's calls to us; `operator`, the
operator's half of the wallet, for sandbox and simulation.
"""

from typing import NamedTuple

from croupier.dialects.facade import Facade
from croupier.dialects.hub88.facade import Hub88Facade
from croupier.dialects.hub88.operator import Hub88Operator
from croupier.dialects.hub88.wallet import Hub88
from croupier.dialects.mascot.facade import MascotFacade
from croupier.dialects.mascot.operator import MascotOperator
from croupier.dialects.mascot.wallet import Mascot
from croupier.dialects.native.operator import NativeOperator
from croupier.dialects.native.wallet import Native
from croupier.dialects.operator_half import OperatorHalf
from croupier.dialects.pragmatic.facade import PragmaticFacade
from croupier.dialects.pragmatic.operator import PragmaticOperator
from croupier.dialects.pragmatic.wallet import Pragmatic
from croupier.dialects.slotegrator.facade import SlotegratorFacade
from croupier.dialects.slotegrator.operator import SlotegratorOperator
from croupier.dialects.slotegrator.wallet import Slotegrator
from croupier.dialects.softswiss_v1.facade import SoftswissV1Facade
from croupier.dialects.softswiss_v1.operator import SoftswissV1Operator
from croupier.dialects.softswiss_v1.wallet import SoftswissV1
from croupier.dialects.softswiss_v2.facade import SoftswissV2Facade
from croupier.dialects.softswiss_v2.operator import SoftswissV2Operator
from croupier.dialects.softswiss_v2.wallet import SoftswissV2
from croupier.wallet.dialect import Dialect


class Spoken(NamedTuple):
    wallet: Dialect
    operator: OperatorHalf
    facade: Facade | None = None
    """None: operators call the native operator API."""


SPOKEN: dict[str, Spoken] = {
    "native": Spoken(Native(), NativeOperator()),
    "mascot": Spoken(Mascot(), MascotOperator(), MascotFacade()),
    "slotegrator": Spoken(Slotegrator(), SlotegratorOperator(), SlotegratorFacade()),
    "pragmatic": Spoken(Pragmatic(), PragmaticOperator(), PragmaticFacade()),
    "hub88": Spoken(Hub88(), Hub88Operator(), Hub88Facade()),
    "softswiss-v1": Spoken(SoftswissV1(), SoftswissV1Operator(), SoftswissV1Facade()),
    "softswiss-v2": Spoken(SoftswissV2(), SoftswissV2Operator(), SoftswissV2Facade()),
}

DIALECTS: dict[str, Dialect] = {name: spoken.wallet for name, spoken in SPOKEN.items()}
OPERATOR_HALVES: dict[str, OperatorHalf] = {name: spoken.operator for name, spoken in SPOKEN.items()}
FACADES: dict[str, Facade] = {name: spoken.facade for name, spoken in SPOKEN.items() if spoken.facade is not None}
