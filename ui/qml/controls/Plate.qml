pragma ComponentBehavior: Bound
import QtQuick
import theme

// The body of something to press: a plate with an edge below that goes flat under the finger. With the keyboard's focus a
// ring lies around it.
Item {
    id: plate

    property color face: Theme.surface
    property color rim: Theme.line
    property color edge: rim
    property int rimWidth: Theme.border
    property int edgeHeight: Theme.edge
    property bool down: false
    property bool focused: false
    property int radius: Theme.radius

    Rectangle {
        anchors.fill: parent
        anchors.margins: plate.focused ? -Theme.ring : 0
        radius: plate.radius - anchors.margins
        color: plate.focused ? Theme.focus : plate.edge
        visible: plate.edgeHeight > 0 || plate.focused
    }

    Rectangle {
        anchors.fill: parent
        anchors.bottomMargin: plate.down ? 0 : plate.edgeHeight
        radius: plate.radius
        color: plate.face
        border.width: plate.rimWidth
        border.color: plate.focused ? plate.face : plate.rim
    }
}
