"""The bill validators that there is a twin of, by the protocol that they speak. A new one is a line here."""

from typing import Final

from simulators.bill import BillValidator
from simulators.ict104.validator import Ict104Validator

VALIDATORS: Final[dict[str, type[BillValidator]]] = {
    "cctalk": BillValidator,
    "ict104": Ict104Validator,
}
