import QtQuick
import theme

// One line of a summary. The lines of one summary lie on one sheet; a value that doesn't fit goes below its label.
Unit {
    id: row

    required property string label
    required property string value
    required property bool strong
    property string note: ""
    property bool tight: false

    readonly property int inner: width - 2 * Theme.pad
    readonly property bool stacked: name.natural + Theme.gap + amount.natural > inner
    readonly property int rest: stacked ? 0 : name.natural + Theme.gap
    // A long note goes on in rows of its own.
    readonly property bool continues: label === "" && value === ""
    readonly property int words: continues ? 0 : stacked ? name.height + amount.height : Math.max(name.height, amount.height)
    readonly property int fitting: words + (row.note !== "" ? remark.height : 0) + 2 * (tight ? Theme.gapSmall : Theme.gap)

    cluster: "summary"
    joined: true
    mostHeight: fitting + Theme.mm(12)
    implicitHeight: fitting

    Accessible.role: Accessible.StaticText
    Accessible.name: [label, value, note].filter(words => words !== "").join(" ")

    Rectangle {
        anchors.fill: parent
        topLeftRadius: row.first ? Theme.radius : 0
        topRightRadius: topLeftRadius
        bottomLeftRadius: row.last ? Theme.radius : 0
        bottomRightRadius: bottomLeftRadius
        color: row.strong ? Theme.tint : Theme.surface
        border.width: Theme.strong ? Theme.hair : 0
        border.color: Theme.line
    }
    Rectangle {
        visible: !row.last
        x: Theme.pad
        y: row.height - height
        width: row.inner
        height: Theme.hair
        color: Theme.faint
    }

    Item {
        x: Theme.pad
        y: Math.round((row.height - height) / 2)
        width: row.inner
        height: row.words + (row.note !== "" ? remark.height : 0)

        Measured {
            id: name
            width: row.stacked ? row.inner : natural
            text: row.label
            bold: row.strong
            color: row.strong ? Theme.ink : Theme.soft
            Accessible.ignored: true
        }
        Measured {
            id: amount
            x: row.rest
            y: row.stacked ? name.height : 0
            width: row.inner - row.rest
            text: row.value
            bold: true
            color: row.strong ? Theme.mainLetters : Theme.ink
            horizontalAlignment: Text.AlignRight
            Accessible.ignored: true
        }
        Label {
            id: remark
            y: row.words
            width: parent.width
            visible: text !== ""
            text: row.note
            size: row.tight ? Theme.fact : Theme.small
            color: Theme.soft
            Accessible.ignored: true
        }
    }
}
