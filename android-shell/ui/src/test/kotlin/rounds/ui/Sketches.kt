package rounds.ui

import rounds.model.Badge
import rounds.model.Block
import rounds.model.Button
import rounds.model.Chip
import rounds.model.Choice
import rounds.model.Fact
import rounds.model.Input
import rounds.model.Line
import rounds.model.Notice
import rounds.model.Over
import rounds.model.Place
import rounds.model.Point
import rounds.model.Question
import rounds.model.Said
import rounds.model.Score
import rounds.model.Screen
import rounds.model.Script
import rounds.model.Shown
import rounds.model.Signing
import rounds.model.Sure
import rounds.model.Tone
import rounds.model.Trend
import rounds.model.Version
import rounds.model.Versions

/** Screens made by hand that between them have every block, every input and everything that lies over a screen. */
object Sketches {
    private val waiting = Chip("waiting", "待同步 4", Tone.Neutral, "outbox")
    private val offline = Chip("offline", "离线 · 待同步 4", Tone.Neutral, "outbox")
    private val needsYou = Chip("needs_you", "Needs you 2", Tone.Warning, "outbox")

    private fun places(here: String) = listOf(
        Place("today", "今日", "go today", here == "today"),
        Place("work", "工作", "go work", here == "work"),
        Place("tasks", "待办", "go tasks", here == "tasks", count = 3),
        Place("outbox", "发件箱", "go outbox", here == "outbox", count = 1),
        Place("more", "更多", "go more", here == "more"),
    )

    private val today = Screen(
        name = "today",
        id = "today",
        title = "今日",
        subtitle = "11 月 23 日 星期一 · 计划已批准",
        chip = waiting,
        places = places("today"),
        blocks = listOf(
            Block.Row(
                Line(
                    "a", "1", "中山广场店", "2 项未关闭的问题 · 陈列检查到期", "0.3 公里",
                    listOf(Badge("在店", Tone.Active)), tap = "a",
                ),
            ),
            Block.Row(Line("b", "2", "青泥洼桥店", "上次得分 82", "1.1 公里", listOf(Badge("计划", Tone.Neutral)), tap = "b")),
            Block.Row(
                Line("c", "3", "西安路店", null, "3.0 公里", listOf(Badge("计划", Tone.Neutral), Badge("逾期 2 天", Tone.Warning)), tap = "c"),
            ),
            Block.Row(
                Line("d", "✓", "星海广场店", "08:40 完成", null, listOf(Badge("待同步", Tone.Neutral), Badge("已确认", Tone.Good)), tap = "d"),
            ),
            Block.Heading("今天到期"),
            Block.Row(Line("e", "!", "把货架移到入口处", "中山广场店 · 李娜负责", "今天", tap = "e")),
        ),
        main = Button("unplanned", "增加计划外拜访"),
        also = listOf(Button("search", "查找客户"), Button("batch", "一次处理多条")),
    )

    private val visit = Screen(
        name = "record",
        id = "record/1",
        title = "中山广场店",
        subtitle = "拜访 · 进行中",
        chip = offline,
        back = true,
        blocks = listOf(
            Block.Note(
                Notice(Tone.Warning, "签到位置离门店 135 米。", "可以继续。主管会看到这一点，请写明原因。", "place-doubt"),
            ),
            Block.Row(Line("s1", "✓", "签到", "09:12 · 距门店 35 米", tap = "s1")),
            Block.Row(Line("s2", "!", "上次的问题", "2 项未关闭", tap = "s2")),
            Block.Row(Line("s3", "→", "陈列检查", "31 题中已答 12 题", tap = "s3")),
            Block.Row(Line("s4", "○", "销量", "上半月与本半月", tap = "s4")),
            Block.Row(Line("s5", "–", "竞品", "已跳过：门店即将打烊", tap = "s5")),
            Block.Row(Line("s6", "○", "离店", whyNot = "至少停留 20 分钟，还差 11 分钟。")),
            Block.Ring("还需停留 11 分 5 秒，停留满 20 分钟可以离店。", 665_000, 1_200_000),
            Block.Chart(
                Trend(
                    "本半月卖得怎样？", "比上半月少 12 %",
                    listOf(Point("9 月上", 310.0), Point("9 月下", 340.0), Point("10 月上", 325.0), Point("10 月下", 360.0), Point("11 月上", 317.0)),
                ),
            ),
            Block.Facts(
                listOf(
                    Fact("电话", "0411-82630001", tap = "call"),
                    Fact("执照", "12 月 1 日到期", Tone.Warning),
                    Fact("店长", "王芳"),
                ),
            ),
        ),
        main = Button("continue", "继续陈列检查"),
        also = listOf(
            Button("task", "新建待办", asks = listOf(ask("what", "要做什么？", Input.Text(true), required = true))),
            Button("drop", "放弃这次拜访", Tone.Bad, sure = Sure("放弃后，这次拜访和其中的 12 个回答不再计入。确定放弃吗？", "放弃拜访", "继续拜访")),
        ),
    )

