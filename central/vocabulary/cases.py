"""Why a claim waits for a person, by its state in central's book (`state` of the table `claim`)."""

from central.vocabulary.words import Words

CASES = {
    "case": Words("기록이 서로 맞지 않음", "evidence disagrees"),
    "counter": Words("창구에서 돌려줄 돈", "to be paid at the counter"),
    "reserved": Words("기기가 붙들고 소식이 없음", "held by a silent machine"),
}
