import Changgu
import "balance.js" as Balance

// Words over several lines: a new sentence on a new line where each fits one, else lines of about equal length, so that
// no single word is left over on the last one.
Label {
    property string words: ""
    property int room: 0
    readonly property bool single: room <= 0 || Bridge.widthOf(words, font) <= room
    readonly property var sentences: single ? [words] : words.replace(/([.!?]) +/g, "$1\n").split("\n")
    readonly property bool perSentence: sentences.length > 1 && sentences.every(each => Bridge.widthOf(each, font) < room)

    text: perSentence ? sentences.join("\n") : words
    width: single || perSentence ? room : Balance.narrowest(words.split(/\s+/).map(each => Bridge.widthOf(each, font)), Bridge.widthOf(" ", font), room)
}
