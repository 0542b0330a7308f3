import QtQuick
import theme

// A note that is taken now.
Unit {
    id: note

    required property string label
    property bool packed: true

    cluster: "coins"
    natural: Math.max(Theme.mm(54), name.natural + 2 * Theme.gap)
    implicitHeight: Theme.mm(36)

    Rectangle {
        anchors.centerIn: parent
        width: note.natural
        height: Math.max(Theme.mm(27), name.implicitHeight + 2 * Theme.gapSmall)
        radius: Theme.mm(1.5)
        color: Theme.note
        border.width: Theme.ring
        border.color: Theme.line

        Rectangle {
            anchors { fill: parent; margins: Theme.mm(2) }
            radius: Theme.mm(1)
            color: "transparent"
            border.width: Theme.strong ? 0 : Math.max(1, Theme.ring / 2)
            border.color: Theme.line
            opacity: 0.5
        }
    }
    Measured {
        id: name
        anchors.centerIn: parent
        text: note.label
        size: Theme.small
        bold: true
        wrapMode: Text.NoWrap
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
