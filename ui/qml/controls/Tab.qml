import QtQuick
import theme

// Narrows the choices below it.
Pressable {
    id: tab

    columns: 6
    whole: true
    natural: name.natural + 2 * Theme.gapSmall
    implicitHeight: Math.max(Theme.least + Theme.gapSmall, name.height + 2 * Theme.gapSmall)

    background: Plate {
        face: tab.faceColor
        rim: tab.lit ? Theme.main : Theme.faint
        edgeHeight: 0
        down: tab.down
        focused: tab.visualFocus
    }

    Measured {
        id: name
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.gapSmall
        width: tab.width - 2 * Theme.gapSmall
        text: tab.label
        bold: tab.chosen
        color: tab.labelColor
        horizontalAlignment: Text.AlignHCenter
    }
}
