import QtQuick

// A piece of information that Stage puts in its place. Its width is given; its height follows from what it says.
Item {
    property string cluster: "info"
    property int columns: 1
    property int leastColumns: 1
    property bool whole: false
    property bool joined: false
    property bool first: true
    property bool last: true
    property bool wide: true
    property int mostHeight: 0
    property real natural: 0
    property bool placed: true

    visible: placed
    transformOrigin: Item.TopLeft
}
