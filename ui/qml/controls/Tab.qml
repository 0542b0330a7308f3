import QtQuick
import theme

// Narrows the choices below it.
Pressable {
    id: tab

    readonly property bool choosing: true
    readonly property int lead: pictogram === "" ? 0 : drawing.width + Theme.gapSmall

    readonly property bool letter: group === "initials"

    columns: letter ? 5 : 6
    mostHeight: letter ? Theme.mm(44) : 0
    whole: true
    natural: name.natural + lead + 2 * Theme.gapSmall
    implicitHeight: Math.max(Theme.least + Theme.gapSmall, name.height + 2 * Theme.gapSmall)

    background: Plate {
        face: tab.faceColor
        rim: tab.lit ? Theme.main : Theme.faint
        edgeHeight: 0
        down: tab.down
        focused: tab.visualFocus
    }

    Pictogram {
        id: drawing
        name: tab.pictogram
        size: Theme.mm(9)
        line: tab.labelColor
        x: Math.max(Theme.gapSmall, Math.round((tab.width - name.natural - tab.lead) / 2))
        anchors.verticalCenter: parent.verticalCenter
    }

    Measured {
        id: name
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.gapSmall + tab.lead
        width: tab.width - tab.lead - 2 * Theme.gapSmall
        text: tab.label
        size: tab.letter && tab.controlId !== "delete" ? Theme.title : Theme.body
        bold: tab.chosen || tab.letter
        color: tab.labelColor
        horizontalAlignment: Text.AlignHCenter
    }
}
