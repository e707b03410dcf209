//! Section E: what a rep finds in a store.

use crate::play::*;
use crate::team::ZONE;
use rounds_workflow::{exceptions, moment, stay};

/// Li Na is in the first store, a hypermarket; the standards of the company are imported.
fn in_store() -> Play {
    play(
        "import store code
         operator new plan_duty excused note=演示 until=2027-12-31
         operator new sku a code=69001 label='净含量 250 克' retail_min=10 retail_max=12 out_min=8 out_max=9
         operator new sku b code=69002 label='净含量 500 克'
         operator new standard s store_type=hypermarket code=69001 facings=4
         li new visit v store=S0001 date=today
         li act v check_in place='38.9201 121.6443 0 12'",
    )
}

#[test]
fn d9_q5_a_new_team_visits_with_an_approved_plan_unless_it_is_excused() {
    play(
        "import store code
         li new visit first store=S0001 date=today
         li no first check_in place='38.9201 121.6443' => plan-not-approved D.9
         li new day_plan p date=today goals=x plan=y prepared='appointments written_plan area papers goods tools mindset'
         li act p submit
         li set first plan=p
         li no first check_in place='38.9201 121.6443' => plan-not-approved D.9
         boss act p approve
         li act first check_in place='38.9201 121.6443'
         wang new visit other store=S0002 date=today plan=p
         wang no other check_in place='38.9178 121.6339' => plan-of-another-day D.9
         li new visit again store=S0003 date=today
         li no again check_in place='38.9096 121.5972' => plan-not-approved D.9
         boss new plan_duty d note=新人培训周 until=2026-11-29
         li act again check_in place='38.9096 121.5972'
         at 2026-11-23 10:00
         boss act d introduce
         at 2026-11-23 10:01
         li new visit later store=S0002 date=today
         li no later check_in place='38.9178 121.6339' => plan-not-approved D.9
         boss act d suspend
         li act later check_in place='38.9178 121.6339'",
    );
}

