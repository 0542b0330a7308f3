pragma ComponentBehavior: Bound
import QtQuick
import theme

// One of many short ones. The chosen one is told by ground, letters and a tick, not by colour alone.
Pressable {
    id: choice

    readonly property string words: usable ? detail : note
    readonly property Measured aboutLabel: about.item as Measured
    readonly property int aboutHeight: aboutLabel ? aboutLabel.height : 0
    readonly property int textWidth: width - 2 * Theme.gapSmall
    // Where the words fill the plate, the tick goes into its corner.
    readonly property bool tight: textWidth - name.natural < 2 * (Theme.mm(11) + Theme.gapSmall)

    // A language is no step on the way: it may be left as it is.
    readonly property bool choosing: group !== ""
    columns: 3
    mostHeight: Theme.mm(40)
    natural: Math.max(name.natural, aboutLabel ? aboutLabel.natural : 0) + 2 * Theme.gapSmall
    implicitHeight: Math.max(Theme.target, name.height + aboutHeight + 2 * Theme.gapSmall + Theme.edge)

    background: Plate {
        face: choice.faceColor
        rim: choice.lit ? Theme.main : Theme.line
        edge: choice.lit ? Theme.mainEdge : Theme.line
        down: choice.down
        focused: choice.visualFocus
        edgeHeight: choice.usable ? Theme.edge : 0
    }

    Pictogram {
        id: tick
        name: choice.chosen ? "tick" : ""
        size: Theme.mm(choice.tight ? 6 : 11)
        line: choice.labelColor
        x: choice.tight ? Theme.gapSmall / 2 : Theme.gap
        y: choice.tight ? Theme.gapSmall / 2 : (choice.height - Theme.edge - height) / 2
    }

    Measured {
        id: name
        x: Theme.gapSmall
        y: Math.round((choice.height - Theme.edge - height - choice.aboutHeight) / 2)
        width: choice.textWidth
        text: choice.label
        color: choice.labelColor
        horizontalAlignment: Text.AlignHCenter
    }

    Loader {
        id: about
        active: choice.words !== ""
        x: Theme.gapSmall
        y: name.y + name.height
        sourceComponent: Measured {
            width: choice.textWidth
            text: choice.words
            size: Theme.small
            color: choice.lit ? Theme.mainText : choice.usable ? Theme.soft : Theme.idleText
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
