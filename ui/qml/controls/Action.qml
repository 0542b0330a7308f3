import QtQuick
import theme

// What happens next, or what may happen instead.
Pressable {
    id: action

    required property string kind
    // Instead of the label while not all pages of what it agrees to were shown. There is room for either from the first.
    required property string unseen
    readonly property bool hints: unseen !== "" && !usable && note === unseen
    readonly property bool leads: kind === "primary"
    readonly property color letters: !usable ? Theme.idleText : leads ? Theme.mainText : kind === "danger" ? Theme.danger : Theme.mainLetters
    readonly property int tall: Math.max(Theme.primary, Math.max(name.height, hint.height) + 2 * Theme.gapSmall + Theme.edge)
    readonly property int pictureRoom: pictogram === "" ? 0 : Theme.mm(12) + Theme.gapSmall

    natural: name.natural + 2 * (pictureRoom + Theme.pad)
    implicitHeight: tall

    background: Plate {
        face: !action.usable ? Theme.idle : action.leads ? (action.down ? Theme.mainPressed : Theme.main) : action.down ? Theme.pressed : Theme.surface
        rim: !action.usable ? Theme.line : action.leads ? Theme.main : action.letters
        edge: !action.usable ? Theme.line : action.leads ? Theme.mainEdge : action.letters
        down: action.down
        focused: action.visualFocus
        edgeHeight: action.usable ? Theme.edge : 0
    }

    Pictogram {
        name: action.pictogram === "check" ? "tick" : action.pictogram
        size: Theme.mm(12)
        line: action.letters
        fill: "transparent"
        accent: "transparent"
        visible: name !== "" && action.width >= action.natural && !action.hints
        x: action.leads ? action.width - width - Theme.pad : Theme.pad
        y: Math.round((action.height - Theme.edge - height) / 2)
    }

    Measured {
        id: hint
        visible: action.hints
        x: Theme.pad
        y: Math.round((action.height - Theme.edge - height) / 2)
        width: action.width - 2 * x
        text: action.unseen
        size: Theme.small
        bold: true
        color: action.letters
        horizontalAlignment: Text.AlignHCenter
    }

    Measured {
        id: name
        visible: !action.hints
        readonly property int side: Theme.pad + action.pictureRoom
        x: action.width >= action.natural ? side : Theme.pad
        y: Math.round((action.height - Theme.edge - height) / 2)
        width: action.width - 2 * x
        text: action.label
        bold: true
        color: action.letters
        horizontalAlignment: Text.AlignHCenter
    }
}
