// The payment terminal: a card held to it, its stop key, and what can happen to its line and its power.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

Card {
    id: terminal

    required property var panel
    readonly property var look: panel.state.terminal
    readonly property bool waiting: look.stage === "card"

    function won(value) {
        return Number(value).toLocaleString(Qt.locale("ko_KR"), "f", 0) + "원";
    }

    // `none`: whether nothing is wrong with it.
    function isArmed(fault) {
        const mine = panel.state.armed.filter(one => one.device === "terminal");
        return fault === "none" ? mine.length === 0 : mine.some(one => one.fault === fault);
    }

    ko: "카드 결제기"
    en: "Payment terminal"
    aside: waiting ? won(look.amount) + " 기다림 · waits" : "승인 " + won(look.open) + "   청구 " + won(look.captured) + "   취소 " + won(look.reversed)
    asideColor: waiting ? "#9a4a06" : "#5b6b69"

    RowLayout {
        spacing: 8
        Layout.fillWidth: true

        Press {
            objectName: "pay-card"
            enabled: terminal.waiting
            tone: enabled ? "accent" : "plain"
            ko: "카드 대기"
            en: "hold a card"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: terminal.panel.ask({do: "pay-card"})
        }
        Press {
            objectName: "pay-declined"
            enabled: terminal.waiting
            tone: "warn"
            ko: "거절될 카드"
            en: "a declined one"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: terminal.panel.ask({do: "pay-card", how: "declined"})
        }
        Press {
            objectName: "pay-stop"
            enabled: terminal.waiting
            ko: "정지 키"
            en: "stop key"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            onClicked: terminal.panel.ask({do: "pay-card", stop: true})
        }
    }
    RowLayout {
        spacing: 8
        Layout.fillWidth: true

        Repeater {
            model: [
                {fault: "none", ko: "정상", en: "all well"},
                {fault: "lose-reply", ko: "승인 응답 유실", en: "approval lost", with: {act: "reserve"}},
                {fault: "power-loss", ko: "승인 뒤 정전", en: "dies approved", with: {act: "reserve"}},
                {fault: "hang", ko: "응답 없음", en: "hangs"}
            ]

            Press {
                required property var modelData
                readonly property bool on: terminal.isArmed(modelData.fault)

                objectName: "terminal-" + modelData.fault
                tone: on ? (modelData.fault === "none" ? "accent" : "stop") : modelData.fault === "none" ? "plain" : "warn"
                ko: modelData.ko
                en: modelData.en
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                onClicked: terminal.panel.ask(Object.assign({do: "fault", device: "terminal", fault: modelData.fault}, modelData.with || {}))
            }
        }
    }
}
