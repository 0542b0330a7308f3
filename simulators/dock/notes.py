"""One short line, Korean and English, about a request that was carried out."""

from typing import Any

_COINS = {
    "accepted": "들어감 · taken in",
    "rejected": "돌아나옴 · given back",
    "returned": "돌아나옴 (전원 없음) · no power",
}
_NOTES = {"held": "빨려 들어감 · drawn in", "rejected": "받지 않음 · not taken"}
_PLAIN = {
    "jam": "다음 장이 걸림 · next sheet jams",
    "unjam": "걸림을 풀었음 · jam cleared",
    "unplug": "뽑음 · unplugged: {device}",
    "plug": "꽂음 · plugged in: {device}",
    "ups": "전기 · mains: {mains}",
    "fault": "고장 설정 · fault: {fault}",
    "stacker": "빈 지폐 보관함을 넣음 · an empty stacker is in",
}
_OF_THE_VALIDATOR = {
    "none": "지폐기 정상 · the validator is well",
    "jam-transport": "다음 지폐가 들어가다 걸림 · the next note sticks on its way in",
    "jam-stacker": "다음 지폐가 보관함 앞에서 걸림 · the next note sticks before the stacker",
    "removed": "지폐 보관함을 뺐음 · the stacker is out",
    "full": "지폐 보관함이 가득 참 · the stacker is full",
}


def told(request: dict[str, Any], answer: dict[str, Any]) -> str:
    """What came of it, for whoever pressed the button."""
    match request.get("do"):
        case "coin":
            return f"{request.get('value')}원 {_COINS.get(answer.get('coin', ''), '')}"
        case "note":
            return f"{request.get('value')}원 {_NOTES.get(answer.get('note', ''), '')}"
        case "take":
            count = len(answer.get("sheets", []))
            return f"종이 {count}장을 꺼냄 · {count} taken"
        case "card":
            return _of_a_card(request, answer)
        case "fault" if request.get("device") == "note" and request.get("fault") in _OF_THE_VALIDATOR:
            return _OF_THE_VALIDATOR[str(request["fault"])]
        case "pay-card":
            return _of_a_payment(request, answer)
        case do:
            return _PLAIN.get(str(do), "됨 · done").format_map(request)


def _of_a_payment(request: dict[str, Any], answer: dict[str, Any]) -> str:
    if not answer.get("taken"):
        return "결제기가 카드를 기다리지 않음 · the terminal waits for no card"
    return (
        "정지 키를 누름 · stop key pressed"
        if request.get("stop")
        else "카드를 댐 · card held to the terminal"
    )


def _of_a_card(request: dict[str, Any], answer: dict[str, Any]) -> str:
    if "pull" in request:
        return "카드를 뽑음 · card out" if answer.get("pulled") else "카드가 없었음 · there was no card"
    if "block" in request:
        return f"PIN이 막힘 · blocked: {request['block']}"
    if "unblock" in request:
        return f"PIN을 풀었음 · unblocked: {request['unblock']}"
    return f"카드를 넣음 · card in: {request.get('card')}"
