import QtQuick
import theme

// The sum still to be paid, to be read from two metres away, and how much of the fee is in.
Unit {
    id: amount

    property string label: ""
    property string value: ""
    property real share: 0

    cluster: "amount"
    implicitHeight: name.height + sum.height + Theme.gap + track.height

    Accessible.role: Accessible.StaticText
    Accessible.name: label + " " + value

    Label {
        id: name
        width: parent.width
        text: amount.label
        color: Theme.soft
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
    Label {
        id: sum
        y: name.height
        width: parent.width
        text: amount.value
        size: Math.min(Theme.amount, fitting)
        bold: true
        color: Theme.mainLetters
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true

        readonly property int fitting: Math.max(Theme.title, Math.floor(amount.width / Math.max(1, text.length) * 1.55))
    }
    Rectangle {
        id: track
        y: sum.y + sum.height + Theme.gap
        width: parent.width
        height: Theme.mm(5)
        radius: height / 2
        color: Theme.surface
        border.width: Theme.hair
        border.color: Theme.line

        Rectangle {
            width: Math.max(parent.height, parent.width * Math.max(0, amount.share))
            visible: amount.share > 0
            height: parent.height
            radius: height / 2
            color: Theme.accentDeep
        }
    }
}
