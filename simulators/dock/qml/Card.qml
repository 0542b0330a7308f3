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

    RowLayout {
        id: title

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 10 }
        spacing: 8

        Words {
            ko: card.ko
            en: card.en
            Layout.fillWidth: true
        }
        Text {
            text: card.aside
            color: card.asideColor
            font.pixelSize: 12
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignRight
            Layout.maximumWidth: 236
        }
    }

    ColumnLayout {
        id: body

        anchors { left: parent.left; right: parent.right; top: title.bottom; bottom: parent.bottom; leftMargin: 10; rightMargin: 10; topMargin: 8; bottomMargin: 12 }
        spacing: 8
    }
}
