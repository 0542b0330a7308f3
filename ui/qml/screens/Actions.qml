pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import controls
import theme

// The primary button, always at the same place, and what may be done instead beside or above it.
Item {
    id: actions

    required property Page page

    signal resized

    // Puts them in place from the bottom up.
    function arrange() {
        const all = buttons();
        const first = all.filter(button => button["leads"]);
        const others = all.filter(button => !button["leads"]);
        const gap = Theme.gap;
        let wide = width;
        if (first.length === 1 && others.length === 1) {
            const left = Math.floor((width - gap) * 0.4);
            const fits = others[0]["natural"] <= left && first[0]["natural"] <= width - gap - left;
            if (fits) {
                implicitHeight = Math.max(others[0].implicitHeight, first[0].implicitHeight);
                put(others[0], 0, 0, left, implicitHeight);
                put(first[0], left + gap, 0, width - gap - left, implicitHeight);
                return;
            }
        }
        const each = (width - gap * (others.length - 1)) / Math.max(1, others.length);
        const abreast = others.every(button => button["natural"] <= each);
        let y = 0;
        if (abreast && others.length) {
            const height = Math.max(...others.map(button => button.implicitHeight));
            others.forEach((button, at) => put(button, Math.floor(at * (each + gap)), y, Math.floor(each), height));
            y += height + gap;
        } else {
            for (const button of others) {
                put(button, 0, y, wide, 0);
                y += button.height + gap;
            }
        }
        for (const button of first) {
            put(button, 0, y, wide, 0);
            y += button.height + gap;
        }
        implicitHeight = Math.max(0, y - gap);
    }

    function put(button: Item, x: real, y: real, width: real, height: real) {
        button.width = width;
        button.x = x;
        button.y = y;
        button.height = height || button.implicitHeight;
    }

    function buttons(): list<Item> {
        const found = [];
        for (const child of children) {
            if (child["leads"] !== undefined)
                found.push(child);
        }
        return found;
    }

    onChildrenChanged: resized()

    Repeater {
        model: actions.page.actions
        Action {
            onImplicitHeightChanged: actions.resized()
            onNaturalChanged: actions.resized()
        }
    }
}
