import QtQuick
import Changgu
import theme

// A big thing to choose: a picture, its name, what it gives or costs. Beside each other upright; alone, or many, lying.
Pressable {
    id: tile

    // How many there are to choose among: many lie small beside each other, so that all are seen at once.
    property int crowd: 1
    readonly property bool many: crowd > 4
    readonly property bool small: many || wide && crowd > 3
    readonly property bool lying: wide || small
    // A group of many: half as wide, what it holds below its name.
    readonly property bool gathers: group === "groups"
    readonly property bool large: Theme.textScale > 1.3 || small || wide && width < Theme.mm(220)
    // Where not all fits at once, what it gives or costs stands beside the name if one line holds both.
    property bool tight: false
    property bool abreast: false
    readonly property bool beside: abreast && fitsBeside
    readonly property bool fitsBeside: tile.told === "" && gathers || tight && lying && tile.told !== "" && tile.note === "" && name.natural + Theme.gap + detailWidth <= textWidth
    readonly property int detailWidth: Bridge.widthOf(tile.told, about.font)
    // Of a group the number alone, where not all fits.
    readonly property string told: !gathers || !tight ? detail : detail.includes(" · ") ? detail.split(" · ")[0] : ""
    readonly property int share: Math.max(leastPicture, Math.min(spare, lying && Theme.textScale > 1.3 || gathers && tight ? Theme.mm(20) : Math.round(width * (gathers && !wide ? 0.19 : large ? 0.16 : 0.25))))
    // What a group's longest word leaves for the picture.
    readonly property font least: Qt.font({family: Theme.family, pixelSize: Theme.body, weight: Font.Bold})
    readonly property int spare: gathers ? width - 4 * Theme.pad - Math.max(...label.split(/\s+/).map(each => Bridge.widthOf(each, least))) : width
    readonly property int air: Theme.slim ? Theme.gapSmall : tight && many ? Theme.gap : Theme.pad
    readonly property int picture: lying ? Math.max(leastPicture, Math.min(Theme.mm(many && !gathers ? 24 : 70), share, height - 2 * air)) : Math.max(leastPicture, Math.min(Theme.mm(110), width - 2 * Theme.pad, height - words.height - 3 * Theme.pad))
    readonly property int textLeft: lying ? Theme.pad * 3 + Math.min(Theme.mm(70), share) : Theme.pad
    readonly property int textWidth: width - textLeft - Theme.pad - (lying && !large ? Theme.mm(11) + Theme.gapSmall : 0)
    readonly property int leastPicture: Theme.mm(lying ? (large ? 14 : 28) : 34)

    readonly property bool choosing: true
    columns: 2
    alone: gathers ? 1 : 3
    mostHeight: Theme.mm(gathers ? 100 : small ? 60 : wide ? 165 : 190)
    natural: gathers ? Theme.mm(14) + 4 * Theme.pad + Math.max(Theme.mm(52), ...label.split(/\s+/).map(each => Bridge.widthOf(each, name.font))) : many ? Math.max(name.natural + Theme.mm(30) + 4 * Theme.pad, Theme.mm(130)) : Math.max(name.natural + 2 * Theme.pad, Theme.mm(90))
    implicitHeight: lying ? Math.max(leastPicture, words.height) + 2 * air : leastPicture + words.height + 3 * Theme.pad

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
        x: tile.lying ? Theme.pad + Math.round((tile.textLeft - 2 * Theme.pad - width) / 2) : (tile.width - width) / 2
        y: tile.lying ? (tile.height - height) / 2 : Math.round((tile.height - words.height - height) / 2.4)
        line: tile.usable ? (tile.lit ? Theme.mainText : Theme.mainLetters) : Theme.idleText
        fill: tile.usable ? (tile.lit ? Theme.main : Theme.tint) : Theme.idle
    }

    // A word that is wider than the tile would be torn: then the whole name is smaller.
    Measured {
        id: longest
        visible: false
        text: tile.label.split(" ").reduce((long, each) => each.length > long.length ? each : long, "")
        bold: true
        size: tile.gathers && !tile.wide && !tile.tight ? Theme.title : tile.small || tile.tight && tile.lying ? Theme.body : tile.lying && !tile.large ? Theme.headline : Theme.title
    }

    Item {
        id: words
        x: tile.textLeft
        y: tile.lying ? (tile.height - height) / 2 : tile.height - height - Theme.pad - Theme.edge
        width: tile.textWidth
        height: name.height + (tile.told !== "" && !tile.beside ? about.height : 0) + (tile.note !== "" ? why.height + Theme.gapSmall : 0)

        Measured {
            id: name
            width: tile.beside ? Math.min(natural, parent.width) : parent.width
            text: tile.label
            bold: true
            size: longest.natural > parent.width ? Theme.body : longest.size
            color: tile.labelColor
            horizontalAlignment: tile.lying ? Text.AlignLeft : Text.AlignHCenter
        }
        Balanced {
            id: about
            x: tile.beside ? words.width - width : tile.lying ? 0 : Math.round((words.width - width) / 2)
            y: tile.beside ? Math.round((name.height - height) / 2) : name.height
            room: tile.beside ? tile.detailWidth : words.width
            visible: text !== ""
            words: tile.told
            size: tile.lying && !tile.large ? Theme.body : Theme.small
            color: tile.usable ? (tile.lit ? Theme.mainText : Theme.soft) : Theme.idleText
            horizontalAlignment: tile.beside ? Text.AlignRight : name.horizontalAlignment
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
        name: tile.lit && (!tile.large || !tile.lying) ? "tick" : tile.lying && tile.usable && !tile.large ? "next" : ""
        size: Theme.mm(11)
        line: tile.lit ? Theme.mainText : Theme.mainLetters
        x: tile.width - width - Theme.pad
        y: tile.lying ? (tile.height - height) / 2 : Theme.pad
    }
}
