"""Why something does not work: a device, a machine's ledger, or the sale of a certificate.

A row says what it is called, and what the office does about it first. Codes: `ReasonCode` of drivers.contract; what
`kiosk.health` makes of them for a type; LEDGER_TROUBLES. The same code means the same wherever it is told, so they
share one table.
"""

from msgspec import Struct

from central.vocabulary.words import Words


class Fault(Struct, frozen=True):
    """How it is told."""

    name: Words
    remedy: Words


NO_ROOM, COPY_FAILED, COPY_LATE, COPY_NEVER = "no-room", "copy-failed", "copy-late", "copy-never"
LEDGER_TROUBLES = (NO_ROOM, COPY_FAILED, COPY_LATE, COPY_NEVER)
"""What central finds in a heartbeat's counters about a machine's books."""

FAULTS: dict[str, Fault] = {
    # what a device tells of itself
    "unplugged": Fault(
        Words("연결 끊김", "unplugged"),
        Words("전원과 케이블을 확인해 주세요.", "Check its power and its cable."),
    ),
    "port-denied": Fault(
        Words("포트 권한 없음", "no right to its port"),
        Words("장치 프로그램의 포트 권한을 확인해 주세요.", "Give the device program the right to its port."),
    ),
    "port-busy": Fault(
        Words("포트를 다른 곳에서 씀", "port in use elsewhere"),
        Words("같은 포트를 쓰는 다른 프로그램을 끝내 주세요.", "End the other program that uses this port."),
    ),
    "silent": Fault(
        Words("응답 없음", "silent"),
        Words(
            "전원과 케이블을 확인하고 장치를 다시 켜 주세요.",
            "Check power and cable; switch the device off and on.",
        ),
    ),
    "paper-out": Fault(Words("용지 없음", "out of paper"), Words("용지를 넣어 주세요.", "Put paper in.")),
    "paper-low": Fault(
        Words("용지 부족", "paper low"),
        Words("다음 방문 때 용지를 채워 주세요.", "Refill paper at the next visit."),
    ),
    "paper-jam": Fault(
        Words("용지 걸림", "paper jam"),
        Words("덮개를 열고 걸린 종이를 빼 주세요.", "Open the cover and take the jammed sheet out."),
    ),
    "cover-open": Fault(Words("덮개 열림", "cover open"), Words("덮개를 닫아 주세요.", "Close the cover.")),
    "toner-low": Fault(
        Words("토너 부족", "toner low"), Words("새 토너를 준비해 주세요.", "Order a new toner.")
    ),
    "toner-out": Fault(
        Words("토너 없음", "out of toner"), Words("토너를 갈아 주세요.", "Replace the toner.")
    ),
    "bin-full": Fault(Words("회수함 가득 참", "bin full"), Words("회수함을 비워 주세요.", "Empty the bin.")),
    "bin-near-full": Fault(
        Words("회수함 거의 참", "bin nearly full"),
        Words("다음 방문 때 회수함을 비워 주세요.", "Empty the bin at the next visit."),
    ),
    "paper-in-path": Fault(
        Words("통로에 용지 남음", "paper in path"),
        Words("통로에 남은 종이를 빼 주세요.", "Take the paper out of the path."),
    ),
    "hopper-empty": Fault(
        Words("동전 없음", "no coins"),
        Words("동전을 채우고 센 수를 적어 주세요.", "Refill the hopper and enter the count."),
    ),
    "hopper-low": Fault(
        Words("동전 부족", "coins low"),
        Words("다음 방문 때 동전을 채워 주세요.", "Refill the hopper at the next visit."),
    ),
    "coin-jam": Fault(
        Words("동전 걸림", "coin jam"), Words("걸린 동전을 빼 주세요.", "Take the jammed coin out.")
    ),
    "note-jam": Fault(
        Words("지폐 걸림", "note jam"),
        Words(
            "걸린 지폐를 빼고 누구의 것인지 적어 주세요.", "Take the jammed note out; write down whose it is."
        ),
    ),
    "stacker-full": Fault(
        Words("지폐함 가득 참", "note box full"), Words("지폐함을 비워 주세요.", "Empty the note box.")
    ),
    "stacker-out": Fault(
        Words("지폐함 빠짐", "note box out"), Words("지폐함을 끼워 주세요.", "Put the note box in.")
    ),
    "opto-fraud": Fault(
        Words("부정 사용 의심", "fraud suspected"),
        Words(
            "투입구를 살펴보고 이물질을 없애 주세요.", "Look at the slot; remove what does not belong there."
        ),
    ),
    "cutter": Fault(
        Words("절단기 오류", "cutter stuck"),
        Words("칼날에 걸린 종이를 빼 주세요.", "Take the paper out of the cutter."),
    ),
    "self-check": Fault(
        Words("자가 점검 실패", "self-check failed"),
        Words(
            "장치를 다시 켜고, 되풀이되면 바꿔 주세요.", "Switch it off and on; exchange it if that repeats."
        ),
    ),
    "device-reset": Fault(
        Words("장치 재시작", "device restarted"),
        Words("되풀이되면 전원을 확인해 주세요.", "If that repeats, check its power supply."),
    ),
    "other-device": Fault(
        Words("다른 장치로 바뀜", "another device"),
        Words("바꾼 사람이 없으면 현장을 확인해 주세요.", "If nobody exchanged it, look at the machine."),
    ),
    "protocol": Fault(
        Words("통신 오류", "protocol error"),
        Words("케이블과 장치의 설정을 확인해 주세요.", "Check the cable and the device's set-up."),
    ),
    "hardware": Fault(
        Words("장치 고장", "hardware fault"),
        Words("장치를 점검하거나 바꿔 주세요.", "Inspect the device, or exchange it."),
    ),
    "on-battery": Fault(
        Words("정전, 배터리로 동작", "on battery"),
        Words("건물의 전기를 확인해 주세요.", "Check the building's power."),
    ),
    "battery-low": Fault(
        Words("배터리 부족", "battery low"),
        Words("전기가 돌아올 때까지 기다려 주세요.", "Wait until the power is back."),
    ),
    "battery-worn": Fault(
        Words("배터리 교체 필요", "battery worn"),
        Words("비상 전원의 배터리를 갈아 주세요.", "Replace the battery of the UPS."),
    ),
    # why a certificate is not sold
    "starting": Fault(
        Words("준비 중", "getting ready"),
        Words(
            "1분 뒤에도 그대로면 기기를 확인해 주세요.",
            "If it lasts longer than a minute, look at the machine.",
        ),
    ),
    "offline": Fault(
        Words("서버 연결 안 됨", "no link"),
        Words("기기의 통신선을 확인해 주세요.", "Check the machine's network."),
    ),
    "catalogue-stale": Fault(
        Words("서식 기한 지남", "forms out of date"),
        Words("새 서식을 게시해 주세요.", "Publish a new bundle."),
    ),
    "closed-hours": Fault(
        Words("운영 시간 아님", "closed hours"),
        Words("등록 기관의 운영 시간에 다시 팝니다.", "It is sold again in the register's hours."),
    ),
    "no-change": Fault(
        Words("거스름돈 부족", "no change"),
        Words("동전을 채우고 센 수를 적어 주세요.", "Refill the hopper and enter the count."),
    ),
    "cash-down": Fault(
        Words("동전 장치 고장", "cash device down"),
        Words("동전 장치의 까닭을 보고 고쳐 주세요.", "See what ails the cash devices, and mend that."),
    ),
    "no-reader": Fault(
        Words("신분증 판독기 고장", "ID card reader down"),
        Words("판독기의 케이블을 확인해 주세요.", "Check the card reader's cable."),
    ),
    "printer-down": Fault(
        Words("프린터 고장", "printer down"),
        Words("프린터의 까닭을 보고 고쳐 주세요.", "See what ails the printer, and mend that."),
    ),
    "presenter-down": Fault(
        Words("배출구 고장", "paper outlet down"),
        Words("배출구의 까닭을 보고 고쳐 주세요.", "See what ails the paper outlet, and mend that."),
    ),
    "unresolved": Fault(
        Words("앞 주문 확인 중", "last order unresolved"),
        Words(
            "기기가 근거를 기다립니다. 오래가면 장치를 확인해 주세요.",
            "The machine waits for proof; if it lasts, look at its devices.",
        ),
    ),
    "chain-refused": Fault(
        Words("일지가 서버와 맞지 않음", "journal refused"),
        Words("기기를 멈추고 디스크를 확인해 주세요.", "Stop the machine and look at its disk."),
    ),
    "worker-silent": Fault(
        Words("작업 프로그램 응답 없음", "worker silent"),
        Words("기기의 기록을 보고 작업 프로그램을 고쳐 주세요.", "Read the machine's log; mend the worker."),
    ),
    "unproved": Fault(
        Words("일지 확인 기다림", "journal not confirmed yet"),
        Words(
            "서버와 이어지면 풀립니다. 통신을 확인해 주세요.",
            "It ends once central confirms; check the network.",
        ),
    ),
    "turning-off": Fault(
        Words("정전으로 꺼지는 중", "turning off"),
        Words("전기가 돌아오면 다시 켜집니다.", "It comes back with the power."),
    ),
    # what ails a machine's books; the first of them stops the sale, too
    NO_ROOM: Fault(
        Words("저장 공간 부족", "no disk room"),
        Words("디스크의 자리를 비워 주세요.", "Make room on the disk."),
    ),
    COPY_FAILED: Fault(
        Words("둘째 장부 실패", "second copy failed"),
        Words("둘째 저장 장치를 확인해 주세요.", "Check the disk of the second copy."),
    ),
    COPY_LATE: Fault(
        Words("둘째 장부 오래됨", "second copy late"),
        Words("둘째 저장 장치를 확인해 주세요.", "Check the disk of the second copy."),
    ),
    COPY_NEVER: Fault(
        Words("둘째 장부 없음", "no second copy"),
        Words("둘째 저장 장치를 연결해 주세요.", "Connect the disk of the second copy."),
    ),
}

REASONS = {code: fault.name for code, fault in FAULTS.items()}
