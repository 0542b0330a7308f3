import QtQuick
import theme

// A key of the number pad. One without a label and a picture is an empty place.
Pressable {
    id: key

    // Where a field and the keypad have to share little room: the letters are those of a sentence.
    property bool squeezed: false
    readonly property bool blank: label === "" && pictogram === ""

    opacity: blank ? 0 : 1
    Accessible.ignored: blank
    columns: 3
    leastColumns: 3
    whole: true
    cluster: "keys"
    mostHeight: Theme.mm(54)
    natural: Math.max(Theme.least, pictogram === "" ? name.natural + 4 * Theme.hair : 0)
    implicitHeight: Math.max(squeezed ? Theme.least : Theme.key, name.lineHeight + (squeezed ? Theme.edge : Theme.gapSmall))

    background: Plate {
        face: key.faceColor
        rim: Theme.line
        down: key.down
        focused: key.visualFocus
        edgeHeight: key.usable ? Theme.edge : 0
    }

    Measured {
        id: name
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -Theme.edge / 2
        width: key.width - 2 * Theme.hair
        text: key.label
        size: key.label.length > 1 || key.squeezed ? Theme.body : Theme.title
        bold: true
        visible: key.pictogram === ""
        color: key.labelColor
        horizontalAlignment: Text.AlignHCenter
    }

    Pictogram {
        anchors.centerIn: parent
        name: key.pictogram
        size: Math.min(key.height * 0.6, Theme.mm(14) * Theme.textScale)
        line: key.labelColor
    }
}
