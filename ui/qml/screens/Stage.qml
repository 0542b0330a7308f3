import QtQuick
import Changgu
import theme

// Lays out one screen (or the sheet over it): block, body, pager, actions. Upright they lie below each other; on a lying
// panel the block stands at the left, but for large letters, which need all of its width. Low reach keeps everything to press in the lowest two fifths of the panel.
Item {
    id: stage

    required property Page page
    property bool poster: false
    property bool centred: poster
    property bool header: true
    property bool landscape: false
    property bool waiting: false
    property int wanted: 0
    // Core hears of the screen's own pages, whether all of them were shown.
    property bool reports: false
    // Large letters on a lying panel: what doesn't fit has pages, and the bar has the last of them, with the pager (Bar).
    readonly property bool slim: Theme.slim
    property int barPages: 0
    property bool turnedToBar: false

    readonly property bool lying: Bridge.panelWidth > Bridge.panelHeight && !slim
    readonly property bool barred: turnedToBar && barPages > 0
    readonly property int at: barred ? bodyItem.pageTotal : bodyItem.pageAt
    // The pager's room below the body; none where the bar has it.
    readonly property int pagerRoom: reports && slim ? 0 : pagerItem.implicitHeight + Theme.gap
    // Very large letters leave no room in the block for more than the title.
    readonly property bool inside: Theme.textScale <= 1.3 && !lying && !slim
    readonly property int inner: lying ? width - blockItem.width - 2 * Theme.margin : width - 2 * Theme.margin
    readonly property int stagePages: bodyItem.pageTotal
    readonly property int pageTotal: stagePages + barPages
    property int reachTop: Math.round(Bridge.panelHeight * 0.6)

    function schedule() {
        waiting = true;
    }

    // Arranges now if anything changed since the last time.
    function settle() {
        if (waiting && width > 0 && height > 0) {
            for (let round = 0; waiting && round < 4; round++) {
                waiting = false;
                arrange();
            }
            waiting = false;
        }
        if (reports)
            Bridge.laid(bodyItem.pageAt, bodyItem.pageTotal);
    }

    function turn(to: int) {
        turnedToBar = to >= bodyItem.pageTotal;
        if (!barred)
            bodyItem.pageAt = to;
        waiting = true;
        settle();
    }

    // Where a page is too small for what can't be torn, what may be done stands on a page of its own, the last one.
    function onLastPage(): bool {
        return bodyItem.pageAt >= bodyItem.pageTotal - 1;
    }

    // Places the body and the pager from `top` to the end of the screen, the actions on the last page only.
    function arrangeApart(top: real) {
        const end = height - (pagerRoom ? Theme.gap : Theme.gapSmall);
        pagerItem.height = pagerItem.implicitHeight;
        const room = end - pagerRoom - top;
        bodyItem.apart = actionsItem.implicitHeight > 0 ? 1 : 0;
        bodyItem.apartRoom = slim ? actionsItem.implicitHeight + Theme.gapLarge : room;
        bodyItem.measure(room, room);
        bodyItem.flow(top, room);
        actionsItem.visible = onLastPage();
        pagerItem.y = (onLastPage() && actionsItem.implicitHeight > 0 ? actionsItem.y - Theme.gap : end) - pagerItem.height;
        // Many actions need the title's room too.
        if (slim && onLastPage() && actionsItem.y < top)
            blockItem.visible = false;
    }

    function arrange() {
        bodyItem.apart = 0;
        bodyItem.lead = 0;
        bodyItem.errsApart = bodyItem.keyed = false;
        blockItem.visible = true;
        actionsItem.visible = true;
        blockItem.width = lying ? blockItem.besideWidth(width) : width;
        bodyItem.x = actionsItem.x = pagerItem.x = lying ? blockItem.width + Theme.margin : Theme.margin;
        bodyItem.width = actionsItem.width = pagerItem.width = inner;
        actionsItem.arrange();
        const actionsHeight = actionsItem.implicitHeight;
        actionsItem.y = height - actionsHeight - Theme.gap;
        const bottom = actionsHeight > 0 ? actionsItem.y - Theme.gapLarge : height - Theme.gap;
        bodyItem.height = height;
        blockItem.compact = false;
        if (lying)
            arrangeLying(bottom);
        else if (Bridge.lowReach && bodyItem.presses() && !slim)
            arrangeLow(bottom);
        else
            arrangeUpright(bottom);
    }

    function arrangeUpright(bottom: real) {
        const under = slim ? Theme.gap : Theme.gapLarge;
        blockItem.compact = false;
        const fullRoom = bottom - under;
        blockItem.poster = false;
        bodyItem.measure(fullRoom, fullRoom - blockItem.bannerHeight());
        const needed = bodyItem.infoHeight() + bodyItem.between() + bodyItem.controlsHeight();
        blockItem.poster = poster;
        const spare = fullRoom - needed - blockItem.posterHeight(blockItem.posterLeast);
        blockItem.poster = poster && spare >= 0;
        if (blockItem.poster) {
            blockItem.picture = Math.min(blockItem.posterMost, blockItem.posterLeast + Math.floor(spare * (landscape ? 1 : 0.8)));
            const rest = spare - blockItem.picture + blockItem.posterLeast;
            blockItem.height = blockItem.posterHeight(blockItem.picture) + Math.floor(rest * 0.75);
            if (needed === 0)
                blockItem.height = bottom;
        } else {
            blockItem.height = blockItem.bannerHeight();
        }
        let top = blockItem.height + under;
        wanted = blockItem.bannerHeight() + under + needed + (height - bottom);
        if (needed === 0 || top + needed <= bottom) {
            bodyItem.flow(top, Math.max(0, bottom - top));
            return;
        }
        let paged = bottom - top - pagerRoom;
        if (header && (slim || Theme.textScale > 1.3 && bodyItem.presses() || paged < Math.max(Theme.mm(70), bodyItem.infoLeast(), bodyItem.controlsLeast()))) {
            blockItem.compact = true;
            blockItem.height = blockItem.bannerHeight();
            paged += top - blockItem.height - under;
            top = blockItem.height + under;
        }
        bodyItem.measure(paged, paged);
        if (slim) {
            arrangeSlim(top, paged);
            return;
        }
        if (header && bodyItem.highestRow() > height - Theme.gap - pagerRoom - top) {
            arrangeLed();
            return;
        }
        if (paged < Math.max(bodyItem.infoLeast(), bodyItem.fieldless() ? bodyItem.controlsLeast() : 0) && actionsItem.implicitHeight > 0) {
            arrangeApart(top);
            return;
        }
        pagerItem.height = pagerItem.implicitHeight;
        pagerItem.y = bottom - pagerItem.height;
        bodyItem.flow(top, pagerItem.y - Theme.gap - top);
    }

    // The actions on every page if that leaves room for what can't be torn, else on the last one; if that is not enough
    // either, the title has the first page for itself. Where one begins, what begins it stands there too.
    function arrangeSlim(top: real, paged: real) {
        if (landscape && actionsItem.implicitHeight > 0) {
            arrangeBeginning();
            return;
        }
        if (bodyItem.types()) {
            arrangeTyping();
            return;
        }
        if (paged >= Math.max(bodyItem.least(), height * 0.4)) {
            pagerItem.height = pagerItem.implicitHeight;
            pagerItem.y = top + paged + Theme.gap;
            bodyItem.flow(top, paged);
            return;
        }
        const room = height - Theme.gap - pagerRoom - top;
        bodyItem.measure(room, room);
        if (room >= Math.max(bodyItem.least(), height * 0.3)) {
            arrangeApart(top);
            return;
        }
        arrangeLed();
    }

    // The title on the first page, the rest on the others.
    function arrangeLed() {
        bodyItem.lead = header ? 1 : 0;
        arrangeApart(Theme.gap);
        leadWith(height - pagerRoom - (pagerRoom ? Theme.gap : 0));
        if (bodyItem.pageAt < bodyItem.lead)
            pagerItem.y = height - Theme.gap - pagerItem.height;
    }

    // The title, then field, keypad and actions on one page, then what there is to read; what is wrong before the field if
    // it does not fit below.
    function arrangeTyping() {
        const room = height - Theme.gap - Theme.gapSmall;
        const beside = room - actionsItem.implicitHeight - Theme.gap;
        bodyItem.lead = 1;
        bodyItem.errsApart = bodyItem.keysHeight() > beside;
        const acts = bodyItem.keysHeight() <= beside;
        bodyItem.apart = acts || actionsItem.implicitHeight === 0 ? 0 : 1;
        bodyItem.apartRoom = room;
        bodyItem.keysRoom = acts ? beside : room;
        bodyItem.keyed = true;
        bodyItem.measure(room, room);
        bodyItem.flow(Theme.gap, room);
        leadWith(height);
        actionsItem.y = height - actionsItem.implicitHeight - Theme.gapSmall;
        actionsItem.visible = acts ? bodyItem.pageAt === bodyItem.keysAt : onLastPage();
    }

    function arrangeBeginning() {
        const room = height - 2 * Theme.gap;
        const left = actionsItem.y - Theme.gap;
        blockItem.compact = true;
        const titled = blockItem.bannerHeight() <= left;
        bodyItem.lead = titled ? 1 : 2;
        bodyItem.measure(room, room);
        bodyItem.flow(Theme.gap, room);
        leadWith(titled ? left : height);
        actionsItem.visible = bodyItem.pageAt === bodyItem.lead - 1;
        if (!titled)
            return;
        // As a poster its letters are larger.
        blockItem.poster = true;
        const picture = blockItem.height - blockItem.posterHeight(0);
        blockItem.poster = picture >= blockItem.posterLeast;
        blockItem.picture = Math.min(blockItem.posterMost, picture);
    }

    // The title alone on the first page, `high`; nothing of it on the others.
    function leadWith(high: real) {
        blockItem.visible = bodyItem.pageAt === 0 && header;
        blockItem.compact = false;
        blockItem.compact = blockItem.bannerHeight() > high;
        blockItem.height = high;
    }

    function arrangeLow(bottom: real) {
        const pagerHeight = pagerItem.implicitHeight + Theme.gap;
        const under = Theme.gapLarge;
        bodyItem.measure(bottom - reachTop, reachTop);
        // Very large letters need more than two fifths; then it is as low as they allow.
        const paged = bodyItem.controlsHeight() > bottom - reachTop;
        let low = paged ? Math.min(reachTop, bottom - pagerHeight - bodyItem.controlsLeast()) : reachTop;
        blockItem.poster = header;
        const posterRoom = low - Theme.gap - under - bodyItem.infoHeight() - blockItem.posterHeight(0);
        blockItem.poster = header && posterRoom >= blockItem.posterLeast;
        if (blockItem.poster) {
            blockItem.picture = Math.min(blockItem.posterMost, posterRoom);
            // Room that the largest picture does not need is the block's, so that no hole is above the controls.
            const rest = posterRoom - blockItem.picture;
            blockItem.height = blockItem.posterHeight(blockItem.picture) + Math.floor(rest * (bodyItem.infoHeight() > 0 ? 0.75 : 1));
        } else {
            blockItem.height = blockItem.bannerHeight();
        }
        const top = blockItem.height + under;
        // What there is to read may need pages too, and their buttons must not tear a keypad that fits without them.
        const turned = paged || bodyItem.infoHeight() > low - Theme.gap - top;
        if (turned)
            low = Math.min(low, bottom - pagerHeight - bodyItem.controlsLeast());
        const infoRoom = low - Theme.gap - top;
        if (infoRoom < bodyItem.infoLeast()) {
            arrangeUpright(bottom);
            return;
        }
        wanted = Bridge.panelHeight;
        if (turned) {
            pagerItem.height = pagerItem.implicitHeight;
            pagerItem.y = bottom - pagerItem.height;
            bodyItem.share(top, infoRoom, low, bottom - low - pagerHeight);
        } else {
            bodyItem.share(top, infoRoom, low, bottom - low);
        }
    }

    function arrangeLying(bottom: real) {
        wanted = Bridge.panelHeight;
        blockItem.height = height;
        blockItem.poster = true;
        const room = height - blockItem.posterHeight(0);
        blockItem.picture = Math.max(0, Math.min(blockItem.posterMost, blockItem.width - 2 * Theme.margin, room));
        const top = Theme.gapLarge;
        bodyItem.measure(bottom - top, bottom - top);
        const needed = bodyItem.infoHeight() + bodyItem.between() + bodyItem.controlsHeight();
        if (top + needed <= bottom) {
            bodyItem.flow(top, bottom - top);
            return;
        }
        pagerItem.height = pagerItem.implicitHeight;
        pagerItem.y = bottom - pagerItem.height;
        const paged = pagerItem.y - Theme.gap - top;
        bodyItem.measure(paged, paged);
        if (paged < bodyItem.infoLeast() && actionsItem.implicitHeight > 0) {
            arrangeApart(top);
            return;
        }
        bodyItem.flow(top, pagerItem.y - Theme.gap - top);
    }

    Timer {
        interval: 0
        running: stage.waiting
        onTriggered: stage.settle()
    }

    onWidthChanged: schedule()
    onHeightChanged: schedule()
    onReachTopChanged: schedule()
    Component.onCompleted: {
        schedule();
        settle();
    }

    Connections {
        target: Bridge
        function onApplied() {
            stage.settle();
        }
        function onDisplayed() {
            stage.schedule();
        }
    }
    Connections {
        target: stage.page
        function onChanged() {
            stage.schedule();
        }
    }

    Block {
        id: blockItem
        landscape: stage.landscape
        inside: stage.inside
        page: stage.page
        header: stage.header
        beside: stage.lying
    }
    Body {
        id: bodyItem
        page: stage.page
        centred: stage.centred
        tells: !stage.inside
        turnsAll: stage.lying
        onResized: stage.schedule()
    }
    Pager {
        id: pagerItem
        at: stage.at
        total: stage.pagerRoom > 0 ? stage.pageTotal : 1
        onTurned: to => stage.turn(to)
        onImplicitHeightChanged: stage.schedule()
    }
    Actions {
        id: actionsItem
        page: stage.page
        onResized: stage.schedule()
    }
}
