import QtQuick
import Changgu
import controls
import theme

// Back and on through the pages of what doesn't fit, and where one is.
Item {
    id: pager

    property int at: 0
    property int total: 1
    // Where there is no room for their labels, the buttons are arrows with the count between them.
    readonly property int least: count.natural + 2 * (Theme.bar + Theme.gap)
    readonly property bool bare: (width - Theme.gap) / 2 < Math.max(earlier.least, more.least)
    signal turned(int to)

    implicitHeight: Math.max(earlier.implicitHeight, more.implicitHeight)
    visible: total > 1

    PageButton {
        id: earlier
        objectName: "page-earlier"
        pictogram: "back"
        label: Bridge.earlierText
        forward: false
        bare: pager.bare
        enabled: pager.at > 0
        width: Math.floor((pager.width - (count.fits ? count.natural + 2 * Theme.gap : Theme.gap)) / 2)
        height: pager.height
        onClicked: pager.turned(pager.at - 1)
    }
    Measured {
        id: count
        readonly property bool fits: pager.width - natural - 2 * Theme.gap >= 2 * Math.max(earlier.least, more.least) || pager.bare
        visible: fits
        x: (parent.width - width) / 2
        y: (parent.height - height) / 2
        text: (pager.at + 1) + "\u2009/\u2009" + pager.total
        size: Theme.small
        bold: true
        color: Theme.soft
        Accessible.role: Accessible.StaticText
        Accessible.name: Bridge.pageText(pager.at + 1, pager.total)
    }
    PageButton {
        id: more
        objectName: "page-more"
        pictogram: "next"
        label: Bridge.moreText
        bare: pager.bare
        enabled: pager.at < pager.total - 1
        x: parent.width - width
        width: earlier.width
        height: pager.height
        onClicked: pager.turned(pager.at + 1)
    }
}
