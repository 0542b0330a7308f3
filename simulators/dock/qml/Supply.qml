// One thing that runs out or fills up: name, level, two buttons.
import QtQuick
import QtQuick.Layouts

RowLayout {
    id: supply

    property string ko
    property string en
    property int level: 0
    property int capacity: 1
    property int low: 0
    property bool fills: false
    property string firstKo: "채움"
    property string firstEn: "refill"
    property string secondKo: "비움"
    property string secondEn: "empty"
    property bool second: true
    property string firstName
    property string secondName
    readonly property bool bad: fills ? level >= capacity : level <= low

    signal firstPressed
    signal secondPressed

    spacing: 8
    Layout.fillWidth: true

    Item {
        Layout.fillWidth: true
        implicitHeight: 38

        Words {
            id: name

            ko: supply.ko
            en: supply.en
            size: 13
        }
        Text {
            anchors { right: parent.right; baseline: parent.top; baselineOffset: 14 }
            text: supply.level
            color: supply.bad ? "#9a4a06" : "#1d2a2a"
            font.pixelSize: 14
            font.weight: Font.DemiBold
        }
        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; bottomMargin: 6 }
            height: 6
            radius: 3
            color: "#e3e8e6"

            Rectangle {
                width: Math.min(1, supply.level / supply.capacity) * parent.width
                height: parent.height
                radius: 3
                color: supply.bad ? "#d98a2b" : "#3f8c84"
            }
        }
    }
    Press {
        objectName: supply.firstName
        ko: supply.firstKo
        en: supply.firstEn
        Layout.preferredWidth: 64
        onClicked: supply.firstPressed()
    }
    Press {
        objectName: supply.secondName
        visible: supply.second
        ko: supply.secondKo
        en: supply.secondEn
        Layout.preferredWidth: 64
        onClicked: supply.secondPressed()
    }
}
