"""The twins of cash devices, by kind and by the protocol that they speak. A new twin is a line here."""

from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

from simulators.bill import BillValidator, validator_memory
from simulators.coin import CoinAcceptor, acceptor_memory
from simulators.hopper import Hopper, hopper_memory
from simulators.ict104.validator import Ict104Validator
from simulators.memory import Memory
from simulators.station import Station

T = TypeVar("T", bound=Station)


class Twin(NamedTuple, Generic[T]):
    """The class of a twin, and its non-volatile memory: as it is in a file, or as it left the factory."""

    device: type[T]
    memory: Callable[..., Memory]


ACCEPTORS: Final[dict[str, Twin[CoinAcceptor]]] = {
    "cctalk": Twin(CoinAcceptor, acceptor_memory),
}
HOPPERS: Final[dict[str, Twin[Hopper]]] = {
    "cctalk": Twin(Hopper, hopper_memory),
}
VALIDATORS: Final[dict[str, Twin[BillValidator]]] = {
    "cctalk": Twin(BillValidator, validator_memory),
    "ict104": Twin(Ict104Validator, validator_memory),
}
