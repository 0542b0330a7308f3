.pragma library

// How many lines words of these widths need in `room`, filled one after the other.
function lines(widths, space, room) {
    let count = 1;
    let used = 0;
    for (const width of widths) {
        const more = used === 0 ? width : used + space + width;
        if (more > room && used > 0) {
            count += 1;
            used = width;
        } else {
            used = more;
        }
    }
    return count;
}

// The narrowest room (in steps of a fiftieth) that needs no more lines than `room` itself.
function narrowest(widths, space, room) {
    const count = lines(widths, space, room);
    const longest = Math.max(...widths);
    const step = Math.max(1, Math.ceil(room / 50));
    let narrow = room;
    while (narrow - step >= longest && lines(widths, space, narrow - step) === count)
        narrow -= step;
    return narrow;
}
