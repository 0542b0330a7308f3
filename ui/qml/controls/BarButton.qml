import QtQuick
import theme

// One of the controls that are always at the same place.
Pressable {
    id: button

    readonly property color letters: !usable ? Theme.idleText : controlId === "cancel" ? Theme.danger : Theme.mainLetters
    readonly property int pictureRoom: Theme.mm(11) + Theme.gapSmall
    // Without its picture it may be narrower.
    readonly property real least: name.natural + 2 * Theme.hair
    readonly property bool both: width >= natural

    natural: name.natural + pictureRoom + 2 * Theme.gapSmall
    implicitHeight: Math.max(Theme.bar, name.lineHeight + Theme.gapSmall)

    background: Plate {
        face: button.down ? Theme.pressed : button.usable ? Theme.surface : Theme.idle
        rim: button.lit ? Theme.main : Theme.line
        rimWidth: button.lit ? Theme.border : Theme.hair
        edgeHeight: 0
        focused: button.visualFocus
    }

    Pictogram {
        id: drawing
        name: button.pictogram
        size: Theme.mm(11)
        line: button.letters
        visible: name !== "" && button.both
        x: Math.round((button.width - name.natural - width - Theme.gapSmall) / 2)
        y: (button.height - height) / 2
    }

    Measured {
        id: name
        x: button.both ? drawing.x + button.pictureRoom : 0
        y: Math.round((button.height - height) / 2)
        width: button.both ? natural : button.width
        text: button.label
        color: button.letters
        bold: true
        horizontalAlignment: button.both ? Text.AlignLeft : Text.AlignHCenter
    }
}
