// The identity card's slot: what is in it, the drawer of cards beside it, and what can be wrong in between.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

Card {
    id: reader

    required property var panel
    readonly property var slot: panel.state.card
    readonly property bool there: slot ? true : false
    readonly property string inside: there ? slot.label : ""
    readonly property string fault: there ? slot.fault : ""
    property string picked
    readonly property var chosen: card(picked) || (panel.drawer.length ? panel.drawer[0] : null)

    function card(label) {
        return panel.drawer.find(one => one.label === label) || null;
    }

    ko: "신분증 리더"
    en: "Identity card reader"
    aside: !there ? "리더 없음 · no reader" : !inside ? "비어 있음 · empty" : slot.connected ? "리더가 봄 · seen" : "리더가 못 봄 · unseen"
    asideColor: inside && !slot.connected ? "#9a4a06" : "#5b6b69"

    Slot {
        objectName: "slot"
        card: reader.inside ? reader.card(reader.inside) : null
        Layout.fillWidth: true
    }
    Rectangle {
        color: "#f1f3f2"
        radius: 6
        Layout.fillWidth: true
        Layout.preferredHeight: 137

        Flickable {
            id: drawer

            objectName: "drawer"
            anchors { fill: parent; margins: 6 }
            contentHeight: cards.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentHeight > height
            clip: true

            ScrollHandle {
                of: drawer
            }
            GridLayout {
                id: cards

                width: drawer.width - 8
                columns: 2
                columnSpacing: 6
                rowSpacing: 6

                Repeater {
                    model: reader.there ? reader.panel.drawer : []

                    CardTile {
                        required property var modelData

                        objectName: "card-" + modelData.label
                        card: modelData
                        chosen: reader.chosen !== null && reader.chosen.label === modelData.label
                        inside: reader.inside === modelData.label
                        onClicked: reader.picked = modelData.label
                    }
                }
            }
        }
        Words {
            anchors.centerIn: parent
            visible: !reader.there || reader.panel.drawer.length === 0
            stacked: true
            ko: reader.there ? "서랍에 카드가 없음" : "이 기계에는 신분증 리더가 없음"
            en: reader.there ? "no card in the drawer" : "this machine has no card reader"
            size: 12
            color: "#5b6b69"
        }
    }
    RowLayout {
        spacing: 8
        enabled: reader.there && reader.chosen !== null
        Layout.fillWidth: true

        Press {
            objectName: "card-in"
            tone: enabled ? "accent" : "plain"
            ko: reader.inside ? "바꿔 넣기" : "카드 넣기"
            en: reader.inside ? "swap at once" : "insert"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: reader.panel.ask({do: "card", card: reader.chosen.label})
        }
        Press {
            objectName: "card-out"
            enabled: reader.inside !== ""
            ko: "뽑기"
            en: "pull"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: reader.panel.ask({do: "card", pull: true})
        }
        Press {
            objectName: "card-block"
            enabled: reader.chosen !== null && reader.chosen.tries > 0
            tone: "warn"
            ko: "PIN 막기"
            en: "block"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: reader.panel.ask({do: "card", block: reader.chosen.label})
        }
        Press {
            objectName: "card-unblock"
            enabled: reader.chosen !== null && reader.chosen.tries < reader.chosen.all_tries
            ko: "PIN 풀기"
            en: "all tries back"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: reader.panel.ask({do: "card", unblock: reader.chosen.label})
        }
    }
    Words {
        ko: "고장"
        en: "Faults between card and reader"
        size: 13
        Layout.topMargin: 2
    }
    GridLayout {
        columns: 4
        columnSpacing: 8
        rowSpacing: 8
        enabled: reader.there
        Layout.fillWidth: true

        Repeater {
            model: [
                {fault: "none", ko: "정상", en: "all well"},
                {fault: "mute", ko: "응답 없음", en: "mute"},
                {fault: "slow", ko: "느림", en: "3 s late", with: {ms: 3000}},
                {fault: "truncate", ko: "응답 잘림", en: "cut short", with: {bytes: 1}},
                {fault: "status", ko: "오류 6F00", en: "error 6F00", with: {sw: 0x6f00}},
                {fault: "atr", ko: "접촉 불량", en: "bad contacts"},
                {fault: "pull", ko: "다음 명령에 뽑힘", en: "pulled at the next command", span: 2}
            ]

            Press {
                required property var modelData
                readonly property bool on: reader.fault === modelData.fault

                objectName: "card-fault-" + modelData.fault
                tone: !on ? "plain" : modelData.fault === "none" ? "accent" : "stop"
                ko: modelData.ko
                en: modelData.en
                Layout.columnSpan: modelData.span || 1
                Layout.fillWidth: true
                Layout.preferredWidth: modelData.span || 1
                onClicked: reader.panel.ask(Object.assign({do: "fault", device: "card", fault: modelData.fault}, modelData.with || {}))
            }
        }
    }
}
