// Korean, and the English smaller beside it or (stacked) below it.
import QtQuick

Item {
    id: words

    property string ko
    property string en
    property bool stacked: false
    property color color: "#1d2a2a"
    property color softColor: "#5b6b69"
    property int size: 14

    implicitWidth: stacked ? Math.max(korean.implicitWidth, english.implicitWidth) : korean.implicitWidth + (en ? 6 + english.implicitWidth : 0)
    implicitHeight: stacked ? korean.implicitHeight + (en ? english.implicitHeight : 0) : korean.implicitHeight

    Text {
        id: korean

        text: words.ko
        color: words.color
        font.pixelSize: words.size
        font.weight: Font.DemiBold
        x: words.stacked ? (words.width - implicitWidth) / 2 : 0
    }
    Text {
        id: english

        text: words.en
        color: words.softColor
        font.pixelSize: 11
        x: words.stacked ? (words.width - implicitWidth) / 2 : korean.implicitWidth + 6
        anchors.top: words.stacked ? korean.bottom : undefined
        anchors.baseline: words.stacked ? undefined : korean.baseline
    }
}
