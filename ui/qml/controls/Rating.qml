import QtQuick
import theme

// An answer to the one question at the end: a face, and what it means.
Pressable {
    id: rating

    readonly property int face: Math.max(Theme.mm(22), Math.min(Theme.mm(44), wide ? height - 2 * Theme.gapSmall : width - 2 * Theme.gapSmall))

    columns: 5
    cluster: "ratings"
    mostHeight: wide ? Theme.mm(34) : Theme.mm(100)
    natural: name.natural + 2 * Theme.gapSmall
    implicitHeight: wide ? Math.max(Theme.mm(26), name.height + 2 * Theme.gapSmall) : Theme.mm(34) + name.height + 3 * Theme.gap

    background: Plate {
        face: rating.faceColor
        rim: rating.lit ? Theme.main : Theme.line
        down: rating.down
        focused: rating.visualFocus
    }

    Pictogram {
        id: drawing
        name: rating.pictogram
        size: rating.face
        line: rating.lit ? Theme.mainText : Theme.mainLetters
        fill: rating.lit ? Theme.main : Theme.tint
        x: rating.wide ? Theme.pad : (rating.width - width) / 2
        y: rating.wide ? (rating.height - height) / 2 : Math.round((rating.height - name.height - height) / 2.2)
    }

    Measured {
        id: name
        x: rating.wide ? drawing.x + drawing.width + Theme.gap : Theme.gapSmall
        y: rating.wide ? (rating.height - height) / 2 : rating.height - height - Theme.gap
        width: rating.width - x - Theme.gapSmall
        text: rating.label
        size: rating.wide ? Theme.body : Theme.small
        color: rating.labelColor
        bold: rating.wide
        horizontalAlignment: rating.wide ? Text.AlignLeft : Text.AlignHCenter
    }
}
