import Changgu

// Words over several lines: a new sentence on a new line where each fits one, else lines of about equal length, so that
// no single word is left over on the last one.
Label {
    property string words: ""
    property int room: 0
    readonly property int natural: Bridge.widthOf(words, font)
    readonly property int count: room > 0 ? Math.ceil(natural / room) : 1
    readonly property var sentences: count > 1 ? words.replace(/([.!?]) +/g, "$1\n").split("\n") : [words]
    readonly property bool perSentence: sentences.length > 1 && sentences.every(each => Bridge.widthOf(each, font) < room)
    readonly property int longestWord: count > 1 ? Math.max(...words.split(/\s+/).map(each => Bridge.widthOf(each, font))) : 0

    text: perSentence ? sentences.join("\n") : words
    width: perSentence || count === 1 || count > 4 ? room : Math.min(room, Math.max(longestWord, Math.ceil(natural / count * 1.14)))
}
