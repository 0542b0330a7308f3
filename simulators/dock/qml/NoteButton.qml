// A note to offer at the slot.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.Button {
    id: note

    required property int value
    readonly property color paper: value >= 10000 ? "#d9e8d2" : value >= 5000 ? "#f0dcc4" : "#d5dfec"

    implicitHeight: 40
    Layout.fillWidth: true
    opacity: enabled ? 1 : 0.4
    Accessible.name: note.value + "원"

    background: Rectangle {
        radius: 3
        color: note.down ? Qt.darker(note.paper, 1.12) : note.paper
        border.color: note.visualFocus ? "#17635d" : "#9aa2a5"
        border.width: 2

        Rectangle {
            anchors { fill: parent; margins: 4 }
            color: "transparent"
            border.color: "#b9c1c3"
        }
    }
    contentItem: Item {
        Text {
            anchors.centerIn: parent
            text: Number(note.value).toLocaleString(Qt.locale("ko_KR"), "f", 0)
            color: "#2b3538"
            font.pixelSize: 15
            font.weight: Font.Bold
        }
    }
}
