import QtQuick
import theme

// What the group of controls below it is about; for a stepper with the value that it changes.
Unit {
    id: heading

    required property string fieldId
    required property string label
    required property string value
    required property string unit
    required property string error
    property bool heads: true

    implicitHeight: name.height + (error !== "" ? wrong.height : 0)

    Label {
        id: name
        width: heading.width
        text: heading.label
        bold: true
        color: Theme.mainLetters
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    Label {
        id: wrong
        y: name.height
        width: heading.width
        visible: text !== ""
        text: heading.error
        size: Theme.small
        bold: true
        color: Theme.danger
    }
}
