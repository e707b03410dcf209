//! Section E: what a rep finds in a store.

use crate::play::*;

/// Li Na is in the first store, a hypermarket; the standards of the company are imported.
fn in_store() -> Play {
    play(
        "import store code
         operator new plan_duty excused note=演示
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
         boss new plan_duty d note=新人培训周
         li act again check_in place='38.9096 121.5972'
         boss act d introduce
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

#[test]
fn e2_sales_of_the_last_half_month_against_this_one_with_trend_and_cause() {
    play(
        "import store code
         li new sales_review r store=S0001 period=half_month last=120 this=90
         li no r record => form-incomplete E.2
         li set r cause=隔壁店特价
         li act r record
         r says @record/trend=down @record/change=-30
         li new sales_review s store=S0001 period=month last=100 this=130 cause=促销
         li act s record
         s says @record/trend=up
         li new sales_review u store=S0001 period=month last=100 this=100
         li act u record
         u says @record/trend=same",
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
         li no k improve result=已换 => not-responsible E.8
         at 2026-11-26 10:00
         wang act k improve result=已换
         k says @improve/days_late=1
         li new store_check fine visit=v store=S0001 {PLACED} price_moved=none conspicuous=true busy=true to_standard=true
         li no fine plan => placement-is-fine E.8"
    ));
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
              li act c1 record
              c1 says @record/standard=0 @record/missing=0
              li new visit later store=S0001 date=+1
              li new sku_check d1 visit=later store=S0001 sku=a present=false
              li no d1 record => not-in-store E.7");
}

#[test]
fn e9_from_waist_to_eye_level_with_enough_facings_together_or_scattered() {
    let mut visit = in_store();
    visit.on("li new sku_check a1 visit=v store=S0001 sku=a present=true facings=3 height=below_waist grouping=scattered retail=11 label=fine
              li act a1 record
              a1 says @record/off_height=1 @record/too_few=1 @record/faults=2
              li new sku_check a2 visit=v store=S0001 sku=a present=true facings=4 height=waist_to_eye retail=11 label=fine
              li no a2 record => form-incomplete E.9
              li set a2 grouping=grouped
              li act a2 record
              a2 says @record/off_height=0 @record/too_few=0 @record/faults=0");
    let heights = &kind_of("sku_check").field("height").unwrap().choices;
    assert_eq!(heights[1].title.zh, "腰部至视平线");
}

#[test]
fn e10_prices_are_within_the_companys_band_or_there_is_a_reason() {
    let mut visit = in_store();
    let seen = "present=true facings=4 height=waist_to_eye grouping=grouped label=fine";
    for (prices, off) in
        [("retail=10 out=8", None), ("retail=12 out=9", None), ("retail=9.99", Some("retail_off=1"))]
            .into_iter()
            .chain([("retail=12.01", Some("retail_off=1")), ("retail=11 out=9.5", Some("out_off=1"))])
    {
        visit.on(&format!("li new sku_check k visit=v store=S0001 sku=a {seen} {prices}"));
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
    visit.on(&format!("li new sku_check k visit=v store=S0001 sku=b {seen} retail=999\n li act k record"));
}

#[test]
fn e11_a_price_label_is_missing_changed_or_has_several_prices() {
    let labels = &kind_of("sku_check").field("label").unwrap().choices;
    let labels: Vec<_> = labels.iter().map(|label| label.title.zh.as_str()).collect();
    assert_eq!(labels, ["清楚", "没有", "更改过", "几个价格"]);
    let mut visit = in_store();
    for label in ["none", "changed", "several"] {
        visit.on(&format!(
            "li new sku_check k visit=v store=S0001 sku=a present=true facings=4 height=waist_to_eye grouping=grouped retail=11 label={label}
             li act k record
             k says @record/label_off=1"
        ));
    }
}

#[test]
fn e_chapters_of_which_only_the_name_is_left_are_empty_and_say_so() {
    let guide = kind_of("guide");
    assert_eq!(guide.rows.len(), 0);
    assert!(guide.plural.zh.contains("待导入") && guide.plural.en.contains("to be imported"));
    let chapters: Vec<_> =
        guide.field("chapter").unwrap().choices.iter().map(|c| c.title.zh.as_str()).collect();
    assert_eq!(chapters.len(), 9);
    assert!(chapters.contains(&"陈列十五项原则") && chapters.contains(&"八步理货法"));
    assert_eq!((kind_of("sku").rows.len(), kind_of("standard").rows.len()), (0, 0));
}
