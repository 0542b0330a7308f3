pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import controls
import theme

// The controls that every screen has: the lower row help, language, display; the upper one home, back, cancel. Each keeps
// its place, whether its neighbours are there or not. Letters too large for three abreast make it two.
Rectangle {
    id: bar

    readonly property var places: ["home", "back", "cancel", "help", "language", "display"]

    color: Theme.ground
    height: implicitHeight

    function arrange() {
        const buttons = [];
        for (const child of children) {
            if (child["controlId"] !== undefined)
                buttons.push(child);
        }
        const inner = width - 2 * Theme.margin;
        const widest = Math.max(0, ...buttons.map(button => button["least"]));
        const abreast = [6, 3, 2].find(count => (inner - (count - 1) * Theme.gap) / count >= widest) ?? 1;
        const columns = width > height * 3 && width > Bridge.panelHeight ? abreast : Math.min(3, abreast);
        const each = Math.floor((inner - (columns - 1) * Theme.gap) / columns);
        const rowCount = Math.ceil(places.length / columns);
        const used = new Set();
        const at = new Map();
        let free = places.length;
        for (const button of buttons) {
            const place = places.indexOf(button["controlId"]);
            at.set(button, place < 0 ? free++ : place);
            used.add(Math.floor(at.get(button) / columns));
        }
        const rows = [...used].sort((a, b) => a - b);
        const tall = Math.max(Theme.bar, ...buttons.map(button => button.implicitHeight));
        for (const button of buttons) {
            button.width = each;
            button.height = tall;
            button.x = Theme.margin + (at.get(button) % columns) * (each + Theme.gap);
            button.y = Theme.gap + rows.indexOf(Math.floor(at.get(button) / columns)) * (tall + Theme.gap);
        }
        implicitHeight = rows.length ? rows.length * (tall + Theme.gap) + Theme.gap : 0;
    }

    onWidthChanged: arrange()

    Rectangle {
        width: parent.width
        height: Theme.hair
        color: Theme.strong ? Theme.line : Theme.faint
    }

    Connections {
        target: Bridge
        function onApplied() {
            bar.arrange();
        }
    }

    Repeater {
        model: Bridge.bar
        BarButton {}
    }
}
