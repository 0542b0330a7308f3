pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import controls
import theme

// The controls that every screen has: the lower row help, language, display; the upper one home, back, cancel. Each keeps
// its place, whether its neighbours are there or not. Letters too large for three abreast make it two.
//
// Where that would take half of the panel (`slim`), it is one row: the one way out, and the pager. The other controls
// stand on the last page of the screen, all of it theirs.
Rectangle {
    id: bar

    readonly property var places: ["home", "back", "cancel", "help", "language", "display"]
    readonly property var waysOut: ["cancel", "home", "back"]
    readonly property bool slim: Theme.slim
    property bool open: false
    property int pageAt: 0
    property int stagePages: 1
    // How many pages are the bar's: none where all of it stands in one row under a screen without pages.
    property int pages: 0
    // How high it is on the screen's own pages.
    property int row: 0

    signal turned(int to)

    color: Theme.ground
    height: implicitHeight

    function buttons(): list<Item> {
        const found = [];
        for (const child of children) {
            if (child["controlId"] !== undefined)
                found.push(child);
        }
        return found;
    }

    function arrange() {
        const all = buttons();
        const tall = Math.max(Theme.bar, ...all.map(button => button.implicitHeight));
        all.forEach(button => button["placed"] = true);
        if (slim)
            arrangeSlim(all, tall);
        else {
            pages = 0;
            row = implicitHeight = lay(all, tall, Theme.gap);
        }
    }

    // Places these from `top` down; returns where they end.
    function lay(some: var, tall: real, top: real): real {
        const inner = width - 2 * Theme.margin;
        const widest = Math.max(0, ...some.map(button => button["least"]));
        const abreast = [6, 3, 2].find(count => (inner - (count - 1) * Theme.gap) / count >= widest) ?? 1;
        const columns = width > height * 3 && width > Bridge.panelHeight && !slim ? abreast : Math.min(3, abreast);
        const each = Math.floor((inner - (columns - 1) * Theme.gap) / columns);
        const used = new Set();
        const at = new Map();
        let free = places.length;
        for (const button of some) {
            const place = slim ? at.size : places.indexOf(button["controlId"]);
            at.set(button, place < 0 ? free++ : place);
            used.add(Math.floor(at.get(button) / columns));
        }
        const rows = [...used].sort((a, b) => a - b);
        for (const button of some)
            put(button, Theme.margin + (at.get(button) % columns) * (each + Theme.gap), top + rows.indexOf(Math.floor(at.get(button) / columns)) * (tall + Theme.gap), each, tall);
        return rows.length ? top + rows.length * (tall + Theme.gap) : 0;
    }

    function put(button: Item, x: real, y: real, width: real, height: real) {
        button.width = width;
        button.height = height;
        button.x = x;
        button.y = y;
    }

    function arrangeSlim(all: var, tall: real) {
        const inner = width - 2 * Theme.margin;
        const together = all.reduce((sum, button) => sum + button["least"] + Theme.gap, -Theme.gap);
        pages = all.length < 2 || stagePages === 1 && together <= inner ? 0 : 1;
        const way = waysOut.map(id => all.find(button => button["controlId"] === id && button["usable"])).find(button => button) ?? all.find(button => button["usable"]) ?? all[0];
        const others = all.filter(button => button !== way);
        row = all.length || stagePages > 1 ? tall + 2 * Theme.gap : 0;
        implicitHeight = open ? Bridge.panelHeight : row;
        const y = implicitHeight - Theme.gap - tall;
        if (stagePages === 1 && pages === 0) {
            layInRow(all, tall, inner - together);
            return;
        }
        pager.x = Theme.margin;
        if (way) {
            const wide = Math.min(Math.max(way["natural"], inner * 0.3), inner - Theme.gap - pager.least);
            put(way, Theme.margin, y, Math.max(wide, way["least"]), tall);
            pager.x += way.width + Theme.gap;
        }
        pager.y = y;
        pager.width = Theme.margin + inner - pager.x;
        pager.height = tall;
        others.forEach(button => button["placed"] = open);
        if (open)
            lay(others, Math.max(tall, Math.min(Theme.mm(52), Math.floor((y - Theme.gapLarge) / 3) - Theme.gap)), Theme.gapLarge);
    }

    // Each as wide as its label needs, and its share of what is left.
    function layInRow(some: var, tall: real, spare: real) {
        let x = Theme.margin;
        for (const button of some) {
            put(button, x, Theme.gap, Math.floor(button["least"] + spare / some.length), tall);
            x += button.width + Theme.gap;
        }
    }

    onWidthChanged: arrange()
    onStagePagesChanged: arrange()
    onOpenChanged: arrange()
    onSlimChanged: arrange()

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
    Pager {
        id: pager
        at: bar.pageAt
        total: bar.slim ? bar.stagePages + bar.pages : 1
        onTurned: to => bar.turned(to)
    }
}
