"""The parts of a machine, the states of each, and the states of the whole.

Codes: `DeviceName` and `DeviceState` of drivers.contract, `MachineState` of kiosk.protocol.central.
"""

from central.vocabulary.words import Words

LEDGER = "ledger"
"""No device: the machine's books, whose troubles central reads out of the heartbeat's counters."""

DEVICES = {
    "printer": Words("프린터", "printer"),
    "presenter": Words("배출구", "paper outlet"),
    "coin": Words("동전 투입구", "coin slot"),
    "hopper": Words("동전 반환구", "hopper"),
    "hopper-2": Words("동전 반환구 2", "hopper 2"),
    "note": Words("지폐 투입구", "note slot"),
    "receipt": Words("영수증 프린터", "receipt printer"),
    "card": Words("신분증 판독기", "ID card reader"),
    "terminal": Words("카드 결제기", "card terminal"),
    "ups": Words("비상 전원", "UPS"),
    LEDGER: Words("장부", "ledger"),
}

# Said where a device tells a state and no reason for it.
DEVICE_STATES = {
    "absent": Words("연결 안 됨", "not there"),
    "connecting": Words("연결 중", "connecting"),
    "initialising": Words("준비 중", "getting ready"),
    "ready": Words("정상", "ready"),
    "busy": Words("동작 중", "busy"),
    "degraded": Words("일부 제한", "limited"),
    "blocked": Words("멈춤, 사람 손이 필요함", "blocked, needs a hand"),
    "fault": Words("고장, 기술자가 필요함", "fault, needs a technician"),
    "disabled": Words("사용 중지", "switched off"),
    "tampered": Words("손댄 흔적", "tampered with"),
}

MACHINE_STATES = {
    "ready": Words("서비스 중", "in service"),
    "ready-degraded": Words("일부 제한", "limited"),
    "out-of-service": Words("서비스 중지", "out of service"),
    "serving": Words("이용 중", "serving"),
}
