// Shows that there is more of a list, and where one is; a finger or a mouse can pull it.
import QtQuick

Rectangle {
    id: handle

    required property Flickable of

    objectName: "scroll-handle"
    parent: of
    x: of.width - width - 1
    z: 1
    visible: of.contentHeight > of.height + 1
    y: of.visibleArea.yPosition * of.height
    width: 6
    height: Math.max(24, of.visibleArea.heightRatio * of.height)
    radius: 3
    color: drag.pressed ? "#17635d" : "#8fa09c"

    MouseArea {
        id: drag

        property real from: 0

        anchors { fill: parent; leftMargin: -8 }
        onPressed: mouse => from = mapToItem(handle.of, mouse.x, mouse.y).y - handle.y
        onPositionChanged: mouse => {
            const top = (mapToItem(handle.of, mouse.x, mouse.y).y - from) / handle.of.height * handle.of.contentHeight;
            handle.of.contentY = Math.max(0, Math.min(handle.of.contentHeight - handle.of.height, top));
        }
    }
}
