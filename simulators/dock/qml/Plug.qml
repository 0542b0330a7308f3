// One plug: a lamp, the device's name; a press pulls it or puts it in.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.Button {
    id: plug

    property string ko
    property string en
    property bool plugged: true

    implicitHeight: 40
    Layout.fillWidth: true
    Layout.preferredWidth: 1
    opacity: enabled ? 1 : 0.4
    Accessible.name: ko + ", " + en + (plugged ? ", 꽂힘" : ", 뽑힘")

    background: Rectangle {
        radius: 8
        color: plug.down ? "#dfe7e5" : plug.plugged ? "#f3f6f5" : "#fbefe1"
        border.color: plug.visualFocus ? "#17635d" : plug.plugged ? "#cdd5d2" : "#e0b98c"
        border.width: plug.visualFocus ? 2 : 1
    }
    contentItem: Item {
        Rectangle {
            x: 10
            anchors.verticalCenter: parent.verticalCenter
            width: 9
            height: 9
            radius: 5
            color: plug.plugged ? "#3f8c84" : "transparent"
            border.color: plug.plugged ? "#3f8c84" : "#9a4a06"
            border.width: 2
        }
        Column {
            x: 27
            anchors.verticalCenter: parent.verticalCenter

            Text {
                text: plug.ko
                color: plug.plugged ? "#1d2a2a" : "#7d3b03"
                font.pixelSize: 13
                font.weight: Font.DemiBold
            }
            Text {
                text: plug.plugged ? plug.en : plug.en + " · out"
                color: plug.plugged ? "#5b6b69" : "#9a4a06"
                font.pixelSize: 11
            }
        }
    }
}
