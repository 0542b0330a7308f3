import QtQuick
import Changgu
import theme

// One of our own drawings in the colours of its surroundings. It is drawn when the screen has settled, and once.
Image {
    id: pictogram

    property string name: ""
    property int size: Theme.target
    property color line: Theme.ink
    property color fill: Theme.tint
    property color accent: Theme.strong ? "#000000" : Theme.accent

    width: size
    height: size
    visible: name !== ""
    Accessible.ignored: true

    Binding on source {
        when: !Bridge.busy
        restoreMode: Binding.RestoreNone
        value: pictogram.name === "" || pictogram.size <= 0 ? "" : "image://pictogram/" + [pictogram.name, pictogram.size, pictogram.line, pictogram.fill, pictogram.accent].join("/")
    }
}
