import QtQuick
import theme

// Less, or more.
Pressable {
    id: stepper

    columns: 3
    leastColumns: 3
    whole: true
    natural: Theme.target
    implicitHeight: Math.max(Theme.key, Math.round(Theme.title * Theme.lines) + Theme.gapSmall)

    background: Plate {
        face: stepper.faceColor
        rim: stepper.usable ? Theme.main : Theme.line
        edge: rim
        down: stepper.down
        focused: stepper.visualFocus
        edgeHeight: stepper.usable ? Theme.edge : 0
    }

    Pictogram {
        anchors.centerIn: parent
        name: stepper.pictogram
        size: Math.min(stepper.height * 0.6, Theme.mm(14) * Theme.textScale)
        line: stepper.usable ? Theme.mainLetters : Theme.idleText
    }

    Label {
        anchors.centerIn: parent
        width: parent.width
        visible: stepper.pictogram === ""
        text: stepper.label
        bold: true
        horizontalAlignment: Text.AlignHCenter
    }
}
