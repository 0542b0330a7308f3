"""Why something does not work: a device, a machine's ledger, or the sale of a certificate.

Codes: `ReasonCode` of drivers.contract; what `kiosk.health` makes of them for a type; LEDGER_TROUBLES. The same code
means the same wherever it is told, so they share one table.
"""

from central.vocabulary.words import Words

NO_ROOM, COPY_FAILED, COPY_LATE, COPY_NEVER = "no-room", "copy-failed", "copy-late", "copy-never"
LEDGER_TROUBLES = (NO_ROOM, COPY_FAILED, COPY_LATE, COPY_NEVER)
"""What central finds in a heartbeat's counters about a machine's books."""

REASONS = {
    # what a device tells of itself
    "unplugged": Words("연결 끊김", "unplugged"),
    "port-denied": Words("포트 권한 없음", "no right to its port"),
    "port-busy": Words("포트를 다른 곳에서 씀", "port in use elsewhere"),
    "silent": Words("응답 없음", "silent"),
    "paper-out": Words("용지 없음", "out of paper"),
    "paper-low": Words("용지 부족", "paper low"),
    "paper-jam": Words("용지 걸림", "paper jam"),
    "cover-open": Words("덮개 열림", "cover open"),
    "toner-low": Words("토너 부족", "toner low"),
    "toner-out": Words("토너 없음", "out of toner"),
    "bin-full": Words("회수함 가득 참", "bin full"),
    "bin-near-full": Words("회수함 거의 참", "bin nearly full"),
    "paper-in-path": Words("통로에 용지 남음", "paper in path"),
    "hopper-empty": Words("동전 없음", "no coins"),
    "hopper-low": Words("동전 부족", "coins low"),
    "coin-jam": Words("동전 걸림", "coin jam"),
    "note-jam": Words("지폐 걸림", "note jam"),
    "stacker-full": Words("지폐함 가득 참", "note box full"),
    "stacker-out": Words("지폐함 빠짐", "note box out"),
    "opto-fraud": Words("부정 사용 의심", "fraud suspected"),
    "cutter": Words("절단기 오류", "cutter stuck"),
    "self-check": Words("자가 점검 실패", "self-check failed"),
    "device-reset": Words("장치 재시작", "device restarted"),
    "other-device": Words("다른 장치로 바뀜", "another device"),
    "protocol": Words("통신 오류", "protocol error"),
    "hardware": Words("장치 고장", "hardware fault"),
    "on-battery": Words("정전, 배터리로 동작", "on battery"),
    "battery-low": Words("배터리 부족", "battery low"),
    "battery-worn": Words("배터리 교체 필요", "battery worn"),
    # why a certificate is not sold
    "starting": Words("준비 중", "getting ready"),
    "offline": Words("서버 연결 안 됨", "no link"),
    "catalogue-stale": Words("서식 기한 지남", "forms out of date"),
    "closed-hours": Words("운영 시간 아님", "closed hours"),
    "no-change": Words("거스름돈 부족", "no change"),
    "cash-down": Words("동전 장치 고장", "cash device down"),
    "no-reader": Words("신분증 판독기 고장", "ID card reader down"),
    "printer-down": Words("프린터 고장", "printer down"),
    "presenter-down": Words("배출구 고장", "paper outlet down"),
    "unresolved": Words("앞 주문 확인 중", "last order unresolved"),
    "chain-refused": Words("일지가 서버와 맞지 않음", "journal refused"),
    "worker-silent": Words("작업 프로그램 응답 없음", "worker silent"),
    "unproved": Words("일지 확인 기다림", "journal not confirmed yet"),
    "turning-off": Words("정전으로 꺼지는 중", "turning off"),
    # what ails a machine's books; the first of them stops the sale, too
    NO_ROOM: Words("저장 공간 부족", "no disk room"),
    COPY_FAILED: Words("둘째 장부 실패", "second copy failed"),
    COPY_LATE: Words("둘째 장부 오래됨", "second copy late"),
    COPY_NEVER: Words("둘째 장부 없음", "no second copy"),
}
