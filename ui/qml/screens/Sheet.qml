import QtQuick
import Changgu
import theme

// The overlay: a sheet over the darkened screen. It ends where the screen's own actions end, so that its primary button
// is at the usual place.
Item {
    id: sheet

    // The sheet leaves so much of the screen to see, if it can.
    readonly property int least: Math.max(Bridge.outOfReach, Math.round(height * (Theme.textScale > 1.3 ? 0.06 : 0.2)))

    property string shown: ""

    // A sheet that follows another one begins on its first page.
    Connections {
        target: Bridge
        function onApplied() {
            if (sheet.shown !== Bridge.overlay) {
                sheet.shown = Bridge.overlay;
                stage.turn(0);
            }
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim
        opacity: Theme.strong ? 0.85 : 0.62
    }
    MouseArea {
        anchors.fill: parent
    }
    Rectangle {
        anchors.fill: stage
        color: Theme.paper
        border.width: Theme.strong ? Theme.border : 0
        border.color: Theme.line
    }
    Stage {
        id: stage
        objectName: "sheet-stage"
        y: sheet.height - height
        width: sheet.width
        height: Math.round(Math.min(sheet.height - sheet.least, Math.max(sheet.height * 0.2, wanted)))
        page: Bridge.sheet
        header: false
        reachTop: Math.round(sheet.height * 0.6) - y
    }
}
