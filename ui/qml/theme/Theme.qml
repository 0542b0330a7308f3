pragma Singleton
import QtQuick
import Changgu

// Every size in millimetres, every colour by what it is for. No other file holds a number of pixels or a colour.
QtObject {
    id: theme

    readonly property real pxPerMm: Bridge.pxPerMm
    readonly property real textScale: Bridge.textScale / 100
    readonly property bool strong: Bridge.highContrast
    // Large letters on a lying panel, where there is no room beside anything and little below it.
    readonly property bool slim: textScale > 1 && Bridge.panelWidth > Bridge.panelHeight
    readonly property string family: Bridge.family

    // ---- sizes, px. A Hangul syllable is 0.86 of the font's size high; heights below are those of the syllable, in mm.
    readonly property int amount: letters(24)
    readonly property int headline: letters(18)
    readonly property int title: letters(14.5)
    readonly property int body: letters(12)
    readonly property int small: letters(9)
    readonly property int fact: letters(8)
    readonly property real lines: 1.34

    readonly property int gap: mm(6)
    readonly property int gapSmall: mm(3)
    readonly property int gapLarge: mm(10)
    readonly property int margin: mm(14)
    readonly property int pad: mm(7)
    readonly property int radius: mm(4)
    readonly property int hair: Math.max(1, mm(0.4))
    readonly property int border: mm(0.8)
    readonly property int ring: mm(1.6)
    readonly property int edge: mm(1.2)
    readonly property int least: mm(15)
    readonly property int target: mm(22)
    readonly property int key: mm(27)
    readonly property int primary: mm(32)
    readonly property int bar: mm(22)

    // ---- colours
    readonly property color paper: strong ? "#000000" : "#f5f3ee"
    readonly property color surface: strong ? "#000000" : "#ffffff"
    readonly property color ink: strong ? "#ffffff" : "#15212c"
    readonly property color soft: strong ? "#ffffff" : "#3b4753"
    readonly property color line: strong ? "#ffffff" : "#7c8791"
    readonly property color faint: strong ? "#ffffff" : "#dcd9d1"
    readonly property color tint: strong ? "#000000" : "#e3ecf4"
    readonly property color main: strong ? "#ffe600" : "#17406f"
    readonly property color mainEdge: strong ? "#ffe600" : "#0c2748"
    readonly property color mainPressed: strong ? "#ffffff" : "#0c2748"
    readonly property color mainText: strong ? "#000000" : "#ffffff"
    readonly property color mainLetters: strong ? "#ffe600" : "#17406f"
    readonly property color danger: strong ? "#ffffff" : "#8a2415"
    readonly property color pressed: strong ? "#3a3a3a" : "#d3e0ec"
    readonly property color idle: strong ? "#000000" : "#e9e7e1"
    readonly property color idleText: strong ? "#ffffff" : "#414c57"
    readonly property color ground: strong ? "#000000" : "#e9e6de"
    readonly property color scrim: strong ? "#000000" : "#0b1622"
    readonly property color focus: strong ? "#ffe600" : "#b4410e"
    readonly property color accent: strong ? "#ffe600" : "#8fcdb8"
    readonly property color accentDeep: strong ? "#ffe600" : "#1c5d4c"
    readonly property color coin: strong ? "#000000" : "#f4e3bd"
    readonly property color note: strong ? "#000000" : "#d9e6df"

    function mm(size: real): int {
        return Math.round(size * pxPerMm);
    }

    function letters(height: real): int {
        return Math.round(height / 0.86 * pxPerMm * textScale);
    }

    // The large block at the top of a screen: its ground, and what is drawn on it.
    function block(tone: string): color {
        if (strong)
            return "#000000";
        switch (tone) {
        case "action":
            return "#0c4a57";
        case "success":
            return "#14533a";
        case "warning":
            return "#6a4106";
        case "error":
            return "#7d2314";
        default:
            return "#17406f";
        }
    }

    function blockFill(tone: string): color {
        return strong ? "#000000" : Qt.lighter(block(tone), 1.42);
    }

    function blockAccent(tone: string): color {
        if (strong)
            return "#000000";
        return tone === "warning" || tone === "error" ? "#e09a5a" : "#5fae96";
    }
}
