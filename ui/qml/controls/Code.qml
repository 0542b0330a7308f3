import QtQuick
import theme

// What to say on the telephone: the support code of a trouble, in letters that can be read aloud.
Unit {
    id: code

    property string value: ""

    cluster: "code"
    implicitHeight: words.height + 2 * Theme.gapSmall

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.surface
        border.width: Theme.hair
        border.color: Theme.line
    }
    Label {
        id: words
        x: Theme.gap
        y: Theme.gapSmall
        width: code.width - 2 * Theme.gap
        text: code.value
        bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
