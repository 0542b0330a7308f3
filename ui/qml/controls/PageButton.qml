import QtQuick
import QtQuick.Templates as T
import theme

// Turns the pages of what doesn't fit; the screen's own business, core hears nothing of it.
T.AbstractButton {
    id: button

    property string pictogram: ""
    property string label: ""
    property bool forward: true
    readonly property bool both: width >= natural
    // Too narrow for the label: an arrow alone.
    property bool bare: false

    focusPolicy: Qt.TabFocus
    text: label
    opacity: enabled ? 1 : 0
    readonly property real least: name.natural + 2 * Theme.gapSmall
    readonly property real natural: name.natural + Theme.mm(11) + Theme.gapSmall + 2 * Theme.gap
    implicitHeight: Math.max(Theme.bar, name.lineHeight + Theme.gapSmall)
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Accessible.role: Accessible.Button
    Accessible.name: label

    background: Plate {
        face: button.down ? Theme.pressed : Theme.surface
        rim: Theme.mainLetters
        edgeHeight: 0
        focused: button.visualFocus
    }

    Pictogram {
        id: drawing
        name: button.pictogram
        size: button.bare ? Theme.body : Theme.mm(11)
        line: Theme.mainLetters
        visible: button.both || button.bare
        x: button.bare ? Math.round((button.width - width) / 2) : button.forward ? button.width - width - Theme.gap : Theme.gap
        y: (button.height - height) / 2
    }

    Measured {
        id: name
        visible: !button.bare
        readonly property int room: button.both ? drawing.width + Theme.gapSmall : 0
        x: Theme.gapSmall + (button.forward ? 0 : room)
        y: Math.round((button.height - height) / 2)
        width: button.width - 2 * Theme.gapSmall - room
        text: button.label
        color: Theme.mainLetters
        bold: true
        horizontalAlignment: Text.AlignHCenter
    }
}
