"""`python -m simulators --run RUN …`: the far end of all wires. `--help` names what else it can be told."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from simulators.bench import LACKS, Bench, BenchOptions
from simulators.cash_devices import ACCEPTORS, HOPPERS, VALIDATORS
from simulators.control import Control
from simulators.printer_model import bought
from simulators.receipt_picture import has_hangul_font


def parser() -> argparse.ArgumentParser:
    """What it can be told."""
    parser = argparse.ArgumentParser(prog="python -m simulators", description=__doc__)
    parser.add_argument(
        "--run", type=Path, required=True, help="run directory: dev/, sim/ and sock/ are made in it"
    )
    parser.add_argument(
        "--out", type=Path, help="where paper, documents and receipts are kept (default RUN/sim)"
    )
    parser.add_argument("--central-port", type=int, help="local TCP port to which the network cable leads")
    parser.add_argument(
        "--card-reader", help="local TCP port or hatch of a virtual card reader; without it there is none"
    )
    parser.add_argument(
        "--lacks",
        action="append",
        default=[],
        choices=LACKS,
        help="a twin of a model without this; may be repeated",
    )
    parser.add_argument(
        "--second-hopper", type=int, metavar="COINS", help="a second hopper with so many coins of 500 KRW"
    )
    parser.add_argument(
        "--printer", choices=bought(), default="", help="a bought page printer in the place of ours"
    )
    parser.add_argument(
        "--acceptor", choices=ACCEPTORS, default="cctalk", help="protocol of the coin acceptor"
    )
    parser.add_argument("--hopper", choices=HOPPERS, default="cctalk", help="protocol of each hopper")
    parser.add_argument(
        "--validator", choices=VALIDATORS, default="cctalk", help="protocol of the bill validator"
    )
    return parser


def _options() -> BenchOptions:
    given = parser().parse_args()
    out = given.out.resolve() if given.out else None
    lacks = frozenset(given.lacks)
    return BenchOptions(
        given.run.resolve(),
        out,
        given.central_port,
        given.card_reader,
        lacks,
        given.second_hopper,
        given.printer,
        given.acceptor,
        given.hopper,
        given.validator,
    )


async def _serve(options: BenchOptions) -> None:
    bench = Bench(options)
    control = Control(bench, options.run / "sock" / "sim.sock")
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    await control.start()
    await bench.start()
    print(
        f"simulators ready: printer {bench.printer_http.uri}, cable at port {bench.cable.number}", flush=True
    )
    try:
        await over.wait()
    finally:
        await control.stop()
        await bench.stop()


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    options = _options()
    if not has_hangul_font():
        print(
            "simulators: no Hangul font found (fonts-nanum); receipts are drawn without Hangul",
            file=sys.stderr,
        )
    asyncio.run(_serve(options))


if __name__ == "__main__":
    main()
