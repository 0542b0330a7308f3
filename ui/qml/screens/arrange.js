.pragma library

// Puts units into rows, rows onto pages. A unit is an item with `cluster`, `columns`, `leastColumns`, `whole`, `joined`,
// `packed`, `mostHeight`; its width is set here, and then its implicitHeight says how high it must be.

// Neighbours of one cluster, in order.
function clusters(units) {
    const found = [];
    for (const unit of units) {
        const last = found[found.length - 1];
        if (last && last[0].cluster === unit.cluster && last[0].columns === unit.columns)
            last.push(unit);
        else
            found.push([unit]);
    }
    return found;
}

// As many columns as the widest of them allows.
function columnsFor(cluster, width, gap) {
    for (const unit of cluster)
        if (unit.crowd !== undefined)
            unit.crowd = cluster.length;
    const widest = Math.max(...cluster.map(unit => unit.natural));
    let columns = Math.min(cluster[0].columns, Math.max(cluster.length, cluster[0].leastColumns));
    while (columns > cluster[0].leastColumns && (width - (columns - 1) * gap) / columns < widest)
        columns -= 1;
    // A few big ones lie in rows of their own.
    if (cluster.length <= (cluster[0].alone ?? 0))
        return 1;
    // Four over one looks like a mistake; two over two and one over … doesn't.
    if (cluster.length % columns === 1 && columns > 2 && cluster.length < 2 * columns)
        columns -= 1;
    return Math.max(columns, cluster[0].leastColumns);
}

function rowsOf(cluster, columns, width, gap) {
    const each = Math.floor((width - (columns - 1) * gap) / columns);
    const rows = [];
    cluster.forEach(item => {
        item.wide = columns === 1;
        if (item.squeezed !== undefined)
            item.squeezed = false;
        item.width = each;
    });
    // In a column all are alike; beside each other, and of groups, those of a row.
    const alike = columns > 1 || cluster[0].gathers === true || cluster.every(item => item.fitsBeside === true);
    for (let at = 0; at < cluster.length; at += columns) {
        const items = cluster.slice(at, at + columns);
        let height = 0;
        let most = 0;
        const abreast = alike && items.every(item => item.fitsBeside === true);
        items.forEach((item, column) => {
            if (item.abreast !== undefined)
                item.abreast = abreast;
            item.first = at + column === 0;
            item.last = at + column === cluster.length - 1;
            height = Math.max(height, item.implicitHeight);
            most = Math.max(most, item.mostHeight);
        });
        rows.push({
            items: items,
            each: each,
            height: Math.ceil(height),
            most: Math.max(most, height),
            starts: at === 0,
            ends: at + columns >= cluster.length,
            joined: items[0].joined,
            heads: items[0].heads === true,
            whole: items[0].whole
        });
    }
    return rows;
}

// Items of their own width, in the middle.
function packedRows(cluster, width, gap) {
    const rows = [];
    let items = [];
    let used = 0;
    for (const item of cluster) {
        item.width = item.natural;
        if (items.length > 0 && used + gap + item.width > width) {
            rows.push(items);
            items = [];
            used = 0;
        }
        used += (items.length ? gap : 0) + item.width;
        items.push(item);
    }
    rows.push(items);
    return rows.map((line, at) => ({
        items: line,
        each: -1,
        height: Math.max(...line.map(item => item.implicitHeight)),
        most: 0,
        starts: at === 0,
        ends: at === rows.length - 1,
        joined: false,
        heads: false,
        whole: true
    }));
}

