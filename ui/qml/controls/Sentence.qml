import QtQuick
import theme

// The one thing to do or to know now.
Unit {
    id: sentence

    property string words: ""
    property bool centred: false
    property bool wrong: false

    cluster: "sentence"
    joined: true
    implicitHeight: label.height

    Label {
        id: label
        width: sentence.width
        text: sentence.words
        size: sentence.wrong ? Theme.small : Theme.body
        bold: sentence.wrong
        color: sentence.wrong ? Theme.danger : Theme.ink
        horizontalAlignment: sentence.centred ? Text.AlignHCenter : Text.AlignLeft
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
