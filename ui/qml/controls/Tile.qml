import QtQuick
import theme

// A big thing to choose: a picture, its name, what it gives or costs. Beside each other upright, alone lying.
Pressable {
    id: tile

    readonly property bool large: Theme.textScale > 1.3 || wide && width < Theme.mm(220)
    readonly property int picture: wide ? Math.max(leastPicture, Math.min(Theme.mm(70), Math.round(width * (large ? 0.16 : 0.25)), height - 2 * Theme.pad)) : Math.max(leastPicture, Math.min(Theme.mm(110), width - 2 * Theme.pad, height - words.height - 3 * Theme.pad))
    readonly property int textLeft: wide ? Theme.pad * 3 + Math.min(Theme.mm(70), Math.round(width * (large ? 0.16 : 0.25))) : Theme.pad
    readonly property int textWidth: width - textLeft - Theme.pad - (wide && !large ? Theme.mm(11) + Theme.gapSmall : 0)
    readonly property int leastPicture: Theme.mm(wide ? (large ? 14 : 28) : 34)

    columns: 2
    alone: 3
    mostHeight: Theme.mm(wide ? 165 : 190)
    natural: Math.max(name.natural + 2 * Theme.pad, Theme.mm(90))
    implicitHeight: wide ? Math.max(leastPicture, words.height) + 2 * Theme.pad : leastPicture + words.height + 3 * Theme.pad

    background: Plate {
        face: tile.faceColor
        rim: tile.lit ? Theme.main : Theme.line
        down: tile.down
        focused: tile.visualFocus
        edgeHeight: tile.usable ? Theme.edge : 0
    }

    Pictogram {
        id: drawing
        name: tile.pictogram === "" ? "document" : tile.pictogram
        size: tile.picture
        x: tile.wide ? Theme.pad + Math.round((tile.textLeft - 2 * Theme.pad - width) / 2) : (tile.width - width) / 2
        y: tile.wide ? (tile.height - height) / 2 : Math.round((tile.height - words.height - height) / 2.4)
        line: tile.usable ? (tile.lit ? Theme.mainText : Theme.mainLetters) : Theme.idleText
        fill: tile.usable ? (tile.lit ? Theme.main : Theme.tint) : Theme.idle
    }

    Item {
        id: words
        x: tile.textLeft
        y: tile.wide ? (tile.height - height) / 2 : tile.height - height - Theme.pad - Theme.edge
        width: tile.textWidth
        height: name.height + (tile.detail !== "" ? about.height : 0) + (tile.note !== "" ? why.height + Theme.gapSmall : 0)

        Measured {
            id: name
            width: parent.width
            text: tile.label
            bold: true
            size: tile.wide && !tile.large ? Theme.headline : Theme.title
            color: tile.labelColor
            horizontalAlignment: tile.wide ? Text.AlignLeft : Text.AlignHCenter
        }
        Balanced {
            id: about
            x: tile.wide ? 0 : Math.round((words.width - width) / 2)
            y: name.height
            room: words.width
            visible: text !== ""
            words: tile.detail
            size: tile.wide && !tile.large ? Theme.body : Theme.small
            color: tile.usable ? (tile.lit ? Theme.mainText : Theme.soft) : Theme.idleText
            horizontalAlignment: name.horizontalAlignment
        }
        Label {
            id: why
            y: words.height - height
            width: parent.width
            visible: text !== ""
            text: tile.note
            size: Theme.small
            bold: true
            color: tile.lit ? Theme.mainText : Theme.danger
            horizontalAlignment: name.horizontalAlignment
        }
    }

    Pictogram {
        id: mark
        name: tile.lit && (!tile.large || !tile.wide) ? "tick" : tile.wide && tile.usable && !tile.large ? "next" : ""
        size: Theme.mm(11)
        line: tile.lit ? Theme.mainText : Theme.mainLetters
        x: tile.width - width - Theme.pad
        y: tile.wide ? (tile.height - height) / 2 : Theme.pad
    }
}