    private val form = Screen(
        name = "form",
        id = "form/1",
        title = "Shelf audit",
        subtitle = "Zhongshan Square · saved on this phone",
        gives = "give",
        chip = offline,
        back = true,
        blocks = listOf(
            Block.Progress("12 of 31", 12, 31),
            Block.Heading("Placement"),
            Block.Ask(
                ask(
                    "spot", "Is it in a conspicuous place?", Input.One(listOf(Choice("yes", "Yes"), Choice("no", "No"))),
                    "no", "No", required = true,
                ),
            ),
            Block.Ask(
                ask("who", "Who fixes it?", Input.One(listOf(Choice("li", "Li Na"), Choice("wang", "Wang Fang, shift leader"), Choice("zhang", "Zhang Wei", "On leave until Friday.")), more = "more"), "li", "Li Na"),
            ),
            Block.Ask(
                ask("when", "By when?", Input.Date, "2026-11-20", "20 Nov 2026", required = true)
                    .copy(error = "Not earlier than today."),
            ),
            Block.Ask(ask("facings", "How many facings?", Input.Integer, "4", "4").copy(hint = "Count what a customer sees.")),
            Block.Ask(ask("price", "Price on the shelf", Input.Decimal, "12.80").copy(typed = "12.8x")),
            Block.Ask(ask("photo", "Shelf photo", Input.Photo("photo"), required = true)),
            Block.Ask(
                ask(
                    "seen", "What did you see?",
                    Input.Several(listOf(Choice("gap", "A gap"), Choice("dirt", "Dirty shelf"), Choice("rival", "A rival's poster"))), "gap rival",
                ),
            ),
            Block.Ask(ask("sum", "Score so far", Input.Integer, "71", "71").copy(readOnly = true)),
        ),
        main = Button("next", "Next: SKU 1 of 4"),
        at = "spot",
    )

    private val inputs = Screen(
        name = "form",
        id = "form/2",
        title = "所有题型",
        gives = "give",
        chip = offline,
        back = true,
        blocks = listOf(
            Block.Ask(ask("note", "以下问题请在店内回答。", Input.Note)),
            Block.Ask(ask("text", "备注", Input.Text(true), "店长说下周补货。")),
            Block.Ask(ask("time", "几点到店？", Input.Time, "09:12", "09:12")),
            Block.Ask(ask("moment", "何时到货？", Input.DateTime, "", "")),
            Block.Ask(ask("rank", "按重要性排序", Input.Rank(listOf(Choice("a", "价格"), Choice("b", "陈列"), Choice("c", "服务"))), "b a c")),
            Block.Ask(ask("scale", "满意度", Input.Range(1.0, 5.0, 1.0), "4", "4")),
            Block.Ask(ask("share", "货架占比（%）", Input.Range(0.0, 100.0, 5.0), "35", "35")),
            Block.Ask(ask("ok", "我已核对以上内容", Input.Acknowledge, "OK")),
            Block.Ask(ask("sound", "录音", Input.File("record", "12 秒"), "x", "12 秒")),
            Block.Ask(ask("place", "位置", Input.Place("place"), "38.9 121.6 0 12", "北纬 38.92，东经 121.64，精度 12 米")),
            Block.Ask(ask("code", "条码", Input.Barcode("scan"), "6901234567892")),
            Block.Ask(ask("sign", "店长签名", Input.Signature("sign"))),
            Block.Ask(ask("phone", "门店电话", Input.Text(false), "0411-82630001").copy(versions = "versions")),
        ),
        main = Button("done", "完成检查", whyNot = Notice(Tone.Warning, "还有 3 题必答。", "先答完再完成。")),
    )

    private val conflict = Screen(
        name = "conflicts",
        id = "conflicts",
        title = "Two versions",
        chip = needsYou,
        back = true,
        blocks = listOf(
            Block.Two(
                Versions(
                    "Store phone", "Zhongshan Square",
                    listOf(
                        Version("0411-82630001", "You · Li Na's phone · 24 Nov 09:40", true, Button("mine", "Keep mine")),
                        Version("0411-82650002", "Wang Fang · office · 24 Nov 10:05", false, Button("theirs", "Take this one")),
                    ),
                    Button("other", "Type another one", asks = listOf(ask("value", "Store phone", Input.Text(false)))),
                ),
            ),
        ),
    )

    private val outbox = Screen(
        name = "outbox",
        id = "outbox",
        title = "发件箱",
        chip = Chip("syncing", "同步中 3/12", Tone.Active, "outbox"),
        places = places("outbox"),
        blocks = listOf(
            Block.Heading("未通过（1）"),
            Block.Note(
                Notice(
                    Tone.Bad, "保单 P10000000123 已有一份未完结的申请，不能继续提交新的申请。",
                    "请打开那份申请：等它办结或撤回后再提交。", "one-open-application",
                    listOf(Button("open", "打开申请"), Button("discard", "放弃", Tone.Bad)),
                ),
            ),
            Block.Heading("待同步（3）· 40 秒后重试"),
            Block.Row(Line("o1", title = "中山广场店的拜访", subtitle = "照片 3/5", badges = listOf(Badge("同步中", Tone.Active)))),
            Block.Row(Line("o2", title = "待办：移动货架", badges = listOf(Badge("待同步", Tone.Neutral)))),
            Block.Do(Button("try", "立即重试")),
        ),
    )

