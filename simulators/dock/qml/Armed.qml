// The faults that are set at this moment; a press takes those of its device away.
pragma ComponentBehavior: Bound

import QtQuick

Rectangle {
    id: strip

    required property var panel
    readonly property var armed: panel.armed
    property real most: 150

    color: armed.length ? "#fbefe1" : "transparent"
    border.color: armed.length ? "#e0b98c" : "#d9dedb"
    radius: 10
    implicitHeight: Math.max(54, Math.min(most, chips.implicitHeight + 16))

    Flickable {
        id: room

        anchors { fill: parent; margins: 8 }
        contentHeight: chips.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: true

        ScrollHandle {
            of: room
        }
        Flow {
            id: chips

            width: room.width - 8
            spacing: 6

            Words {
                height: 38
                ko: strip.armed.length ? "걸어 둔 고장" : "걸어 둔 고장 없음"
                en: strip.armed.length ? "press to mend" : "no fault is armed"
                stacked: true
                size: 13
                color: strip.armed.length ? "#7d3b03" : "#5b6b69"
                softColor: strip.armed.length ? "#9a4a06" : "#5b6b69"
            }
            Repeater {
                model: strip.armed

                Press {
                    required property var modelData

                    objectName: "armed-" + modelData.device + "-" + modelData.fault
                    implicitHeight: 38
                    tone: "stop"
                    ko: modelData.ko
                    en: modelData.en
                    onClicked: strip.panel.ask({do: "fault", device: modelData.device, fault: "none"})
                }
            }
        }
    }
}