#[test]
fn e1_q10_what_was_left_over_is_there_at_the_next_visit_unless_a_colleague_resolved_it() {
    let mut visit = in_store();
    visit.on("li new task t issue=店长要新海报 store=S0001 visit=v responsible=wang due=+3
              li act t assign
              li new task u issue=缺货 store=S0001 visit=v responsible=li due=+3
              li finds task left_over at=S0001 => t u
              li act v check_out
              at 2026-11-25 09:00
              li new visit next store=S0001 date=today
              li act next check_in place='38.9201 121.6443'
              next says @check_in/left_over=2
              li act t carry_over next_visit=next
              wang act t complete note=已送
              li finds task left_over at=S0001 => u
              li turned t carry_over next_visit=next => found_resolved
              t is done
              t says @complete/note=已送");
}

/// Whose a record is, who is reminded of it, and what the reminder says.
fn reminded(play: &Play, name: &str) -> Vec<(rounds_model::ids::PersonId, String)> {
    use crate::team::{BOSS, LI, WANG, ZONE, who};
    let projection = play.server.project(play.doc(name));
    let (kind, record) = (kind_of(&projection.kind), projection.record(play.doc(name)));
    let now = rounds_workflow::moment(play.at_ms, ZONE);
    let all = rounds_workflow::reminders(kind, &record, &play.server, now).unwrap();
    let people = [LI, WANG, BOSS].into_iter();
    let mine = people.flat_map(|person| all.iter().map(move |reminder| (person, reminder)));
    let mine = mine.filter(|(person, reminder)| reminder.concerns(&who(*person), record.owner));
    mine.map(|(person, reminder)| (person, reminder.title.zh.clone())).collect()
}

#[test]
fn e1_e8_q10_whoever_is_responsible_has_it_and_is_reminded_and_colleagues_find_it() {
    use crate::team::WANG;
    let mut visit = in_store();
    visit.on("li new task t issue=店长要新海报 store=S0001 visit=v responsible=wang due=today
              wang no t assign => task-of-others E.8
              li act t assign
              li cannot set t result=x => not-owner
              wang set t result=已印");
    assert_eq!(reminded(&visit, "t"), [(WANG, "店长要新海报".to_owned())]);
    visit.on("wang new visit next store=S0001 date=today
              wang act next check_in place='38.9201 121.6443 0 12'
              next says @check_in/left_over=1
              wang finds task left_over at=S0001 => t
              wang act t carry_over next_visit=next
              wang act t complete");
    visit.on(&format!(
        "li new store_check k visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=false to_standard=true action=移到入口 responsible=wang due=today
         wang lacks k
         li act k plan
         li lacks k
         wang holds k"
    ));
    assert_eq!(reminded(&visit, "k"), [(WANG, "改进：移到入口".to_owned())]);
    visit.on("wang act k improve result=已移
              li holds k
              wang lacks k");
}

#[test]
fn e2_sales_of_the_last_half_month_against_this_one_with_trend_and_cause() {
    play(
        "import store code
         li new sales_review r store=S0001 period=half_month begins=2026-11-16 last=120 this=90
         li no r record => form-incomplete E.2
         li set r cause=隔壁店特价
         li act r record
         r says @record/trend=down @record/change=-30
         li new sales_review s store=S0001 period=month begins=2026-11-01 last=100 this=130 cause=促销
         li act s record
         s says @record/trend=up
         li new sales_review u store=S0001 period=month begins=2026-10-01 last=100 this=100
         li act u record
         u says @record/trend=same
         wang new sales_review w store=S0001 period=month begins=2026-10-16 last=1 this=1
         wang no w record => form-invalid E.2
         wang set w begins=2026-10-01
         wang no w record => period-reviewed-already E.2
         wang set w store=S0002
         wang act w record",
    );
}

/// What was sold before is what the last review says, whosever it was, or there is a reason.
#[test]
fn e2_what_was_sold_before_is_what_the_last_review_said_or_there_is_a_reason() {
    play(
        "import store code
         wang new sales_review a store=S0001 period=half_month begins=2026-10-16 last=80 this=120.5 cause=促销
         wang act a record
         li new sales_review b store=S0001 period=half_month begins=2026-11-01 last=120 this=90 cause=降温
         li no b record => last-differs E.2
         li set b last=120.5
         li act b record
         b says @record/known_before=120.5
         li new sales_review c store=S0001 period=half_month begins=2026-11-16 last=100 this=100
         li no c record => last-differs E.2
         li act c record last_reason=上次漏记退货
         c says @record/known_before=90 @record/last_reason=上次漏记退货
         li new sales_review d store=S0001 period=half_month begins=2026-10-01 last=1 this=1
         li act d record
         d says @record/known_before=
         li new sales_review e store=S0001 period=month begins=2026-11-01 last=7 this=7
         li act e record
         li new sales_review f store=S0002 period=half_month begins=2026-11-01 last=7 this=7
         li act f record
         li new sales_review g store=S0001 period=month begins=2026-12-01 last=0 this=0
         li no g record => last-differs E.2",
    );
}

#[test]
fn e3_e4_whom_to_meet_when_and_the_papers() {
    play(
        "import store code
         li new visit v store=S0001 date=today contact=王店长 time=10:00 companion=某公司小陈
         li new visit_report r visit=v purpose=谈新品进场
         li no r finish => form-incomplete E.4
         li set r level=两个单品上架
         li act r finish
         li new dealer d name=大连某商贸
         li set d contact=赵经理",
    );
}

#[test]
fn e5_competitors_are_the_three_best_selling_and_no_fourth() {
    assert_eq!(number("store-visit", "top_competitors"), "3");
    let mut visit = in_store();
    visit.on("li new competitor a visit=v rank=1 product=甲
              li act a record
              li new competitor b visit=v rank=1 product=乙
              li no b record => place-taken E.5
              li set b rank=2
              li act b record
              li new competitor c visit=v rank=4 product=丙
              li no c record => form-invalid E.5
              li set c rank=3
              li new visit later store=S0002 date=today
              li set c visit=later
              li no c record => not-in-store E.5
              li set c visit=v
              li act c record
              li act a correct
              li set a product=丁
              li act a record");
}

const PLACED: &str =
    "shelf=整齐 traffic=many attracts_ours=3 attracts_competitor=4 attracts_best=5 consumers=觉得贵";

#[test]
fn e6_what_is_looked_at_in_the_store_and_why_prices_moved() {
    let mut visit = in_store();
    visit.on(&format!(
        "li new store_check k visit=v store=S0001 {PLACED} activities='promotion show' price_moved=down conspicuous=true busy=true to_standard=true
         li no k record => form-incomplete -
         li set k price_reason=others
         li act k record
         li new store_check twice visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=true to_standard=true
         li no twice record => store-checked-already E.6
         li new visit other store=S0002 date=today
         li set twice visit=other
         li no twice record => not-in-store E.6
         li act other check_in place='38.9178 121.6339'
         li no twice record => store-of-another-visit E.6
         li set twice store=S0002
         li act twice record
         li act v check_out
         li new visit v store=S0001 date=today
         li act v check_in place='38.9201 121.6443 0 12'
         li new store_check m visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=true to_standard=true
         li set m attracts_ours=6
         li no m record => form-invalid -
         li set m attracts_ours=5
         li act m record"
    ));
}

#[test]
fn e8_a_bad_placement_needs_a_plan_with_a_person_and_a_day() {
    let mut visit = in_store();
    visit.on(&format!(
        "li new store_check k visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=false to_standard=true
         li no k record => form-incomplete E.8
         li set k action=换到端架 responsible=wang
         li no k plan => form-incomplete -
         li set k due=-1
         li no k plan => form-invalid -
         li set k due=+2
         li no k record => placement-needs-plan E.8
         li act k plan
         li lacks k
         at 2026-11-26 10:00
         wang act k improve result=已换
         k says @improve/days_late=1
         li act v check_out
         li new visit v store=S0001 date=today
         li new store_check early visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=false to_standard=true action=x responsible=li due=+2
         li no early plan => not-in-store E.8
         li act v check_in place='38.9201 121.6443 0 12'
         li new store_check fine visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=true to_standard=true
         li no fine plan => placement-is-fine E.8"
    ));
}

/// The next visit to the same store: a product is checked once in each.
fn another(visit: &mut Play) {
    visit.on("li act v check_out
              li new visit v store=S0001 date=today
              li act v check_in place='38.9201 121.6443 0 12'");
}

#[test]
fn e7_distribution_is_compared_with_the_standard_of_the_stores_type() {
    let mut visit = in_store();
    visit.on("li new sku_check a1 visit=v store=S0001 sku=a present=false
              li act a1 record
              a1 says @record/standard=4 @record/missing=1 @record/faults=1
              li new sku_check b1 visit=v store=S0001 sku=b present=false
              li act b1 record
              b1 says @record/missing=0 @record/faults=0
              li new sku_check c1 visit=v store=S0002 sku=a present=false
              li no c1 record => store-of-another-visit E.7
              li new visit w store=S0002 date=today
              li act w check_in reason=没有信号 photo=x
              li set c1 visit=w
              li act c1 record
              c1 says @record/standard=0 @record/missing=0
              li new visit later store=S0001 date=+1
              li new sku_check d1 visit=later store=S0001 sku=a present=false
              li no d1 record => not-in-store E.7");
}

#[test]
fn e9_from_waist_to_eye_level_with_enough_facings_together_or_scattered() {
    let mut visit = in_store();
    visit.on("li new sku_check a1 visit=v store=S0001 sku=a present=true facings=3 height=below_waist grouping=scattered retail=11 out=8.5 supplier=distributor label=fine
              li act a1 record
              a1 says @record/off_height=1 @record/too_few=1 @record/faults=2
              li act a1 correct
              li new sku_check a2 visit=v store=S0001 sku=a present=true facings=4 height=waist_to_eye retail=11 out=8.5 supplier=direct label=fine
              li no a2 record => form-incomplete E.9
              li set a2 grouping=grouped
              li act a2 record
              a2 says @record/off_height=0 @record/too_few=0 @record/faults=0
              li no a1 record => sku-checked-already E.7");
    let heights = &kind_of("sku_check").field("height").unwrap().choices;
    assert_eq!(heights[1].title.zh, "腰部至视平线");
}

#[test]
fn e10_prices_are_within_the_companys_band_or_there_is_a_reason() {
    let mut visit = in_store();
    let seen = "present=true facings=4 height=waist_to_eye grouping=grouped label=fine";
    for (prices, off) in
        [("retail=10 out=8", None), ("retail=12 out=9", None), ("retail=9.99 out=8", Some("retail_off=1"))]
            .into_iter()
            .chain([("retail=12.01 out=9", Some("retail_off=1")), ("retail=11 out=9.5", Some("out_off=1"))])
    {
        another(&mut visit);
        visit.on(&format!(
            "li new sku_check k visit=v store=S0001 sku=a {seen} {prices} supplier=distributor"
        ));
        match off {
            None => visit.on("li act k record\n k says @record/faults=0"),
            Some(off) => visit.on(&format!(
                "li no k record => price-out-of-band E.10
                 li set k price_reason=特价
                 li act k record
                 k says @record/{off} @record/faults=1"
            )),
        }
    }
    // A product whose band nobody has imported is in it.
    visit.on(&format!(
        "li new sku_check k visit=v store=S0001 sku=b {seen} retail=999 out=500
         li no k record => form-incomplete E.10
         li set k supplier=direct
         li act k record"
    ));
    // What the goods come at is found out, or it is said why not.
    another(&mut visit);
    visit.on(&format!(
        "li new sku_check k visit=v store=S0001 sku=a {seen} retail=11
         li no k record => out-price-missing E.10
         li set k price_reason=店长不肯说
         li act k record"
    ));
}

#[test]
fn e11_a_price_label_is_missing_changed_or_has_several_prices() {
    let labels = &kind_of("sku_check").field("label").unwrap().choices;
    let labels: Vec<_> = labels.iter().map(|label| label.title.zh.as_str()).collect();
    assert_eq!(labels, ["清楚", "没有", "更改过", "几个价格"]);
    let mut visit = in_store();
    for label in ["none", "changed", "several"] {
        another(&mut visit);
        visit.on(&format!(
            "li new sku_check k visit=v store=S0001 sku=a present=true facings=4 height=waist_to_eye grouping=grouped retail=11 out=8.5 supplier=direct label={label}
             li act k record
             k says @record/label_off=1"
        ));
    }
}

#[test]
fn r6_e_chapters_of_which_only_the_name_is_left_are_empty_and_say_so() {
    let guide = kind_of("guide");
    assert_eq!(guide.rows.len(), 0);
    assert!(guide.plural.zh.contains("待导入") && guide.plural.en.contains("to be imported"));
    let chapters: Vec<_> =
        guide.field("chapter").unwrap().choices.iter().map(|c| c.title.zh.as_str()).collect();
    assert_eq!(chapters.len(), 9);
    assert!(chapters.contains(&"陈列十五项原则") && chapters.contains(&"八步理货法"));
    assert_eq!((kind_of("sku").rows.len(), kind_of("standard").rows.len()), (0, 0));
}

/// How long a visit should be is counted down from the check-in, and holds nobody up.
#[test]
fn lesson_15_a_stay_is_counted_down_in_its_stage_alone() {
    let mut visit = play(
        "
        import store code
        at 2026-11-24 09:00
        operator new plan_duty w note=没有书面方案 until=2027-12-31
        li new visit v store=S0001 date=today
    ",
    );
    let minutes: u64 = number("store-visit", "min_stay_minutes").parse().unwrap();
    let stays = |visit: &Play| {
        let record = visit.server.project(visit.doc("v")).record(visit.doc("v"));
        let found = stay(kind_of("visit"), &record, &visit.server, moment(visit.at_ms, ZONE)).unwrap();
        found.map(|stay| (stay.left_ms, stay.of_ms))
    };
    assert_eq!(stays(&visit), None, "nobody is there yet");
    visit.on("li act v check_in place='38.9201 121.6443 0 12'");
    let of = minutes * 60_000;
    assert_eq!(stays(&visit), Some((of, of)));
    visit.at_ms += 90_000;
    assert_eq!(stays(&visit), Some((of - 90_000, of)));
    visit.at_ms += i64::try_from(of).unwrap();
    assert_eq!(stays(&visit), Some((0, of)));
    visit.on("li act v check_out");
    assert_eq!(stays(&visit), None);
}

/// Lesson 15: what is known of positions and clocks is told to the supervisor, and holds nobody up.
#[test]
fn lesson_15_what_looks_wrong_about_a_visit_is_an_exception_and_not_a_refusal() {
    let found = |check_in: &str, minutes: i64| {
        let mut play = play(
            "
            import store code
            at 2026-11-24 09:00
            operator new plan_duty w note=没有书面方案 until=2027-12-31
            li new visit v store=S0001 date=today contact=王店长 time=09:30
        ",
        );
        play.on(&format!("li act v check_in {check_in}"));
        play.at_ms += minutes * 60_000;
        play.on("li act v check_out");
        let (kind, id) = (kind_of("visit"), play.doc("v"));
        let record = play.server.project(id).record(id);
        let all = exceptions(kind, &record, &play.server, moment(play.at_ms, ZONE)).unwrap();
        for exception in &all {
            assert!(!exception.evidence.is_empty() && !exception.reason.en.contains('…'), "{exception:?}");
        }
        all.into_iter().map(|exception| exception.name).collect::<Vec<_>>()
    };
    let stay: i64 = number("store-visit", "min_stay_minutes").parse().unwrap();
    let fast: i64 = number("store-visit", "max_kmh").parse().unwrap();
    let door = "place='38.9201 121.6443 0 12'";
    // Nothing was looked at in any of them.
    let empty = ["store_check_missing", "top_competitors_missing"];
    let beside = |name: &'static str| [&[name][..], &empty].concat();
    assert_eq!(found(door, stay), empty);
    assert_eq!(found(door, stay - 1), beside("short_visit"));
    assert_eq!(found(&format!("{door} place_mock=true"), stay), beside("fake_position"));
    assert_eq!(found(&format!("{door} place_kmh={fast}"), stay), empty);
    // 50 km in a minute.
    assert_eq!(found(&format!("{door} place_kmh=3000"), stay), beside("impossible_speed"));
    assert_eq!(found("place='38.95 121.6443 0 12' reason=门店搬迁", stay), beside("far_away"));
    let photo = "a".repeat(64);
    assert_eq!(found(&format!("reason=没有信号 photo={photo}"), stay), beside("far_away"));
}

#[test]
fn e3_without_a_position_a_photo_and_a_reason_stand_in() {
    let photo = "a".repeat(64);
    play(
        "
        import store code
        operator new plan_duty w note=没有书面方案 until=2027-12-31
        li new visit v store=S0001 date=today
        li no v check_in => no-position E.3
        li no v check_in reason=没有信号 => no-position E.3
    ",
    )
    .on(&format!("li act v check_in reason=没有信号 photo={photo}"));
}

#[test]
fn a_store_that_stands_elsewhere_is_corrected_by_the_supervisor() {
    let photo = "a".repeat(64);
    play("import store code").on(&format!(
        "
        li new position_request p store=S0001 place='38.9300 121.6443 0 8' photo={photo} reason=搬到对面
        li act p ask
        boss no p accept => position-not-entered -
        li cannot set S0001 place='38.9300 121.6443 0 8' => role-may-not-write
        boss set S0001 place='38.9300 121.6443 0 8'
        boss act p accept
        p is accepted
    "
    ));
}

/// E.1: what is left over is carried over to a visit of its own store.
#[test]
fn e1_a_follow_up_is_of_the_visits_store_and_is_carried_over_to_the_same() {
    let mut visit = in_store();
    let task = kind_of("task");
    visit.on("li new task t issue=缺货 visit=v responsible=li due=+3");
    let record = visit.server.record(visit.doc("t"));
    let known = rounds_workflow::prefill(task, &record, &visit.server).unwrap();
    assert_eq!(known, [("store".to_owned(), visit.doc("S0001").to_string())]);
    visit.on("li set t store=S0001
              li act t assign
              li new visit elsewhere store=S0002 date=today
              li no t carry_over next_visit=elsewhere => visit-to-another-store E.1
              li new visit next store=S0001 date=+1
              li act t carry_over next_visit=next");
}

/// What is exceptional about a record, by name.
fn found(play: &Play, name: &str) -> Vec<String> {
    let record = play.server.project(play.doc(name)).record(play.doc(name));
    let all = exceptions(kind_of("visit"), &record, &play.server, moment(play.at_ms, ZONE)).unwrap();
    for exception in &all {
        assert!(!exception.evidence.is_empty() && !exception.reason.en.contains('…'), "{exception:?}");
    }
    all.into_iter().map(|exception| exception.name).collect()
}

#[test]
fn e7_a_visit_in_which_products_of_the_standard_were_not_checked_is_told() {
    let mut visit = in_store();
    visit.on("operator new standard t store_type=hypermarket code=69002 facings=2
              li set v contact=王店长 time=09:30
              li new sku_check a1 visit=v store=S0001 sku=a present=false
              li act a1 record
              at 2026-11-23 10:00
              li act v check_out
              v says @check_out/unchecked=1");
    assert_eq!(found(&visit, "v"), ["not_all_checked", "store_check_missing", "top_competitors_missing"]);
    visit.on("li new sku_check b1 visit=v store=S0001 sku=b present=false
              li act b1 record");
    assert_eq!(found(&visit, "v"), ["store_check_missing", "top_competitors_missing"], "recorded afterwards");
}

#[test]
fn e5_e6_a_visit_without_a_store_check_or_its_three_competitors_is_told() {
    let mut visit = in_store();
    visit.on("li set v contact=王店长 time=09:30
              li new sku_check a1 visit=v store=S0001 sku=a present=false
              li act a1 record
              li new competitor a visit=v rank=1 product=甲
              li act a record
              li new competitor b visit=v rank=2 product=乙
              li act b record
              at 2026-11-23 10:00
              li act v check_out
              v says @check_out/no_store_check=yes @check_out/competitors_open=1");
    assert_eq!(found(&visit, "v"), ["store_check_missing", "top_competitors_missing"]);
    visit.on("li new competitor c visit=v rank=3 product=丙
              li act c record");
    assert_eq!(found(&visit, "v"), ["store_check_missing"]);
    // A check that somebody else puts right is still this visit's.
    visit.on(&format!(
        "li new store_check k visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=false to_standard=true action=移到入口 responsible=wang due=today
         li act k plan"
    ));
    assert_eq!(found(&visit, "v"), [] as [&str; 0]);
    // Whoever looked at all of it before they left is told of nothing.
    let mut whole = in_store();
    whole.on(&format!(
        "li set v contact=王店长 time=09:30
         li new store_check k visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=true to_standard=true
         li act k record"
    ));
    for (rank, product) in ["甲", "乙", "丙"].iter().enumerate() {
        let rank = rank + 1;
        whole.on(&format!(
            "li new competitor c{rank} visit=v rank={rank} product={product}\n li act c{rank} record"
        ));
    }
    whole.on("li new sku_check a1 visit=v store=S0001 sku=a present=false
              li act a1 record
              at 2026-11-23 10:00
              li act v check_out");
    assert_eq!(found(&whole, "v"), [] as [&str; 0]);
}

/// What a rule worked out about each thing is read beside the act, and not only how many there are.
#[test]
fn e7_e9_e10_e11_d4_each_fault_is_told_in_words() {
    use rounds_model::text::Lang;
    let read = |kind: &str, act: &str, fact: &str, value: &str| {
        let told = &kind_of(kind).act(act).unwrap().told;
        let told = told.iter().find(|told| told.name == fact).unwrap_or_else(|| panic!("{fact} is not told"));
        assert!(!told.title.zh.is_ascii() && !told.title.en.is_empty());
        told.shown(value, Lang::Zh)
    };
    for fault in ["missing", "off_height", "retail_off", "out_off", "label_off"] {
        for value in ["0", "1"] {
            assert_ne!(read("sku_check", "record", fault, value), value, "{fault}");
        }
    }
    assert_eq!(read("sku_check", "record", "too_few", "2"), "2");
    assert_eq!(read("handout", "give", "given_before", "3"), "3");
    assert_eq!(read("position_request", "ask", "moved_m", "120"), "120");
}

#[test]
fn e3_a_visit_that_nobody_arranged_is_told() {
    let mut visit = in_store();
    assert_eq!(found(&visit, "v"), ["not_arranged"]);
    visit.on("li set v contact=王店长");
    assert_eq!(found(&visit, "v"), ["not_arranged"]);
    visit.on("li set v time=09:30");
    assert_eq!(found(&visit, "v"), [] as [&str; 0]);
}

#[test]
fn e7_a_product_has_one_standard_for_a_type_of_store_and_a_store_has_a_type() {
    let mut visit = in_store();
    visit.on("operator cannot new standard store_type=hypermarket code=69001 facings=2 => taken-already
              operator new standard other store_type=supermarket code=69001 facings=2
              operator cannot new sku code=69001 label=x => taken-already
              li new sku_check a1 visit=v store=S0001 sku=a present=false");
    // Two of before there was such a rule.
    let id = visit.doc("other");
    visit.server.set(id, "store_type", "hypermarket");
    visit.on("li no a1 record => standard-twice E.7
              operator set other store_type=supermarket
              li act a1 record
              li act a1 correct");
    let id = visit.doc("S0001");
    visit.server.set(id, "store_type", "");
    visit.on("li no a1 record => store-type-unknown E.7");
    assert!(kind_of("store").field("store_type").unwrap().required);
}

/// D.9, Q9: a waiver ends, by its day or when it is taken back; what was begun before stands, whenever it arrives.
#[test]
fn d9_q5_q9_a_check_in_made_while_plans_were_waived_stands_and_a_waiver_ends() {
    use crate::team::*;
    let door = "place='38.9201 121.6443 0 12'";
    let mut team = play(
        "import store code
         boss new plan_duty endless note=x
         li new visit a store=S0001 date=today
         li new visit b store=S0001 date=today
         li new visit c store=S0001 date=today",
    );
    team.on(&format!(
        "li no a check_in {door} => plan-not-approved D.9
         boss new plan_duty w note=培训 until=2026-11-24
         at 2026-11-23 11:00"
    ));
    let place = [("place", "38.9201 121.6443 0 12".into())];
    let offline = team.server.statement_at(team.at_ms, team.doc("a"), "check_in", LI, &place);
    team.on("at 2026-11-23 12:00
             boss act w introduce");
    let late = team.server.statement_at(team.at_ms + 60_000, team.doc("b"), "check_in", LI, &place);
    accepted(&team.server.judge(offline));
    assert_eq!(blocked(&team.server.judge(late), "plan-not-approved").rule.as_deref(), Some("D.9"));
    team.on(&format!(
        "at 2026-11-23 13:00
         boss act w suspend
         li act b check_in {door}
         at 2026-11-24 23:59
         li act c check_in {door}
         at 2026-11-25 00:00
         li new visit d store=S0001 date=today
         li no d check_in {door} => plan-not-approved D.9
         li new workday day date=today
         li act day read arrived=08:45
         li no day set_out => plan-not-approved D.9
         boss set w until=2026-11-25
         li act day set_out"
    ));
}

/// D.9: what was approved is the plan of a day; what it says after it came back is not approved.
#[test]
fn d9_an_approval_is_for_the_day_that_was_approved() {
    use crate::team::*;
    let mut day = play(
        "import store code
         li new day_plan p date=today goals=x plan=y prepared='appointments written_plan area papers goods tools mindset'
         li act p submit
         boss act p approve
         p says @approve/for_day=2026-11-23
         li new visit v store=S0001 date=today plan=p",
    );
    let place = [("place", "38.9201 121.6443 0 12".into())];
    let offline = day.server.statement_at(day.at_ms, day.doc("v"), "check_in", LI, &place);
    // The supervisor sends it back, and its date is changed for tomorrow, before that check-in arrives.
    day.on("boss act p reject reason=x
            li set p date=+1");
    accepted(&day.server.judge(offline));
}
