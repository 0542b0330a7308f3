"""Devices say what they remember over a power cut and what they can see; a reading never pretends to more."""

from drivers.contract import Dispense, Outcome, PaperReading, ReadPaper, ReasonCode, Severity
from tests.unit.drivers.coin_bench import Bench as CashBench
from tests.unit.drivers.test_presenter import Bench as PaperBench


def named(coin: bytes = b"CA-4", hopper: bytes = b"H-100") -> CashBench:
    """Both devices of these models."""
    bench = CashBench()
    bench.far.coin.model, bench.far.hopper.model = coin, hopper
    return bench.ready().resumed()


def test_devices_that_remember_say_so() -> None:
    bench = named()
    assert "nv-accept-counter" in bench.status("coin").capabilities
    assert "nv-dispense-counter" in bench.status("hopper").capabilities


def test_models_that_forget_do_not_claim_to_remember() -> None:
    bench = named(b"CA-4F", b"H-100F")
    assert "nv-accept-counter" not in bench.status("coin").capabilities
    assert "nv-dispense-counter" not in bench.status("hopper").capabilities
    assert "low-sensor" in bench.status("hopper").capabilities


def test_a_hopper_that_is_seen_to_have_forgotten_is_not_believed_again() -> None:
    bench = named()
    bench.far.hopper.lifetime = 3
    bench.until(lambda: "nv-dispense-counter" not in bench.status("hopper").capabilities, 20)
    assert bench.run(Dispense, key="k", count=2, deadline_ms=20_000).outcome is Outcome.DONE
    bench.pass_time(20)
    assert "nv-dispense-counter" not in bench.status("hopper").capabilities


def test_a_presenter_says_which_sensors_it_has_and_reads_nothing_without() -> None:
    bench = PaperBench()
    assert bench.status.capabilities == {"path-sensor", "mouth-sensor", "nv-retract-counter"}
    bench.far.full = 0x06  # type: ignore[assignment]  # both flags: no path sensor, no mouth sensor
    bench.until(lambda: bench.status.capabilities == {"nv-retract-counter"}, 5)
    reading = bench.run(ReadPaper).result
    assert isinstance(reading, PaperReading)
    assert (reading.path, reading.mouth, reading.retracts) == (None, None, 41)


def test_a_bin_is_nearly_full_by_count_before_it_is_full() -> None:
    bench = PaperBench()

    def told() -> dict[ReasonCode, Severity]:
        return {reason.code: reason.severity for reason in bench.status.reasons}

    for documents, reasons in (
        (15, {}),
        (16, {ReasonCode.BIN_NEAR_FULL: Severity.WARN}),
        (20, {ReasonCode.BIN_FULL: Severity.ERROR}),
        (0, {}),
    ):
        bench.far.bin = documents
        bench.pass_time(2)
        assert told() == reasons
