// One card of the drawer: whose, what it is good for, its PIN. A press chooses it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.Button {
    id: tile

    required property var card
    property bool chosen: false
    property bool inside: false
    readonly property bool blocked: card.all_tries > 0 && card.tries === 0
    readonly property bool worn: card.tries < card.all_tries

    implicitHeight: 56
    Layout.fillWidth: true
    Layout.preferredWidth: 1
    Accessible.name: (card.face || card.label) + ", " + card.about + (card.pin ? ", PIN " + card.pin : "") + (blocked ? ", 막힘" : "")

    background: Rectangle {
        radius: 8
        color: tile.down ? "#dfe7e5" : tile.inside ? "#e3efed" : "#ffffff"
        border.color: tile.chosen || tile.visualFocus ? "#17635d" : "#cdd5d2"
        border.width: tile.chosen || tile.visualFocus ? 2 : 1
    }
    contentItem: Item {
        Text {
            id: name

            anchors { left: parent.left; leftMargin: 9; right: pin.left; rightMargin: 6; top: parent.top; topMargin: 4 }
            text: tile.card.face || tile.card.label
            color: "#1d2a2a"
            font.pixelSize: 13
            font.weight: Font.DemiBold
            elide: Text.ElideRight
        }
        Text {
            id: pin

            anchors { right: parent.right; rightMargin: 9; baseline: name.baseline }
            text: tile.card.pin
            color: "#17635d"
            font.pixelSize: 13
            font.weight: Font.DemiBold
        }
        Text {
            anchors { left: name.left; right: tries.visible ? tries.left : pin.right; rightMargin: tries.visible ? 6 : 0; top: name.bottom; topMargin: 1 }
            // Korean, and below it English, as the card's file has them in one line.
            text: (tile.card.about || tile.card.kind).replace(" · ", "\n")
            color: "#5b6b69"
            font.pixelSize: 11
            wrapMode: Text.WordWrap
        }
        Text {
            id: tries

            anchors { right: pin.right; top: name.bottom; topMargin: 1 }
            visible: tile.worn
            text: tile.blocked ? "막힘" : tile.card.tries + "/" + tile.card.all_tries
            color: tile.blocked ? "#a3262b" : "#9a4a06"
            font.pixelSize: 11
            font.weight: Font.DemiBold
        }
    }
}