    private val result = Screen(
        name = "record",
        id = "record/2",
        title = "Shelf audit",
        subtitle = "Zhongshan Square",
        chip = Chip("up_to_date", "Up to date", Tone.Good, "outbox"),
        back = true,
        blocks = listOf(
            Block.Result(
                Score(
                    "82 %, not passed", 82.0, false, "Last time 75 %, +7",
                    listOf(Fact("Placement", "30 of 40"), Fact("Prices", "32 of 35"), Fact("Stock", "20 of 25", Tone.Warning)),
                    listOf(Line("f1", "!", "No price label on SKU 3", "Fails the audit whatever the rest comes to", tap = "f1")),
                ),
            ),
            Block.Picture("shelf", "The shelf from the front"),
            Block.Text("The store's manager has seen it."),
        ),
        main = Button("send", "Submit the audit"),
    )

    private val script = Screen(
        name = "record",
        id = "record/3",
        title = "双录",
        chip = offline,
        back = true,
        blocks = listOf(
            Block.Say(
                Script("第 2 步，共 12 步", "业务员", "您好，我是大连分公司的李娜，工号 D0218。现在向您说明产品的责任免除条款。", "请把证件放在镜头前，停留 5 秒。", "录音中 02:41", true),
            ),
            Block.Ring("本步骤至少 30 秒", 12_000, 30_000),
            Block.Ask(ask("answer", "客户回答了什么？", Input.One(listOf(Choice("yes", "清楚"), Choice("no", "不清楚"))), required = true)),
        ),
        main = Button("next", "下一步", whyNot = Notice(Tone.Warning, "客户还没有回答“清楚”。", "请再说明一次。")),
        also = listOf(Button("pause", "暂停录音")),
    )

    private val list = Screen(
        name = "list",
        id = "list/application",
        title = "Applications",
        chip = needsYou,
        back = true,
        blocks = listOf(
            Block.Find("Name, policy number …", "", "find"),
            Block.Row(Line("p1", title = "P10000000123", subtitle = "Wang Fang", whyNot = "One open application exists for this policy.", tap = "p1")),
            Block.Row(Line("p2", title = "P10000000456", subtitle = "Zhao Lei", end = "12 Nov", tap = "p2", chosen = true)),
            Block.Row(Line("p3", title = "P10000000789", subtitle = "Sun Li", end = "9 Nov", tap = "p3", chosen = false)),
            Block.More("p 2"),
        ),
        main = Button("do", "Submit 1", Tone.Active),
    )

    private val empty = Screen(
        name = "tasks",
        id = "tasks",
        title = "待办",
        chip = Chip("up_to_date", "5 分钟前已同步", Tone.Good, "outbox"),
        places = places("tasks"),
        blocks = listOf(Block.Empty("没有待办", "在拜访中发现问题时，点“新建待办”，它会出现在这里。")),
    )

    private val signIn = Screen(
        name = "pin",
        id = "pin/1",
        title = "李娜",
        subtitle = "大连 · 本机 1/2",
        back = true,
        blocks = listOf(
            Block.Ask(ask("pin", "PIN", Input.Pin, required = true)),
            Block.Do(Button("forgot", "忘记 PIN")),
        ),
        main = Button("unlock", "登录"),
    )

    /** Every screen, by a name for its picture. */
    val screens: Map<String, Screen> = mapOf(
        "today" to today, "visit" to visit, "form" to form, "inputs" to inputs, "conflict" to conflict, "outbox" to outbox,
        "result" to result, "script" to script, "list" to list, "empty" to empty, "pin" to signIn,
    )

    /** Every screen, and what can lie over one. */
    val all: Map<String, Shown> = screens.mapValues { Shown(it.value) } + mapOf(
        "unopened" to Shown(fault = Notice(Tone.Bad, "手机上没有空间了。", "请腾出一些空间，再试一次。", "storage-full")),
        "signing" to Shown(visit, signing = Signing("店主签字", "王芳")),
        "said" to Shown(visit, said = Said(1, Notice(Tone.Good, "已存本机"))),
        "menu" to Shown(visit, over = listOf(Over.Menu)),
        "why" to Shown(script, over = listOf(Over.Why(checkNotNull(script.main?.whyNot)))),
        "sheet" to Shown(
            visit,
            over = listOf(Over.Sheet(visit.also[0], mapOf("what" to "补一张价签"), Notice(Tone.Bad, "标题只有 4 个字。", "请写明做什么。"))),
        ),
        "sure" to Shown(visit, over = listOf(Over.Certain(visit.also[1], checkNotNull(visit.also[1].sure), emptyList()))),
    )

    private fun ask(key: String, label: String, input: Input, value: String = "", shown: String = value, required: Boolean = false) =
        Question(key, label, null, input, value, shown, required = required)
}
