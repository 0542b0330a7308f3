import QtQuick
import theme

// One step of what the machine does. Done has a tick, now a full ring and bold letters, later an empty ring.
Unit {
    id: step

    required property string label
    required property string progress
    property bool tight: false
    readonly property int mark: Theme.mm(14)
    readonly property bool now: progress === "now"
    readonly property bool done: progress === "done"

    cluster: "steps"
    joined: true
    mostHeight: implicitHeight + Theme.mm(14)
    implicitHeight: Math.max(mark, name.height) + 2 * (tight ? Theme.gapSmall : Theme.gap)

    Accessible.role: Accessible.StaticText
    Accessible.name: label

    Rectangle {
        anchors.fill: parent
        topLeftRadius: step.first ? Theme.radius : 0
        topRightRadius: topLeftRadius
        bottomLeftRadius: step.last ? Theme.radius : 0
        bottomRightRadius: bottomLeftRadius
        color: Theme.surface
    }
    Rectangle {
        visible: !step.first
        x: ring.x + (step.mark - width) / 2
        width: Theme.border
        height: ring.y
        color: step.done || step.now ? Theme.accentDeep : Theme.line
    }
    Rectangle {
        visible: !step.last
        x: ring.x + (step.mark - width) / 2
        y: ring.y + ring.height
        width: Theme.border
        height: parent.height - y
        color: step.done ? Theme.accentDeep : Theme.line
    }
    Rectangle {
        id: ring
        x: Theme.pad
        y: (parent.height - height) / 2
        width: step.mark
        height: step.mark
        radius: width / 2
        color: step.done ? Theme.accentDeep : Theme.surface
        border.width: step.now ? Theme.ring : Theme.border
        border.color: step.done || step.now ? Theme.accentDeep : Theme.line

        Pictogram {
            anchors.centerIn: parent
            name: step.done ? "tick" : ""
            size: Theme.mm(8)
            line: Theme.mainText
        }
        Rectangle {
            anchors.centerIn: parent
            visible: step.now
            width: Theme.mm(5)
            height: width
            radius: width / 2
            color: Theme.accentDeep
        }
    }
    Label {
        id: name
        x: ring.x + step.mark + Theme.gap
        y: (parent.height - height) / 2
        width: step.width - x - Theme.pad
        text: step.label
        bold: step.now
        color: step.now ? Theme.ink : Theme.soft
        Accessible.ignored: true
    }
}