// All rows of `units` in `width`. A whole cluster higher than `limit` becomes flatter if its items are narrow enough.
function rows(units, width, limit, gaps) {
    let all = [];
    for (const cluster of clusters(units)) {
        if (cluster[0].packed) {
            all = all.concat(packedRows(cluster, width, gaps.between));
            continue;
        }
        let columns = columnsFor(cluster, width, gaps.between);
        let laid = rowsOf(cluster, columns, width, gaps.between);
        for (const flatter of [4, 6]) {
            const fits = (width - (flatter - 1) * gaps.between) / flatter >= Math.max(...cluster.map(unit => unit.natural));
            if (cluster[0].whole && flatter > columns && flatter <= cluster.length && fits && height(laid, gaps) > limit) {
                columns = flatter;
                laid = rowsOf(cluster, columns, width, gaps.between);
            }
        }
        all = all.concat(laid);
    }
    return all;
}

function gapBefore(list, at, gaps) {
    if (at === 0)
        return 0;
    const row = list[at];
    if (list[at - 1].heads)
        return gaps.heading;
    if (row.starts)
        return gaps.section;
    return row.joined ? 0 : gaps.between;
}

// How many gaps between clusters there are.
function sections(list) {
    return list.filter((row, at) => at > 0 && row.starts && !list[at - 1].heads).length;
}

function height(list, gaps) {
    return list.reduce((sum, row, at) => sum + gapBefore(list, at, gaps) + row.height, 0);
}

// Runs of rows that stay together: a whole cluster, a heading with what follows it.
function chunks(list) {
    const found = [];
    list.forEach((row, at) => {
        const before = list[at - 1];
        const stays = before && (before.heads || (before.whole && row.whole && !row.starts));
        if (stays)
            found[found.length - 1].push(row);
        else
            found.push([row]);
    });
    return found;
}

function highestChunk(list, gaps) {
    return Math.max(0, ...chunks(list).map(chunk => height(chunk, gaps)));
}

// Rows that must be seen together, in no more than `room`: what can do with less says so by its `squeezed`, and its letters
// stay as large as were asked for.
function squeeze(list, room, gaps) {
    if (height(list, gaps) <= room)
        return;
    for (const row of list) {
        row.items.filter(item => item.squeezed !== undefined).forEach(item => item.squeezed = true);
        row.height = Math.ceil(Math.max(...row.items.map(item => item.implicitHeight)));
    }
}

// The pages of `list` in `room`. A chunk higher than a page begins one and is torn.
function pages(list, room, gaps) {
    const done = [[]];
    const fits = rows => height(done[done.length - 1].concat(rows), gaps) <= room;
    for (const chunk of chunks(list)) {
        if (fits(chunk)) {
            done[done.length - 1].push(...chunk);
            continue;
        }
        if (done[done.length - 1].length > 0)
            done.push([]);
        for (const row of chunk) {
            if (!fits([row]) && done[done.length - 1].length > 0)
                done.push([]);
            done[done.length - 1].push(row);
        }
    }
    return done;
}

// Lets the rows of one page grow into `spare` pixels, none past its most. Returns what is left.
function grow(list, spare) {
    let able = list.filter(row => row.most > row.height);
    while (spare > 0 && able.length > 0) {
        const share = Math.max(1, Math.floor(spare / able.length));
        for (const row of able) {
            const more = Math.min(row.most - row.height, share, spare);
            row.height += more;
            spare -= more;
        }
        able = able.filter(row => row.most > row.height);
    }
    return spare;
}

// Shows the rows of `page` from `top` down, hides all others of `list`.
function place(list, page, left, top, width, gaps) {
    const shown = new Set(page);
    for (const row of list) {
        if (!shown.has(row))
            row.items.forEach(item => item.placed = false);
    }
    let y = top;
    page.forEach((row, at) => {
        y += gapBefore(page, at, gaps);
        const used = row.items.reduce((sum, item) => sum + item.width, (row.items.length - 1) * gaps.between);
        let x = row.each < 0 ? left + Math.round((width - used) / 2) : left;
        for (const item of row.items) {
            item.x = x;
            item.y = y;
            item.height = row.height;
            item.placed = true;
            x += item.width + gaps.between;
        }
        y += row.height;
    });
    return y;
}
