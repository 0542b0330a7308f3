// The slot seen from the front: the card that is in it, its PIN to type, and the tries that are left.
import QtQuick

Rectangle {
    id: slot

    property var card: null
    readonly property bool full: card !== null

    implicitHeight: 66
    color: full ? "#e3efed" : "#f1f3f2"
    radius: 6

    Rectangle {
        id: plastic

        anchors { left: parent.left; leftMargin: 12; verticalCenter: parent.verticalCenter }
        width: 64
        height: 42
        radius: 5
        color: slot.full ? "#17635d" : "transparent"
        border.color: slot.full ? "#17635d" : "#b9c4c1"
        border.width: 1

        Rectangle {
            x: 9
            anchors.verticalCenter: parent.verticalCenter
            width: 15
            height: 12
            radius: 2
            color: slot.full ? "#e8c874" : "transparent"
            border.color: slot.full ? "#c9a548" : "#b9c4c1"
        }
    }
    Column {
        anchors { left: plastic.right; leftMargin: 12; right: secret.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
        spacing: 2

        Text {
            objectName: "name-in-slot"
            width: parent.width
            text: !slot.full ? "카드 없음" : slot.card.face || slot.card.label
            color: slot.full ? "#1d2a2a" : "#5b6b69"
            font.pixelSize: text.length > 20 ? 12 : 15
            font.weight: Font.DemiBold
            wrapMode: Text.WordWrap
        }
        Text {
            width: parent.width
            text: !slot.full ? "no card in the slot" : (slot.card.about || slot.card.kind).replace(" · ", "\n")
            color: "#5b6b69"
            font.pixelSize: 11
            wrapMode: Text.WordWrap
        }
    }
    Column {
        id: secret

        anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
        visible: slot.full && slot.card.pin !== ""
        spacing: 2

        Text {
            objectName: "pin"
            anchors.right: parent.right
            text: slot.full ? slot.card.pin : ""
            color: "#17635d"
            font.pixelSize: 20
            font.weight: Font.Bold
            font.letterSpacing: 2
        }
        Text {
            anchors.right: parent.right
            text: !slot.full ? "" : slot.card.tries ? "남은 기회 " + slot.card.tries + " · tries left" : "PIN 막힘 · blocked"
            color: slot.full && slot.card.tries === slot.card.all_tries ? "#5b6b69" : "#9a4a06"
            font.pixelSize: 11
        }
    }
}
