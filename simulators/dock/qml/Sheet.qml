// A piece of paper as it came out: the picture, or an empty place for it.
import QtQuick

Rectangle {
    id: sheet

    property string image
    property string emptyKo
    property string emptyEn
    property bool fromTop: false

    color: "#f1f3f2"
    radius: 6
    clip: true

    Image {
        anchors { fill: parent; margins: 6 }
        source: sheet.image ? "file://" + sheet.image : ""
        sourceSize.width: 400
        asynchronous: true
        cache: false
        fillMode: Image.PreserveAspectFit
        verticalAlignment: sheet.fromTop ? Image.AlignTop : Image.AlignVCenter
        smooth: true
    }
    Words {
        anchors.centerIn: parent
        visible: !sheet.image
        stacked: true
        ko: sheet.emptyKo
        en: sheet.emptyEn
        size: 12
        color: "#7a8886"
        softColor: "#7a8886"
    }
}
