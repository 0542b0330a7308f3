pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import controls

// All that there is to know on a screen, piece by piece; Body puts the pieces into their places.
Item {
    id: facts

    required property Page page
    property bool centred: false
    property bool tells: true
    property bool tight: false
    // What is wrong with a field is a piece of its own.
    property bool errsApart: false

    signal resized

    onChildrenChanged: resized()

    // Sentence by sentence, so that one page need not hold them all.
    Repeater {
        model: facts.tells && facts.page.sentence !== "" ? facts.page.sentence.replace(/([.!?]) +/g, "$1\n").split("\n") : []
        Sentence {
            required property string modelData
            visible: placed
            words: modelData
            centred: facts.centred
            onImplicitHeightChanged: facts.resized()
        }
    }
    Amount {
        property bool absent: value === ""
        visible: placed && !absent
        label: facts.page.missingLabel
        value: facts.page.missingText
        share: facts.page.share
        onImplicitHeightChanged: facts.resized()
        onAbsentChanged: facts.resized()
    }
    Repeater {
        model: facts.page.coins
        Coin {
            onNaturalChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.banknotes
        Banknote {
            onNaturalChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.fields
        Entry {
            errs: !facts.errsApart
            onImplicitHeightChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.fields
        Sentence {
            required property string error
            readonly property bool absent: error === "" || !facts.errsApart
            cluster: "errors"
            visible: placed && !absent
            words: error
            wrong: true
            onAbsentChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.steps
        StepLine {
            tight: facts.tight
            onImplicitHeightChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.rows
        SummaryRow {
            required note
            tight: facts.tight
            onImplicitHeightChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.sums
        SummaryRow {
            tight: facts.tight
            onImplicitHeightChanged: facts.resized()
        }
    }
    Repeater {
        model: facts.page.notices
        Notice {
            onImplicitHeightChanged: facts.resized()
        }
    }
    Code {
        property bool absent: value === ""
        visible: placed && !absent
        value: facts.page.code
        onImplicitHeightChanged: facts.resized()
        onAbsentChanged: facts.resized()
    }
}
