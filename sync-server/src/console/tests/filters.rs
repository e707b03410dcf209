//! Filters that cannot be read: told with what is possible, wherever they stand. Found by users: they were left
//! out, and a list of everything was taken for the one that was asked for.

use super::fixture::Fixture;
use super::real::{supervisor, visited};
use crate::testing::Office;
use axum::http::StatusCode;

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_told_on_a_page_with_the_ways_on() {
    let office = Office::new();
    visited(&office);
    let mut boss = supervisor(&office).await;
    for (path, filter, possible) in [
        ("/kinds/visit?from=23.11.2026", "from", "2026-11-23"),
        ("/kinds/visit?to=2026-13-01", "to", "2026-11-23"),
        ("/kinds/visit?owner=Li", "owner", "The id of a person"),
        ("/kinds/visit?stage=finished", "stage", "planned, in_store, done"),
        ("/kinds/visit?stage=planned,finished", "stage", "planned, in_store, done"),
        ("/kinds/visit?sort=best", "sort", "newest, oldest"),
        ("/kinds/visit?list=mine", "list", "to_come"),
        ("/kinds/visit?page=two", "page", "whole number"),
        ("/kinds/visit?stages=done", "stages", "q, stage, owner"),
        ("/kinds/visit/photos?question=nothing", "question", "@check_in/photo"),
        ("/kinds/visit/export.csv?from=soon", "from", "2026-11-23"),
        ("/kinds/visit/export.xlsx?stage=finished", "stage", "planned, in_store, done"),
        ("/reports/visit/coverage?from=soon", "from", "2026-11-23"),
        ("/reports/visit/coverage?owner=1", "owner", "from, to"),
        ("/reports/visit/coverage/export.csv?to=soon", "to", "2026-11-23"),
        ("/exceptions?sort=nothing", "sort", "blocked, held"),
        ("/exceptions?owner=Li", "owner", "The id of a person"),
        ("/exceptions/export.csv?sort=nothing", "sort", "blocked, held"),
        ("/team/log?before=x", "before", "whole number"),
        ("/team/kinds/store?owner=Li", "owner", "The id of a person"),
        ("/?rep=Li", "rep", "The id of a person"),
    ] {
        let page = boss.get(path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}: {}", page.body);
        assert!(page.body.contains(&format!("“{filter}”")), "{path}: {}", page.body);
        assert!(page.body.contains(possible), "{path}: {}", page.body);
        assert!(page.body.contains("data-test=\"nav-work\""), "{path} has the ways on: {}", page.body);
    }
    let whole = boss.get("/kinds/visit?from=soon").await.body;
    assert!(whole.contains("href=\"/kinds/visit\""), "the same without filters: {whole}");
    // What can be read, or is left blank, is as before.
    for path in ["/kinds/visit?q=&stage=&owner=&from=&to=&sort=&list=", "/kinds/visit?stage=planned,done"] {
        assert_eq!(boss.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn pages_that_say_no_have_the_ways_on_for_whoever_has_come_in() {
    let f = Fixture::morning();
    let mut chen = f.browser("陈静").await;
    for path in ["/nowhere", "/records/nothing", "/kinds/nothing"] {
        let page = chen.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("data-test=\"nav-team\""), "{path}: {}", page.body);
    }
    let mut nobody = super::fixture::Browser::new(f.router());
    let page = nobody.get("/nowhere").await;
    assert!(!page.body.contains("data-test=\"nav-team\""), "{}", page.body);
}
