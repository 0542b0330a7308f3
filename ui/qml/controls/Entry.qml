import QtQuick
import theme

// A field that the keypad fills. The active one has the thick frame and the caret. What is shown as dots is told to the
// ear in words of its own.
Unit {
    id: entry

    required property string fieldId
    required property string label
    required property string value
    required property string placeholder
    required property string unit
    required property bool active
    required property string error
    required property string spoken

    property bool squeezed: false
    // Whether what is wrong stands below it.
    property bool errs: true
    readonly property int letters: squeezed ? Theme.body : Theme.headline
    readonly property bool dotted: spoken !== "" && value !== ""

    cluster: "fields"
    columns: 2
    whole: true
    natural: Math.max(name.natural, box.needed)
    implicitHeight: name.height + box.height + (errs && error !== "" ? wrong.height + Theme.gapSmall : 0)

    Accessible.role: Accessible.EditableText
    Accessible.name: [label, spoken].filter(words => words !== "").join(", ")
    Accessible.description: [dotted ? "" : value || placeholder, error].filter(words => words !== "").join(" ")

    Measured {
        id: name
        width: entry.width
        text: entry.label
        size: Theme.small
        bold: true
        color: Theme.soft
        Accessible.ignored: true
    }

    Rectangle {
        id: box
        readonly property real needed: digits.natural + caret.width + after.natural + 3 * Theme.gap
        y: name.height
        width: entry.width
        height: Math.max(Theme.target, Math.round(entry.letters * Theme.lines) + (entry.squeezed ? 0 : 2 * Theme.gapSmall), digits.height + (entry.squeezed ? 0 : 2 * Theme.gapSmall))
        radius: Theme.radius
        color: Theme.surface
        border.width: entry.active ? Theme.ring : Theme.hair
        border.color: entry.error !== "" ? Theme.danger : entry.active ? Theme.mainLetters : Theme.line

        Measured {
            id: digits
            x: Theme.gap
            y: (parent.height - height) / 2
            width: entry.width - 2 * Theme.gap - after.natural
            text: entry.value === "" ? entry.placeholder : entry.value
            size: entry.value === "" || entry.dotted ? Theme.body : entry.letters
            font.letterSpacing: entry.dotted ? Theme.gapSmall : 0
            bold: entry.value !== ""
            color: entry.value === "" ? Theme.soft : Theme.ink
            Accessible.ignored: true
        }
        Rectangle {
            id: caret
            visible: entry.active
            x: Theme.gap + (entry.value === "" ? -Theme.gapSmall : digits.contentWidth + Theme.hair * 4)
            y: (parent.height - height) / 2
            width: Theme.border
            height: Math.round(entry.letters * 1.05)
            color: Theme.mainLetters
        }
        Measured {
            id: after
            x: parent.width - natural - Theme.gap
            y: (parent.height - height) / 2
            width: natural
            text: entry.unit
            color: Theme.soft
            Accessible.ignored: true
        }
    }

    Label {
        id: wrong
        y: box.y + box.height + Theme.gapSmall
        width: entry.width
        visible: text !== "" && entry.errs
        text: entry.error
        size: Theme.small
        bold: true
        color: Theme.danger
        Accessible.ignored: true
    }
}
