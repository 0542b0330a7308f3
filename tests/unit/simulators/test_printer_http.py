"""The printer's network side on loopback connections: documents whole and broken, replies lost, cables pulled."""

import asyncio
import http.client

import pytest

from simulators.bench import Bench
from simulators.ipp import Message, Tag, encode
from simulators.print_job import JobState
from simulators.printer_model import one
from simulators.printer_operations import Operation

from .desk import pdf
from .far_end import far_end, post, until
from .test_printer_operations import LAST, number, request

HEAD = b"POST /ipp/print HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\n"


async def raw(bench: Bench, data: bytes, *, end: bool = False) -> bytes:
    """Send bytes on a fresh connection; everything that comes back until the printer closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.printer_http.port)
    writer.write(data)
    if end:
        writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def test_a_document_sent_over_a_second_connection_is_printed() -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            port = bench.printer_http.port
            created = await post(port, request(Operation.CREATE_JOB, one("job-name", Tag.NAME, "issue-1")))
            job_id = created.group(Tag.JOB).value("job-id")
            assert isinstance(job_id, int)
            await post(port, request(Operation.SEND_DOCUMENT, number(job_id), LAST, data=pdf("a")))
            job = bench.printer.job(job_id)
            assert job is not None
            await until(lambda: job.ended, "the job's end")
            assert (job.state, bench.printer.sheets) == (JobState.COMPLETED, 1)

    asyncio.run(scene())


def test_one_connection_carries_many_requests() -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            wire = http.client.HTTPConnection("127.0.0.1", bench.printer_http.port, timeout=10)
            answers = [await post(0, request(Operation.GET_PRINTER_ATTRIBUTES), wire) for _ in range(3)]
            wire.close()
            assert [answer.code for answer in answers] == [0, 0, 0]

    asyncio.run(scene())


@pytest.mark.parametrize("reset", [False, True])
def test_a_document_that_ends_early_aborts_its_job(reset: bool) -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            await post(bench.printer_http.port, request(Operation.CREATE_JOB))
            body = encode(request(Operation.SEND_DOCUMENT, number(1), LAST, data=pdf("a")))
            _, writer = await asyncio.open_connection("127.0.0.1", bench.printer_http.port)
            writer.write(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:-40])
            await writer.drain()
            if reset:
                writer.transport.abort()
            else:
                writer.write_eof()
            job = bench.printer.jobs[0]
            await until(lambda: job.ended, "the job's end")
            assert (job.state, job.reason) == (JobState.ABORTED, "submission-interrupted")
            assert bench.world.truth().sheets == ()
            writer.close()

    asyncio.run(scene())


def test_chunks_and_expect_100_are_understood() -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            body = encode(request(Operation.GET_PRINTER_ATTRIBUTES))
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:30], body[30:])) + b"0\r\n\r\n"
            head = HEAD + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            answer = await raw(bench, head + chunks)
            assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /ipp/print HTTP/1.1\r\n\r\n", b"405"),
        (b"POST /other HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /ipp/print HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n", b"415"),
        (HEAD + b"\r\n", b"411"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", b"413"),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", b"413"),
        (b"\x00\xff garbage\r\n\r\n", b"400"),
        (b"POST /ipp/print HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"x" * 100_000 + b"\r\n", b"400"),
    ],
)
def test_what_is_no_ipp_request_gets_a_clear_http_error(sent: bytes, status: bytes) -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            assert (await raw(bench, sent, end=True)).startswith(b"HTTP/1.1 " + status)

    asyncio.run(scene())


def test_a_lost_create_job_reply_leaves_the_job_to_be_found_by_its_name() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            port = bench.printer_http.port
            await hand.do("fault", device="printer", fault="lose-reply", operation="create-job")
            create = request(Operation.CREATE_JOB, one("job-name", Tag.NAME, "issue-7"))
            with pytest.raises(http.client.RemoteDisconnected):
                await post(port, create)
            wanted = one("requested-attributes", Tag.KEYWORD, "job-name")
            listed = await post(port, request(Operation.GET_JOBS, wanted))
            assert [group.value("job-name") for group in listed.groups[1:]] == ["issue-7"]
            assert (await post(port, create)).code == 0

    asyncio.run(scene())


def test_a_hung_printer_takes_a_request_and_answers_it_when_it_comes_back() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await hand.do("fault", device="printer", fault="hang")
            asked = asyncio.create_task(post(bench.printer_http.port, request(Operation.GET_JOBS)))
            await hand.do("state")
            assert not asked.done()
            await hand.do("fault", device="printer", fault="none")
            assert (await asked).code == 0

    asyncio.run(scene())


OFF_AND_ON = [
    (b'{"do":"unplug","device":"printer"}', b'{"do":"plug","device":"printer"}'),
    (b'{"do":"power","up":false}', b'{"do":"power","up":true}'),
]


@pytest.mark.parametrize(("off", "on"), OFF_AND_ON, ids=["cable", "power"])
def test_a_printer_without_cable_or_power_refuses_and_comes_back_at_the_same_port(
    off: bytes, on: bytes
) -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            port = bench.printer_http.port
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            await post(0, request(Operation.GET_JOBS), wire)
            await hand.line(off)
            with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
                await post(0, request(Operation.GET_JOBS), wire)
            with pytest.raises(ConnectionRefusedError):
                await post(port, request(Operation.GET_JOBS))
            await hand.line(on)
            assert (await post(port, request(Operation.GET_JOBS))).code == 0
            wire.close()

    asyncio.run(scene())


def test_a_printer_that_was_unplugged_prints_on() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await post(bench.printer_http.port, request(Operation.PRINT_JOB, data=pdf("a", "b")))
            await hand.do("unplug", device="printer")
            await until(lambda: len(bench.world.truth().sheets) == 2, "both sheets")

    asyncio.run(scene())


def test_a_changed_serial_number_is_another_printer() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await hand.do(
                "fault", device="printer", fault="serial", serial="11111111-2222-3333-4444-555555555555"
            )
            answer: Message = await post(bench.printer_http.port, request(Operation.GET_PRINTER_ATTRIBUTES))
            uuid = answer.group(Tag.PRINTER).value("printer-uuid")
            assert uuid == "urn:uuid:11111111-2222-3333-4444-555555555555"

    asyncio.run(scene())
