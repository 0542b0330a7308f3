// A coin to drop into the slot.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: coin

    required property int value
    property bool silver: true
    property int diameter: 72

    implicitWidth: diameter
    implicitHeight: diameter
    opacity: enabled ? 1 : 0.4
    Accessible.name: coin.value + "원"

    background: Rectangle {
        radius: width / 2
        color: coin.down ? Qt.darker(coin.silver ? "#e4e7e8" : "#efd9bd", 1.12) : coin.silver ? "#e4e7e8" : "#efd9bd"
        border.color: coin.visualFocus ? "#17635d" : coin.silver ? "#9aa2a5" : "#b98d54"
        border.width: 2

        Rectangle {
            anchors { fill: parent; margins: 5 }
            radius: width / 2
            color: "transparent"
            border.color: coin.silver ? "#c3c9cb" : "#d7b585"
        }
    }
    contentItem: Item {
        Text {
            anchors.centerIn: parent
            text: coin.value
            color: coin.silver ? "#2b3538" : "#5d3c10"
            font.pixelSize: coin.diameter > 60 ? 22 : 16
            font.weight: Font.Bold
        }
    }
}
