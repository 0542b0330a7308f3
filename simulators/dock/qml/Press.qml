// A button with Korean over English. `tone`: plain, accent, warn, stop.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: press

    property string ko
    property string en
    property string tone: "plain"
    readonly property bool filled: tone === "accent" || tone === "stop"
    readonly property color ground: tone === "accent" ? "#17635d" : tone === "stop" ? "#a3262b" : tone === "warn" ? "#fbefe1" : "#f3f6f5"

    implicitWidth: Math.max(56, words.implicitWidth + 20)
    implicitHeight: 42
    opacity: enabled ? 1 : 0.4
    Accessible.name: en ? ko + ", " + en : ko

    background: Rectangle {
        radius: 8
        color: press.down ? Qt.darker(press.ground, 1.12) : press.ground
        border.color: press.visualFocus ? "#17635d" : press.tone === "warn" ? "#e0b98c" : press.filled ? press.ground : "#cdd5d2"
        border.width: press.visualFocus ? 2 : 1
    }
    contentItem: Item {
        Words {
            id: words

            anchors.centerIn: parent
            stacked: true
            ko: press.ko
            en: press.en
            size: 13
            color: press.filled ? "#ffffff" : press.tone === "warn" ? "#7d3b03" : "#1d2a2a"
            softColor: press.filled ? "#e6efee" : press.tone === "warn" ? "#9a4a06" : "#5b6b69"
        }
    }
}
