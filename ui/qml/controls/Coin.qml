import QtQuick
import theme

// A coin that is taken now.
Unit {
    id: coin

    required property string label
    readonly property int across: Math.max(Theme.mm(36), name.natural + 2 * Theme.gapSmall)

    cluster: "coins"
    property bool packed: true
    natural: across
    implicitHeight: across

    Rectangle {
        anchors.centerIn: parent
        width: coin.across
        height: width
        radius: width / 2
        color: Theme.coin
        border.width: Theme.ring
        border.color: Theme.line
    }
    Measured {
        id: name
        anchors.centerIn: parent
        text: coin.label
        size: Theme.small
        bold: true
        wrapMode: Text.NoWrap
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
