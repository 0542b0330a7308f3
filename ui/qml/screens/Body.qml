pragma ComponentBehavior: Bound
import QtQuick
import Changgu
import controls
import theme
import "arrange.js" as Arrange

// What stands between the title and the actions: what there is to know, and below it what there is to press. Where both
// don't fit, they get pages; nothing scrolls.
Item {
    id: body

    required property Page page
    property bool centred: false
    property bool tells: true
    // Where there is so little room that nothing can stay on every page.
    property bool turnsAll: false
    property int pageAt: 0
    property int pageTotal: 1
    // Pages after the last one that hold nothing of it: what may be done stands there (Stage).
    property int apart: 0
    // Pages before the first one: the title's (Stage).
    property int lead: 0
    // What the actions need under the last page's end to stand there, not on a page of their own.
    property int apartRoom: 0
    // How much the last page holds of its room.
    property int lastHeight: 0
    // What is wrong with a field, before it and its keypad: where the three don't fit on one page.
    property bool errsApart: false
    // A field and its keypad on one page, what there is to read on others.
    property bool keyed: false
    property int keysRoom: 0
    property int keysAt: 0

    property int air: 0
    // Where not all fits at once, the lines come closer before they go onto pages.
    property bool tight: false
    readonly property var gaps: ({
            between: Theme.gap,
            section: Theme.gap + Theme.gapSmall + air,
            heading: Theme.gapSmall
        })
    property var infoList: []
    property var controlList: []

    signal resized

    // ---- measuring -------------------------------------------------------------------------------------------------

    // Reads the units anew, for this width; `limit` is the height that the controls may have, `room` that of all.
    function measure(limit: real, room: real) {
        tight = false;
        list(limit);
        if (infoHeight() + between() + controlsHeight() > room || controlsHeight() > limit) {
            tight = true;
            list(limit);
        }
    }

    function list(limit: real) {
        infoList = Arrange.rows(unitsOf(info), width, limit, gaps);
        controlList = Arrange.rows(withHeadings(), width, limit, gaps);
    }

    function infoHeight(): int {
        return Arrange.height(infoList, gaps);
    }

    function controlsHeight(): int {
        return Arrange.height(controlList, gaps);
    }

    function between(): int {
        return infoList.length && controlList.length ? Theme.gapLarge : 0;
    }

    function controlsLeast(): int {
        return Arrange.highestChunk(controlList, gaps);
    }

    function infoLeast(): int {
        return Arrange.highestChunk(infoList, gaps);
    }

    // What no page may be lower than.
    function highestRow(): int {
        return Math.max(0, ...infoList.concat(controlList).map(row => row.height));
    }

    function least(): int {
        return Math.max(infoLeast(), controlsLeast());
    }

    // How high a field and its keys are at the least.
    function keysHeight(): int {
        const fields = Arrange.rows(unitsOf(info).filter(unit => unit["cluster"] === "fields"), width, 0, gaps);
        return Arrange.height(Arrange.chunks(typedAndKeys(fields, 0))[0], gaps);
    }

    // What the keypad fills stands with the keypad; if not all of it fits into `room`, the field with the caret.
    function typedAndKeys(all: var, room: real): var {
        const keys = Arrange.rows(withHeadings(), width, 0, gaps);
        const fits = some => Arrange.height(some, gaps) + gaps.heading * some.length + Arrange.height(keys, gaps) <= room;
        const fields = fits(all) ? all : all.filter(row => row.items.some(item => item.active));
        fields.forEach(row => row.heads = true);
        const together = fields.concat(keys);
        Arrange.squeeze(together, room, gaps);
        return together;
    }

    // Whether something is typed here with a keypad.
    function types(): bool {
        return unitsOf(pressables).some(unit => unit["cluster"] === "keys") && unitsOf(info).some(unit => unit["cluster"] === "fields");
    }

    function presses(): bool {
        return unitsOf(pressables).length > 0;
    }

    function chooses(): bool {
        return unitsOf(pressables).some(unit => unit["choosing"] === true);
    }

    function unitsOf(parent: Item): list<Item> {
        const found = [];
        for (const child of parent.children) {
            if (child["cluster"] !== undefined && child["absent"] !== true)
                found.push(child);
        }
        return found;
    }

    function withHeadings(): list<Item> {
        const found = [];
        let group = "";
        let counting = null;
        for (const unit of unitsOf(pressables)) {
            if (unit["group"] !== group) {
                group = unit["group"];
                const heading = headed(headings, group);
                if (heading && group !== "")
                    found.push(heading);
            }
            found.push(unit);
            // The value stands between less and more.
            if (unit["kind"] === "stepper") {
                const value = headed(counts, group);
                if (value && counting !== group) {
                    value["cluster"] = unit["cluster"];
                    found.push(value);
                    counting = group;
                }
            }
        }
        return found;
    }

    function headed(parent: Item, group: string): Item {
        return unitsOf(parent).find(unit => unit["fieldId"] === group) ?? null;
    }

    // ---- placing ---------------------------------------------------------------------------------------------------

    // Whether nothing is typed here: a field and its keypad are not turned apart.
    function fieldless(): bool {
        return !infoList.some(row => row.items[0].cluster === "fields");
    }

    // Both one under the other in `room` pixels from `top`; nothing of them on the page that is not theirs.
    function flow(top: real, room: real) {
        const asked = pageAt;
        pageAt = Math.max(0, pageAt - lead);
        turned(top, room);
        if (lastHeight + apartRoom <= room)
            apart = 0;
        if (apart + lead > 0) {
            pageTotal += apart + lead;
            pageAt = Math.min(asked, pageTotal - 1);
            if (pageAt < lead || pageAt >= pageTotal - apart) {
                Arrange.place(infoList, [], 0, top, width, gaps);
                Arrange.place(controlList, [], 0, top, width, gaps);
            }
        }
    }

    function turned(top: real, room: real) {
        const spare = room - infoHeight() - between() - controlsHeight();
        lastHeight = room;
        if (keyed) {
            oneAfterTheOther(top, room);
            return;
        }
        if (spare >= 0) {
            pageTotal = 1;
            let left = Arrange.grow(controlList, spare);
            if (left > room * 0.2) {
                controlList.forEach(row => row.most = Math.round(row.most * 1.5));
                left = Arrange.grow(controlList, left);
            }
            left = Arrange.grow(infoList, left);
            const sections = Arrange.sections(infoList) + Arrange.sections(controlList);
            air = Math.min(Theme.gapLarge, Math.floor(left / (sections + 2)));
            left -= air * sections;
            const infoEnd = Arrange.place(infoList, infoList, 0, top, width, gaps);
            const joint = between() + (infoList.length ? Math.min(Theme.gapLarge, Math.floor(left / 2)) : 0);
            Arrange.place(controlList, controlList, 0, infoEnd + joint, width, gaps);
            air = 0;
            return;
        }
        if (turnsAll && chooses()) {
            chosenFirst(top, room);
            return;
        }
        controlList = Arrange.rows(withHeadings(), width, room - between() - Arrange.highestChunk(infoList, gaps), gaps);
        const least = Math.max(Arrange.highestChunk(controlList, gaps), Math.min(controlsHeight(), room * 0.5));
        if (least + between() + infoLeast() > room && infoList.length && controlList.length) {
            oneAfterTheOther(top, room);
            return;
        }
        const wish = room - between() - Math.max(least, Math.min(controlsHeight(), room * 0.62));
        const infoRoom = Math.max(0, Math.min(infoHeight(), Math.max(infoLeast(), wish), room - between() - least));
        share(top, infoRoom, top + infoRoom + between(), room - infoRoom - between());
    }

    // Each in a region of its own, both turning with the same pages.
    function share(infoTop: real, infoRoom: real, controlsTop: real, controlsRoom: real) {
        // What is being typed is seen first.
        const typed = row => row.items[0].cluster === "fields";
        infoList = infoList.filter(typed).concat(infoList.filter(row => !typed(row)));
        const infoPages = Arrange.pages(infoList, infoRoom, gaps);
        const controlPages = Arrange.pages(controlList, controlsRoom, gaps);
        pageTotal = Math.max(infoPages.length, controlPages.length);
        pageAt = Math.min(pageAt, pageTotal - 1);
        const info = infoPages[Math.min(pageAt, infoPages.length - 1)];
        const controls = controlPages[Math.min(pageAt, controlPages.length - 1)];
        if (infoPages.length === 1)
            Arrange.grow(info, infoRoom - Arrange.height(info, gaps));
        if (controlPages.length === 1)
            Arrange.grow(controls, controlsRoom - Arrange.height(controls, gaps));
        const lead = centred && infoPages.length === 1 ? Math.floor((infoRoom - Arrange.height(info, gaps)) / 2) : 0;
        Arrange.place(infoList, info, 0, infoTop + lead, width, gaps);
        Arrange.place(controlList, controls, 0, controlsTop, width, gaps);
    }

    // What is chosen among comes first, what there is to read after it on the same pages.
    function chosenFirst(top: real, room: real) {
        const all = controlList.concat(infoList);
        const pages = Arrange.pages(all, room, gaps);
        pageTotal = pages.length;
        pageAt = Math.min(pageAt, pageTotal - 1);
        lastHeight = Arrange.height(pages[pageTotal - 1], gaps);
        Arrange.place(all, pages[pageAt], 0, top, width, gaps);
    }

    // Pages to read and pages to press: for letters so large that the two don't fit together.
    function oneAfterTheOther(top: real, room: real) {
        const typed = row => row.items[0].cluster === "fields";
        const fields = infoList.filter(typed);
        if (!fields.length && chooses()) {
            chosenFirst(top, room);
            return;
        }
        if (fields.length) {
            const together = typedAndKeys(fields, keyed ? keysRoom : room);
            infoList = infoList.filter(row => !together.includes(row));
            controlList = infoList.filter(row => row.items[0].cluster === "errors").concat(together);
            infoList = infoList.filter(row => !controlList.includes(row));
        }
        const infoPages = keyed && !infoList.length ? [] : Arrange.pages(infoList, room, gaps);
        const controlPages = Arrange.pages(controlList, keyed ? keysRoom : room, gaps);
        keysAt = lead + Math.max(0, controlPages.findIndex(rows => rows.some(row => row.items[0].cluster === "keys")));
        pageTotal = infoPages.length + controlPages.length;
        pageAt = Math.min(pageAt, pageTotal - 1);
        // A keypad comes before what there is to read, all else after it.
        const [first, second] = fields.length ? [controlPages, infoPages] : [infoPages, controlPages];
        lastHeight = Arrange.height((second.length ? second : first).slice(-1)[0], gaps);
        const now = pageAt < first.length ? first[pageAt] : second[pageAt - first.length];
        Arrange.place(infoList, infoPages.includes(now) ? now : [], 0, top, width, gaps);
        Arrange.place(controlList, controlPages.includes(now) ? now : [], 0, top, width, gaps);
    }

    // ---- content ---------------------------------------------------------------------------------------------------

    Facts {
        id: info
        anchors.fill: parent
        page: body.page
        centred: body.centred
        tells: body.tells
        tight: body.tight
        errsApart: body.errsApart
        onResized: body.resized()
    }

    Item {
        id: headings
        anchors.fill: parent
        onChildrenChanged: body.resized()

        Repeater {
            model: body.page.headings
            Heading {
                onImplicitHeightChanged: body.resized()
            }
        }
    }

    Item {
        id: counts
        anchors.fill: parent

        Repeater {
            model: body.page.headings
            Counted {
                onImplicitHeightChanged: body.resized()
            }
        }
    }

    Pressables {
        id: pressables
        anchors.fill: parent
        page: body.page
        tight: body.tight
        onResized: body.resized()
    }
}
