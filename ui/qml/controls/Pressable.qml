import QtQuick
import QtQuick.Templates as T
import Changgu
import theme

// Everything that can be pressed: acts on release inside, by finger, keypad or keyboard, and tells core what was meant.
T.AbstractButton {
    id: root

    required property string controlId
    required property string label
    required property string detail
    required property string note
    required property string pictogram
    required property string group
    required property bool usable
    required property bool chosen

    // How Stage lays it: neighbours of one cluster share rows of `columns`, and a `whole` cluster is not torn apart.
    property string cluster: group
    property int columns: 1
    property int leastColumns: 1
    property int alone: 0
    property bool whole: false
    property bool joined: false
    property bool first: true
    property bool last: true
    property bool wide: true
    property int mostHeight: 0
    property real natural: 0
    property bool placed: true

    readonly property bool lit: chosen && usable
    readonly property color faceColor: !usable ? Theme.idle : down ? Theme.pressed : lit ? Theme.main : Theme.surface
    readonly property color labelColor: !usable ? Theme.idleText : lit && !down ? Theme.mainText : Theme.ink

    visible: placed
    transformOrigin: Item.TopLeft
    enabled: usable
    focusPolicy: Qt.TabFocus
    text: label
    onClicked: act()
    Keys.onReturnPressed: act()
    Keys.onEnterPressed: act()

    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.description: [detail, note].filter(words => words !== "").join(" ")
    Accessible.checkable: chosen
    Accessible.checked: chosen

    function act() {
        Bridge.press(controlId);
    }
}
