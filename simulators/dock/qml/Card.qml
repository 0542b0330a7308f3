// A white card with a title line.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: card

    property string ko
    property string en
    property string aside
    property color asideColor: "#5b6b69"
    default property alias content: body.data

    color: "#ffffff"
    border.color: "#d9dedb"
    radius: 10
    implicitHeight: body.implicitHeight + title.implicitHeight + 30
    Layout.fillWidth: true

    // What is told at the side goes below the title where there is no room beside it.
    Item {
        id: title

        readonly property bool roomy: words.implicitWidth + 12 + measure.advanceWidth <= width

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 10 }
        implicitHeight: roomy || !card.aside ? words.implicitHeight : words.implicitHeight + 3 + told.implicitHeight

        Words {
            id: words

            ko: card.ko
            en: card.en
        }
        TextMetrics {
            id: measure

            text: card.aside
            font: told.font
        }
        Text {
            id: told

            x: title.roomy ? title.width - width : 0
            y: title.roomy ? words.implicitHeight - implicitHeight : words.implicitHeight + 3
            width: title.roomy ? measure.advanceWidth + 1 : title.width
            text: card.aside
            color: card.asideColor
            font.pixelSize: 12
            wrapMode: title.roomy ? Text.NoWrap : Text.WordWrap
        }
    }

    ColumnLayout {
        id: body

        anchors { left: parent.left; right: parent.right; top: title.bottom; bottom: parent.bottom; leftMargin: 10; rightMargin: 10; topMargin: 8; bottomMargin: 12 }
        spacing: 8
    }
}
