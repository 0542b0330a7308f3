import QtQuick
import Changgu
import controls
import theme

// The coloured block that every screen begins with: which machine this is, a picture, the question or what happens, and
// the one sentence to it. As a banner the picture stands beside the words, as a poster above them; the first screen's
// landscape lies below them.
Rectangle {
    id: block

    required property Page page
    property bool poster: false
    property bool landscape: false
    property bool header: true
    // The last resort for the largest letters: the title only, and not larger than a sentence.
    property bool compact: false
    readonly property bool headed: header && !compact
    property bool beside: false
    property bool inside: true
    property int picture: bannerPicture

    readonly property int margin: beside ? Theme.gap : Theme.margin
    readonly property bool limited: page.remaining >= 0
    // Very large letters leave no room beside the title; the time left then has a line of its own.
    readonly property bool pillAbove: limited && (beside || Theme.textScale > 1.3 && !poster)
    // Where the machine stands and whom to call, one below the other if they don't fit beside each other.
    readonly property bool stacked: place.natural + Theme.gap + phone.natural + handset.width + Theme.gapSmall > width - 2 * margin
    readonly property int headLines: headed ? place.height + Theme.gap + (stacked ? phone.height + Theme.gapSmall : 0) : 0
    readonly property int headerHeight: headLines + (pillAbove ? pill.height + Theme.gapSmall : 0)
    readonly property int bannerPicture: Theme.mm(28)
    readonly property bool scenic: landscape && !Theme.strong && !beside
    // The wide drawing's width for its height; it has to reach from edge to edge.
    readonly property real sceneWide: 4.5
    readonly property int posterLeast: scenic ? Math.max(Theme.mm(70), Math.ceil(width / sceneWide)) : Theme.mm(42)
    readonly property int posterMost: Theme.mm(beside ? 90 : scenic ? 300 : 135)
    readonly property int pillRoom: poster || pillAbove || !limited ? 0 : pill.width + Theme.gap
    readonly property color letters: "#ffffff"
    readonly property int words: title.height + (says ? Theme.gapSmall + sentence.height : 0)
    readonly property bool says: inside && page.sentence !== ""
    readonly property int wordsTop: {
        if (!poster)
            return headerHeight + Math.max(0, Math.round((height - headerHeight - Theme.gapSmall - words) / 2));
        const rest = height - headerHeight - words - picture - Theme.gapLarge;
        return scenic ? headerHeight + Math.round(rest * 0.5) : height - words - Math.round(rest * 0.45);
    }
    readonly property bool pictured: page.pictogram !== "" && (poster ? !scenic && picture >= posterLeast : Theme.textScale <= 1.3)
    readonly property int drawn: poster ? picture : bannerPicture

    color: Theme.block(page.tone)

    // How high it must be as a banner, or as a poster with a picture of `size`.
    function bannerHeight(): int {
        return headerHeight + Math.max(Theme.textScale <= 1.3 ? bannerPicture : 0, words) + 2 * Theme.pad + Theme.gapSmall;
    }

    // How wide it is beside the rest: a third and some more, and more still for a long word, which would be torn.
    function besideWidth(all: int): int {
        const longest = Math.max(0, ...page.title.split(/\s+/).map(each => Bridge.widthOf(each, title.font)));
        return Math.round(Math.max(all * 0.36, Math.min(all * 0.45, longest + 2 * margin)));
    }

    function posterHeight(size: real): int {
        return headerHeight + size + words + Theme.gapLarge + Theme.pad + block.margin;
    }

    Rectangle {
        visible: Theme.strong
        y: parent.height - height
        width: parent.width
        height: Theme.border
        color: Theme.line
    }

    // Where there is less room than the whole of it needs, a wide drawing of the same: no head is cut off.
    Item {
        id: view
        readonly property bool low: block.picture < width * 0.44
        visible: block.scenic && block.poster
        clip: true
        y: parent.height - height
        width: parent.width
        height: block.picture

        Pictogram {
            name: !view.visible ? "" : view.low ? "scene-low" : "scene"
            size: view.low ? Math.ceil(view.height * block.sceneWide) : view.width
            height: view.low ? view.height : size
            x: Math.round((view.width - width) / 2)
            y: view.height - height
        }
    }

    Measured {
        id: place
        visible: block.headed
        x: block.margin
        y: Theme.gapSmall + Theme.hair
        width: parent.width - 2 * block.margin - (block.stacked ? 0 : aside.width + Theme.gap)
        text: [Bridge.site, Bridge.machine].filter(words => words !== "").join("  ·  ")
        size: Theme.fact
        color: block.letters
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Item {
        id: aside
        visible: block.headed && Bridge.helpPhone !== ""
        x: block.stacked ? block.margin : parent.width - width - block.margin
        y: block.stacked ? place.y + place.height + Theme.gapSmall : place.y
        width: phone.natural + handset.width + Theme.gapSmall
        height: phone.height

        Pictogram {
            id: handset
            name: "phone"
            size: Math.round(Theme.fact * 1.1)
            line: block.letters
            fill: "transparent"
            y: (phone.lineHeight - height) / 2
        }
        Measured {
            id: phone
            x: handset.width + Theme.gapSmall
            text: Bridge.helpPhone
            size: Theme.fact
            bold: true
            color: block.letters
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    Pictogram {
        name: block.pictured ? block.page.pictogram : ""
        size: block.drawn
        line: Theme.strong ? "#ffe600" : block.letters
        fill: Theme.blockFill(block.page.tone)
        accent: Theme.blockAccent(block.page.tone)
        x: block.poster ? Math.round((parent.width - width) / 2) : block.margin
        y: block.poster ? block.wordsTop - height - Theme.gapLarge : Math.round(block.wordsTop + (block.words - height) / 2)
    }

    Balanced {
        id: title
        readonly property int indent: block.poster || !block.pictured ? block.margin : block.margin + block.bannerPicture + Theme.pad
        x: block.poster ? Math.round((parent.width - width) / 2) : indent
        y: block.wordsTop
        room: parent.width - indent - block.margin - block.pillRoom
        words: block.page.title
        size: block.beside || block.compact ? Theme.body : fitting(block.poster ? Theme.headline : Theme.title)
        bold: true
        color: block.letters
        horizontalAlignment: block.poster ? Text.AlignHCenter : Text.AlignLeft
        Accessible.role: Accessible.Heading
        Accessible.name: words

        // Of these letters, or those of a sentence where a word of it would be torn.
        function fitting(size: int): int {
            const wide = Qt.font({family: Theme.family, pixelSize: size, weight: Font.Bold});
            return words.split(/\s+/).some(each => Bridge.widthOf(each, wide) > room) ? Theme.body : size;
        }
    }

    Balanced {
        id: sentence
        visible: block.says
        x: block.poster ? Math.round((parent.width - width) / 2) : title.indent
        y: title.y + title.height + Theme.gapSmall
        room: title.room
        words: block.page.sentence
        color: block.letters
        horizontalAlignment: title.horizontalAlignment
        Accessible.role: Accessible.StaticText
        Accessible.name: words
    }

    // Time left, where there is a limit.
    Rectangle {
        id: pill
        visible: block.limited
        x: parent.width - width - block.margin
        y: block.headLines + Theme.gapSmall
        width: seconds.natural + clock.width + 3 * Theme.gapSmall
        height: seconds.height
        radius: height / 2
        color: block.letters

        Pictogram {
            id: clock
            name: "clock"
            size: Theme.small
            line: "#15212c"
            fill: "transparent"
            x: Theme.gapSmall
            y: (parent.height - height) / 2
        }
        Measured {
            id: seconds
            x: clock.x + clock.width + Theme.gapSmall
            text: block.page.remaining
            size: Theme.small
            bold: true
            color: "#15212c"
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
}
