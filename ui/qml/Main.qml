pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import screens
import theme

// The window: the current screen, the bar, the sheet over them. All of it is drawn in the panel's own pixels and scaled as
// a whole where the window has others.
Window {
    id: window

    property bool keyed: false
    readonly property real fit: Math.min(width / Bridge.panelWidth, height / Bridge.panelHeight)
    // The screens on which one works through something; all others are a picture and a sentence, but where a keypad stands.
    readonly property list<string> questions: ["choose", "options", "which", "check"]

    width: Bridge.panelWidth
    height: Bridge.panelHeight
    color: Theme.ground

    // The next thing to press, for arrow keys; Tab finds it by itself.
    function walk(forward: bool) {
        const from = window.activeFocusItem ?? glass;
        const next = from.nextItemInFocusChain(forward);
        if (next)
            next.forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }

    // A new screen begins: who uses keys finds them on its first control, who uses fingers sees no frame.
    function begin() {
        glass.forceActiveFocus();
        if (keyed)
            walk(true);
        if (Bridge.announce !== "")
            glass.Accessible.announce(Bridge.announce);
    }

    Item {
        id: glass

        property int since: -1
        property int began: -1

        objectName: "glass"
        width: Bridge.panelWidth
        height: Bridge.panelHeight
        transformOrigin: Item.TopLeft
        scale: window.fit
        x: Math.round((window.width - width * scale) / 2)
        y: Math.round((window.height - height * scale) / 2)
        focus: true

        Keys.onPressed: event => {
            window.keyed = true;
            const forward = event.key === Qt.Key_Right || event.key === Qt.Key_Down;
            if (forward || event.key === Qt.Key_Left || event.key === Qt.Key_Up) {
                window.walk(forward);
                event.accepted = true;
            }
        }

        Rectangle {
            anchors.fill: parent
            color: Theme.paper
        }

        Item {
            id: under
            anchors.fill: parent
            enabled: Bridge.overlay === ""

            // One stage for all screens: what stays the same from one to the next is not made anew.
            Stage {
                id: stage
                width: parent.width
                height: parent.height - bar.row
                visible: !barred
                barPages: bar.pages
                page: Bridge.page
                poster: !window.questions.includes(Bridge.screen) && !Bridge.page.asks
                landscape: Bridge.screen === "attract"
                reports: true
            }
            Bar {
                id: bar
                y: parent.height - height
                width: parent.width
                open: stage.barred
                pageAt: stage.at
                stagePages: stage.stagePages
                onTurned: to => stage.turn(to)
            }
        }

        Loader {
            anchors.fill: parent
            active: Bridge.overlay !== ""
            sourceComponent: Sheet {}
        }
    }

    Connections {
        target: Bridge
        function onApplied() {
            // A new screen begins on its first page; one that a sheet covered goes on where it was.
            if (glass.began !== Bridge.began) {
                glass.began = Bridge.began;
                stage.turn(0);
            }
            if (glass.since !== Bridge.since) {
                glass.since = Bridge.since;
                window.begin();
            }
        }
    }
}
