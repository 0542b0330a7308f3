pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.qmlmodels
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

    // The page that was asked for, before it was known how many there are.
    property int wanted: 0

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
        turned(top, room);
        if (apart > 0) {
            pageTotal += apart;
            pageAt = Math.min(wanted, pageTotal - 1);
            if (pageAt === pageTotal - 1) {
                Arrange.place(infoList, [], 0, top, width, gaps);
                Arrange.place(controlList, [], 0, top, width, gaps);
            }
        }
    }

    function turned(top: real, room: real) {
        wanted = pageAt;
        const spare = room - infoHeight() - between() - controlsHeight();
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
        Arrange.place(all, pages[pageAt], 0, top, width, gaps);
    }

    // Pages to read and pages to press: for letters so large that the two don't fit together.
    function oneAfterTheOther(top: real, room: real) {
        const typed = row => row.items[0].cluster === "fields";
        let fields = infoList.filter(typed);
        if (!fields.length && chooses()) {
            chosenFirst(top, room);
            return;
        }
        if (fields.length) {
            // What the keypad fills stands with the keypad; if not all of it fits, the field with the caret.
            const keys = Arrange.rows(withHeadings(), width, 0, gaps);
            const fits = some => Arrange.height(some, gaps) + gaps.heading * some.length + Arrange.height(keys, gaps) <= room;
            if (!fits(fields))
                fields = fields.filter(row => row.items.some(item => item.active));
            fields.forEach(row => row.heads = true);
            infoList = infoList.filter(row => !fields.includes(row));
            controlList = fields.concat(keys);
            Arrange.squeeze(controlList, room, gaps);
        }
        const infoPages = Arrange.pages(infoList, room, gaps);
        const controlPages = Arrange.pages(controlList, room, gaps);
        pageTotal = infoPages.length + controlPages.length;
        pageAt = Math.min(pageAt, pageTotal - 1);
        // A keypad comes before what there is to read, all else after it.
        const [first, second] = fields.length ? [controlPages, infoPages] : [infoPages, controlPages];
        const now = pageAt < first.length ? first[pageAt] : second[pageAt - first.length];
        Arrange.place(infoList, infoPages.includes(now) ? now : [], 0, top, width, gaps);
        Arrange.place(controlList, controlPages.includes(now) ? now : [], 0, top, width, gaps);
    }

    // ---- content ---------------------------------------------------------------------------------------------------

    Item {
        id: info
        anchors.fill: parent
        onChildrenChanged: body.resized()

        // Sentence by sentence, so that one page need not hold them all.
        Repeater {
            model: body.tells && body.page.sentence !== "" ? body.page.sentence.replace(/([.!?]) +/g, "$1\n").split("\n") : []
            Sentence {
                required property string modelData
                visible: placed
                words: modelData
                centred: body.centred
                onImplicitHeightChanged: body.resized()
            }
        }
        Amount {
            property bool absent: value === ""
            visible: placed && !absent
            label: body.page.missingLabel
            value: body.page.missingText
            share: body.page.share
            onImplicitHeightChanged: body.resized()
            onAbsentChanged: body.resized()
        }
        Repeater {
            model: body.page.coins
            Coin {
                onNaturalChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.banknotes
            Banknote {
                onNaturalChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.fields
            Entry {
                onImplicitHeightChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.steps
            StepLine {
                tight: body.tight
                onImplicitHeightChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.rows
            SummaryRow {
                required note
                tight: body.tight
                onImplicitHeightChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.sums
            SummaryRow {
                tight: body.tight
                onImplicitHeightChanged: body.resized()
            }
        }
        Repeater {
            model: body.page.notices
            Notice {
                onImplicitHeightChanged: body.resized()
            }
        }
        Code {
            property bool absent: value === ""
            visible: placed && !absent
            value: body.page.code
            onImplicitHeightChanged: body.resized()
            onAbsentChanged: body.resized()
        }
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

    Item {
        id: pressables
        anchors.fill: parent
        onChildrenChanged: body.resized()

        Repeater {
            model: body.page.controls
            delegate: DelegateChooser {
                role: "kind"
                DelegateChoice {
                    roleValue: "tile"
                    Tile {
                        tight: body.tight
                        onImplicitHeightChanged: body.resized()
                    }
                }
                DelegateChoice {
                    roleValue: "tab"
                    Tab {
                        onImplicitHeightChanged: body.resized()
                    }
                }
                DelegateChoice {
                    roleValue: "key"
                    Key {
                        onImplicitHeightChanged: body.resized()
                    }
                }
                DelegateChoice {
                    roleValue: "stepper"
                    Stepper {
                        required property string kind
                        onImplicitHeightChanged: body.resized()
                    }
                }
                DelegateChoice {
                    roleValue: "rating"
                    Rating {
                        onImplicitHeightChanged: body.resized()
                    }
                }
                DelegateChoice {
                    Choice {
                        onImplicitHeightChanged: body.resized()
                        onNaturalChanged: body.resized()
                    }
                }
            }
        }
    }
}
