import QtQuick
import theme

// A small fact.
Unit {
    id: notice

    required property string label

    cluster: "notices"
    implicitHeight: Math.max(mark.height, words.height) + 2 * Theme.gapSmall

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.tint
        border.width: Theme.strong ? Theme.hair : 0
        border.color: Theme.line
    }
    Pictogram {
        id: mark
        name: "info"
        size: Theme.mm(9)
        line: Theme.mainLetters
        fill: Theme.surface
        x: Theme.gap
        y: Theme.gapSmall + Math.max(0, (words.lineHeight - height) / 2)
    }
    Label {
        id: words
        x: mark.x + mark.width + Theme.gapSmall
        y: Theme.gapSmall
        width: notice.width - x - Theme.gap
        text: notice.label
        size: Theme.small
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
