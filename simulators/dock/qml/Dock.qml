// The desk machine's control panel: what a hand could do to the kiosk, and what comes out of it.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

Rectangle {
    id: dock

    required property var panel
    readonly property var look: panel.state
    readonly property bool linked: panel.linked
    readonly property bool powered: panel.machine === "unknown" ? look.power : panel.machine === "on"
    readonly property var mouth: look.presenter.mouth
    readonly property var loose: look.presenter.tray
    readonly property var held: look.presenter.path
    readonly property var last: look.presenter.last
    readonly property var receipt: look.receipt.last

    function won(value) {
        return Number(value).toLocaleString(Qt.locale("ko_KR"), "f", 0) + "원";
    }

    function where() {
        if (mouth.length)
            return "나온 종이 " + mouth.length + "장 · at the mouth";
        if (loose.length)
            return "열린 받침에 " + loose.length + "장 · in the open tray";
        if (held.length)
            return "안에 " + held.length + "장 · held inside";
        return "꺼낸 종이 " + look.presenter.taken + "장 · taken";
    }

    // What the bill validator does, as it can be seen from outside.
    function validator() {
        const note = look.note;
        if (note.stage === "jammed")
            return {ko: "지폐 걸림", en: "note stuck", bad: true};
        if (note.removed)
            return {ko: "보관함 없음", en: "stacker out", bad: true};
        if (note.full)
            return {ko: "보관함 가득", en: "stacker full", bad: true};
        if (note.stage === "escrow")
            return {ko: "잡고 있음", en: "held"};
        return note.accepting.length ? {ko: "받는 중", en: "accepting", open: true} : {ko: "닫힘", en: "shut"};
    }

    function supply() {
        return look.ups.charge === null ? "" : "배터리 · battery " + look.ups.charge + " %";
    }

    color: "#eceeec"

    // Always in sight: what the last button did, what is armed, the plug.
    RowLayout {
        id: head

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 10 }
        spacing: 8
        enabled: dock.linked

        ColumnLayout {
            spacing: 2
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            Layout.preferredWidth: 5

            Words {
                ko: "창구 조작반"
                en: "Changgu dock"
                size: 17
            }
            Text {
                objectName: "note"
                text: dock.linked ? dock.panel.note : "시뮬레이터를 기다리는 중 · waiting for the simulators"
                color: dock.panel.good && dock.linked ? "#5b6b69" : "#9a4a06"
                font.pixelSize: 12
                wrapMode: Text.WordWrap
                Layout.fillWidth: true
                Layout.preferredHeight: 32
            }
        }
        Armed {
            objectName: "armed"
            panel: dock.panel
            most: dock.height / 4
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            Layout.preferredWidth: 9
        }
        Press {
            objectName: "power"
            tone: dock.powered ? "stop" : "accent"
            ko: dock.powered ? "전원 끊기" : "전원 켜기"
            en: dock.powered ? "cut the power" : "power on"
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: 104
            Layout.preferredHeight: 54
            onClicked: dock.panel.power(!dock.powered)
        }
    }

    Flickable {
        id: desk

        objectName: "desk"
        anchors { left: parent.left; right: parent.right; top: head.bottom; topMargin: 8; bottom: parent.bottom }
        contentHeight: cards.implicitHeight + 10
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: true

        ScrollHandle {
            of: desk
        }
        ColumnLayout {
            id: cards

            x: 10
            width: dock.width - 20
            spacing: 8
            enabled: dock.linked

            RowLayout {
                spacing: 8
                Layout.fillWidth: true

                ColumnLayout {
                    spacing: 8
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 1

                    Card {
                        ko: "동전과 지폐"
                        en: "Cash"
                        aside: "넣음 " + dock.won(dock.look.coins.in + dock.look.notes.in) + "   나옴 " + dock.won(dock.look.coins.out)

                        RowLayout {
                            spacing: 14
                            Layout.fillWidth: true
                            Layout.bottomMargin: 2

                            Repeater {
                                model: [{value: 500, size: 76}, {value: 100, size: 70}, {value: 50, size: 58}, {value: 10, size: 52}]

                                CoinButton {
                                    required property var modelData

                                    objectName: "coin-" + modelData.value
                                    value: modelData.value
                                    diameter: modelData.size
                                    silver: modelData.value >= 50
                                    Layout.alignment: Qt.AlignVCenter
                                    onClicked: dock.panel.ask({do: "coin", value: modelData.value})
                                }
                            }
                            Item {
                                Layout.fillWidth: true
                            }
                            Words {
                                readonly property bool open: dock.look.coin.accepting.length > 0

                                stacked: true
                                ko: open ? "받는 중" : "닫힘"
                                en: open ? "accepting" : "shut"
                                size: 13
                                color: open ? "#17635d" : "#5b6b69"
                            }
                        }
                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Repeater {
                                model: [1000, 5000, 10000]

                                NoteButton {
                                    required property int modelData

                                    objectName: "note-" + modelData
                                    value: modelData
                                    onClicked: dock.panel.ask({do: "note", value: modelData})
                                }
                            }
                            Words {
                                readonly property var now: dock.validator()

                                objectName: "validator"
                                stacked: true
                                ko: now.ko
                                en: now.en
                                size: 13
                                color: now.bad ? "#9a4a06" : now.open ? "#17635d" : "#5b6b69"
                                Layout.preferredWidth: 72
                            }
                        }
                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Repeater {
                                model: [
                                    {fault: "none", ko: "지폐기 정상", en: "all well"},
                                    {fault: "jam-transport", ko: "들어가다 걸림", en: "sticks going in"},
                                    {fault: "jam-stacker", ko: "보관함에 걸림", en: "sticks at stacker"}
                                ]

                                Press {
                                    required property var modelData
                                    readonly property bool on: dock.look.note.fault === (modelData.fault === "none" ? "" : modelData.fault)

                                    objectName: "validator-" + modelData.fault
                                    tone: modelData.fault === "none" ? "plain" : on ? "stop" : "warn"
                                    ko: modelData.ko
                                    en: modelData.en
                                    Layout.fillWidth: true
                                    Layout.preferredWidth: 1
                                    onClicked: dock.panel.ask({do: "fault", device: "note", fault: modelData.fault})
                                }
                            }
                            Press {
                                readonly property bool there: !dock.look.note.removed

                                objectName: "stacker"
                                tone: there ? "warn" : "stop"
                                ko: there ? "보관함 빼기" : "보관함 넣기"
                                en: there ? "stacker out" : "stacker in"
                                Layout.fillWidth: true
                                Layout.preferredWidth: 1
                                onClicked: dock.panel.ask(there ? {do: "fault", device: "note", fault: "removed"} : {do: "stacker"})
                            }
                        }
                    }

                    Card {
                        ko: "종이와 영수증"
                        en: "Paper and receipt"
                        aside: dock.where()
                        asideColor: dock.mouth.length || dock.loose.length ? "#9a4a06" : "#5b6b69"
                        Layout.fillHeight: true

                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Sheet {
                                objectName: "sheet"
                                image: dock.last ? dock.last.image : ""
                                emptyKo: "아직 나온 종이 없음"
                                emptyEn: "no paper yet"
                                Layout.fillWidth: true
                                Layout.preferredWidth: 1
                                Layout.preferredHeight: 236
                                Layout.fillHeight: true
                            }
                            Sheet {
                                objectName: "receipt"
                                image: dock.receipt ? dock.receipt.image : ""
                                emptyKo: "영수증 없음"
                                emptyEn: "no receipt yet"
                                fromTop: true
                                Layout.fillWidth: true
                                Layout.preferredWidth: 1
                                Layout.preferredHeight: 236
                                Layout.fillHeight: true
                            }
                        }
                        Press {
                            objectName: "take"
                            enabled: dock.mouth.length > 0 || dock.loose.length > 0
                            tone: enabled ? "accent" : "plain"
                            ko: "종이 가져가기"
                            en: "take the paper"
                            Layout.fillWidth: true
                            onClicked: dock.panel.ask({do: "take"})
                        }
                    }

                    Card {
                        ko: "채우고 비우기"
                        en: "Supplies"
                        aside: dock.look.printer.stopped ? "프린터 멈춤 · printer stopped" : ""
                        asideColor: "#9a4a06"

                        Supply {
                            ko: "A4 용지"
                            en: "paper tray"
                            level: dock.look.printer.tray
                            capacity: 250
                            low: 19
                            firstName: "tray-fill"
                            secondName: "tray-empty"
                            onFirstPressed: dock.panel.ask({do: "tray", sheets: 250})
                            onSecondPressed: dock.panel.ask({do: "tray", sheets: 0})
                        }
                        Supply {
                            ko: "거스름돈"
                            en: "hopper, 100원"
                            level: dock.look.hopper.coins
                            capacity: 200
                            low: 19
                            firstName: "hopper-fill"
                            secondName: "hopper-empty"
                            onFirstPressed: dock.panel.ask({do: "hopper", coins: 200})
                            onSecondPressed: dock.panel.ask({do: "hopper", coins: 0})
                        }
                        Supply {
                            ko: "영수증 용지"
                            en: "receipt roll"
                            level: dock.look.receipt.paper
                            capacity: 1200
                            low: 59
                            firstName: "roll-fill"
                            secondName: "roll-empty"
                            onFirstPressed: dock.panel.ask({do: "receipt-paper", lines: 1200})
                            onSecondPressed: dock.panel.ask({do: "receipt-paper", lines: 0})
                        }
                        Supply {
                            ko: "회수함"
                            en: "retract bin"
                            level: dock.look.presenter.binned
                            capacity: 20
                            fills: true
                            firstKo: "가득"
                            firstEn: "full"
                            firstName: "bin-full"
                            secondName: "bin-empty"
                            onFirstPressed: dock.panel.ask({do: "bin", documents: 20})
                            onSecondPressed: dock.panel.ask({do: "bin", documents: 0})
                        }
                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Press {
                                readonly property bool on: dock.look.armed.some(one => one.device === "printer" && one.fault === "jam")

                                objectName: "jam"
                                tone: on ? "stop" : "warn"
                                ko: on ? "다음 장 걸림: 걸어 둠" : "다음 장 걸리게 하기"
                                en: on ? "armed; press to mend" : "jam the next sheet"
                                Layout.fillWidth: true
                                Layout.preferredWidth: 1
                                onClicked: dock.panel.ask(on ? {do: "fault", device: "printer", fault: "none"} : {do: "jam", sheet: dock.look.printer.job_sheets.length ? dock.look.printer.job_sheets[0] + 1 : 1})
                            }
                            Press {
                                objectName: "unjam"
                                enabled: dock.look.printer.jammed || dock.look.presenter.stage === "jammed"
                                tone: enabled ? "accent" : "plain"
                                ko: "걸린 종이 빼기"
                                en: "clear the jam"
                                Layout.fillWidth: true
                                Layout.preferredWidth: 1
                                onClicked: dock.panel.ask({do: "unjam"})
                            }
                        }
                    }
                }
                ColumnLayout {
                    spacing: 8
                    Layout.alignment: Qt.AlignTop
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1

                    CardReader {
                        objectName: "card-reader"
                        panel: dock.panel
                    }

                    Terminal {
                        objectName: "terminal"
                        panel: dock.panel
                    }

                    Card {
                        ko: "전기와 통신선"
                        en: "Mains, plugs, cables"
                        aside: dock.supply()
                        asideColor: dock.look.ups.mains === "line" ? "#5b6b69" : "#9a4a06"

                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Repeater {
                                model: [
                                    {mains: "line", ko: "전기 있음", en: "mains"},
                                    {mains: "battery", ko: "정전", en: "on battery"},
                                    {mains: "low", ko: "배터리 부족", en: "battery low"}
                                ]

                                Press {
                                    required property var modelData
                                    readonly property bool chosen: dock.look.ups.mains === modelData.mains

                                    objectName: "mains-" + modelData.mains
                                    tone: !chosen ? "plain" : modelData.mains === "line" ? "accent" : "stop"
                                    ko: modelData.ko
                                    en: modelData.en
                                    Layout.fillWidth: true
                                    onClicked: dock.panel.mains(modelData.mains)
                                }
                            }
                            Press {
                                readonly property bool there: dock.look.plugs.ups === true

                                objectName: "plug-ups"
                                tone: there ? "plain" : "stop"
                                ko: "UPS 통신"
                                en: there ? "UPS server" : "UPS · out"
                                Layout.fillWidth: true
                                onClicked: dock.panel.ask({do: there ? "unplug" : "plug", device: "ups"})
                            }
                        }

                        Words {
                            ko: "플러그"
                            en: "Plugs of the devices"
                            size: 13
                            Layout.topMargin: 2
                        }
                        GridLayout {
                            columns: 3
                            columnSpacing: 8
                            rowSpacing: 8
                            Layout.fillWidth: true

                            Repeater {
                                model: [
                                    {device: "coin", ko: "동전 투입기", en: "coins"},
                                    {device: "hopper", ko: "동전 지급기", en: "hopper"},
                                    {device: "note", ko: "지폐기", en: "validator"},
                                    {device: "cash", ko: "현금 통신선", en: "cash bus"},
                                    {device: "printer", ko: "프린터", en: "printer"},
                                    {device: "presenter", ko: "배출 장치", en: "presenter"},
                                    {device: "receipt", ko: "영수증기", en: "receipt"},
                                    {device: "terminal", ko: "결제기 통신선", en: "terminal line"},
                                    {device: "terminal-power", ko: "결제기 전원", en: "its power"}
                                ]

                                Plug {
                                    required property var modelData

                                    objectName: "plug-" + modelData.device
                                    ko: modelData.ko
                                    en: modelData.en
                                    plugged: dock.look.plugs[modelData.device] === true
                                    onClicked: dock.panel.ask({do: plugged ? "unplug" : "plug", device: modelData.device})
                                }
                            }
                        }
                        Words {
                            objectName: "network-name"
                            ko: "중앙 서버로 가는 통신선"
                            en: "Network cable to central"
                            size: 13
                            Layout.topMargin: 2
                        }
                        RowLayout {
                            spacing: 8
                            Layout.fillWidth: true

                            Repeater {
                                model: [
                                    {mode: "up", ko: "연결", en: "cable in"},
                                    {mode: "refuse", ko: "뽑힘", en: "cut"},
                                    {mode: "hang", ko: "멈춤", en: "hangs"},
                                    {mode: "lose-reply", ko: "응답 유실", en: "loses replies"}
                                ]

                                Press {
                                    required property var modelData
                                    readonly property bool chosen: dock.look.network.mode === modelData.mode

                                    objectName: "network-" + modelData.mode
                                    tone: !chosen ? "plain" : modelData.mode === "up" ? "accent" : "stop"
                                    ko: modelData.ko
                                    en: modelData.en
                                    Layout.fillWidth: true
                                    onClicked: dock.panel.ask(modelData.mode === "up" ? {do: "network", up: true} : {do: "network", up: false, mode: modelData.mode})
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
